"""Z: the scale's totals of a shift against the office's own tally; a difference is a result."""

from backoffice.alerts import Alert
from backoffice.handlers.desk import Desk
from backoffice.store import Store
from backoffice.store.directory import TerminalRow
from broker.codec import decode
from broker.messages import Entry, ZReport
from broker.tally import tally


def note_z(desk: Desk, terminal: TerminalRow, entry: Entry, *, now: int) -> None:
    """Keeps a Z report; compares it unless entries before it are still missing."""
    report = entry.content
    assert isinstance(report, ZReport), "the codec gives a Z its content"
    known = desk.store.sales.same_z(terminal, entry)
    if known is not None and known[2]:
        return
    complete = desk.store.journal.mark(terminal, entry.epoch).upto >= entry.seq
    if known is not None and complete:
        # It was entered again: its first epoch ended before it could be compared there.
        _compare(desk, terminal, entry, report=report, now=now, under=known[:2])
        return
    _compare(desk, terminal, entry, report=report, now=now if complete else None)


def compare_waiting(desk: Desk, terminal: TerminalRow, epoch: int, *, now: int) -> None:
    """Compares the Z reports that waited for entries which have come now."""
    upto = desk.store.journal.mark(terminal, epoch).upto
    for seq in desk.store.sales.waiting_z(terminal, epoch, upto):
        body = desk.store.journal.body(terminal, epoch, seq)
        entry = decode(body) if body else None
        if isinstance(entry, Entry) and isinstance(entry.content, ZReport):
            _compare(desk, terminal, entry, report=entry.content, now=now)


def _compare(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, report: ZReport, now: int | None,
    under: tuple[int, int] | None = None,
) -> None:  # fmt: skip
    difference = None if now is None else z_difference(
        desk.store, terminal.id, entry.epoch, report
    )  # fmt: skip
    desk.store.sales.keep_z(
        terminal, *(under or (entry.epoch, entry.seq)),
        report=report, at=entry.at, difference=difference,
    )  # fmt: skip
    if difference and now is not None:
        desk.store.notes.alert(
            Alert.Z_DIFFERS, now, terminal=terminal.code, op=entry.op,
            detail=f"shift {report.shift} of {report.day}: {difference}",
        )  # fmt: skip


def z_difference(store: Store, terminal_id: int, epoch: int, report: ZReport) -> str:
    """What differs between a Z report and the sales in the books; empty when they agree."""
    ours = tally(
        store.sales.of_shift(terminal_id, epoch, report.first_receipt, report.last_receipt)
    )
    theirs = {
        "sales": report.sales,
        "lines": report.lines,
        "total": report.total,
        "saving": report.saving,
        "tenders": sorted((t.kind, t.count, t.amount) for t in report.tenders if t.count),
        "rounding": sorted((r.kind, r.amount) for r in report.rounding if r.amount),
    }
    here = {
        "sales": ours.sales,
        "lines": ours.lines,
        "total": ours.total,
        "saving": ours.saving,
        "tenders": [(t.kind, t.count, t.amount) for t in ours.tenders],
        "rounding": [(r.kind, r.amount) for r in ours.rounding if r.amount],
    }
    return "; ".join(
        f"{word}: scale {theirs[word]}, books {here[word]}"
        for word in theirs
        if theirs[word] != here[word]
    )
