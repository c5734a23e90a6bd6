"""A frame from the broker: whose is it, is it genuine, what does it say; then its handler.

Nothing that comes in can stop the office: what cannot be used is kept raw in the quarantine,
counted, and answered where there is anything to answer to.
"""

from dataclasses import dataclass

from backoffice.alerts import Alert
from backoffice.handlers.balance import balance
from backoffice.handlers.collecting import collect_after
from backoffice.handlers.comparing import compare
from backoffice.handlers.desk import Batch, Desk, Incoming, Outgoing, seal_answer
from backoffice.handlers.entries import fill_gap, keep_entry, upload
from backoffice.handlers.heads import keep_head
from backoffice.handlers.loads import load, loaded
from backoffice.handlers.operations import authorise, reverse
from backoffice.handlers.prices import prices_after, send_prices
from backoffice.handlers.sign_on import epoch_taken, sign_on
from backoffice.handlers.terms import renew_terms, terms_after
from backoffice.handlers.watching import watch_clock, watch_prices
from backoffice.store.directory import TerminalRow
from backoffice.store.journal import Kept
from broker import messages as m
from broker.codec import Form, decode, encode, form_of
from broker.errors import BadMessage, BadSeal, UnknownVersion
from broker.heads import SignedHead
from broker.messages import Answer, Code, Entry, Heartbeat, Kind, Question, Refused
from broker.seal import MAC_LENGTH, is_json, opened, split
from broker.topics import Channel, sender

_NO_RID = bytes(16)


@dataclass(frozen=True, slots=True)
class _Body:
    """A body as sent, and what it says."""

    raw: bytes
    said: m.Message | BadMessage

    @classmethod
    def of(cls, raw: bytes) -> "_Body":
        try:
            return cls(raw, decode(raw))
        except BadMessage as error:
            return cls(raw, error)


def receive(desk: Desk, asked: Incoming, batch: Batch, now: int) -> None:
    """Handles one frame inside the current transaction; what is to be sent goes into `batch`."""
    whose = sender(asked.topic)
    terminal = desk.store.directory.terminal(whose[0]) if whose else None
    if whose is None or terminal is None or terminal.key_number == 0:
        detail = "no terminal of that name is enrolled"
        _set_aside(desk, asked, reason="unknown-terminal", detail=detail, now=now)
        return
    try:
        body, mac = opened(asked.payload, (desk.key(terminal),))
    except BadMessage as error:
        code = Code.BAD_SEAL if isinstance(error, BadSeal) else Code.MALFORMED
        detail = str(error)
        refuse(desk, terminal, asked, batch, code=code, detail=detail, now=now, is_ours=False)
        return
    if terminal.suspended:
        detail = "this terminal is suspended; ask the office"
        refuse(desk, terminal, asked, batch, code=Code.SUSPENDED, detail=detail, now=now)
        return
    bodies = _bodies(desk, terminal, asked, batch, body=body, now=now)
    may_ask = whose[1] == Channel.ASK
    for number, one in enumerate(bodies, 1):
        is_question = may_ask and number == len(bodies)
        _one(desk, terminal, asked, batch, one=one, mac=mac if is_question else None, now=now)
    if desk.has_new_debt:
        desk.has_new_debt = False
        renew_terms(desk, batch, now)


def _set_aside(desk: Desk, asked: Incoming, *, reason: str, detail: str, now: int) -> bool:
    return desk.store.notes.quarantine(
        asked.payload, now, topic=asked.topic, reason=reason, detail=detail
    )


def refuse(
    desk: Desk, terminal: TerminalRow, asked: Incoming, batch: Batch, *,
    code: Code, detail: str, now: int, is_ours: bool = True,
) -> None:  # fmt: skip
    """Quarantine, and an answer that names nothing but covers the trailer as received.

    What a scale of ours has sealed raises an alert as well: it may be a sale.
    """
    reason = code.name.lower().replace("_", "-")
    is_new = _set_aside(desk, asked, reason=reason, detail=detail, now=now)
    if is_new and is_ours:
        desk.store.notes.alert(
            Alert.MESSAGE_REFUSED, now, terminal=terminal.code, detail=f"{reason}: {detail}"
        )
    batch.frames.append(
        seal_answer(
            desk,
            terminal,
            asked,
            body=_refusal(asked, code, detail, now),
            covers=trailer_of(asked.payload),
        )
    )


def _refusal(asked: Incoming, code: Code, detail: str, now: int) -> bytes:
    answer = Answer(to=0, rid=_NO_RID, attempt=0, code=code, at=now, content=Refused(detail[:120]))
    return encode(answer, Form.JSON if is_json(asked.payload) else Form.MSGPACK)


def trailer_of(frame: bytes) -> bytes:
    """The trailer as received, for the answer to cover; empty when there is none to be seen."""
    try:
        return split(frame)[1]
    except BadMessage:
        return b"" if is_json(frame) or len(frame) < MAC_LENGTH else frame[-MAC_LENGTH:]


def _bodies(
    desk: Desk, terminal: TerminalRow, asked: Incoming, batch: Batch, *, body: bytes, now: int
) -> list[_Body]:
    """The bodies in a frame: those of a batch, or the one body itself; each is decoded once."""
    whole = _Body.of(body)
    if not isinstance(whole.said, m.Batch):
        return [whole]
    bodies = [_Body.of(one) for one in whole.said.bodies]
    if any(isinstance(one.said, m.Batch) for one in bodies):
        detail = "a batch inside a batch"
        refuse(desk, terminal, asked, batch, code=Code.MALFORMED, detail=detail, now=now)
        return []
    return bodies


def _one(
    desk: Desk, terminal: TerminalRow, asked: Incoming, batch: Batch, *,
    one: _Body, mac: bytes | None, now: int,
) -> None:  # fmt: skip
    body, message = one.raw, one.said
    if isinstance(message, BadMessage):
        code = Code.VERSION if isinstance(message, UnknownVersion) else Code.MALFORMED
        refuse(desk, terminal, asked, batch, code=code, detail=str(message), now=now)
        return
    named = getattr(message, "terminal", terminal.code)
    if named != terminal.code:
        detail = "the message names another terminal than its topic"
        refuse(desk, terminal, asked, batch, code=Code.WRONG_TERMINAL, detail=detail, now=now)
        return
    answer: bytes | None = None
    after: list[Outgoing] = []
    if isinstance(message, Entry):
        answer = _entry(desk, terminal, message, batch, body=body, ask=mac is not None, now=now)
    elif isinstance(message, Question) and mac is not None:
        answer, after = _question(desk, terminal, message, batch, form=form_of(body), now=now)
    elif isinstance(message, Heartbeat):
        after = _beat(desk, terminal, message, form_of(body), now=now)
    elif isinstance(message, SignedHead):
        keep_head(desk, terminal, message, body=body, batch=batch, now=now)
    else:
        detail = "this message is not one that a scale sends here"
        refuse(desk, terminal, asked, batch, code=Code.MALFORMED, detail=detail, now=now)
    if answer is not None and mac is not None:
        batch.frames.append(seal_answer(desk, terminal, asked, body=answer, covers=mac))
    batch.frames += after


def _beat(
    desk: Desk, terminal: TerminalRow, beat: Heartbeat, form: Form, *, now: int
) -> list[Outgoing]:
    was_offered = 0 < terminal.epoch < beat.epoch
    terminal = epoch_taken(desk, terminal, beat.epoch, now=now)
    desk.store.directory.seen(
        terminal, at=now, state=beat.state, unsent=beat.unsent, software=beat.software,
        said_at=beat.at, upload=-1 if beat.upload is None else beat.upload,
        waits_since=now - beat.waiting_s * 1000 if beat.unsent else 0,
    )  # fmt: skip
    watch_clock(desk, terminal, beat.at, now, may_be_old=True)
    watch_prices(desk, terminal, beat, now)
    after = terms_after(desk, terminal, beat.terms_version, form)
    after += prices_after(desk, terminal, beat, form, now=now, at_once=was_offered)
    return after + collect_after(desk, terminal, beat, form)


def _question(
    desk: Desk, terminal: TerminalRow, question: Question, batch: Batch, *, form: Form, now: int
) -> tuple[bytes, list[Outgoing]]:
    """The answer's body, and what follows it: newer prices and terms after a sign-on."""
    if question.kind == Kind.SIGN_ON:
        return _signed_on(desk, terminal, question, form=form, now=now)
    watch_clock(desk, terminal, question.at, now)
    if question.kind == Kind.BALANCE:
        return balance(desk, terminal, question, form=form, now=now), []
    if question.kind == Kind.COMPARE:
        return compare(desk, terminal, question, form=form, now=now), []
    answered = load if question.kind == Kind.LOAD else loaded
    return answered(desk, terminal, question, batch, form=form, now=now), []


def _signed_on(
    desk: Desk, terminal: TerminalRow, question: Question, *, form: Form, now: int
) -> tuple[bytes, list[Outgoing]]:
    """What may be an old question is answered and not believed; a heartbeat follows a true one."""
    rid, _ = desk.store.directory.last_sign_on(terminal)
    answer, is_offer = sign_on(desk, terminal, question, form=form, now=now)
    if is_offer or question.rid == rid:
        return answer, []
    watch_clock(desk, terminal, question.at, now)
    said = question.content
    assert isinstance(said, m.SignOn), "the codec gives a SIGN_ON its content"
    after = terms_after(desk, terminal, said.terms_version, form)
    terminal = desk.store.directory.list_taken(terminal, said.list_version, said.list_forms, at=now)
    if said.list_version == terminal.list_version:
        return answer, after
    return answer, send_prices(desk, terminal, form, now) + after


def _entry(
    desk: Desk, terminal: TerminalRow, entry: Entry, batch: Batch, *,
    body: bytes, ask: bool, now: int,
) -> bytes | None:  # fmt: skip
    if not ask or entry.kind not in (Kind.INTENT, Kind.REVERSING):
        upload(desk, terminal, entry, body=body, batch=batch, now=now)
        return None
    kept, link = keep_entry(desk, terminal, entry, body=body, batch=batch, now=now)
    if kept is Kept.CONFLICT:
        content = Refused("another entry stands under this number")
        answer = Answer(
            to=entry.kind, rid=entry.op, attempt=entry.attempt, code=Code.CONFLICT, at=now,
            content=content,
        )  # fmt: skip
        return encode(answer, form_of(body))
    if entry.kind == Kind.REVERSING:
        answer_body = reverse(desk, terminal, entry, body=body, now=now)
    else:
        answer_body = authorise(desk, terminal, entry, body=body, link=link, now=now)
    if kept is Kept.NEW:
        fill_gap(desk, terminal, entry, now=now)
    if kept is Kept.NEW and entry.kind == Kind.INTENT:
        upto = desk.store.journal.mark(terminal, entry.epoch).upto
        batch.told[terminal.code, entry.epoch] = upto
    return answer_body
