"""Stock of the person's stores: on hand, value, loss; goods in, waste and counts as forms."""

import re
from collections.abc import Set as AbstractSet
from secrets import token_hex
from typing import Any, Final

from starlette.responses import Response

from backoffice.errors import Refused
from backoffice.people import May
from backoffice.reports.render import quantity_text
from backoffice.reports.stock_report import moves_said, shrinkage, stock_now
from backoffice.stock import Word
from backoffice.stock_rows import stock_row
from backoffice.web.pages.cards import today_of
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from backoffice.words import N_
from broker.codec import decode_prices
from broker.pricelist import Product

MOST_MOVES, MOST_READ = 50, 5_000
_OP: Final = re.compile("[0-9a-f]{32}")
WORDS: Final = {Word.IN: N_("Goods in"), Word.WASTE: N_("Waste"), Word.COUNT: N_("Count")}
_FIELDS: Final = ("plu", "quantity", "price", "cost", "supplier", "reference", "reason")


def places_of(visit: Visit) -> dict[str, str]:
    """Codes of the stores and stalls that this person sees -> name.

    A code that stands for two places is the store's, as the command takes it.
    """
    of = {one.code: (one.code, one.name) for one in visit.store.places.stores()}
    for stall in visit.store.places.stalls():
        of.setdefault(stall.code, (stall.store_code, stall.name))
    return {code: name for code, (store, name) in sorted(of.items()) if visit.me.sees(store)}


def _stores(visit: Visit) -> AbstractSet[int]:
    """Numbers of the stores whose rows are for this person's eyes."""
    return {one.id for one in visit.store.places.stores() if visit.me.sees(one.code)}


def _products(visit: Visit) -> dict[int, Product]:
    content = visit.store.directory.list_content(visit.organisation.list_version)
    return {one.plu: one for one in decode_prices(content).products} if content else {}


def stock(visit: Visit) -> Response:
    """What is there and what was lost in the days asked for, this month's by default."""
    today = today_of(visit)
    first, last = visit.day("from", today // 100 * 100 + 1), visit.day("to", today)
    stores, products = _stores(visit), _products(visit)
    now = stock_now(visit.store, visit.language, stores=stores)
    lost = shrinkage(visit.store, first, last, visit.language, stores=stores)
    moves = moves_said(visit.store, first, last, most=MOST_READ, stores=stores)
    return visit.show(
        "stock.html",
        rows=[{**period, **row} for row, period in zip(now, lost, strict=True)],
        moves=moves[:MOST_MOVES],
        taken_back={one["undoes"] for one in moves},
        first=first,
        last=last,
        places=places_of(visit),
        products=products,
        words=WORDS,
        quantity=quantity_text,
        ops={word.value: token_hex(16) for word in Word},
        may_change=visit.me.may(May.STOCK),
    )


def save(visit: Visit) -> Response:
    """Writes goods in, waste or a count down."""
    what, place = visit.said("what", 8), visit.said("place", 40)
    if what not in list(Word):
        raise Refused("Nothing was chosen.")
    if place not in places_of(visit):
        raise Refused("There is no store, stall or terminal {code}.", code=place)
    said = {name: visit.said(name, 80) for name in _FIELDS}
    pieces = {plu: one.by_piece for plu, one in _products(visit).items()}
    row: dict[str, Any] = stock_row(
        said, Word(what), by_piece=pieces, exponent=visit.organisation.exponent
    )
    done = visit.change("stock.add", word=what, place=place, rows=[row], op=_operation(visit))
    told = visit._("Stock row {number} is written down.").format(number=done["first"])
    return visit.go("/stock", told)


def _operation(visit: Visit) -> str:
    """The name of what the form does; the same form again writes nothing."""
    op = visit.said("op", 32)
    if not _OP.fullmatch(op):
        raise Refused("Nothing was chosen.")
    return op


def undo(visit: Visit) -> Response:
    """Takes a row back after asking; a row of another store is not there."""
    number = visit.chosen("move")
    found = visit.store.stock.move(number)
    if found is None or found[0].store not in _stores(visit):
        raise Refused("There is no stock row {number}.", number=number)
    question = visit._("Take stock row {number} back?").format(number=number)
    unsure = is_sure(visit, question, "/stock")
    if unsure is not None:
        return unsure
    visit.change("stock.undo", move=number, reason=visit.said("reason", 80))
    told = visit._("Stock row {number} was taken back.").format(number=number)
    return visit.go("/stock", told)
