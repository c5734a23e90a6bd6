"""`backoffice audit`: has anybody changed the books behind our back? It names the row.

Money and settings are compared with their witness (`backoffice.witness`), sales with the journal
entry that brought them, entries with their own hash chain and with what their scale has signed,
balances with the sum of transfers, and the chain of seals with the signed anchors. Each step is
fast enough for every night.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from backoffice.anchors import Anchor
from backoffice.reports.check import balances_of, bodies_of, rolls_of, without_sale
from backoffice.reports.signed import unsigned_of
from backoffice.store import Store
from backoffice.store.directory import ORG
from backoffice.store.seals import Seal
from backoffice.witness import FIRST_SEAL, WITNESSED, seal_over
from broker.codec import decode
from broker.errors import BadMessage
from broker.heads import fingerprint
from broker.messages import Entry, Paid
from broker.sale import Sale

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that is not what it was: which table, which key, and what differs."""

    table: str
    key: str
    difference: str


@dataclass(frozen=True, slots=True)
class Audited:
    """All findings, and how much was looked at."""

    findings: tuple[Finding, ...]
    counted: dict[str, int]
    keys: dict[str, str]
    """The key that each scale signs with, as `scale-app doctor` shows it there."""

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "untouched": not self.findings,
            "counted": self.counted,
            "keys": self.keys,
            "findings": [asdict(one) for one in self.findings],
        }


def audit(
    store: Store, anchors: list[Anchor], signing_key: bytes, progress: Progress = lambda _: None
) -> Audited:
    """Audits the books as a whole.

    Args:
        store: the books, open for reading.
        anchors: what stands in the file of anchors.
        signing_key: the office's Ed25519 key, 32 raw bytes.
        progress: told the name of each step when it begins.
    """
    found: list[Finding] = []
    progress("seals")
    seals = store.seals.all()
    found += _seals(store, seals)
    found += _anchors(seals, anchors, signing_key)
    for one in WITNESSED:
        progress(one.table)
        for key, was, now in store.seals.unlike(one):
            found.append(Finding(one.table, key, _told(was, now, one.difference)))
    progress("balances")
    found += [Finding("account", d.where, f"{d.expected}, {d.found}") for d in balances_of(store)]
    progress("entries")
    found += [
        Finding("entry", d.where, f"{d.check}: {d.expected} is {d.found}") for d in bodies_of(store)
    ]
    found += _gone(store)
    progress("signatures")
    heads = list(unsigned_of(store))
    found += [
        Finding("entry", f"{one.entries} of {one.journal}", one.difference) for one in heads if one
    ]
    progress("sales")
    sales = list(_sales(store))
    found += [one for one in sales if one is not None]
    # Last: sums only follow from the rows above, and an alert shows the first findings alone.
    progress("rolls")
    found += [
        Finding("roll", d.where, f"computed {d.expected or 'nothing'}, kept {d.found or 'nothing'}")
        for d in rolls_of(store, 0, 99_999_999)
    ]
    counted = {
        "seals": len(seals),
        "anchors": len(anchors),
        "rows": seals[-1].upto if seals else 0,
        "sales": len(sales),
        "heads": len(heads),
    }
    _, keys = store.report("terminal_key_all", org=ORG)
    return Audited(tuple(found), counted, {code: fingerprint(key) for code, key in keys})


def _told(was: str | None, now: str | None, differs: Callable[[str, str], str]) -> str:
    if was is None:
        return "was put in from outside"
    return "is gone" if now is None else differs(was, now)


def _seals(store: Store, seals: list[Seal]) -> Iterator[Finding]:
    before, rows = Seal(0, 0, FIRST_SEAL), store.seals.rows()
    held = next(rows, None)
    for seal in seals:
        mine = []
        while held is not None and held[0] <= seal.upto:
            mine.append(held)
            held = next(rows, None)
        if seal.id != before.id + 1 or seal_over(before.hash, mine) != seal.hash:
            where = f"{before.upto + 1}..{seal.upto}"
            yield Finding("audit", where, f"seal {seal.id} does not fit these rows")
        before = seal
    if held is not None:
        yield Finding("audit", f"{held[0]}..", "rows without a seal")


def _anchors(seals: list[Seal], anchors: list[Anchor], signing_key: bytes) -> Iterator[Finding]:
    heads = {seal.id: seal.hash for seal in seals} | {0: FIRST_SEAL}
    for line, one in enumerate(anchors, 1):
        if not one.genuine(signing_key):
            yield Finding("anchor", f"line {line}", "its signature is not the office's")
        elif one.seal not in heads:
            yield Finding("seal", str(one.seal), "anchored, and not in the books any more")
        elif heads[one.seal] != one.head:
            yield Finding("seal", str(one.seal), "another head was anchored and signed")


def _gone(store: Store) -> Iterator[Finding]:
    """Entries and sales that stood in the books once and do not any more."""
    complete: dict[tuple[str, int], int] = {}
    names, rows = store.report("check_entries", org=ORG)
    for row in (dict(zip(names, row, strict=True)) for row in rows):
        # After upto there may be gaps: they are still on their way.
        complete[row["terminal"], row["epoch"]] = row["upto"]
        if row["stored"] < row["upto"]:
            where = f"{row['terminal']} epoch {row['epoch']}"
            yield Finding("entry", where, f"1..{row['upto']} were here, {row['stored']} are")
    for row in without_sale(store):
        if row["seq"] <= complete.get((row["terminal"], row["epoch"]), 0):
            where = f"{row['terminal']} epoch {row['epoch']} entry {row['seq']}"
            yield Finding("sale", where, "paid by this entry, and gone")


def _sales(store: Store) -> Iterator[Finding | None]:
    """For each sale in the books: None when its rows say what its journal entry says."""
    for code, epoch, receipt, body, intent, terminal in store.report("audit_sales", org=ORG)[1]:
        brought = _sale_in(body) or _sale_in(intent)
        where = f"{code} receipt {receipt}"
        if brought is None:
            yield Finding("sale", where, "no journal entry brought it")
            continue
        kept = store.sales.between(terminal, epoch, receipt, receipt)
        differs = " or ".join(_sale_difference(brought, one) for _, one in kept)
        if _receipt_in(body) not in {receipt, None}:
            differs = f"receipt {_receipt_in(body)} is {receipt}"
        yield Finding("sale", where, differs) if differs else None


def _receipt_in(body: bytes | None) -> int | None:
    try:
        entry = decode(body) if body else None
    except BadMessage:
        return None
    content = entry.content if isinstance(entry, Entry) else None
    return content.receipt if isinstance(content, Paid) else None


def _sale_in(body: bytes | None) -> Sale | None:
    try:
        entry = decode(body) if body else None
    except BadMessage:
        return None
    content = entry.content if isinstance(entry, Entry) else None
    if isinstance(content, Paid):
        return content.sale
    return content if isinstance(content, Sale) else None


def _sale_difference(brought: Sale, kept: Sale) -> str:
    told = []
    for name in ("kind", "day", "shift", "cashier", "member", "level", "total", "ref", "interval"):
        was, now = getattr(brought, name), getattr(kept, name)
        if was != now:
            told.append(f"{name} {was!r} is {now!r}")
    told += _parts(
        "line", [msgspec.structs.replace(one, evidence=b"") for one in brought.lines], kept.lines
    )
    told += _parts("rounding", brought.rounding, kept.rounding)
    bare = [(one.kind, one.amount, one.card) for one in brought.tenders]
    told += _parts("tender", bare, [(one.kind, one.amount, one.card) for one in kept.tenders])
    return ", ".join(told)


def _parts(name: str, brought: list[Any], kept: list[Any]) -> Iterator[str]:
    if len(brought) != len(kept):
        yield f"{len(brought)} {name} rows are {len(kept)}"
    for n, (was, now) in enumerate(zip(brought, kept, strict=False), 1):
        if was != now:
            yield f"{name} {n} {_bare(was)} is {_bare(now)}"


def _bare(part: Any) -> str:  # noqa: ANN401  a tuple or a struct of the wire
    fields = msgspec.structs.astuple(part) if isinstance(part, msgspec.Struct) else part
    return str(fields)
