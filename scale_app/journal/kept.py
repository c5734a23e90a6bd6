"""Rows of the journal as the rest of the till sees them."""

from dataclasses import dataclass
from typing import Any

import msgspec

from broker.sale import Sale


@dataclass(frozen=True, slots=True)
class Standing:
    """Counters of the journal; `upto` is the highest number that the back-office receipted."""

    terminal: str
    epoch: int
    last_seq: int
    head: bytes
    upto: int
    next_receipt: int
    shift: int
    shift_opened_at: int


@dataclass(frozen=True, slots=True)
class SavedSale:
    """A paid sale; `at` Unix ms, `balance` fen left on the card, if one paid."""

    receipt: int
    op: bytes
    at: int
    shift: int
    sale: Sale
    balance: int | None
    offline: bool = False
    """Paid by card without the back-office."""


@dataclass(frozen=True, slots=True)
class Undo:
    """An operation to take back in the same transaction as a cash sale."""

    attempt: int
    reason: int


SALE_COLUMNS = "receipt, op, at, shift, sale, balance"
SALE_SEEN = (
    "receipt, op, at, shift, sale, balance,"
    " EXISTS (SELECT 1 FROM stand_in AS s WHERE s.op = sale.op)"
)


def packed(sale: Sale) -> bytes:
    """A sale as a column holds it."""
    return msgspec.msgpack.encode(sale)


def sale_of(row: tuple[Any, ...]) -> SavedSale:
    """A row of `SALE_SEEN`."""
    receipt, op, at, shift, content, balance, offline = row
    sale = msgspec.msgpack.decode(content, type=Sale)
    return SavedSale(receipt, op, at, shift, sale, balance, bool(offline))
