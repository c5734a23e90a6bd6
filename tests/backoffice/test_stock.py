"""Stock: quantities and values against a second, naive computation; late sales find their place."""

import itertools
import sqlite3
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.errors import Refused, UsageFault
from backoffice.reports.audit import audit
from backoffice.reports.stock_report import moves_said, shrinkage, stock_now
from backoffice.stock import Sold, StockDay, StockMove, Word, over_period, stock_days
from backoffice.stock_rows import MOST_ROWS, rows_of
from broker.messages import Kind, Paid
from broker.sale import Line, Sale, Tender, TenderKind
from tests.backoffice.world import DAY, MARKET, Scale, World, new_op

EGGS = """[[product]]
plu = 2
name_zh = "鸡蛋"
name_en = "Egg"
base = "pc"
prices = ["0.98", "0.98"]
"""
PLACE = "S03-12"


@pytest.fixture
def shop(tmp_path: Path) -> World:
    return World(tmp_path, MARKET + EGGS)


def moved(*said: tuple[int, Word, int, int]) -> list[StockMove]:
    return [StockMove(n, *one) for n, one in enumerate(said, 1)]


def test_two_deliveries_are_one_heap_at_their_average() -> None:
    days = stock_days(
        moved((1, Word.IN, 10_000, 4_000), (2, Word.IN, 10_000, 5_000)),
        [Sold(0, 1, 4_000), Sold(0, 2, 8_000)],
    )
    assert days[0] == StockDay(1, 10_000, 4_000, 4_000, 1_600, on_hand=6_000, value=2_400)
    # 6 kg worth 24.00 and 10 kg at 50.00: 16 kg at 4.625.
    assert days[1] == StockDay(2, 10_000, 5_000, 8_000, 3_700, on_hand=8_000, value=3_700)


def test_all_that_is_sold_costs_all_that_was_paid() -> None:
    [day] = stock_days(moved((1, Word.IN, 3, 1_000)), [Sold(0, 1, 3)])
    assert (day.sold_cost, day.on_hand, day.value) == (1_000, 0, 0)


def test_a_count_is_worth_its_difference_and_closes_what_was_before() -> None:
    said = moved((1, Word.IN, 10_000, 5_000), (1, Word.WASTE, 1_000, 0), (1, Word.COUNT, 5_800, 0))
    days = stock_days(said, [Sold(0, 1, 3_000), Sold(3, 1, 800)])
    assert [(one.difference, one.difference_cost, one.on_hand) for one in days] == [
        (0, 0, 6_000), (-200, -100, 5_800), (0, 0, 5_000),
    ]  # fmt: skip
    late = stock_days(said, [Sold(0, 1, 3_150), Sold(3, 1, 800)])
    assert late[1].difference == -50
    assert late[-1].on_hand == 5_000


def test_goods_sold_before_they_came_in_are_valued_by_those_that_came() -> None:
    days = stock_days(moved((2, Word.IN, 10, 1_000)), [Sold(0, 1, 4)])
    assert (days[0].on_hand, days[0].value) == (-4, 0)
    assert (days[1].on_hand, days[1].value, days[1].revalued) == (6, 600, -400)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[StockMove], list[Sold]]:
    day, said, sold, since = 1, [], [], 0
    for number in range(1, draw(st.integers(1, 25))):
        day += draw(st.integers(0, 2))
        word = draw(st.sampled_from(list(Word)))
        quantity = draw(st.integers(0 if word is Word.COUNT else 1, 50_000))
        cost = draw(st.integers(0, 90_000)) if word is Word.IN else 0
        said.append(StockMove(number, day, word, quantity, cost))
        if draw(st.booleans()):
            sold.append(Sold(since, day, draw(st.integers(-50, 30_000))))
        if word is Word.COUNT:
            since = number
    return said, sold


@given(histories())
def test_quantity_and_value_follow_from_row_to_row(
    history: tuple[list[StockMove], list[Sold]],
) -> None:
    said, sold = history
    days = stock_days(said, sold)
    on_hand = value = 0
    for one in days:
        on_hand += one.received - one.sold - one.wasted + one.difference
        value += one.received_cost + one.revalued - one.sold_cost - one.wasted_cost
        value += one.difference_cost
        assert (one.on_hand, one.value) == (on_hand, value)
    totals = over_period(days, 0, 10**9).sums
    assert totals.received == sum(one.quantity for one in said if one.word is Word.IN)
    assert totals.sold == sum(one.quantity for one in sold)
    assert totals.received_cost == sum(one.cost for one in said)
    for first, last in itertools.pairwise(sorted({one.day for one in days})):
        assert over_period(days, 0, first).sums.on_hand == over_period(days, last, last).opening


@given(
    st.lists(st.tuples(st.integers(1, 9_000), st.integers(1, 9_000)), min_size=1, max_size=20),
    st.data(),
)
def test_the_value_stays_within_a_fen_a_day_of_the_exact_average(
    deliveries: list[tuple[int, int]], data: st.DataObject
) -> None:
    on_hand, exact = 0, Fraction(0)
    said, sold = [], []
    for day, (quantity, cost) in enumerate(deliveries, 1):
        said.append(StockMove(day, day, Word.IN, quantity, cost))
        on_hand, exact = on_hand + quantity, exact + cost
        out = data.draw(st.integers(0, on_hand - 1))
        exact -= exact * out / on_hand
        on_hand -= out
        sold.append(Sold(0, day, out))
    last = stock_days(said, sold)[-1]
    assert last.on_hand == on_hand
    assert abs(last.value - exact) <= len(deliveries)


def add(world: World, word: str, *rows: Mapping[str, object], **said: object) -> dict[str, object]:
    asked = {"word": word, "place": PLACE, "rows": list(rows), "op": new_op().hex(), **said}
    return world.command("stock.add", **asked)


def sell(world: World, plu: int, quantity: int, unit: int, at: int | None = None) -> None:
    scale = Scale(world)
    scale.at, scale.epoch = at, world.count("sale") + 1
    line = Line(plu, quantity, unit, 680, 0 if unit != 9 else 9, 680, 0, 0, 500)
    tender = Tender(TenderKind.CASH, 500)
    sale = Sale(1, DAY, 1, 7, 1, None, 0, 500, [line], [], [tender])
    scale.upload(scale.entry(Kind.PAID, new_op(), Paid(1, sale)))


def test_goods_in_sold_and_wasted_are_what_is_there(shop: World) -> None:
    sell(shop, 1, 9_999, 0)
    shop.now += 1_000
    add(shop, "in", {"plu": 1, "quantity": 20_000, "cost": 8_000, "supplier": "Wang"},
        {"plu": 2, "quantity": 360, "cost": 18_000})  # fmt: skip
    sell(shop, 1, 1_500, 0)
    sell(shop, 1, 15_000, 1)  # tenths of a gram
    sell(shop, 2, 30, 9)
    sell(shop, 1, 700, 0, at=shop.now - 5_000)  # made before anything was kept
    add(shop, "waste", {"plu": 2, "quantity": 6, "reason": "broken"})
    apples, eggs = stock_now(shop.desk.store)
    assert (apples["place"], apples["product"]) == ("S03/1", "Apple")
    assert (apples["on_hand"], apples["value"], apples["cost_per"]) == (17_000, 6_800, 400)
    assert (eggs["on_hand"], eggs["value"], eggs["cost_per"]) == (324, 16_200, 50)


def test_a_sale_that_arrives_after_the_count_belongs_before_it(shop: World) -> None:
    add(shop, "in", {"plu": 1, "quantity": 10_000, "cost": 4_000})
    made_at = shop.now + 1_000
    shop.now += 60_000
    add(shop, "count", {"plu": 1, "quantity": 9_000})
    assert shrinkage(shop.desk.store, DAY, DAY)[0]["difference"] == -1_000
    sell(shop, 1, 950, 0, at=made_at)
    sell(shop, 1, 500, 0)
    [row] = shrinkage(shop.desk.store, DAY, DAY)
    assert (row["difference"], row["difference_cost"], row["shrinkage"]) == (-50, -20, 20)
    assert (row["sold"], row["closing"], row["shrinkage_permille"]) == (1_450, 8_500, 5)


def test_what_the_sales_say_is_what_was_taken_off(shop: World) -> None:
    add(shop, "in", {"plu": 1, "quantity": 10_000, "cost": 4_000})
    for quantity in (100, 250, 333):
        sell(shop, 1, quantity, 0)
    _, rows = shop.desk.store.report_text("SELECT sum(quantity) FROM sale_line WHERE plu = 1")
    assert shrinkage(shop.desk.store, 0, 99_999_999)[0]["sold"] == rows[0][0] == 683


def test_the_same_operation_adds_once_and_a_refused_batch_adds_nothing(shop: World) -> None:
    op = new_op().hex()
    rows = [{"plu": 1, "quantity": 1, "cost": 1}, {"plu": 2, "quantity": 2, "cost": 2}]
    for _ in range(2):
        assert add(shop, "in", *rows, op=op) == {"moves": 2, "first": 1}
    with pytest.raises(Refused, match="PLU 99"):
        add(shop, "in", *rows, {"plu": 99, "quantity": 1})
    assert shop.count("stock_move") == 2


@pytest.mark.parametrize(
    ("word", "row"),
    [("in", {"plu": 1, "quantity": 0}), ("in", {"plu": 1, "quantity": -5}),
     ("waste", {"plu": 1, "quantity": 5}), ("waste", {"plu": 1, "quantity": 5, "reason": " "}),
     ("count", {"plu": 1, "quantity": -1}), ("in", {"plu": 1, "quantity": 10**9 + 1}),
     ("in", {"plu": 1, "quantity": 1, "cost": -1}), ("gift", {"plu": 1, "quantity": 1})],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused(shop: World, word: str, row: dict[str, object]) -> None:
    with pytest.raises(UsageFault):
        add(shop, word, row)
    assert shop.count("stock_move") == 0


def test_a_place_is_a_store_a_stall_or_a_terminal(shop: World) -> None:
    row = {"plu": 1, "quantity": 1, "cost": 1}
    for place in ("S03", "S03/1", "S03-12", "S03-13"):
        add(shop, "in", row, place=place)
    found = {one["place"]: one["on_hand"] for one in stock_now(shop.desk.store)}
    assert found == {"S03": 1, "S03/1": 2, "S03/2": 1}
    with pytest.raises(Refused, match="no store, stall or terminal S99"):
        add(shop, "in", row, place="S99")


def test_a_wrong_row_is_taken_back_once_by_its_mirror(shop: World) -> None:
    add(shop, "in", {"plu": 1, "quantity": 5_000, "cost": 2_000})
    add(shop, "in", {"plu": 1, "quantity": 50_000, "cost": 20_000})
    shop.command("stock.undo", move=2, by="lin", reason="a nought too many")
    [row] = stock_now(shop.desk.store)
    assert (row["on_hand"], row["value"]) == (5_000, 2_000)
    for move, why in ((2, "already"), (3, "count again"), (9, "no stock row")):
        with pytest.raises(Refused, match=why):
            shop.command("stock.undo", move=move)
    [undone, *_] = moves_said(shop.desk.store, DAY, DAY, most=10)
    assert (undone["quantity"], undone["undoes"], undone["by"]) == (-50_000, 2, "lin")


def test_rows_are_for_ever_and_witnessed(shop: World) -> None:
    add(shop, "in", {"plu": 1, "quantity": 5_000, "cost": 2_000})
    assert audit(shop.desk.store, [], bytes(32)).findings == ()
    for change in ("UPDATE stock_move SET cost = 1", "DELETE FROM stock_move"):
        with pytest.raises(sqlite3.IntegrityError, match="never"):
            shop.desk.store.report_text(change)


def rows(text: str, word: Word = Word.IN) -> list[dict[str, object]]:
    return rows_of(text, word, by_piece={1: False, 2: True}, exponent=2)


def test_a_file_names_its_columns_in_either_language() -> None:
    assert rows("plu,quantity,price,supplier\n1,12.5,4.00,=Wang\n2,30,0.5,\n") == [
        {"plu": 1, "quantity": 12_500, "cost": 5_000, "supplier": "=Wang"},
        {"plu": 2, "quantity": 30, "cost": 1_500},
    ]
    assert rows("编码,数量,金额\n1,0.333,1.00\n") == [{"plu": 1, "quantity": 333, "cost": 100}]
    assert rows("plu,quantity,reason\n2,3,broken\n", Word.WASTE)[0]["reason"] == "broken"


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "first line"), ("plu,price\n", "first line"), ("plu,quantity,colour\n", "first line"),
     ("plu,plu,quantity\n", "first line"), ("plu,quantity\n", "1 to 20000 rows"),
     ("plu,quantity,price\n9,1,1\n", "Line 2: There is no product"),
     ("plu,quantity,price\n1,1,1\n2,1.5,1\n", "Line 3: '1.5' is not"),
     ("plu,quantity,price\n1,1.2345,1\n", "Line 2"), ("plu,quantity,price\n1,-1,1\n", "Line 2"),
     ("plu,quantity\n1,1\n", "at a price, or at a cost"), ("plu,quantity,price\n1,NaN,1\n", "NaN"),
     ("plu,quantity,price\n1,1\n", "as many fields"), ("plu,quantity,price\n1,1e9,1\n", "1e9"),
     ('plu,quantity,price\n1,"1,1\n', "is not CSV")],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_names_the_line(text: str, why: str) -> None:
    with pytest.raises(UsageFault, match=why):
        rows(text)


def test_a_file_has_a_limit() -> None:
    with pytest.raises(UsageFault, match=str(MOST_ROWS)):
        rows("plu,quantity,cost\n" + "1,1,1\n" * (MOST_ROWS + 1))
