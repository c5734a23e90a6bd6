"""A journal entry: kept once, byte for byte, and then acted on by its kind.

Same number and same content is a duplicate and changes nothing; another content under a number that
is taken is a conflict: the first one stays, the second goes to quarantine with an alarm.
"""

from backoffice.alerts import Alert
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.operations import reverse
from backoffice.handlers.settling import note_intent, note_outcome, settle, settle_refunds
from backoffice.handlers.shift import compare_waiting, note_z
from backoffice.handlers.sign_on import epoch_taken
from backoffice.store.directory import TerminalRow
from backoffice.store.journal import Kept, Mark
from broker.codec import form_of
from broker.messages import Entry, Kind
from broker.seal import link_of


def keep_entry(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, body: bytes, batch: Batch, now: int
) -> tuple[Kept, bytes]:
    """Keeps an entry and checks its place in the chain; what it was, and its hash."""
    link = link_of(body)
    terminal = epoch_taken(desk, terminal, entry.epoch, now=now)
    before = desk.store.journal.mark(terminal, entry.epoch)
    kept = desk.store.journal.keep(terminal, entry, body, link=link, now=now)
    batch.touched[terminal.code, entry.epoch] = form_of(body)
    if kept is Kept.CONFLICT:
        detail = f"epoch {entry.epoch} seq {entry.seq} came with another content"
        desk.store.notes.alert(
            Alert.ENTRY_CONFLICT, now, terminal=terminal.code, op=entry.op, detail=detail
        )
        desk.store.notes.quarantine(
            body, now, topic=f"u/{terminal.code}/s", reason="conflict", detail=detail
        )
    elif kept is Kept.NEW and _expected_prev(desk, terminal, entry, before) != entry.prev:
        desk.store.notes.alert(
            Alert.CHAIN_BROKEN, now, terminal=terminal.code, op=entry.op,
            detail=f"epoch {entry.epoch} seq {entry.seq} does not follow the entry before it",
        )  # fmt: skip
    return kept, link


def _expected_prev(desk: Desk, terminal: TerminalRow, entry: Entry, before: Mark) -> bytes:
    """Hash of the entry before this one; what the entry says itself when that one is not here."""
    if entry.seq == before.upto + 1:
        return before.head
    return desk.store.journal.link(terminal, entry.epoch, entry.seq - 1) or entry.prev


def upload(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, body: bytes, batch: Batch, now: int
) -> None:
    """An entry that was uploaded, not asked: an INTENT here never authorises anything."""
    kept, link = keep_entry(desk, terminal, entry, body=body, batch=batch, now=now)
    if kept is not Kept.NEW:
        return
    act(desk, terminal, entry, link=link, now=now)
    fill_gap(desk, terminal, entry, now=now)


def fill_gap(desk: Desk, terminal: TerminalRow, entry: Entry, *, now: int) -> None:
    """A new entry may be the one that others, which came before it, have waited for."""
    if desk.store.journal.mark(terminal, entry.epoch).upto > entry.seq:
        settle_refunds(desk, terminal, entry.epoch, now=now)
        compare_waiting(desk, terminal, entry.epoch, now=now)


def act(desk: Desk, terminal: TerminalRow, entry: Entry, *, link: bytes, now: int) -> None:
    """Does what a new entry asks for."""
    match entry.kind:
        case Kind.INTENT:
            note_intent(desk, terminal, entry, link=link, now=now)
        case Kind.PAID:
            settle(desk, terminal, entry, now=now)
        case Kind.REVERSING:
            reverse(desk, terminal, entry, now=now)
        case Kind.Z:
            note_z(desk, terminal, entry, now=now)
        case _:
            note_outcome(desk, terminal, entry, now=now)
