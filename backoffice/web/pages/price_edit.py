"""Changing products: one on its page, many by a file; what would change is shown before it does.

Whatever is asked for is tried on the books first. The page then shows old and new side by side;
the yes comes back with the name under which the wish was put by in the session.
"""

from secrets import token_urlsafe
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from backoffice.errors import Refused, UsageFault
from backoffice.price_sheet import sheet_of
from backoffice.product_view import product_rows, shop_in
from backoffice.products import BASES, HIGHEST_PLU
from backoffice.second_signature import signed_by
from backoffice.sheet_files import read_cells
from backoffice.web.pages.prices import price_heads
from backoffice.web.pages.sign_in import prove
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from broker.units import PriceBase

_TEXTS = (
    "name_zh", "name_en", "base", "tare_g", "key", "category", "barcode", "rules", "origin",
    "batch",
)  # fmt: skip
_LONGEST = 2000
"""Of a field; the rules of a product are the longest."""
UNITS = tuple(base.symbol for base in PriceBase)


def product(visit: Visit) -> Response:
    """One product with everything that can be said of it; `new` an empty one."""
    plu = str(visit.request.path_params["plu"])
    rows = product_rows(visit.store, visit.now)
    found = [row for row in rows if row["plu"] == plu]
    if not found and plu != "new":
        raise Refused("There is no PLU {plu}.", plu=plu[:20])
    return visit.show(
        "product.html",
        row=found[0] if found else {},
        is_new=not found,
        heads=price_heads(visit),
        units=UNITS,
        categories=sorted({str(row["category"]) for row in rows} - {""}),
        based_on=visit.organisation.list_version,
    )


def save(visit: Visit) -> Response:
    """Shows what a product's form would change."""
    plu, known = _plu(visit), visit.store.products.all()
    if visit.request.path_params["plu"] == "new" and plu in known:
        raise Refused("PLU {plu} is there already; open its page and change it.", plu=plu)
    fields = (*_TEXTS, *(field for field, _ in price_heads(visit)))
    row = {name: visit.said(name, _LONGEST) for name in fields if name in visit.form}
    row["rules"] = " ".join(row.get("rules", "").split())
    asked = {"rows": [{"plu": str(plu), **row}], "based_on": _based_on(visit)}
    return confirm(visit, asked, f"/prices/{plu}" if plu in known else "/prices/new")


def _plu(visit: Visit) -> int:
    text = str(visit.request.path_params["plu"])
    said = visit.said("plu", 7) if text == "new" else text
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= HIGHEST_PLU):
        raise UsageFault(
            "{where}: {value} is not a PLU; it is a whole number from 1 to {highest}.",
            where="PLU", value=repr(said[:20]), highest=HIGHEST_PLU,
        )  # fmt: skip
    return int(said)


def _based_on(visit: Visit) -> int:
    text = visit.said("based_on", 12)
    if not (text.isascii() and text.isdigit()):
        raise UsageFault("This form is too old; open the page again.")
    return int(text)


def remove(visit: Visit) -> Response:
    """Takes a product off the list, after asking."""
    plu = _plu(visit)
    question = visit._("Take PLU {plu} off all scales?").format(plu=plu)
    unsure = is_sure(visit, question, f"/prices/{plu}")
    if unsure is not None:
        return unsure
    done = visit.change("product.remove", plus=[plu], based_on=_based_on(visit))
    return visit.go("/prices", _told(visit, done))


def sheet(visit: Visit) -> Response:
    """The form for a file of prices."""
    return visit.show("price_import.html", based_on=visit.organisation.list_version)


def read_sheet(visit: Visit) -> Response:
    """Shows what a file would change."""
    file = visit.form.get("file")
    raw = file.file.read() if isinstance(file, UploadFile) else b""
    if not raw:
        raise UsageFault("Choose a file first.")
    read = sheet_of(read_cells(raw), shop_in(visit.store))
    asked = {
        "rows": read.rows, "columns": read.columns, "based_on": _based_on(visit),
        "removes_others": visit.said("removes_others", 1) == "1",
    }  # fmt: skip
    return confirm(visit, asked, "/prices/import")


def confirm(visit: Visit, asked: dict[str, Any], back: str, sentence: str = "") -> Response:
    """The page that shows what would change and asks."""
    plan = visit.change("product.import", **asked, dry_run=True)
    nothing = not (plan["added"] or plan["changes"] or plan["removed"] or plan["faults"])
    batches = 0 if plan["faults"] else _batches(visit, asked)
    if nothing and not batches:
        return visit.go("/prices", visit._("Nothing would change; the prices are so already."))
    name = token_urlsafe(12)
    visit.mine.put_by = (name, {**asked, "back": back})
    return visit.show(
        "prices_sure.html",
        409 if plan["faults"] or sentence else 200,
        plan=plan,
        batches=batches,
        name=name,
        back=back,
        sentence=sentence,
        ask_password=not visit.mine.has_proved(visit.site.ticks()),
    )


def _batches(visit: Visit, asked: dict[str, Any]) -> int:
    """Products whose origin or batch of the day would be another."""
    known = {row["plu"]: row for row in product_rows(visit.store, visit.now)}
    return sum(
        any(
            name in row and row[name].strip() != known.get(row["plu"], {}).get(name, "")
            for name in ("origin", "batch")
        )
        for row in asked["rows"]
    )


def sure(visit: Visit) -> Response:
    """Carries out what was shown, once every signature that it needs is there."""
    asked = visit.mine.asked_for(visit.said("name", 32))
    if asked is None:
        raise Refused("This was asked for too long ago, or something else was since; begin again.")
    wish = {key: value for key, value in asked.items() if key != "back"}
    try:
        if not visit.mine.has_proved(visit.site.ticks()):
            prove(visit)
        second = _second(visit)
    except Refused as refused:
        return confirm(visit, wish, str(asked["back"]), refused.told(visit._))
    due = {"from": visit.said("from", 20).replace("T", " ")} if visit.said("from", 20) else {}
    done = visit.change("product.import", **wish, approved_by=second, **due)
    visit.mine.put_by = None
    if done.get("waits"):
        told = visit._("Change {id} waits for its time.").format(id=done["waits"])
        return visit.go("/prices/lists", told)
    return visit.go("/prices/lists", _told(visit, done))


def _second(visit: Visit) -> str:
    """The second person who has proved herself in this form; empty when none is named.

    Raises:
        Refused: not her password, or too many tries.
    """
    who = visit.said("second", 32).lower()
    if not who:
        return ""
    client = visit.request.client
    keys = (f"name {who}", f"from {client.host if client else ''}")
    wait = visit.site.throttle.begin(*keys, visit.site.ticks())
    if wait > 0:
        raise Refused("Too many tries; wait {seconds} s.", seconds=int(wait) + 1)
    name = signed_by(visit.store, who, str(visit.form.get("secret", ""))[:200])
    visit.site.throttle.right(*keys)
    return name


def _told(visit: Visit, done: dict[str, Any]) -> str:
    if not done.get("changed"):
        return visit._("Saved; the price list is the same as before.")
    told = visit._("Price list {version} is made and on its way to the scales.")
    return told.format(version=done["list_version"])


def withdraw(visit: Visit) -> Response:
    """Takes back a change that waits, after asking."""
    number = visit.chosen("id")
    question = visit._("Take back change {id}? It will not happen.").format(id=number)
    unsure = is_sure(visit, question, "/prices/lists")
    if unsure is not None:
        return unsure
    visit.change("product.withdraw", id=number)
    return visit.go("/prices/lists", visit._("Change {id} is taken back.").format(id=number))


assert set(UNITS) <= set(BASES), "the form offers what the books take"
