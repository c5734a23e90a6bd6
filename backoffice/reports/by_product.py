"""What was sold?"""

from backoffice.reports.report import Column, Names, Report, Row, Unit
from backoffice.words import N_


def _named(row: Row, names: Names) -> Row:
    product = names.products.get(row["plu"])
    if product is None:
        return {**row, "name": ""}
    first, second = product.name_en, product.name_zh
    if names.chinese:
        first, second = second, first
    return {**row, "name": first or second}


BY_PRODUCT = Report(
    "by-product",
    N_("Takings by product"),
    "report_by_product",
    (
        Column("plu", N_("PLU"), Unit.NUMBER),
        Column("name", N_("Name"), Unit.TEXT),
        Column("lines", N_("Lines"), Unit.COUNT),
        Column("quantity", N_("Quantity"), Unit.QUANTITY),
        Column("amount", N_("Amount"), Unit.MONEY),
    ),
    _named,
)
