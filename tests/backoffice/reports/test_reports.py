"""Reports against a second, naive computation, and their three forms."""

import csv
import io
import re

import pytest

from backoffice.reports.all import REPORTS
from backoffice.reports.answer import Answer, asked
from backoffice.reports.periods import Period
from backoffice.reports.question import Question
from backoffice.reports.render import as_csv, as_json, safe_cell, table, width
from backoffice.reports.report import names_of
from backoffice.store.statements import asked_text
from backoffice.words import translator
from broker.sale import Line, Sale, Tender
from tests.backoffice.world import DAY, Scale, World, new_op


def grams(amount: int, plu: int = 1, quantity: int = 1_235) -> Line:
    price = 680
    return Line(plu, quantity, 0, price, 0, price, 0, 0, amount)


@pytest.fixture
def sold(world: World) -> list[tuple[str, Sale]]:
    """Forty sales of two tills, three days and two ways of paying."""
    scales = [Scale(world, "S03-12"), Scale(world, "S03-13")]
    card, made = world.card(1_000_000), []
    for number in range(40):
        scale, day = scales[number % 2], DAY + number % 3
        lines = [grams(840), Line(number % 4 + 5, number + 1, 9, 100, 9, 120, 0, 0,
                                  100 * (number + 1))]  # fmt: skip
        total = sum(line.amount for line in lines)
        cash = number % 5 != 0
        tender = Tender(1, total) if cash else Tender(2, total, card.card, 1, card.token)
        sale = Sale(1, day, 1, 7 + number % 3, 1, None, 0, total, lines, [], [tender])
        op = new_op()
        if cash:
            scale.upload(scale.paid(op, sale))
        else:
            world.now += 60_000
            scale.upload(scale.entry(1, op, sale), scale.paid(op))  # type: ignore[arg-type]
        made.append((scale.terminal, sale))
    return made


def answer(world: World, name: str, first: int = DAY, last: int = DAY + 2,
           language: str = "en") -> Answer:  # fmt: skip
    names = names_of(world.desk.store, language, translator(language))
    return asked(world.desk.store, REPORTS[name], names, first=first, last=last)


def test_every_report_equals_a_sum_done_by_hand(world: World, sold: list[tuple[str, Sale]]) -> None:
    sales = [sale for _, sale in sold]
    total = sum(sale.total for sale in sales)
    by_tender = {row["kind"]: (row["payments"], row["amount"])
                 for row in answer(world, "by-tender").rows}  # fmt: skip
    cash = [sale for sale in sales if sale.tenders[0].kind == 1]
    card = [sale for sale in sales if sale.tenders[0].kind == 2]
    assert by_tender == {
        1: (len(cash), sum(sale.total for sale in cash)),
        2: (len(card), sum(sale.total for sale in card)),
    }
    by_cashier = {row["cashier"]: row["amount"] for row in answer(world, "by-cashier").rows}
    assert by_cashier == {
        who: sum(sale.total for sale in sales if sale.cashier == who) for who in (7, 8, 9)
    }
    by_day = {row["day"]: (row["sales"], row["amount"], row["saving"])
              for row in answer(world, "by-period").rows}  # fmt: skip
    for day in (DAY, DAY + 1, DAY + 2):
        of_day = [sale for sale in sales if sale.day == day]
        saved = sum(20 * line.quantity for sale in of_day for line in sale.lines[1:])
        assert by_day[day] == (len(of_day), sum(sale.total for sale in of_day), saved)
    by_product = {row["plu"]: (row["lines"], row["quantity"], row["amount"])
                  for row in answer(world, "by-product").rows}  # fmt: skip
    for plu in (1, 5, 6, 7, 8):
        lines = [line for sale in sales for line in sale.lines if line.plu == plu]
        assert by_product[plu] == (
            len(lines), sum(line.quantity for line in lines), sum(line.amount for line in lines),
        )  # fmt: skip
    [row] = answer(world, "by-store").rows
    assert (row["store"], row["sales"], row["amount"]) == ("S03", 40, total)
    for name, report in REPORTS.items():
        if "amount" in {column.key for column in report.columns} and name not in (
            "by-issuer",
            "by-member",
            "z",
        ):
            assert answer(world, name).total["amount"] == total
    by_stall = {(row["stall"], row["kind"]): row["amount"]
                for row in answer(world, "by-stall").rows}  # fmt: skip
    assert by_stall == {
        (stall, kind): sum(sale.total for terminal, sale in sold
                           if terminal == till and sale.tenders[0].kind == kind)
        for till, stall in (("S03-12", "Zhang"), ("S03-13", "Li")) for kind in (1, 2)
    }  # fmt: skip
    [issuer] = answer(world, "by-issuer").rows
    assert (issuer["issuer"], issuer["payments"], issuer["refunds"]) == ("own cards", len(card), 0)
    assert issuer["amount"] == sum(sale.total for sale in card)


def test_the_total_row_is_the_sum_of_the_rows_shown(
    world: World, sold: list[tuple[str, Sale]]
) -> None:
    assert sold
    for name in REPORTS:
        made = answer(world, name, DAY, DAY + 1)
        for column in made.columns:
            if column.unit.is_summed:
                assert made.total[column.key] == sum(row[column.key] for row in made.rows)


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_reads_all_sales_whatever_it_is_narrowed_to(world: World, name: str) -> None:
    statement = asked_text(REPORTS[name].statement)
    tables = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    wide = Question(Period(DAY, DAY + 2))
    narrow = Question(Period(20260101, 20261231), ("S03",), 1, 1, 7, 1, 0, 1, 1, "fruit", most=10)
    for question in (wide, narrow):
        _, plan = world.desk.store.report_text(
            f"EXPLAIN QUERY PLAN {statement}", **question.values()
        )
        steps = [row[3] for row in plan]
        scanned = [step.split()[1] for step in steps if step.startswith("SCAN ")]
        large = [one for one in scanned if tables.get(one, one) in GROWING]
        assert large == [], steps
        assert any(step.startswith("SEARCH") for step in steps), steps


GROWING = {
    "sale", "sale_line", "sale_tender", "sale_rounding", "transfer", "entry", "operation", "alert",
    "z_report", "card", "roll_sale", "roll_tender", "roll_product", "roll_hour", "roll_saving",
    "roll_member", "roll_issuer", "roll_value", "roll_traffic",
}  # fmt: skip


def test_a_table_names_its_units_and_aligns_wide_characters(
    world: World, sold: list[tuple[str, Sale]]
) -> None:
    assert sold
    text = table(answer(world, "by-product", language="zh_CN"), translator("zh_CN"))
    lines = text.split("\n")
    assert "苹果" in text
    assert "(CNY)" in lines[1]
    assert "49.400 kg" in text
    assert len({width(line) for line in lines[1:]}) == 1


def test_an_empty_report_says_what_to_do(world: World) -> None:
    text = table(answer(world, "by-tender"), translator("en"))
    assert "--from" in text
    assert "terminal list" in text


def test_csv_opens_in_a_spreadsheet_and_runs_no_formula(world: World) -> None:
    market = """
    [organisation]
    name = "M"
    currency = "CNY"
    zone = "Asia/Shanghai"
    issuer = 6200
    [[store]]
    id = "S03"
    name = "=HYPERLINK(1)"
    [[terminal]]
    id = "S03-12"
    store = "S03"
    """
    scale = Scale(world)
    sale = Sale(2, DAY, 1, 7, 1, None, 0, -840, [grams(-840, quantity=-1_235)], [],
                [Tender(1, -840)])  # fmt: skip
    scale.upload(scale.paid(new_op(), sale))
    world.command("apply", text=market)
    text = as_csv(answer(world, "by-store"), translator("en"))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["Store"], row["Name"]) == ("S03", "'=HYPERLINK(1)")
    assert (row["Sales"], row["Given back (CNY)"], row["Amount (CNY)"]) == ("0", "8.40", "-8.40")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == "'" + text
    assert safe_cell("a" + text) == "a" + text


def test_json_carries_whole_minor_units(world: World, sold: list[tuple[str, Sale]]) -> None:
    assert sold
    said = as_json(answer(world, "by-tender"))
    assert (said["report"], said["from"], said["to"], said["currency"], said["exponent"]) == (
        "by-tender", DAY, DAY + 2, "CNY", 2,
    )  # fmt: skip
    assert all(isinstance(row["amount"], int) for row in said["rows"])
