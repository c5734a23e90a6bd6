"""A scale's own key, told at sign-on, and the heads of its journal that it signs with it.

The MAC of the wire proves a message to the office; only this proves it to everybody else, for the
office has no such key. A key that changes is told: it is expected when a scale's disk was replaced.
"""

from backoffice.alerts import AGAIN_AFTER_MS, Alert
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.watching import once_since
from backoffice.store.directory import TerminalRow
from backoffice.store.heads import KeyRow
from broker.codec import form_of
from broker.heads import SignedHead, fingerprint, is_signed
from broker.messages import SignOn


def note_key(desk: Desk, terminal: TerminalRow, said: SignOn, *, is_offer: bool, now: int) -> None:
    """Keeps the key that a sign-on told, if it is another one than before.

    `is_offer`: the question may be an old one that somebody sends again; it tells nothing then but
    a key that was never heard of, which nobody else can have.
    """
    known = desk.store.heads.keys(terminal)
    last = known[-1] if known else None
    if is_offer and (said.key is None or said.key in {row.key for row in known}):
        return
    if said.key is None:
        if last is not None:
            once_since(
                desk, Alert.JOURNAL_KEY, now, since=now - AGAIN_AFTER_MS, terminal=terminal.code,
                detail=f"signs on without a key; its last one was {fingerprint(last.key)}",
            )  # fmt: skip
        return
    if last is not None and last.key == said.key:
        return
    place = max((said.epoch, said.last_seq), _place(desk, terminal))
    number = last.number + 1 if last else 1
    desk.store.heads.add_key(terminal, KeyRow(number, said.key, now, *place))
    if last is not None:
        desk.store.notes.alert(
            Alert.JOURNAL_KEY, now, terminal=terminal.code,
            detail=f"signs with another key from epoch {said.epoch} entry {said.last_seq + 1} on: "
            f"{fingerprint(said.key)} after {fingerprint(last.key)}; expected when its disk or "
            "its key file was replaced",
        )  # fmt: skip


def _place(desk: Desk, terminal: TerminalRow) -> tuple[int, int]:
    return terminal.epoch, desk.store.journal.mark(terminal, terminal.epoch).highest


def keep_head(
    desk: Desk, terminal: TerminalRow, said: SignedHead, *, body: bytes, batch: Batch, now: int
) -> None:
    """Keeps a signature; one that fits no key of this terminal goes to quarantine.

    One over an entry that is not here yet is not kept: the scale sends it again.
    """
    number = _number(desk, terminal, said)
    if number is None:
        _set_aside(desk, terminal, said, body=body, now=now)
        return
    if desk.store.journal.mark(terminal, said.epoch).upto < said.seq:
        return
    batch.touched[terminal.code, said.epoch] = form_of(body)
    batch.signed.add((terminal.code, said.epoch))
    is_new = desk.store.heads.keep(terminal, said, number, now)
    here = desk.store.journal.link(terminal, said.epoch, said.seq)
    if is_new and here not in {None, said.head}:
        desk.store.notes.alert(
            Alert.SIGNATURE_WRONG, now, terminal=terminal.code,
            detail=f"entry {said.seq} of epoch {said.epoch} is not what the scale signed; "
            "`backoffice audit` names what differs",
        )  # fmt: skip


def _set_aside(
    desk: Desk, terminal: TerminalRow, said: SignedHead, *, body: bytes, now: int
) -> None:
    where = f"the signature over entry {said.seq} of epoch {said.epoch}"
    detail = f"{where} fits no key of {terminal.code}"
    topic = f"u/{terminal.code}/s"
    if desk.store.notes.quarantine(body, now, topic=topic, reason="signature", detail=detail):
        desk.store.notes.alert(Alert.SIGNATURE_WRONG, now, terminal=terminal.code, detail=detail)


def _number(desk: Desk, terminal: TerminalRow, said: SignedHead) -> int | None:
    """The key that signed it: the one in force at that place of the journal, or a later one."""
    after = None
    for row in reversed(desk.store.heads.keys(terminal)):
        if after is not None and (said.epoch, said.seq) > (after.epoch, after.seq):
            return None
        if is_signed(
            terminal.code, said.epoch, said.seq, said.head,
            signature=said.signature, public=row.key,
        ):  # fmt: skip
            return row.number
        after = row
    return None
