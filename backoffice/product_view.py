"""What the office shows of products and price lists; reads the books, changes nothing.

Used by the command line and by the pages alike, so that both show the same.
"""

import json
from typing import Any

from backoffice.errors import Refused, UsageFault
from backoffice.price_sheet import NUMBERS, table_of
from backoffice.products import Shop, row_of
from backoffice.sheet_files import csv_bytes, workbook_bytes
from backoffice.store import Store
from backoffice.store.directory import OrganisationRow
from backoffice.store.products import Batch, ProductRow
from broker.business_day import business_day
from broker.list_changes import ListForm


def organisation_in(store: Store) -> OrganisationRow:
    """The organisation.

    Raises:
        Refused: there is none yet.
    """
    organisation = store.directory.organisation()
    if organisation is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    return organisation


def shop_in(store: Store) -> Shop:
    """Decimals and levels of the organisation."""
    organisation = organisation_in(store)
    return Shop(organisation.exponent, tuple(json.loads(organisation.levels)))


def day_in(store: Store, now: int) -> int:
    """The organisation's business day at Unix millisecond `now`."""
    organisation = organisation_in(store)
    return business_day(now, organisation.zone, organisation.cutoff_hour)


def product_rows(store: Store, now: int, *, search: str = "") -> list[dict[str, Any]]:
    """Products as rows of text with `origin`, `batch`, `pinyin`, `changed_in`, `changed_by`.

    Args:
        store: the books.
        now: Unix milliseconds, for the batch of the day.
        search: part of a name, of the pinyin initials or of the category; a PLU; a bar code.
    """
    shop, batches = shop_in(store), store.products.batches(day_in(store, now))
    return [
        _shown(row, shop, batches.get(plu, Batch()))
        for plu, row in store.products.all().items()
        if _fits(row, search.strip().casefold())
    ]


def _shown(row: ProductRow, shop: Shop, batch: Batch) -> dict[str, Any]:
    return {
        **row_of(row.product, shop), "origin": batch.origin, "batch": batch.batch,
        "pinyin": row.pinyin, "changed_in": row.changed_in, "changed_by": row.changed_by,
    }  # fmt: skip


def _fits(row: ProductRow, search: str) -> bool:
    one = row.product
    words = (one.name_zh, one.name_en, one.category)
    return (
        not search
        or search in (str(one.plu), one.barcode, one.key)
        or any(search in word.casefold() for word in words)
        or any(part.startswith(search) for part in row.pinyin.split())
    )


def list_history(store: Store, most: int = 50) -> list[dict[str, Any]]:
    """The newest price lists: `version`, `made_at` (ms), `by`, `approved_by`."""
    names = ("version", "made_at", "by", "approved_by")
    return [dict(zip(names, row, strict=True)) for row in store.products.lists(most)]


def waiting_changes(store: Store) -> list[dict[str, Any]]:
    """Changes that take effect by themselves: `id`, `due_at` (ms), `rows`, `by`, `approved_by`."""
    return [
        {
            "id": one.id, "due_at": one.due_at, "by": one.person, "approved_by": one.approved_by,
            "rows": json.loads(one.content)["rows"],
        }
        for one in store.products.waiting()
    ]  # fmt: skip


def prices_status(store: Store) -> list[dict[str, Any]]:
    """Which scale has which price list since when.

    Each: `terminal`, `store`, `stall`, `suspended`, `has` (version it says it sells by, 0 = not
    said), `since` (ms), `wanted` (version in force), `sent_at` (ms), `seen_at` (ms), `here`
    (connected when last heard), `takes_packed`, and `state`: `has-it`, `waits` (sent, not said to
    be taken), `never-heard`, `suspended`.
    """
    wanted = organisation_in(store).list_version
    rows = []
    for row in store.directory.lists():
        code, store_code, stall, suspended, key, seen_at, here, has, since, sent_at, forms, *_ = row
        state = (
            "has-it"
            if has == wanted
            else "waits"
            if key and (has or seen_at or forms)
            else "never-heard"
        )
        rows.append(
            {
                "terminal": code, "store": store_code, "stall": stall,
                "suspended": bool(suspended), "has": has, "since": since, "wanted": wanted,
                "sent_at": sent_at, "seen_at": seen_at, "here": here == 1,
                "takes_packed": bool(forms & ListForm.PACKED),
                "state": "suspended" if suspended else state,
            }
        )  # fmt: skip
    return rows


def exported(rows: list[dict[str, Any]], shop: Shop, suffix: str, language: str) -> bytes:
    """The products as a file that an import reads back unchanged.

    Args:
        rows: of `product_rows`.
        shop: decimals and levels.
        suffix: `.csv` or `.xlsx`.
        language: of the headings; one that begins with zh is Chinese.

    Raises:
        UsageFault: another kind of file.
    """
    fields, headings, cells = table_of(rows, shop, language)
    if suffix == ".csv":
        return csv_bytes(headings, cells)
    if suffix != ".xlsx":
        raise UsageFault("Name the file .csv or .xlsx.")
    decimals = {n: 0 for n, name in enumerate(fields) if name in NUMBERS}
    decimals |= {n: shop.exponent for n, name in enumerate(fields) if name.startswith("price")}
    return workbook_bytes(headings, cells, decimals)


def tree_of(store: Store) -> dict[str, Any]:
    """The chain as a tree.

    `agents` (first the company itself, code "") have `stores`, these `stalls`, these `scales`;
    beside them stand `cashiers` (`store` empty = at every store).
    """
    places = store.places
    scales: dict[tuple[int, int], list[str]] = {}
    for row in store.directory.lists():
        code, store_id, stall_id = row[0], row[11], row[12]
        scales.setdefault((store_id, stall_id), []).append(code)
    agents = [("", ""), *((one.code, one.name) for one in places.agents())]
    return {
        "agents": [
            {
                "code": code, "name": name,
                "stores": [
                    {
                        "code": one.code, "name": one.name, "market": one.market,
                        "zone": one.zone, "cutoff_hour": one.cutoff_hour,
                        "stalls": _stalls_in(store, one.id, scales),
                    }
                    for one in places.stores()
                    if one.agent == code
                ],
            }
            for code, name in agents
        ],
        "cashiers": [
            {"number": one.number, "name": one.name, "store": one.store}
            for one in places.cashiers()
        ],
    }  # fmt: skip


def _stalls_in(
    store: Store, store_id: int, scales: dict[tuple[int, int], list[str]]
) -> list[dict[str, Any]]:
    own = scales.get((store_id, 0), [])
    found = [{"code": "", "name": "", "scales": own}] if own else []
    return found + [
        {"code": one.code, "name": one.name, "scales": scales.get((store_id, one.id), [])}
        for one in store.places.stalls()
        if one.store == store_id
    ]
