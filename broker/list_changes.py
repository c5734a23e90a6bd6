"""Price lists that travel small: packed, or as the changes against the list that a scale has.

What is signed is always the whole list. A scale that is sent changes makes the whole list from the
one it has, encodes it, and takes it only when the office's signature fits; so changes need no trust
of their own, and a scale that cannot make that list asks for a whole one (`ListForm`).
"""

import zlib
from enum import IntFlag
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.codec import decode_prices, encode_prices
from broker.errors import BadMessage
from broker.messages import VERSION, Kind, PackedPrices, SignedPrices
from broker.pricelist import Cashier, Name, Policy, PriceList, Product
from broker.sale import Small

MOST_UNPACKED = 1 << 19
"""Bytes of a whole list; 2,000 products with rules are about 200,000."""
MOST_PACKED = 60_000
"""A list travels in one frame of at most 64 KiB."""


class ListForm(IntFlag):
    """What a scale says it can take beside whole, unpacked lists."""

    PACKED = 1
    CHANGES = 2


class ListChange(msgspec.Struct, array_like=True, frozen=True):
    """What differs from an older list; None = as it was."""

    store: Name
    stall: Name
    products: Annotated[list[Product], Meta(max_length=2000)]
    """New ones and changed ones, whole."""
    gone: Annotated[list[Small], Meta(max_length=2000)] = []
    """PLUs that are no longer there."""
    cashiers: Annotated[list[Cashier], Meta(max_length=500)] | None = None
    levels: Annotated[list[Name], Meta(max_length=10)] | None = None
    policy: Policy | None = None


def change_between(old: PriceList, new: PriceList) -> ListChange:
    """What makes `new` out of `old`; `new` has its products in the order of their PLU."""
    before = {one.plu: one for one in old.products}
    kept = {one.plu for one in new.products}
    return ListChange(
        store=new.store, stall=new.stall,
        products=[one for one in new.products if before.get(one.plu) != one],
        gone=[plu for plu in before if plu not in kept],
        cashiers=None if new.cashiers == old.cashiers else new.cashiers,
        levels=None if new.levels == old.levels else new.levels,
        policy=None if new.policy == old.policy else new.policy,
    )  # fmt: skip


def applied(old: PriceList, change: ListChange, version: int) -> PriceList:
    """The list that `change` makes out of `old`, products in the order of their PLU."""
    gone = set(change.gone)
    products = {one.plu: one for one in old.products if one.plu not in gone}
    products |= {one.plu: one for one in change.products}
    return PriceList(
        version=version, store=change.store, stall=change.stall,
        products=[products[plu] for plu in sorted(products)],
        cashiers=old.cashiers if change.cashiers is None else change.cashiers,
        levels=old.levels if change.levels is None else change.levels,
        policy=old.policy if change.policy is None else change.policy,
    )  # fmt: skip


def pack(raw: bytes) -> bytes:
    """Bytes made small: zlib, RFC 1950."""
    return zlib.compress(raw, 9)


def unpack(packed: bytes) -> bytes:
    """What was packed.

    Raises:
        BadMessage: not zlib, cut short, or larger than any list.
    """
    stream = zlib.decompressobj()
    try:
        raw = stream.decompress(packed, MOST_UNPACKED)
    except zlib.error as error:
        raise BadMessage(f"not packed: {error}") from error
    if not stream.eof or stream.unused_data:
        raise BadMessage("packed bytes end early or late, or hold too much")
    return raw


def fits_a_frame(payload: bytes) -> bool:
    """True when a list of these encoded bytes can be sent."""
    return len(payload) <= MOST_UNPACKED and len(pack(payload)) <= MOST_PACKED


def packed_list(
    payload: bytes, signature: bytes, *, version: int, old: PriceList | None = None
) -> PackedPrices:
    """The smallest message that gives a scale the signed list `payload`.

    Args:
        payload: the encoded list of that scale.
        signature: the office's, over it.
        version: of that list.
        old: the list that the scale has, or None.
    """
    whole = pack(payload)
    if old is not None and old.version:
        change = change_between(old, decode_prices(payload))
        small = pack(msgspec.msgpack.encode(change))
        if len(small) < len(whole):
            return PackedPrices(VERSION, Kind.PACKED, version, old.version, small, signature)
    return PackedPrices(VERSION, Kind.PACKED, version, 0, whole, signature)


def whole_list(message: PackedPrices, old: PriceList | None) -> SignedPrices:
    """The signed whole list that a packed message stands for; its signature is not checked here.

    Raises:
        BadMessage: unreadable, or changes against a list that is not `old`.
    """
    raw = unpack(message.content)
    if message.base:
        if old is None or old.version != message.base:
            raise BadMessage(f"changes against list {message.base}, which is not here")
        try:
            change = msgspec.msgpack.decode(raw, type=ListChange)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadMessage(str(error)) from error
        raw = encode_prices(applied(old, change, message.version))
    return SignedPrices(VERSION, Kind.PRICES, message.version, raw, message.signature)
