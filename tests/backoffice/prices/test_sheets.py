"""Price lists as files: real CSV and workbooks, as people save them and as they break."""

import io
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from backoffice.errors import UsageFault
from backoffice.price_sheet import Sheet, escaped, letter, sheet_of, unescaped
from backoffice.price_text import NotARule, rule_tables, rules_text
from backoffice.product_view import exported
from backoffice.products import Shop, product_from, row_of
from backoffice.sheet_files import csv_bytes, read_cells
from broker.pricelist import Product, Rule, RuleKind
from broker.units import PriceBase

SHOP = Shop(2, ("shelf", "silver", "gold"))
CSV = "编码,品名,单位,单价,会员价1\n1,苹果,公斤,6.80,6.46\n2,香蕉,斤,5.98,\n"


def sheet(raw: bytes | str, shop: Shop = SHOP) -> Sheet:
    return sheet_of(read_cells(raw.encode() if isinstance(raw, str) else raw), shop)


def fault(raw: bytes | str) -> str:
    with pytest.raises(UsageFault) as caught:
        sheet(raw)
    return str(caught.value)


def workbook(rows: list[list[object]], formula: str = "") -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        if formula:
            page.write_formula(formula, "=1+1")
    return made.getvalue()


def numbered(count: int) -> list[list[object]]:
    rows: list[list[object]] = [["PLU", "price"]]
    return rows + [[n, 1] for n in range(1, count + 1)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_as_spreadsheets_save_it(encoding: str, line_end: str, delimiter: str) -> None:
    text = CSV.replace("\n", line_end).replace(",", delimiter)
    first, second = sheet(text.encode(encoding)).rows
    assert first == {"row": "2", "plu": "1", "name_zh": "苹果", "base": "公斤", "price": "6.80",
                     "price_1": "6.46"}  # fmt: skip
    assert (second["row"], second["price_1"]) == ("3", "")


def test_a_workbook_as_a_spreadsheet_saves_it() -> None:
    rows: list[list[object]] = [
        ["PLU", "Name", "Unit", "Price", "Tare (g)", "Bar code"],
        [1, "苹果", "kg", 6.8, 20, "6901234567892"],
        ["", "", "", "", "", ""],
        [2, "香蕉", "斤", 5, "", ""],
    ]
    first, second = sheet(workbook(rows)).rows
    assert (first["plu"], first["price"], first["tare_g"]) == ("1", "6.8", "20")
    assert first["barcode"] == "6901234567892"
    assert (second["row"], second["plu"], second["price"]) == ("4", "2", "5")


def test_headings_in_any_spelling_and_any_order() -> None:
    text = "Silver,price 2, unit PRICE ,ＰＬＵ,会员价\n"
    with pytest.raises(UsageFault, match="columns A and E: both are price_1"):
        sheet(text)
    [row] = sheet("Silver,price 2, unit PRICE ,ＰＬＵ\n1,2,3,4\n").rows
    assert row == {"row": "2", "price_1": "1", "price_2": "2", "price": "3", "plu": "4"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty"),
        ("\n\n", "The file is empty"),
        ("品名,单价\n苹果,1\n", "Row 1: no column is the PLU"),
        ("编码,单格\n1,1\n", "Row 1, column B: the heading '单格' is not known"),
        ("编码,会员价3\n1,1\n", "the heading '会员价3' is not known"),
        ("编码,单价,售价\n1,1,1\n", "Row 1, columns B and C: both are price."),
        ("编码,单价\n1\n", "Row 2 has 1 cells; the headings are 2."),
        ("编码,单价\n1,2,3\n", "Row 2, column C: there is a cell but no heading."),
        ("编码,,单价\n1,x,3\n", "Row 2, column B: there is a cell but no heading."),
        ('编码,单价\n1,"2\n', "this is not CSV"),
        ("编码,单价\n1," + "9" * 2000 + "\n", "Line 2: a cell is longer than 1000"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(text: str, says: str) -> None:
    assert says in fault(text)


def test_bytes_that_are_no_text_are_named_by_line_and_column() -> None:
    good = "编码,品名\n1,苹果\n".encode()
    mixed = good + "2,香蕉\n".encode("gb18030") + b"3,x\n"
    assert fault(mixed) == (
        "Line 3, column 3: this line is not UTF-8, but line 1 is; save the whole file as UTF-8."
    )
    broken = "编码,品名\n1,苹果\n2,ab".encode("gb18030") + b"\xff\n"
    assert fault(broken) == "Line 3, column 5: byte 0xFF is no GB18030; save the file as UTF-8."
    marked = b"\xef\xbb\xbf" + "编码,品名\n1,苹".encode() + b"\xe6\x9e\n"
    assert fault(marked) == "Line 2, column 4: byte 0xE6 is no UTF-8; save the file as UTF-8."


def test_a_million_rows_are_refused_by_their_number() -> None:
    raw = b"PLU,price\n" + b"".join(b"%d,1.00\n" % n for n in range(1_000_000))
    assert fault(raw) == "The file has 1000001 rows; a price list holds at most 2000 products."
    assert fault(workbook(numbered(20_000))).startswith("The file has 20001 rows;")
    few = "PLU,price\n" + "".join(f"{n},1.00\n" for n in range(1, 2002))
    assert fault(few).startswith("The file has more than 2000 rows")


def test_a_formula_is_refused_with_its_cell_and_never_computed() -> None:
    rows: list[list[object]] = [["PLU", "price"], [1, 2]]
    assert fault(workbook(rows, "B2")) == "Cell B2 holds a formula; paste it as a value."
    assert (
        fault(workbook(numbered(1900), "B1801"))
        == "Cell B1801 holds a formula; paste it as a value."
    )
    [row] = sheet("PLU,name\n1,=1+1\n").rows
    assert row["name_zh"] == "=1+1"


def test_what_is_no_workbook_is_told() -> None:
    good = workbook([["PLU"], [1]])
    assert "old kind or with a password" in fault(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "The workbook is broken" in fault(good[: len(good) // 2])
    assert "The workbook is broken" in fault(b"PK\x03\x04" + bytes(100))
    chance = random.Random(6)
    for _ in range(200):
        raw = bytearray(good)
        for _ in range(4):
            raw[chance.randrange(4, len(raw))] = chance.randrange(256)
        try:
            sheet(bytes(raw))
        except UsageFault as told:
            assert str(told)  # noqa: PT017  either is right, a crash is not


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (65 << 20))
    assert "larger than 64 MiB" in fault(made.getvalue())


@given(st.binary(max_size=400))
def test_no_bytes_crash_it(raw: bytes) -> None:
    try:
        sheet(raw)
    except UsageFault as told:
        assert str(told)  # noqa: PT017  either is right, a crash is not


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=20)
SPREADSHEET = st.sampled_from(["=1+1", "'=1", "''=1", "+1", "-x", "@a", "＝1", "'", "'x", "a=1"])


@given(TEXTS | SPREADSHEET)
def test_an_escaped_cell_is_no_formula_and_reads_back(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert not escaped(text).startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]  # fmt: skip


DAYS = st.sampled_from([0, 20261124, 20261231])


@st.composite
def rules(draw: st.DrawFn, base: PriceBase, prices: list[int]) -> Rule:
    kind = draw(st.sampled_from([RuleKind.TIER, RuleKind.MARKED_DOWN_BY, RuleKind.MARKED_DOWN_TO,
                                 RuleKind.PIECES_FOR]))  # fmt: skip
    values = [draw(st.integers(0, price - 1)) for price in prices]
    first = draw(DAYS)
    days = (first, draw(st.sampled_from([0, first or 20261201])))
    if kind is RuleKind.MARKED_DOWN_BY:
        return Rule(kind, [draw(st.integers(20, 99))], 0, *days)
    if kind is RuleKind.MARKED_DOWN_TO:
        return Rule(kind, values, 0, *days)
    if kind is RuleKind.PIECES_FOR and base is PriceBase.PIECE:
        return Rule(kind, [draw(st.integers(0, prices[0]))], draw(st.integers(2, 9)), *days)
    return Rule(RuleKind.TIER, values, draw(st.integers(1, 9999)), *days)


@st.composite
def products(draw: st.DrawFn, plu: int = 1) -> Product:
    base = draw(st.sampled_from(PriceBase))
    prices = draw(st.lists(st.integers(10, 10**7), min_size=1, max_size=3))
    name = draw(SPREADSHEET | st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=9))
    return Product(
        plu=plu, name_zh=name, name_en=draw(TEXTS).strip(), base=base, prices=prices,
        tare=draw(st.integers(0, 100_000)), key="", category=draw(SPREADSHEET | st.just("")),
        rules=draw(st.lists(rules(base, prices), max_size=3)),
        barcode=draw(st.sampled_from(["", "6901234567892", "0012345678905"])),
    )  # fmt: skip


def back(raw: bytes) -> list[Product]:
    found = sheet(raw)
    return [
        product_from({k: v for k, v in row.items() if k != "row"}, None, SHOP, str)
        for row in found.rows
    ]


@given(st.lists(products(), min_size=1, max_size=4), st.sampled_from(["zh", "en"]))
def test_an_export_reads_back_unchanged(listed: list[Product], language: str) -> None:
    rows = [row_of(one, SHOP) for one in listed]
    for suffix in (".csv", ".xlsx"):
        raw = exported(rows, SHOP, suffix, language)
        assert back(raw) == listed
        if suffix == ".csv":
            again = [row_of(one, SHOP) for one in back(raw)]
            assert exported(again, SHOP, suffix, language) == raw


def test_no_cell_of_an_export_is_a_formula_in_the_workbook() -> None:
    nasty = Product(1, "=cmd|' /C calc'!A0", "@SUM(1)", 0, [100], category="+1")
    raw = exported([row_of(nasty, SHOP)], SHOP, ".xlsx", "zh")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert b"\r\n1,'=cmd" in exported([row_of(nasty, SHOP)], SHOP, ".csv", "zh")


def test_only_csv_and_xlsx_are_written(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="Name the file"):
        exported([], SHOP, ".pdf", "zh")
    assert csv_bytes(["a"], []).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "text",
    ["free", "from 3kg 2", "from 3000g", "3 for", "200% off", "to", "to -1", "to 1 2026-11-24",
     "to 1 2026-13-01..", "20% off ..2026-02-30", "to 1; =1+1"],
)  # fmt: skip
def test_what_is_no_rule_is_not_guessed(text: str) -> None:
    with pytest.raises(NotARule):
        rule_tables(text)


def test_rules_are_written_as_people_read_them() -> None:
    listed = [
        Rule(RuleKind.TIER, [360, 350], 3000), Rule(RuleKind.MARKED_DOWN_BY, [20], 0, 20261124),
        Rule(RuleKind.MARKED_DOWN_TO, [299], 0, 0, 20261231),
    ]  # fmt: skip
    assert rules_text(listed, PriceBase.KG, 2) == (
        "from 3000g 3.60/3.50; 20% off 2026-11-24..; to 2.99 ..2026-12-31"
    )
    assert len(rule_tables(rules_text(listed, PriceBase.KG, 2))) == 3
