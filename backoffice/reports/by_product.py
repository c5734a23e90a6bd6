"""What was sold?"""

from backoffice.reports.report import Column, Names, Report, Row, Unit


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
    "Takings by product",
    "report_by_product",
    (
        Column("plu", "PLU", Unit.NUMBER),
        Column("name", "Name", Unit.TEXT),
        Column("lines", "Lines", Unit.COUNT),
        Column("quantity", "Quantity", Unit.QUANTITY),
        Column("amount", "Amount", Unit.MONEY),
    ),
    _named,
)
