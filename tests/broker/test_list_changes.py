"""Lists that travel small give the list that was signed, byte for byte, or nothing."""

import zlib

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from broker.codec import decode_prices, encode_prices
from broker.errors import BadMessage
from broker.list_changes import (
    MOST_UNPACKED,
    change_between,
    fits_a_frame,
    pack,
    packed_list,
    unpack,
    whole_list,
)
from broker.messages import Kind, PackedPrices
from broker.pricelist import Cashier, Policy, PriceList, Product, Rule
from broker.seal import is_genuine, signed

PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
NAMES = st.text(st.characters(categories=["L"]), min_size=1, max_size=6)


@st.composite
def lists(draw: st.DrawFn, version: int) -> PriceList:
    plus = draw(st.lists(st.integers(1, 30), unique=True, max_size=12))
    products = [
        Product(
            plu, draw(NAMES), "x", 0, draw(st.lists(st.integers(0, 999), min_size=1, max_size=3)),
            rules=draw(st.sampled_from([[], [Rule(3, [20], 0, 20261124)]])),
        )
        for plu in sorted(plus)
    ]  # fmt: skip
    cashiers = [Cashier(n, draw(NAMES)) for n in range(draw(st.integers(0, 3)))]
    levels = draw(st.sampled_from([["shelf"], ["shelf", "silver"]]))
    return PriceList(version, draw(NAMES), draw(NAMES), products, cashiers, levels,
                     draw(st.sampled_from([Policy(), Policy(goodwill=10)])))  # fmt: skip


def sent(new: PriceList, old: PriceList | None) -> PackedPrices:
    payload = encode_prices(new)
    return packed_list(payload, signed(payload, PRIVATE), version=new.version, old=old)


@given(lists(3), lists(4))
def test_whatever_changed_the_scale_makes_the_signed_list(old: PriceList, new: PriceList) -> None:
    for before in (old, None):
        message = sent(new, before)
        made = whole_list(message, old)
        assert made.payload == encode_prices(new)
        assert is_genuine(made.payload, made.signature, PUBLIC)
        assert decode_prices(made.payload) == new
    assert sent(new, None).base == 0


@given(lists(3), lists(4), lists(3))
def test_changes_on_another_list_never_pass_for_the_signed_one(
    old: PriceList, new: PriceList, other: PriceList
) -> None:
    message = sent(new, old)
    made = whole_list(message, other)
    assert made.payload == encode_prices(new) or not is_genuine(
        made.payload, made.signature, PUBLIC
    )


def test_changes_without_their_list_are_refused() -> None:
    old = PriceList(3, "s", "t", [Product(n, "苹果", "Apple", 0, [n]) for n in range(1, 50)], [])
    new = msgspec.structs.replace(old, version=4, store="other")
    message = sent(new, old)
    assert message.base == 3
    for wrong in (None, msgspec.structs.replace(old, version=2)):
        with pytest.raises(BadMessage, match="changes against list 3, which is not here"):
            whole_list(message, wrong)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", pack(b"")[:-1], pack(b"x") + b"y", zlib.compress(bytes(MOST_UNPACKED + 1)),
     pack(b"\xff"), pack(b"\x93\x01\x02\x03"), pack(msgspec.msgpack.encode(["s", "t", [[1]]]))],
)  # fmt: skip
def test_bytes_that_say_no_change_are_refused(content: bytes) -> None:
    old = PriceList(3, "s", "t", [], [])
    message = PackedPrices(1, Kind.PACKED, 4, 3, content, bytes(64))
    with pytest.raises(BadMessage):
        whole_list(message, old)


def test_a_bomb_is_not_unpacked() -> None:
    with pytest.raises(BadMessage):
        unpack(zlib.compress(bytes(200 << 20)))


def test_two_thousand_products_fit_a_frame_and_a_change_is_small() -> None:
    old = PriceList(3, "河边市场 Riverside", "张记蔬菜", two_thousand(), [Cashier(7, "张三")])
    payload = encode_prices(old)
    assert fits_a_frame(payload)
    dearer = [
        msgspec.structs.replace(one, prices=[one.prices[0] + 10, *one.prices[1:]])
        if one.plu == 1000 else one
        for one in old.products
    ]  # fmt: skip
    new = msgspec.structs.replace(old, version=4, products=dearer)
    assert len(sent(new, old).content) < 120
    assert len(change_between(old, new).products) == 1


def two_thousand() -> list[Product]:
    """Names made of 300 words each way; prices of no pattern."""
    kinds = [chr(0x4E00 + 37 * n) + chr(0x5200 + 53 * n) for n in range(300)]
    return [
        Product(
            plu=n, name_zh=kinds[n % 300] + kinds[(7 * n) % 300], name_en=f"Kind {n * 7919 % 9973}",
            base=n % 3,
            prices=[300 + n * 7907 % 4000, 290 + n * 7901 % 3900, 250 + n * 7883 % 3800],
            category=f"group {n % 23}",
        )
        for n in range(1, 2001)
    ]  # fmt: skip
