"""`report check`: does everything agree? Each proof recomputes from other rows than it checks.

A difference is a result, not an error: it is printed with where it is and what it should be.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from backoffice.handlers.shift import z_difference
from backoffice.reports.report import Row
from backoffice.store import Store
from backoffice.store.directory import ORG
from backoffice.store.rolls import ROLLS
from broker.codec import decode
from broker.errors import BadMessage
from broker.messages import Entry, Paid, ZReport
from broker.seal import FIRST_LINK, link_of


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sums or records that should be the same and are not."""

    check: str
    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Checked:
    """All differences, and what was looked at."""

    differences: tuple[Difference, ...]
    counted: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "agrees": not self.differences,
            "counted": self.counted,
            "differences": [asdict(one) for one in self.differences],
        }


def _rows(store: Store, name: str, **values: int) -> list[Row]:
    headings, rows = store.report(name, org=ORG, **values)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def check(store: Store, first: int, last: int) -> Checked:
    """Proves the books for business days `first`..`last`; journals and balances as a whole."""
    found = [
        *_sale_sums(store, first, last),
        *_sale_ledger(store, first, last),
        *_tender_ledger(store, first, last),
        *balances_of(store),
        *_journals(store),
        *bodies_of(store),
        *_z_reports(store, first, last),
        *rolls_of(store, first, last),
    ]
    _, sums = store.report("check_counted", org=ORG, first=first, last=last)
    open_operations = _rows(store, "check_open_operations")[0]
    counted = {
        "sales": sums[0][0],
        "total": sums[0][1],
        "z_reports": len(store.sales.z_reports(first, last)),
        "entries": sum(row["stored"] for row in _rows(store, "check_entries")),
        "open_operations": open_operations["operations"],
    }
    return Checked(tuple(found), counted)


def _receipt(row: Row) -> str:
    return f"{row['terminal']} receipt {row['receipt']}"


def _sale_sums(store: Store, first: int, last: int) -> Iterator[Difference]:
    for row in _rows(store, "check_sale_sums", first=first, last=last):
        parts = f"lines {row['lines']} rounding {row['rounding']} tenders {row['tenders']}"
        yield Difference("sale-sums", _receipt(row), f"total {row['total']}", parts)


def _sale_ledger(store: Store, first: int, last: int) -> Iterator[Difference]:
    for row in _rows(store, "check_sale_ledger", first=first, last=last):
        expected, found = f"lines {row['lines']}", f"ledger {row['booked']}"
        yield Difference("sale-ledger", _receipt(row), expected, found)


def _tender_ledger(store: Store, first: int, last: int) -> Iterator[Difference]:
    for row in _rows(store, "check_tender_ledger", first=first, last=last):
        if row["sold"] != row["booked"]:
            where = f"tender {row['kind']}"
            expected, found = f"sales {row['sold']}", f"ledger {row['booked']}"
            yield Difference("tender-ledger", where, expected, found)


def balances_of(store: Store) -> Iterator[Difference]:
    """Balances that are not the sum of their transfers, and a ledger that is not zero."""
    total = _rows(store, "check_ledger_zero")[0]["total"]
    if total:
        yield Difference("ledger-zero", "all accounts", "0", str(total))
    for row in _rows(store, "check_balances"):
        expected, found = f"transfers {row['moved']}", f"balance {row['balance']}"
        yield Difference("balance", row["code"], expected, found)


def _journals(store: Store) -> Iterator[Difference]:
    for row in _rows(store, "check_entries"):
        where = f"{row['terminal']} epoch {row['epoch']}"
        if not row["upto"] == row["highest"] == row["stored"]:
            found = f"complete to {row['upto']}, {row['stored']} of {row['highest']} stored"
            yield Difference("journal-gap", where, f"1..{row['highest']}", found)
    for row in without_sale(store):
        where = f"{row['terminal']} epoch {row['epoch']} entry {row['seq']}"
        yield Difference("paid-without-sale", where, "one sale", "none")


def without_sale(store: Store) -> Iterator[Row]:
    """Terminal, epoch and seq of each PAID whose sale is not in the books."""
    for row in _rows(store, "check_paid_without_sale"):
        entry = _entry_in(row["body"])
        # What a scale never heard a receipt of stands in its next epoch again; the sale is one.
        is_paid = entry is not None and isinstance(entry.content, Paid)
        if entry is None or not is_paid or not store.sales.holds(row["id"], entry):
            yield row


def _entry_in(body: bytes) -> Entry | None:
    """The entry in a stored body; None for one that was tampered with until it is none."""
    try:
        entry = decode(body)
    except BadMessage:
        return None
    return entry if isinstance(entry, Entry) else None


def bodies_of(store: Store) -> Iterator[Difference]:
    """Journal entries whose bytes or place in the chain are not what they were."""
    before, last = FIRST_LINK, (None, 0, 0)
    for row in _rows(store, "check_entry_bodies"):
        where = f"{row['terminal']} epoch {row['epoch']} entry {row['seq']}"
        link = link_of(row["body"])
        if link != row["hash"]:
            yield Difference("entry-bytes", where, row["hash"].hex(), link.hex())
        follows = (row["terminal"], row["epoch"], row["seq"] - 1)
        expected = FIRST_LINK if row["seq"] == 1 else before if follows == last else None
        entry = _entry_in(row["body"])
        if expected is not None and entry is not None and entry.prev != expected:
            yield Difference("entry-chain", where, expected.hex(), entry.prev.hex())
        before, last = link, (row["terminal"], row["epoch"], row["seq"])


def _z_reports(store: Store, first: int, last: int) -> Iterator[Difference]:
    for _, code, epoch, seq, day, shift, _, _ in store.sales.z_reports(first, last):
        terminal = store.directory.terminal(code)
        body = store.journal.body(terminal, epoch, seq) if terminal else None
        entry = _entry_in(body) if body else None
        if terminal is None or entry is None:
            continue
        if isinstance(entry.content, ZReport):
            difference = z_difference(store, terminal.id, epoch, entry.content)
            if difference:
                where = f"{code} shift {shift} of {day}"
                yield Difference("z-report", where, "scale = books", difference)


def rolls_of(store: Store, first: int, last: int) -> Iterator[Difference]:
    """Sums kept by day, month and year that are not what the books add up to."""
    for roll in ROLLS:
        for side, row in store.rolls.unlike(roll, first, last):
            keys = dict(zip(roll.columns, row, strict=True))
            named = ("period", *roll.keys)
            where = " ".join([roll.table, *(f"{name} {keys[name]}" for name in named)])
            sums = ", ".join(f"{k} {v}" for k, v in keys.items() if k not in ("org", *named))
            expected, found = (sums, "") if side == "computed" else ("", sums)
            yield Difference("roll", where, expected, found)
