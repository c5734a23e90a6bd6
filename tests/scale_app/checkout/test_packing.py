"""Labels at the table: what is weighed leaves the basket with a code that brings it back."""

from dataclasses import replace

import msgspec
import pytest

from broker.labels import layout_of, read_in_store
from broker.pricelist import Policy
from broker.sale import LineFlag
from scale_app.catalog import catalog_of
from scale_app.checkout import happenings as h
from scale_app.events import Key
from scale_app.pack_label import PackLabel
from tests.scale_app.checkout.driver import Checkout
from tests.scale_app.checkout.test_money import SWEET
from tests.scale_app.samples import TODAY, card, price_list

HOUSE = ["21IIIIIWWWWWC", "23IIIIIPPPPPC"]
FOUR = "20IIIIIVPPPPC"


def opened(labels: list[str]) -> Checkout:
    till = Checkout.opened()
    prices = price_list()
    prices = msgspec.structs.replace(
        prices, products=[*prices.products, SWEET], policy=Policy([], 0, 1, labels)
    )
    till.happen(h.NewCatalog(catalog_of(prices)))
    till.happen(h.NewDay(TODAY))
    return till


def labels(till: Checkout) -> list[PackLabel]:
    return [action for action in till.asked if isinstance(action, PackLabel)]


def test_the_goods_just_weighed_leave_the_basket_with_the_price_on_their_label() -> None:
    till = opened(HOUSE)
    till.weigh("1", 1235)
    till.weigh("5", 500)
    till.key(Key.LABEL)
    assert till.said == "label-printed"
    (label,) = labels(till)
    assert label.code.startswith("2300050")
    found = read_in_store(label.code, layout_of(HOUSE[1]), 2)
    assert found is not None
    assert (found.item, found.value) == (50, label.line.amount)
    assert [line.plu for line in till.desk.basket.lines] == [1]
    till.happen(h.Scanned(label.code, till.now))
    assert till.desk.basket.lines[-1].amount == label.line.amount


def test_goods_with_a_gtin_of_variable_measure_get_an_element_string_too() -> None:
    till = opened(HOUSE)
    till.weigh("5", 500)
    till.key(Key.LABEL)
    assert labels(till)[0].elements == "01970320698049813103000500" + "3922200"
    till.happen(h.Scanned(labels(till)[0].elements, till.now))
    assert (till.desk.basket.lines[-1].plu, till.desk.basket.total) == (50, 200)


def test_a_member_at_the_scale_makes_no_label_cheaper() -> None:
    till = opened(HOUSE)
    till.tap(card("member"))
    till.weigh("1", 1000)
    assert till.desk.basket.total == 646
    till.key(Key.LABEL)
    assert labels(till)[0].line.amount == 680


@pytest.mark.parametrize(
    ("layouts", "start"),
    [(HOUSE, "23"), (HOUSE[:1], "2100001"), ([FOUR], "2000001"), (HOUSE[::-1], "23")],
)
def test_the_first_layout_that_fits_is_taken_a_price_before_a_weight(
    layouts: list[str], start: str
) -> None:
    till = opened(layouts)
    till.weigh("1", 1235)
    till.key(Key.LABEL)
    assert labels(till)[0].code.startswith(start)


def test_what_no_layout_holds_is_not_labelled() -> None:
    # 100 kg of apples cost 680.00: five digits; four are too few, and there is no other layout.
    till = opened([FOUR])
    till.weigh("1", 100_000)
    till.key(Key.LABEL)
    assert (till.said, labels(till)) == ("no-label-layout", [])
    assert len(till.desk.basket.items) == 1


def test_below_the_minimum_load_no_label_is_printed() -> None:
    till = opened(HOUSE)
    till.below_minimum(15)
    till.goods = replace(till.goods, flags=int(LineFlag.BELOW_MINIMUM)) if till.goods else None
    till.keys("1")
    till.key(Key.ENTER)
    assert till.desk.basket.lines[0].flags & LineFlag.BELOW_MINIMUM
    till.key(Key.LABEL)
    assert (till.said, labels(till)) == ("too-light-to-label", [])
    assert len(till.desk.basket.items) == 1


def test_only_what_was_weighed_here_gets_a_label() -> None:
    till = opened(HOUSE)
    till.key(Key.LABEL)
    assert till.said == "nothing-to-label"
    till.keys("9")
    till.key(Key.LABEL)
    assert till.said == "nothing-to-label"
    till.moving()
    till.keys("1")
    till.key(Key.LABEL)
    assert (till.said, labels(till)) == ("nothing-to-label", [])


def test_eighteen_digits_are_sold_at_their_price_and_never_printed() -> None:
    till = opened(["22IIIIIPPPPPWWWWWX", *HOUSE])
    till.happen(h.Scanned("220000100840012350", till.now))
    (line,) = till.desk.basket.lines
    assert (line.plu, line.amount) == (1, 840)
    till.weigh("1", 1235)
    till.key(Key.LABEL)
    assert labels(till)[0].code.startswith("23")
