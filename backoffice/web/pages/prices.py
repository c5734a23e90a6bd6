"""What is sold for how much: found as one types, told in full, written to files; the lists made."""

from typing import Any, Final

from starlette.responses import Response

from backoffice.people import May
from backoffice.price_sheet import NUMBERS, table_of
from backoffice.product_view import list_history, product_rows, shop_in, waiting_changes
from backoffice.sheet_files import csv_bytes, workbook_bytes
from backoffice.web.pages.tills import tills_of
from backoffice.web.visit import Visit

MOST_SHOWN: Final = 500
TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def price_heads(visit: Visit) -> list[tuple[str, str]]:
    """(field, name of the level) of each price, shelf first."""
    shop = shop_in(visit.store)
    return list(zip(shop.price_fields(), shop.levels, strict=True))


def prices(visit: Visit) -> Response:
    """The products that fit a search; for htmx the rows alone."""
    search = visit.asked("search")[:40]
    found = product_rows(visit.store, visit.now, search=search)
    is_part = visit.request.headers.get("hx-target") == "rows"
    return visit.show(
        "prices_rows.html" if is_part else "prices.html",
        rows=found[:MOST_SHOWN],
        count=len(found),
        search=search,
        heads=price_heads(visit),
        list_version=visit.organisation.list_version,
        may_change=visit.me.may(May.PRICES),
        waiting=[] if is_part else waiting_changes(visit.store),
    )


def lists(visit: Visit) -> Response:
    """The price lists made so far, and by whom."""
    return visit.show(
        "price_lists.html",
        history=list_history(visit.store),
        waiting=waiting_changes(visit.store),
        may_change=visit.me.may(May.PRICES),
        tills=[one for one in tills_of(visit) if one.is_enrolled and not one.suspended],
        newest=visit.organisation.list_version,
    )


def export(visit: Visit) -> Response:
    """All products as a file that the import reads back unchanged."""
    kind = str(visit.request.path_params["kind"])
    if kind not in TYPES:
        return visit.show("refused.html", 404, sentence=visit._("There is no such report."))
    made = _file(visit, kind)
    name = f"prices-{visit.organisation.list_version}.{kind}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type=TYPES[kind], headers=headers)


def _file(visit: Visit, kind: str) -> bytes:
    shop = shop_in(visit.store)
    rows: list[dict[str, Any]] = product_rows(visit.store, visit.now)
    fields, headings, cells = table_of(rows, shop, visit.language)
    if kind == "csv":
        return csv_bytes(headings, cells)
    decimals = {n: 0 for n, name in enumerate(fields) if name in NUMBERS}
    decimals |= {n: shop.exponent for n, name in enumerate(fields) if name.startswith("price")}
    return workbook_bytes(headings, cells, decimals)
