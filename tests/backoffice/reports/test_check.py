"""`report check` finds a difference planted anywhere in the books."""

import sqlite3
from pathlib import Path

import pytest

from backoffice.reports.check import Checked, check
from backoffice.store.statements import texts
from broker.messages import Kind, TenderSum, ZReport
from tests.backoffice.world import DAY, Scale, World, card_sale, cash_sale, new_op


@pytest.fixture
def day(world: World, scale: Scale) -> World:
    """A day with card and cash sales, a reversal, a stand-in, an open operation and a Z."""
    scale.sign_on()
    for number in range(5):
        world.now += 60_000
        scale.pay(world.card(10_000), 100 + number)
        scale.upload(scale.paid(new_op(), cash_sale(700 + number)))
    undone, stood_in = new_op(), new_op()
    scale.ask(scale.intent(world.card(10_000), 840, undone))
    scale.ask(scale.reversing(undone))
    scale.upload(scale.intent(world.card(100), 840, stood_in), scale.paid(stood_in))
    tenders = [TenderSum(1, 5, 3_510), TenderSum(2, 6, 1_350)]
    report = ZReport(1, DAY, 7, 0, 11, 11, 4_860, 0, tenders, 1, 11, 1)
    scale.upload(scale.entry(Kind.Z, new_op(), report))
    scale.ask(scale.intent(world.card(10_000), 840))
    return world


def result(world: World) -> Checked:
    return check(world.desk.store, 0, 99_999_999)


def test_books_that_agree_have_no_difference(day: World) -> None:
    made = result(day)
    assert made.differences == ()
    assert made.counted == {
        "sales": 11, "total": 4_860, "z_reports": 1, "entries": 21, "open_operations": 1,
    }  # fmt: skip
    assert made.as_json()["agrees"] is True


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("UPDATE sale_line SET amount = amount + 1 WHERE sale = 1",
         {"sale-sums", "sale-ledger", "z-report"}),
        ("UPDATE sale_tender SET amount = amount - 1 WHERE sale = 2",
         {"sale-sums", "tender-ledger", "z-report"}),
        ("UPDATE sale SET total = total + 5 WHERE id = 3", {"sale-sums", "z-report"}),
        ("DELETE FROM sale_tender WHERE sale = 4", {"sale-sums", "tender-ledger", "z-report"}),
        ("UPDATE sale_tender SET kind = 1 WHERE sale = 1", {"tender-ledger", "z-report"}),
        ("UPDATE account SET balance = balance + 1 WHERE code = 'sales/S03'",
         {"ledger-zero", "balance"}),
        ("UPDATE transfer SET amount = amount + 1 WHERE reason = 1",
         {"balance", "sale-ledger", "tender-ledger"}),
        ("DELETE FROM entry WHERE seq = 3", {"journal-gap"}),
        ("UPDATE entry SET body = CAST(body || x'00' AS BLOB)",
         {"entry-bytes"}),
        ("UPDATE entry SET body = x'c1'", {"entry-bytes"}),
        ("UPDATE mark SET upto = upto - 1", {"journal-gap"}),
        ("UPDATE sale SET seq = 999 WHERE id = 1", {"paid-without-sale"}),
        ("UPDATE sale SET receipt = 99 WHERE id = 1", {"z-report"}),
    ],
)  # fmt: skip
def test_a_planted_difference_is_found(
    day: World, tmp_path: Path, sql: str, found: set[str]
) -> None:
    connection = sqlite3.connect(tmp_path / "office.db")
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for (name,) in triggers.fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.executescript(sql)
    connection.commit()
    connection.close()
    day.desk.forget()
    made = result(day)
    assert found <= {one.check for one in made.differences}, made.differences
    assert made.as_json()["agrees"] is False


def test_a_z_that_differs_is_shown_with_its_shift(world: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale(700)))
    report = ZReport(4, DAY, 7, 0, 1, 1, 701, 0, [TenderSum(1, 1, 701)], 1, 1)
    scale.upload(scale.entry(Kind.Z, new_op(), report))
    [difference] = result(world).differences
    assert difference.check == "z-report"
    assert difference.where == f"S03-12 shift 4 of {DAY}"


def test_a_gap_is_a_difference_until_it_is_filled(world: World, scale: Scale) -> None:
    late = scale.paid(new_op(), cash_sale(700))
    scale.upload(scale.paid(new_op(), cash_sale(800)))
    [difference] = result(world).differences
    assert (difference.check, difference.where) == ("journal-gap", "S03-12 epoch 1")
    scale.upload(late)
    assert result(world).differences == ()


def test_a_sale_with_faults_stays_a_difference(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    wrong = card_sale(card, 840)
    cash = cash_sale(840)
    assert wrong.total == cash.total
    faulty = type(cash)(1, DAY, 1, 7, 1, None, 0, 850, cash.lines, [], cash.tenders)
    scale.upload(scale.paid(new_op(), faulty))
    assert {one.check for one in result(world).differences} == {"sale-sums"}


def test_no_check_looks_at_every_sale_for_each_entry(world: World) -> None:
    statement = texts()["check_paid_without_sale"]
    _, plan = world.desk.store.report_text(f"EXPLAIN QUERY PLAN {statement}", org=1)
    assert any("sale_by_entry" in row[3] for row in plan), plan
