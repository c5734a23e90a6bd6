"""The comparison must see a difference: one wrong cent, one lost receipt, one product."""

from dataclasses import replace
from decimal import Decimal

import pytest

from fixtures.agreement import Books, Sums, differences, from_receipts, from_z

RECEIPTS = (
    """
        河边市场 Riverside
S03-12                No. 000001
Apple
  1.235 kg x 6.80/kg        8.40
Items                          1
TOTAL CNY                   8.40
Cash                        8.40
Change                      0.00
""",
    """
Tomato
  1.500 kg x 7.60/kg       11.40
TOTAL CNY                  11.40
Stored value card          11.40
Card              **** 0013
Balance after              68.60
""",
)
Z_REPORT = """
            Z REPORT
Sales                          2
Lines                          2
Receipts           000001-000002
Cash (1)                    8.40
Stored value card (1)      11.40
Savings of members          0.00
TOTAL CNY                  19.80
"""
SUMS = Sums("hand", 2, Decimal("8.40"), Decimal("11.40"), Decimal("19.80"))
AGREED = Books(
    sums=(SUMS, replace(SUMS, source="receipts"), replace(SUMS, source="SQL")),
    receipts=RECEIPTS,
    z_report=Z_REPORT,
    day_reports=(),
    products={1: 840, 11: 1140},
    products_by_sql={1: 840, 11: 1140},
    check="ok",
    check_failed=False,
    purses_paid=1,
    tacs={"genuine": 1},
)


def test_printed_receipts_are_added_up_by_tender() -> None:
    assert from_receipts(RECEIPTS) == replace(SUMS, source="receipts")


def test_the_printed_z_report_is_read() -> None:
    assert from_z(Z_REPORT) == replace(SUMS, source="Z report")


def test_books_that_agree_have_no_difference() -> None:
    assert differences(AGREED) == []


@pytest.mark.parametrize(
    ("books", "word"),
    [
        (replace(AGREED, sums=(SUMS, replace(SUMS, cash=Decimal("8.41")))), "cash 8.41"),
        (replace(AGREED, sums=(SUMS, replace(SUMS, sales=1))), "sales 1"),
        (replace(AGREED, products={1: 840, 11: 1141}), "product 11"),
        (replace(AGREED, tacs={"wrong": 1}), "TACs"),
        (replace(AGREED, tacs={}), "purses paid 1 times"),
        (replace(AGREED, products={1: 840}), "product 11"),
        (replace(AGREED, check_failed=True), "report check"),
    ],
)
def test_one_thing_that_differs_is_named(books: Books, word: str) -> None:
    [fault] = differences(books)
    assert word in fault
