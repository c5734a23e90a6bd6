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
from broker.pricelist import Cashier, PriceList, Product, Rule, RuleKind
from broker.pricing import label_line, price_line
from broker.sale import LineFlag, Rounding, Sale, SaleKind, Tender, TenderKind, faults_of
from broker.units import PriceBase, Weight, WeightUnit
from scale_app.catalog import NO_CATALOG, catalog_of
from scale_app.columns import apart, cells, centred, wrapped
from scale_app.pack_label import PackLabel
from scale_app.receipt import Heading, Printed, label_rows, receipt_rows, report_rows
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


SWEET = Product(
    50, "红薯", "Sweet potato", PriceBase.KG, [400, 380],
    rules=[Rule(RuleKind.TIER, [360, 350], 3000)],
)  # fmt: skip
MILK = Product(
    51, "牛奶", "Milk", PriceBase.PIECE, [333],
    rules=[Rule(RuleKind.PIECES_FOR, [900], 3)],
)  # fmt: skip
BREAD = Product(
    52, "面包", "Bread", PriceBase.G100, [250], rules=[Rule(RuleKind.MARKED_DOWN_BY, [30])]
)


@pytest.mark.parametrize("columns", [32, 48])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_receipt_with_rules_labels_and_both_kinds_of_rounding(columns: int, language: str) -> None:
    lines = [
        price_line(SWEET, Weight(3000), level=0),
        price_line(MILK, Weight(4, WeightUnit.PIECE), level=0),
        price_line(BREAD, Weight(350), level=0),
        label_line(SWEET, 1234),
        price_line(SWEET, Weight(500), level=0, flags=LineFlag.LABEL_WEIGHT),
    ]
    roundings = [Rounding(2, -10), Rounding(1, 3)]
    total = sum(line.amount for line in lines) - 7
    sold = Sale(
        SaleKind.SALE, TODAY, 2, 7, 3, None, 0, total, lines, roundings,
        [Tender(TenderKind.CASH, total)],
    )  # fmt: skip
    assert faults_of(sold) == ()
    known = catalog_of(PriceList(3, "", "", [SWEET, MILK, BREAD], [Cashier(7, "张三")]))
    heading = replace(HEADING, columns=columns, language=language)
    rows = receipt_rows(sold, Printed(125, AT), heading, catalog=known, say=translator(language))
    assert all(cells(row) <= columns for row in rows)
    golden(f"rules-{columns}-{language}", rows)


def test_a_z_report_names_what_was_rounded() -> None:
    report = ZReport(
        2, TODAY, 7, AT, 1, 1, 330, 0, [TenderSum(1, 1, 330)], 1, 1,
        rounding=[Rounding(1, -3), Rounding(2, -20)],
    )  # fmt: skip
    rows = report_rows(report, AT, HEADING, cashier="", closed=True, say=translator("en"))
    assert apart("Rounding", "-0.03", 32)[0] in rows
    assert apart("Rounded off", "-0.20", 32)[0] in rows


@pytest.mark.parametrize(
    ("kinds", "row"),
    [
        (LineFlag.TARE_TYPED, "  tare 0.015 kg (typed)"),
        (LineFlag.TARE_WEIGHED, "  tare 0.015 kg (weighed)"),
        (LineFlag.TARE_PRODUCT, "  tare 0.015 kg (of the goods)"),
        (LineFlag.TARE_CONTAINER, "  tare 0.015 kg (container)"),
        (LineFlag.TARE_PERCENT, "  tare 0.015 kg (percent)"),
        (LineFlag.TARE_WEIGHED | LineFlag.TARE_PERCENT, "  tare 0.015 kg (weighed, percent)"),
        (0, "  tare 0.015 kg"),
    ],
)
def test_a_tare_is_printed_with_where_it_came_from(kinds: int, row: str) -> None:
    line = price_line(POTATO, Weight(7640), level=0, tare=Weight(15), flags=kinds)
    tender = Tender(TenderKind.CASH, line.amount)
    one = Sale(SaleKind.SALE, TODAY, 2, 7, 3, None, 0, line.amount, [line], [], [tender])
    rows = receipt_rows(one, Printed(1, AT), replace(HEADING, columns=48), catalog=catalog(),
                        say=translator("en"))  # fmt: skip
    assert row in rows


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_label_of_a_package(language: str) -> None:
    net, tare = Weight(1235), Weight(15)
    line = price_line(APPLE, net, level=0, tare=tare, flags=LineFlag.TARE_WEIGHED)
    line = msgspec.structs.replace(line, evidence=bytes.fromhex("a1b2c3d4e5f60718"))
    name = APPLE.name_en if language == "en" else APPLE.name_zh
    label = PackLabel(line, "2300001008402", "019703206980498131030012353922840", name=name)
    heading = replace(HEADING, language=language)
    rows = label_rows(label, AT, heading, translator(language))
    golden(f"label-{language}", rows)
