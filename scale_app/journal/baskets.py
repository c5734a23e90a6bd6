"""The open basket as bytes; a member is a number and a level, an item its line."""

import msgspec

from broker.sale import Line
from scale_app.checkout.basket import Basket, Item, Member


class _KeptBasket(msgspec.Struct, array_like=True):
    lines: list[Line]
    member: int | None
    level: int


def packed(basket: Basket) -> bytes:
    """The basket to keep."""
    member = basket.member
    number, level = (member.number, member.level) if member else (None, 0)
    return msgspec.msgpack.encode(_KeptBasket(basket.lines, number, level))


def unpacked(kept: bytes) -> Basket:
    """The basket that was kept."""
    found = msgspec.msgpack.decode(kept, type=_KeptBasket)
    member = Member(found.member, found.level) if found.member is not None else None
    return Basket(tuple(Item(line) for line in found.lines), member)
