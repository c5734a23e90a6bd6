"""What other programs are told as it happens: an alert, a sale. JSON; pure.

Of a card the last four digits, of a member nothing, of secrets nothing. `id` counts up and names an
event within its kind: whoever hears one twice knows it by that.
"""

import json
from collections.abc import Sequence
from typing import Any

from broker.sale import SaleKind, TenderKind

Row = Sequence[Any]
_TENDERS = {
    TenderKind.CASH: "cash", TenderKind.STORED_VALUE: "stored-value",
    TenderKind.CITY_CARD: "city-card", TenderKind.QR: "qr",
}  # fmt: skip


def _last(card: int | None) -> str:
    return f"{card % 10_000:04d}" if card else ""


def alert_event(row: Row) -> dict[str, Any]:
    """An alert: the row as `Notes.alerts_after` has it."""
    number, at, word, terminal, card, op, detail = row
    return {
        "id": number, "at": at, "word": word, "terminal": terminal, "card": _last(card),
        "op": op.hex(), "detail": detail,
    }  # fmt: skip


def sale_event(head: Row, lines: Sequence[Row], tenders: Sequence[Row]) -> dict[str, Any]:
    """A sale that stands in the books: rows as `Sales.after` has them; sums are minor units."""
    (number, uid, terminal, store, stall, receipt, at, received_at, day, shift, cashier, kind,
     level, total, saving) = head  # fmt: skip
    return {
        "id": number, "uid": uid.hex(), "terminal": terminal, "store": store, "stall": stall,
        "receipt": receipt, "at": at, "received_at": received_at, "day": day, "shift": shift,
        "cashier": cashier, "kind": "refund" if kind == SaleKind.REFUND else "sale",
        "level": level, "total": total, "saving": saving,
        "lines": [
            {"plu": plu, "quantity": quantity, "unit": unit, "unit_price": price, "base": base,
             "discount": discount, "amount": amount}
            for plu, quantity, unit, price, base, _, _, discount, amount, *_ in lines
        ],
        "tenders": [
            {"kind": _TENDERS.get(kind_, str(kind_)), "amount": amount, "card": _last(card)}
            for kind_, amount, card, *_ in tenders
        ],
    }  # fmt: skip


def encoded(event: dict[str, Any]) -> bytes:
    """The event as it travels."""
    return json.dumps(event, ensure_ascii=False).encode()
