"""Receipts and shift reports, character by character.

The goldens are read by people before they are accepted: `GOLDENS=write pytest tests/scale_app`
writes them anew.
"""

import os
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from broker.messages import TenderSum, ZReport
from broker.pricing import price_line
from broker.sale import LineFlag, Rounding, Sale, SaleKind, Tender, TenderKind
from broker.units import Weight, WeightUnit
from scale_app.catalog import NO_CATALOG
from scale_app.columns import apart, cells, centred, wrapped
from scale_app.receipt import Heading, Printed, receipt_rows, report_rows
from scale_app.words import translator
from tests.scale_app.samples import APPLE, EGGS, POTATO, TODAY, catalog

GOLDENS = Path(__file__).parent / "goldens"
AT = 1_795_484_645_000
HEADING = Heading(
    "Riverside Market", "河边市场 Riverside", "Zhang's vegetables", "S03-12", "CNY", 2,
    "Asia/Shanghai", "en",
)  # fmt: skip
NUMBER = 620000000004821


def sale(kind: TenderKind, *, level: int = 0, given: int = 0) -> Sale:
    lines = [
        price_line(APPLE, Weight(1235), level=level),
        price_line(POTATO, Weight(7640), level=level, tare=Weight(15), flags=LineFlag.TARE_PRODUCT),
        price_line(EGGS, Weight(12, WeightUnit.PIECE), level=level),
    ]
    total = sum(line.amount for line in lines)
    card = NUMBER if kind is TenderKind.STORED_VALUE else None
    tender = Tender(kind, total, card, given=given)
    member = NUMBER if level else None
    return Sale(SaleKind.SALE, TODAY, 2, 7, 3, member, level, total, lines, [], [tender])


def golden(name: str, rows: tuple[str, ...]) -> None:
    file, text = GOLDENS / f"{name}.txt", "\n".join(rows) + "\n"
    if os.environ.get("GOLDENS") == "write":
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_receipt_of_a_members_card_sale(columns: int, language: str) -> None:
    heading = replace(HEADING, columns=columns, language=language)
    printed = Printed(123, AT, balance=8420)
    rows = receipt_rows(
        sale(TenderKind.STORED_VALUE, level=1), printed, heading,
        catalog=catalog(), say=translator(language),
    )  # fmt: skip
    assert all(cells(row) <= columns for row in rows)
    golden(f"card-{columns}-{language}", rows)


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_receipt_of_a_cash_sale_with_change_as_a_copy(columns: int, language: str) -> None:
    heading = replace(HEADING, columns=columns, language=language)
    rows = receipt_rows(
        sale(TenderKind.CASH, given=5000), Printed(124, AT, copy=True), heading,
        catalog=catalog(), say=translator(language),
    )  # fmt: skip
    assert all(cells(row) <= columns for row in rows)
    golden(f"cash-{columns}-{language}", rows)


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("closed", [False, True])
def test_report_of_a_shift(columns: int, language: str, closed: bool) -> None:
    report = ZReport(
        2, TODAY, 7, AT - 3_600_000, 21, 34, 31_260, 812,
        [TenderSum(1, 12, 18_000), TenderSum(2, 9, 13_260)], 104, 124, 1,
    )  # fmt: skip
    heading = replace(HEADING, columns=columns, language=language)
    rows = report_rows(report, AT, heading, cashier="张三", closed=closed, say=translator(language))
    assert all(cells(row) <= columns for row in rows)
    golden(f"{'z' if closed else 'x'}-{columns}-{language}", rows)


def test_a_card_number_shows_its_last_four_digits_only() -> None:
    rows = receipt_rows(
        sale(TenderKind.STORED_VALUE, level=1), Printed(1, AT), HEADING,
        catalog=catalog(), say=translator("en"),
    )  # fmt: skip
    text = "\n".join(rows)
    assert "****4821" in text
    assert str(NUMBER)[:11] not in text


def test_a_correction_of_the_total_is_printed() -> None:
    plain = sale(TenderKind.CASH)
    rounded = msgspec.structs.replace(plain, total=plain.total - 3, rounding=[Rounding(1, -3)])
    rows = receipt_rows(rounded, Printed(1, AT), HEADING, catalog=catalog(), say=translator("en"))
    assert apart("Rounding", "-0.03", 32)[0] in rows


def test_a_product_that_left_the_list_is_printed_by_its_number() -> None:
    rows = receipt_rows(
        sale(TenderKind.CASH), Printed(1, AT), HEADING, catalog=NO_CATALOG, say=translator("en")
    )
    assert "PLU 9" in rows


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("苹果", 4),
        ("河边 Riverside", 14),
        ("ｆｕｌｌ", 8),
        ("é", 1),
        ("e\u0301", 1),
        ("￥", 2),
    ],
)
def test_width_in_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_a_long_name_goes_into_more_rows_and_its_amount_stays_at_the_edge() -> None:
    rows = apart("河边市场的新鲜有机大番茄 very long name indeed", "123.45", 32)
    assert len(rows) == 2
    assert all(cells(row) <= 32 for row in rows)
    assert rows[-1].endswith("123.45")
    assert cells(rows[-1]) == 32


def test_chinese_text_breaks_between_characters() -> None:
    assert list(wrapped("苹果香蕉橙子葡萄", 6)) == ["苹果香", "蕉橙子", "葡萄"]
    assert centred("苹果", 8) == ["  苹果"]


def test_the_z_report_names_the_weighing_software_and_the_x_report_does_not() -> None:
    report = ZReport(2, TODAY, 7, AT, 0, 0, 0, 0, [], 0, 0, 0)
    heading = replace(HEADING, software="1a2b3c4d5e6f")
    z, x = (
        report_rows(report, AT, heading, cashier="", closed=closed, say=translator("en"))
        for closed in (True, False)
    )
    assert z[-1] == "Weighing software   1a2b3c4d5e6f"
    assert not any("1a2b3c4d5e6f" in row for row in x)
