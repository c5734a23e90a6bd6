"""SIGN_ON: where the scale's journal stands against ours, and with which epoch it goes on.

The office knows more than the scale, or another content: the scale's journal was lost or copied,
and a new epoch is offered. Or somebody has sent an old SIGN_ON once more; nothing in it tells. So
an offer changes nothing here: the epoch begins, and the alarm is raised, when the scale comes with
it in a heartbeat, an entry or its next sign-on (`epoch_taken`). The scale also begins one by
itself, because its journal was damaged. The office knows less (restored backup): the scale is told
where to begin, and how much is here of its earlier epochs, and uploads again.
"""

import structlog

from backoffice.alerts import Alert
from backoffice.handlers.desk import Desk
from backoffice.handlers.heads import note_key
from backoffice.store.directory import TerminalRow
from backoffice.store.journal import NOTHING, Mark
from broker.codec import Form, encode
from broker.messages import (
    MOST_OLDER,
    Answer,
    Code,
    EpochMark,
    Kind,
    Question,
    SignOn,
    Welcome,
)

log = structlog.get_logger("steelyard.office")


def sign_on(
    desk: Desk, terminal: TerminalRow, question: Question, *, form: Form, now: int
) -> tuple[bytes, bool]:
    """The body of the answer, and whether it offers a new epoch and so may be to an old question.

    The same question gets the answer it got before, as long as it is the last one.
    """
    said = question.content
    assert isinstance(said, SignOn), "the codec gives a SIGN_ON its content"
    rid, answered = desk.store.directory.last_sign_on(terminal)
    if rid == question.rid:
        return answered, False
    terminal = epoch_taken(desk, terminal, said.epoch, now=now)
    why = _apart(desk, terminal, said)
    epoch = terminal.epoch + 1 if why else max(terminal.epoch, 1)
    note_key(desk, terminal, said, is_offer=bool(why), now=now)
    mark, lost = NOTHING, 0
    if not why:
        mark, lost = _go_on_after(desk, terminal, said, epoch, now=now)
    last = desk.store.sales.last_receipt(terminal.id)
    older = desk.store.journal.marks_before(terminal, epoch, MOST_OLDER)
    signed = desk.store.heads.signed(terminal, epoch)
    content = _welcome(
        terminal, epoch, mark, last_receipt=last, older=older, signed=signed, lost=lost
    )
    body = encode(Answer(Kind.SIGN_ON, question.rid, 0, Code.OK, now, content), form)
    if why:
        log.warning("epoch offered", terminal=terminal.code, epoch=epoch, why=why)
    else:
        desk.store.directory.keep_sign_on(terminal, rid=question.rid, answer=body)
    return body, bool(why)


def epoch_taken(desk: Desk, terminal: TerminalRow, epoch: int, *, now: int) -> TerminalRow:
    """The scale comes with that epoch: if it is a later one, the epoch before it has ended."""
    if epoch <= terminal.epoch:
        return terminal
    if terminal.epoch > 0:
        held = desk.store.journal.mark(terminal, terminal.epoch).highest
        desk.store.notes.alert(
            Alert.JOURNAL_FORK, now, terminal=terminal.code,
            detail=f"epoch {terminal.epoch} ends with entry {held}: the scale begins epoch {epoch}",
        )  # fmt: skip
    return desk.store.directory.raise_epoch(terminal, epoch)


def _apart(desk: Desk, terminal: TerminalRow, said: SignOn) -> str:
    """Why the scale cannot go on in the epoch that it had; empty when it can."""
    if said.epoch < terminal.epoch:
        return "the scale knows only an older epoch"
    mark = desk.store.journal.mark(terminal, said.epoch)
    if mark.highest > said.last_seq:
        return f"we hold {mark.highest} entries"
    if desk.store.journal.link(terminal, said.epoch, mark.upto + 1) is not None:
        return f"our entry {mark.upto + 1} does not follow the one before it"
    link = desk.store.journal.link(terminal, said.epoch, said.last_seq)
    if link is not None and link != said.head:
        return "the last entry has another content"
    return ""


def _go_on_after(
    desk: Desk, terminal: TerminalRow, said: SignOn, epoch: int, *, now: int
) -> tuple[Mark, int]:
    """How far that epoch is complete here, and how many of its entries neither side has any more.

    Those are not waited for: the books were put back to a backup older than the days that the
    scale keeps. A person is told, and the journal goes on after them.
    """
    journal = desk.store.journal
    mark = journal.mark(terminal, epoch)
    if said.epoch != epoch or said.gone <= mark.upto or said.gone_head is None:
        return mark, 0
    first = mark.upto + 1
    lost = journal.absent(terminal, epoch, first=first, last=said.gone)
    if lost:
        desk.store.notes.alert(
            Alert.ENTRIES_LOST, now, terminal=terminal.code,
            detail=f"{lost} of the entries {first}..{said.gone} of epoch {epoch} are not here, "
            "and too old to be kept on the scale",
        )  # fmt: skip
    return journal.go_on_after(terminal, epoch, said.gone, said.gone_head), lost


def _welcome(
    terminal: TerminalRow, epoch: int, mark: Mark, *, last_receipt: int,
    older: list[tuple[int, int]], signed: int, lost: int,
) -> Welcome:  # fmt: skip
    return Welcome(
        epoch=epoch,
        upto=mark.upto,
        head=mark.head,
        list_version=terminal.list_version,
        organisation=terminal.organisation,
        store=terminal.store_name,
        stall=terminal.stall,
        currency=terminal.currency,
        exponent=terminal.exponent,
        zone=terminal.zone,
        cutoff_hour=terminal.cutoff_hour,
        last_receipt=last_receipt,
        older=[EpochMark(*one) for one in older],
        upload=terminal.upload,
        signed=signed,
        lost=lost,
    )
