"""One receipt as the books have it: the end of every way down from a figure."""

from dataclasses import dataclass
from typing import Any

from backoffice.people import Person
from backoffice.reports.report import Row
from backoffice.store import Store
from backoffice.store.directory import ORG
from broker.sale import Sale


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    """A sale, what stands around it, and what it is a refund of or was refunded by."""

    uid: str
    head: Row
    sale: Sale
    products: dict[int, Row]
    original: Row | None
    refunds: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs; whole minor units."""
        sale = self.sale
        lines = [
            {
                "plu": one.plu, "quantity": one.quantity, "unit": one.unit,
                "unit_price": one.unit_price, "base": one.base, "shelf_price": one.shelf_price,
                "discount": one.discount, "amount": one.amount,
            }
            for one in sale.lines
        ]  # fmt: skip
        return {
            "uid": self.uid, **self.head, "kind": sale.kind, "day": sale.day, "shift": sale.shift,
            "cashier": sale.cashier, "level": sale.level, "total": sale.total, "lines": lines,
            "rounding": [{"kind": one.kind, "amount": one.amount} for one in sale.rounding],
            "tenders": [{"kind": one.kind, "amount": one.amount} for one in sale.tenders],
            "refund_of": self.original, "refunds": list(self.refunds),
        }  # fmt: skip


def receipt_of(store: Store, uid: str, person: Person | None) -> ReceiptFound | None:
    """The receipt of that uid (32 hex digits); None when there is none that this person may see."""
    try:
        name = bytes.fromhex(uid) if len(uid) == 32 else b""
    except ValueError:
        return None
    heads = _rows(store, "receipt_head", uid=name)
    sale = store.sales.of_uid(name) if heads else None
    if sale is None or (person is not None and not person.sees(heads[0]["store"])):
        return None
    number = heads[0].pop("id")
    products = {row["plu"]: row for row in _rows(store, "receipt_products", sale=number)}
    original = _rows(store, "receipt_head", uid=sale.ref) if sale.ref else []
    first = {"uid": sale.ref.hex(), **original[0]} if original else None
    refunds = [
        {**row, "uid": row["uid"].hex()} for row in _rows(store, "receipt_refunds", uid=name)
    ]
    return ReceiptFound(uid, heads[0], sale, products, first, tuple(refunds))


def _rows(store: Store, name: str, **values: Any) -> list[Row]:  # noqa: ANN401  as a statement takes
    headings, rows = store.report(name, org=ORG, **values)
    return [dict(zip(headings, row, strict=True)) for row in rows]
