"""The market file: strict, exact, and clear about what is wrong."""

import pytest

from backoffice.errors import UsageFault
from backoffice.organisation import parse_market
from tests.backoffice.world import MARKET


def test_prices_become_whole_minor_units() -> None:
    [product] = parse_market(MARKET).prices.products
    assert (product.prices, product.base, product.key) == ([680, 646], 0, "1")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"6.80"', '"6.805"', "price '6.805'"),
        ('"6.80"', '"-1"', "price '-1'"),
        ('"6.80"', '"NaN"', "price 'NaN'"),
        ('"6.80"', '"six"', "price 'six'"),
        ('"6.80"', "6.80", "Expected `str`"),
        ('base = "kg"', 'base = "stone"', "base 'stone'"),
        ('["6.80", "6.46"]', '["1", "2", "3"]', "more prices than levels"),
        ('key = "1"', 'hotkey = "1"', "unknown field `hotkey`"),
        ('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"', "is not a time zone"),
        ('store = "S03"\nstall = "Li"', 'store = "S04"\nstall = "Li"', "no store S04"),
        ('id = "S03-13"', 'id = "S03-12"', "stands there twice"),
        ('id = "S03-13"', 'id = "s03-13"', "an id is 1 to 8"),
        ("issuer = 6200", "issuer = 62", "Expected `int` >= 1000"),
        ("[organisation]", "[organisation", "is not TOML"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, says: str) -> None:
    assert old in MARKET
    with pytest.raises(UsageFault) as caught:
        parse_market(MARKET.replace(old, new, 1))
    assert says in str(caught.value)


def test_the_same_key_twice_is_a_mistake() -> None:
    more = (
        MARKET + '[[product]]\nplu=2\nname_zh=""\nname_en="b"\nbase="pc"\nprices=["1"]\nkey="1"\n'
    )
    with pytest.raises(UsageFault, match="product key"):
        parse_market(more)


def test_a_list_too_long_for_one_message_is_refused() -> None:
    name = "x" * 40
    more = "".join(
        f'[[product]]\nplu={n}\nname_zh="{name}"\nname_en="{name}"\nbase="pc"\nprices=["1"]\n'
        for n in range(100, 1900)
    )
    with pytest.raises(UsageFault, match="use fewer products"):
        parse_market(MARKET + more)
