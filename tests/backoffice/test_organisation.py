"""The market file: strict, exact, and clear about what is wrong."""

import random
import string

import pytest

from backoffice.errors import UsageFault
from backoffice.organisation import parse_market
from broker.cash_rounding import CashRule, Mode
from broker.pricelist import Policy, Rule
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
    chance = random.Random(5)
    names = ["".join(chance.choices(string.ascii_letters, k=40)) for _ in range(1800)]
    more = "".join(
        f'[[product]]\nplu={n}\nname_zh="{name}"\nname_en="{name[::-1]}"\nbase="pc"\nprices=["1"]\n'
        for n, name in enumerate(names, 100)
    )
    with pytest.raises(UsageFault, match="use fewer products"):
        parse_market(MARKET + more)


RULES = """
[[product]]
plu = 50
name_zh = "红薯"
name_en = "Sweet potato"
base = "kg"
prices = ["4.00", "3.80"]
barcode = "6901234567892"
rule = [
  { from_g = 3000, prices = ["3.60", "3.50"] },
  { percent = 20, first_day = 2026-11-24, last_day = 2026-11-25 },
  { prices = ["2.99"], first_day = 2026-12-01 },
]

[[product]]
plu = 51
name_zh = "鸡蛋"
name_en = "Eggs"
base = "pc"
prices = ["1.20"]
rule = [{ pieces = 5, amount = "5.00" }, { from_pieces = 12, prices = ["1.10"] }]
"""


def test_rules_of_a_product_become_whole_numbers() -> None:
    sweet, eggs = parse_market(MARKET + RULES).prices.products[-2:]
    assert sweet.rules == [
        Rule(1, [360, 350], 3000),
        Rule(3, [20], 0, 20261124, 20261125),
        Rule(4, [299], 0, 20261201),
    ]
    assert sweet.barcode == "6901234567892"
    assert eggs.rules == [Rule(2, [500], 5), Rule(1, [110], 12)]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("from_g = 3000", "from_pieces = 3", "rules in grams"),
        ("from_g = 3000, ", "percent = 3, ", "a rule is from_g"),
        ("from_g = 3000, ", "from_kg = 3, ", "unknown field `from_kg`"),
        ("pieces = 5, ", "", "a rule is from_g"),
        ("from_pieces = 12", "from_g = 12", "counted ones in pieces"),
        ('"3.60", "3.50"', '"3.60", "3.80"', "makes nothing cheaper"),
        ('"3.60", "3.50"', '"3.60", "3.50", "3.40"', "makes nothing cheaper"),
        ('"5.00"', '"6.00"', "makes nothing cheaper"),
        ('"5.00"', '"five"', "price 'five'"),
        ("2026-11-25", "2026-11-23", "ends before it begins"),
        ("percent = 20", "percent = 100", "Expected `int` <= 99"),
        ("6901234567892", "6901234567893", "is not a GTIN"),
        ("plu = 51\n", 'plu = 51\nbarcode = "06901234567892"\n', "stands there twice"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_named(old: str, new: str, says: str) -> None:
    assert old in RULES
    with pytest.raises(UsageFault) as caught:
        parse_market(MARKET + RULES.replace(old, new, 1))
    assert says in str(caught.value)


def with_policy(keys: str) -> str:
    """The market with more keys in its first table."""
    return MARKET.replace("[organisation]\n", f"[organisation]\n{keys}\n", 1)


def test_without_a_word_about_it_nothing_is_rounded() -> None:
    assert parse_market(MARKET).prices.policy == Policy()


def test_the_policy_stands_in_the_first_table() -> None:
    keys = 'cash_rounding="NZ"\ngoodwill="0.10"\nprice_interval="0.10"\nlabels=["GB", "HOUSE"]'
    policy = parse_market(with_policy(keys)).prices.policy
    assert policy == Policy(
        [CashRule(10, Mode.HALF_UP)], 10, 10, ["20IIIIIVPPPPC", "21IIIIIWWWWWC", "23IIIIIPPPPPC"]
    )


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ('cash_rounding = "XX"', "known are AU"),
        ('goodwill = "0"', "goodwill '0' is not a small sum"),
        ('price_interval = "0.001"', "price_interval '0.001'"),
        ('labels = ["22IIII"]', "'22IIII' is no layout of 13 digits"),
    ],
)
def test_a_policy_that_cannot_be_is_named(keys: str, says: str) -> None:
    with pytest.raises(UsageFault) as caught:
        parse_market(with_policy(keys))
    assert says in str(caught.value)
