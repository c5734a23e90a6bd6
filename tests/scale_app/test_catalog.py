"""Price lists: genuine, not older, and easy to look things up in."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.codec import encode_prices
from broker.messages import Kind, SignedPrices
from broker.seal import signed
from scale_app.catalog import accepted_prices, catalog_of, product_name
from scale_app.errors import PricesRefused
from tests.scale_app.samples import APPLE, price_list

PRIVATE = bytes(range(32))
PUBLIC = Ed25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()


def offer(version: int = 3, *, announced: int | None = None, key: bytes = PRIVATE) -> SignedPrices:
    payload = encode_prices(price_list(version))
    return SignedPrices(1, Kind.PRICES, announced or version, payload, signed(payload, key))


def test_a_genuine_newer_list_is_taken() -> None:
    assert accepted_prices(offer(), PUBLIC, 2) == price_list(3)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (offer(key=bytes(32)), "signature"),
        (offer(1), "older"),
        (offer(announced=9), "announced"),
        (SignedPrices(1, Kind.PRICES, 3, b"\x91\xc1", signed(b"\x91\xc1", PRIVATE)), "unreadable"),
    ],
)
def test_a_list_that_must_not_be_sold_by_is_refused(wrong: SignedPrices, words: str) -> None:
    with pytest.raises(PricesRefused, match=words):
        accepted_prices(wrong, PUBLIC, 2)


def test_products_are_found_by_key_and_number() -> None:
    catalog = catalog_of(price_list())
    assert catalog.on_key("1") == catalog.product(1) == APPLE
    assert catalog.on_key("0") is catalog.product(71) is None
    assert (catalog.level_name(0), catalog.level_name(2), catalog.level_name(5)) == (
        "",
        "gold",
        "5",
    )
    assert (product_name(APPLE, "en"), product_name(APPLE, "zh_CN")) == ("Apple", "苹果")


def test_cashiers_follow_each_other_round_and_round() -> None:
    catalog = catalog_of(price_list())
    following = [catalog.cashier_after(number) for number in (7, 8, 99)]
    assert [one.number for one in following if one] == [8, 7, 7]
    assert catalog_of(price_list()).cashier_name(99) == "99"
