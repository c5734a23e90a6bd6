"""SIGN_ON: where the scale's journal stands against ours, and with which epoch it goes on.

The office knows more than the scale, or another content: the scale's journal was lost or copied; a
new epoch begins and an alarm says so. So it does when the scale itself has begun one, because its
journal was damaged. The office knows less (restored backup): the scale is told
where to begin and uploads again.
"""

from backoffice.alerts import Alert
from backoffice.handlers.desk import Desk
from backoffice.store.directory import TerminalRow
from backoffice.store.journal import NOTHING, Mark
from broker.codec import Form, encode
from broker.messages import Answer, Code, Kind, Question, SignOn, Welcome


def sign_on(
    desk: Desk, terminal: TerminalRow, question: Question, *, form: Form, now: int
) -> bytes:
    """The body of the answer; the same question gets the answer it got before."""
    said = question.content
    assert isinstance(said, SignOn), "the codec gives a SIGN_ON its content"
    rid, answered = desk.store.directory.last_sign_on(terminal)
    if rid == question.rid:
        return answered
    epoch, mark = _granted(desk, terminal, said, now)
    last = desk.store.sales.last_receipt(terminal.id)
    content = _welcome(terminal, epoch, mark, last_receipt=last)
    answer = Answer(Kind.SIGN_ON, question.rid, 0, Code.OK, now, content)
    body = encode(answer, form)
    desk.store.directory.grant_epoch(terminal, epoch, rid=question.rid, answer=body)
    return body


def _granted(desk: Desk, terminal: TerminalRow, said: SignOn, now: int) -> tuple[int, Mark]:
    epoch = max(said.epoch, terminal.epoch)
    if epoch == 0:
        return 1, NOTHING
    mark = desk.store.journal.mark(terminal, epoch)
    if said.epoch > terminal.epoch > 0:
        desk.store.notes.alert(
            Alert.JOURNAL_FORK, now, terminal=terminal.code,
            detail=f"epoch {terminal.epoch} ends: the scale begins epoch {epoch} by itself",
        )  # fmt: skip
    if said.epoch < epoch:
        # The scale may have missed the answer that gave it this epoch; nothing used, nothing lost.
        if mark.highest == 0:
            return epoch, NOTHING
        return _forked(desk, terminal, epoch, why="the scale knows only an older epoch", now=now)
    if mark.highest > said.last_seq:
        return _forked(desk, terminal, epoch, why=f"we hold {mark.highest} entries", now=now)
    link = desk.store.journal.link(terminal, epoch, said.last_seq)
    if link is not None and link != said.head:
        return _forked(desk, terminal, epoch, why="the last entry has another content", now=now)
    return epoch, mark


def _forked(
    desk: Desk, terminal: TerminalRow, epoch: int, *, why: str, now: int
) -> tuple[int, Mark]:
    desk.store.notes.alert(
        Alert.JOURNAL_FORK, now, terminal=terminal.code,
        detail=f"epoch {epoch} ends: {why}; epoch {epoch + 1} begins",
    )  # fmt: skip
    return epoch + 1, NOTHING


def _welcome(terminal: TerminalRow, epoch: int, mark: Mark, *, last_receipt: int) -> Welcome:
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
    )
