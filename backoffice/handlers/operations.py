"""Questions about a card: authorise and reverse; the table in `backoffice.operations` decides.

The money moves in the same transaction in which the answer is stored.
"""

from dataclasses import replace

from backoffice.accounts import (
    TokenVerdict,
    card_tender,
    payment_code,
    price_level_of,
    token_verdict,
)
from backoffice.alerts import Alert, is_repeated, is_stale
from backoffice.handlers.desk import Desk
from backoffice.handlers.settling import NOTHING, save, settle_waiting
from backoffice.handlers.watching import watch_velocity
from backoffice.ledger import Reason, bonus_part, card_transfers, reversed_transfers
from backoffice.operations import Effect, Event, OpState, step
from backoffice.store.directory import TerminalRow
from backoffice.store.ledger import Cause
from backoffice.store.operations import OperationRow
from broker.codec import encode, form_of
from broker.messages import Answer, Authorised, Code, Entry, Undone
from broker.sale import Sale, Tender, TenderKind, faults_of


def _upto(desk: Desk, terminal: TerminalRow, entry: Entry) -> int:
    return desk.store.journal.mark(terminal, entry.epoch).upto


def _answer(
    entry: Entry, code: int, content: Authorised | Undone, *, body: bytes, now: int
) -> bytes:
    answer = Answer(
        to=entry.kind, rid=entry.op, attempt=entry.attempt, code=code, at=now, content=content
    )
    return encode(answer, form_of(body))


def authorise(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, body: bytes, link: bytes, now: int
) -> bytes:
    """The body of the answer to "may this card pay this sale?"; the money moves here."""
    sale = entry.content
    assert isinstance(sale, Sale), "the codec gives an INTENT a sale"
    row = desk.store.operations.get(terminal.org, entry.op, entry.attempt) or NOTHING
    if row.hash and (row.hash != link or row.terminal != terminal.id):
        return _conflict(desk, terminal, entry, body=body, now=now)
    if step(row.state, Event.ASK).effect is Effect.REPEAT and row.answer:
        return row.answer
    known = replace(row, terminal=terminal.id, epoch=entry.epoch, seq=entry.seq, hash=link, at=now)
    if row.state is not OpState.NONE:
        return _declined_reversed(desk, terminal, entry, row=known, body=body, now=now)
    tender = card_tender(sale, TenderKind.STORED_VALUE)
    code = _verdict_before_card(sale, tender, entry, now)
    if code is Code.OK and tender is not None:
        return _asked_card(desk, terminal, entry, row=known, tender=tender, body=body)
    content = Authorised(balance=None, upto=_upto(desk, terminal, entry))
    answer = _answer(entry, code, content, body=body, now=now)
    save(desk, terminal, entry, replace(known, state=OpState.DECLINED, code=code, answer=answer))
    _count_declined(desk, code)
    return answer


def _verdict_before_card(sale: Sale, tender: Tender | None, entry: Entry, now: int) -> Code:
    if tender is None:
        return Code.MALFORMED
    if is_stale(entry.at, now):
        return Code.STALE
    return Code.SUM_MISMATCH if faults_of(sale) else Code.OK


def _conflict(desk: Desk, terminal: TerminalRow, entry: Entry, *, body: bytes, now: int) -> bytes:
    desk.store.notes.alert(
        Alert.OPERATION_CONFLICT, now, terminal=terminal.code, op=entry.op,
        detail="the same operation was asked with another content",
    )  # fmt: skip
    content = Authorised(balance=None, upto=_upto(desk, terminal, entry))
    return _answer(entry, Code.CONFLICT, content, body=body, now=now)


def _declined_reversed(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, row: OperationRow, body: bytes, now: int
) -> bytes:
    """The answer to a question that was taken back before; once given it is repeated."""
    if row.answer:
        return row.answer
    content = Authorised(balance=None, upto=_upto(desk, terminal, entry))
    answer = _answer(entry, Code.REVERSED, content, body=body, now=now)
    save(desk, terminal, entry, replace(row, answer=answer))
    if row.state is OpState.PAID_FIRST:
        settle_waiting(desk, terminal, entry, now=now)
    return answer


def _asked_card(
    desk: Desk, terminal: TerminalRow, entry: Entry, *,
    row: OperationRow, tender: Tender, body: bytes,
) -> bytes:  # fmt: skip
    """Asks the books about the card; posts when they agree. `row.at` is now."""
    sale, now = entry.content, row.at
    assert isinstance(sale, Sale) and tender.card is not None, "asked before"  # noqa: PT018
    card = desk.store.cards.get(terminal.org, tender.card)
    member = (
        card
        if sale.member in (None, tender.card)
        else desk.store.cards.get(terminal.org, sale.member)
    )
    level = price_level_of(sale, member)
    code = payment_code(card, sale, tender, level)
    known = replace(row, card=tender.card, amount=tender.amount, code=int(code))
    upto = _upto(desk, terminal, entry)
    if code is not Code.OK or card is None or card.balance is None:
        if code is Code.TOKEN:
            _alert_card(desk, Alert.CLONED_CARD, terminal, entry, card=tender.card, now=now)
        shown = card.balance if card and code is Code.INSUFFICIENT else None
        content = Authorised(
            balance=shown, upto=upto, level=level if code is Code.PRICE_LEVEL else 0
        )
        answer = _answer(entry, code, content, body=body, now=now)
        save(desk, terminal, entry, replace(known, state=OpState.DECLINED, answer=answer))
        _count_declined(desk, code)
        return answer
    lost = token_verdict(card, tender.token_seq, tender.token) is TokenVerdict.LOST
    if lost:
        _alert_card(desk, Alert.TOKEN_LOST, terminal, entry, card=tender.card, now=now)
    if is_repeated(card.approved_at, now):
        _alert_card(desk, Alert.REPEATED_PAYMENT, terminal, entry, card=tender.card, now=now)
    token = desk.new_token()
    token_seq = desk.store.cards.approved(
        terminal.org, card, token=token, presented=b"" if lost else tender.token, lost=lost, now=now
    )
    cause = Cause(terminal.org, entry.op, entry.attempt, Reason.CARD_PAYMENT, sale.day, now)
    part = bonus_part(tender.amount, card.principal, card.bonus)
    parts = {sale.tenders.index(tender): part}
    desk.store.ledger.post(cause, card_transfers(sale, terminal.store_code, parts))
    content = Authorised(
        balance=card.balance - tender.amount, token_seq=token_seq, token=token, upto=upto
    )
    answer = _answer(entry, Code.OK, content, body=body, now=now)
    save(desk, terminal, entry, replace(known, state=OpState.APPROVED, answer=answer))
    watch_velocity(desk, terminal, tender.card, now)
    desk.remember_sale(row.hash, sale)
    return answer


def _count_declined(desk: Desk, code: Code) -> None:
    desk.store.notes.count(f"declined.{code.name.lower().replace('_', '-')}")


def _alert_card(
    desk: Desk, word: Alert, terminal: TerminalRow, entry: Entry, *, card: int, now: int
) -> None:
    desk.store.notes.alert(word, now, terminal=terminal.code, card=card, op=entry.op)


def reverse(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, now: int, body: bytes = b"\x90"
) -> bytes:
    """Takes an operation back, or marks it so that it can never be approved; the answer's body."""
    row = desk.store.operations.get(terminal.org, entry.op, entry.attempt) or NOTHING
    if row.undo_answer:
        return row.undo_answer
    next_step = step(row.state, Event.REVERSE)
    code, was = Code.OK, int(Code.REVERSED)
    answer_left = row.answer
    if next_step.effect is Effect.POST_BACK:
        was, answer_left = int(Code.OK), b""
        _post_back(desk, terminal, entry, now)
    elif next_step.effect is Effect.REFUSE:
        code, was = Code.CONFLICT, int(Code.OK)
        desk.store.notes.alert(
            Alert.REVERSAL_REFUSED, now, terminal=terminal.code, op=entry.op, card=row.card,
            detail="the operation is paid; it is undone by a refund",
        )  # fmt: skip
    elif row.state is OpState.DECLINED:
        was = row.code
    content = Undone(was=was, upto=_upto(desk, terminal, entry))
    undo = _answer(entry, code, content, body=body, now=now)
    changed = replace(
        row, state=next_step.state, answer=answer_left, undo_answer=undo,
        terminal=row.terminal or terminal.id, at=row.at or now,
    )  # fmt: skip
    save(desk, terminal, entry, changed)
    return undo


def _post_back(desk: Desk, terminal: TerminalRow, entry: Entry, now: int) -> None:
    posted = desk.store.ledger.posted(terminal.org, entry.op, entry.attempt, Reason.CARD_PAYMENT)
    day = desk.store.ledger.day_of(terminal.org, entry.op, entry.attempt)
    cause = Cause(terminal.org, entry.op, entry.attempt, Reason.REVERSAL, day, now)
    desk.store.ledger.post(cause, reversed_transfers(posted))
