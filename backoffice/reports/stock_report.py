"""What is in stock and what it is worth; what was lost over some days, by product and place."""

from collections.abc import Set as AbstractSet
from typing import Any

from backoffice.stock import StockDay, over_period, stock_days
from backoffice.store import Store
from backoffice.store.stock import Item
from broker.codec import decode_prices
from broker.units import round_half_away

Row = dict[str, Any]


def _names(store: Store, language: str) -> dict[int, str]:
    organisation = store.directory.organisation()
    content = store.directory.list_content(organisation.list_version) if organisation else None
    products = decode_prices(content).products if content else []
    chinese = language.startswith("zh")
    return {
        one.plu: (one.name_zh or one.name_en) if chinese else (one.name_en or one.name_zh)
        for one in products
    }


def _places(store: Store) -> dict[tuple[int, int], str]:
    codes = {(one.id, 0): one.code for one in store.places.stores()}
    return codes | {(one.store, one.id): one.code for one in store.places.stalls()}


def _items(store: Store, stores: AbstractSet[int] | None) -> list[Item]:
    return [one for one in store.stock.items() if stores is None or one.store in stores]


def _days(store: Store, item: Item) -> list[StockDay]:
    return stock_days(*store.stock.history(item))


def _head(item: Item, names: dict[int, str], places: dict[tuple[int, int], str]) -> Row:
    return {
        "place": places.get((item.store, item.stall), "?"), "plu": item.plu,
        "product": names.get(item.plu, ""), "unit": item.unit,
    }  # fmt: skip


def stock_now(
    store: Store, language: str = "en", *, stores: AbstractSet[int] | None = None
) -> list[Row]:
    """What is in stock, a row for each product at each place of `stores` (None: of all).

    Rows: place, plu, product, unit, on_hand, value, cost_per (fen for a kg or piece), last_day (of
    anything that happened).
    """
    names, places, rows = _names(store, language), _places(store), []
    for item in _items(store, stores):
        days = _days(store, item)
        last = days[-1] if days else StockDay(0)
        per = 1 if item.unit else 1000
        cost_per = round_half_away(last.value * per, last.on_hand) if last.on_hand > 0 else 0
        rows.append(
            {**_head(item, names, places), "on_hand": last.on_hand, "value": last.value,
             "cost_per": cost_per, "last_day": last.day}
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row["place"], row["plu"], row["unit"]))


def shrinkage(
    store: Store,
    first: int,
    last: int,
    language: str = "en",
    *,
    stores: AbstractSet[int] | None = None,
) -> list[Row]:
    """What was lost on business days `first`..`last`, a row for each product at each place.

    Of the places of `stores`; None: of all.

    Rows: place, plu, product, unit, then quantity and cost (`..._cost`, `..._value`) of opening,
    received, sold, wasted, difference, closing; revalued, shrinkage, shrinkage_permille.
    """
    names, places, rows = _names(store, language), _places(store), []
    for item in _items(store, stores):
        period = over_period(_days(store, item), first, last)
        sums = period.sums
        lost = sums.wasted_cost - sums.difference_cost
        had = period.opening_value + sums.received_cost
        rows.append(
            {
                **_head(item, names, places),
                "opening": period.opening, "opening_value": period.opening_value,
                "received": sums.received, "received_cost": sums.received_cost,
                "sold": sums.sold, "sold_cost": sums.sold_cost,
                "wasted": sums.wasted, "wasted_cost": sums.wasted_cost,
                "difference": sums.difference, "difference_cost": sums.difference_cost,
                "revalued": sums.revalued,
                "closing": sums.on_hand, "closing_value": sums.value,
                "shrinkage": lost,
                "shrinkage_permille": round_half_away(lost * 1000, had) if had > 0 else 0,
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row["place"], row["plu"], row["unit"]))


def moves_said(
    store: Store, first: int, last: int, *, most: int, stores: AbstractSet[int] | None = None
) -> list[Row]:
    """What people said of stock, newest first: a row for each word, as it was said.

    At most `most` rows are looked at, and of them those of `stores` (None: all) are here.
    """
    places = _places(store)
    return [
        {
            "move": move.id, "at": move.at, "day": move.day, "word": move.word.value,
            "place": places.get((item.store, item.stall), "?"), "plu": item.plu,
            "unit": item.unit, "quantity": move.quantity, "cost": move.cost,
            "supplier": move.supplier, "reference": move.reference, "reason": move.reason,
            "by": move.said_by, "undoes": move.undoes,
        }
        for item, move in store.stock.moves(first, last, most=most)
        if stores is None or item.store in stores
    ]  # fmt: skip
