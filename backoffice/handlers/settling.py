"""What a scale tells afterwards: PAID, an uploaded INTENT, and the other outcomes.

A sale becomes rows when its PAID arrives. Money that the office did not approve beforehand is
posted all the same, for the customer has the goods; an alarm says so.
"""

from dataclasses import replace

from backoffice.alerts import Alert
from backoffice.handlers.desk import Desk
from backoffice.handlers.purse_money import bonus_parts, has_proof, is_proved, keep_proofs
from backoffice.handlers.watching import watch_limits, watch_refunds
from backoffice.ledger import Reason, card_transfers, other_transfers
from backoffice.operations import Effect, Event, OpState, step
from backoffice.store.directory import TerminalRow
from backoffice.store.ledger import Cause
from backoffice.store.operations import OperationRow
from backoffice.store.sales import SaleEvent
from broker.codec import decode
from broker.messages import Entry, Kind, Paid
from broker.refund import is_covered
from broker.sale import Sale, SaleKind, TenderKind, faults_of

NOTHING = OperationRow()


def save(desk: Desk, terminal: TerminalRow, entry: Entry, row: OperationRow) -> None:
    """Writes the operation that an entry names."""
    desk.store.operations.save(terminal, entry.op, entry.attempt, row)


def note_intent(desk: Desk, terminal: TerminalRow, entry: Entry, *, link: bytes, now: int) -> None:
    """Notes where an uploaded INTENT stands; a PAID that came before it is settled now."""
    row = desk.store.operations.get(terminal.org, entry.op, entry.attempt) or NOTHING
    if _is_again(desk, terminal, entry, row):
        return
    if row.hash and row.hash != link:
        desk.store.notes.alert(
            Alert.OPERATION_CONFLICT, now, terminal=terminal.code, op=entry.op,
            detail="two intents name the same operation",
        )  # fmt: skip
        return
    noted = replace(
        row, terminal=terminal.id, epoch=entry.epoch, seq=entry.seq, hash=link, at=row.at or now
    )
    save(desk, terminal, entry, noted)
    if row.state is OpState.PAID_FIRST:
        settle_waiting(desk, terminal, entry, now=now)


def _is_again(desk: Desk, terminal: TerminalRow, entry: Entry, row: OperationRow) -> bool:
    """True for an INTENT that was entered again: its epoch ended before its receipt came."""
    if not row.hash or row.terminal != terminal.id or row.epoch == entry.epoch:
        return False
    return desk.sale_of(terminal, row.epoch, seq=row.seq, link=row.hash) == entry.content


def note_outcome(desk: Desk, terminal: TerminalRow, entry: Entry, *, now: int) -> None:
    """DECLINED, REVERSED, UNSURE: the scale's word for what the office should know already."""
    row = desk.store.operations.get(terminal.org, entry.op, entry.attempt) or NOTHING
    taken = row.state in (OpState.APPROVED, OpState.SETTLED, OpState.STOOD_IN)
    if taken or entry.kind == Kind.UNSURE:
        desk.store.notes.alert(
            Alert.OUTCOME_MISMATCH, now, terminal=terminal.code, op=entry.op, card=row.card,
            detail=f"the scale wrote kind {entry.kind}, the books say {row.state.name.lower()}",
        )  # fmt: skip


def settle(desk: Desk, terminal: TerminalRow, entry: Entry, *, now: int) -> None:
    """PAID: the sale is final and becomes rows; money not yet moved moves now."""
    paid = entry.content
    assert isinstance(paid, Paid), "the codec gives a PAID its content"
    if _is_early(desk, terminal, entry, paid):
        row = desk.store.operations.get(terminal.org, entry.op, entry.attempt) or NOTHING
        _wait(desk, terminal, entry, row=row, now=now)
        return
    if paid.sale is not None and not card_transfers(paid.sale, terminal.store_code):
        _keep_sale(desk, terminal, entry, paid=paid, sale=paid.sale, now=now)
        return
    row = desk.store.operations.get(terminal.org, entry.op, entry.attempt) or NOTHING
    sale = paid.sale
    if row.seq and not has_proof(sale):
        # A purse on a chip proves after the INTENT was written: then the PAID has the whole sale.
        sale = desk.sale_of(terminal, row.epoch, seq=row.seq, link=row.hash)
    if sale is None:
        _wait(desk, terminal, entry, row=row, now=now)
        return
    _settled(desk, terminal, entry, row=row, sale=sale, now=now)


def _is_early(desk: Desk, terminal: TerminalRow, entry: Entry, paid: Paid) -> bool:
    """True for a refund whose sale may still come: entries before it are missing."""
    if paid.sale is None or paid.sale.kind != SaleKind.REFUND:
        return False
    is_complete = desk.store.journal.mark(terminal, entry.epoch).upto >= entry.seq
    return not is_complete and desk.store.sales.of_uid(paid.sale.ref) is None


def _wait(desk: Desk, terminal: TerminalRow, entry: Entry, *, row: OperationRow, now: int) -> None:
    early = step(row.state, Event.PAID_EARLY)
    waiting = replace(
        row, state=early.state, paid_epoch=entry.epoch, paid_seq=entry.seq, terminal=terminal.id,
        at=now,
    )  # fmt: skip
    save(desk, terminal, entry, waiting)


def settle_refunds(desk: Desk, terminal: TerminalRow, epoch: int, *, now: int) -> None:
    """Refunds that came before their sales: all entries before them are here now."""
    upto = desk.store.journal.mark(terminal, epoch).upto
    for op, attempt, seq in desk.store.operations.waiting(terminal, epoch, upto):
        body = desk.store.journal.body(terminal, epoch, seq)
        paid = decode(body) if body else None
        if not isinstance(paid, Entry) or (paid.op, paid.attempt) != (op, attempt):
            continue
        sale = paid.content.sale if isinstance(paid.content, Paid) else None
        if sale is not None and sale.kind == SaleKind.REFUND:
            row = desk.store.operations.get(terminal.org, op, attempt) or NOTHING
            _settled(desk, terminal, paid, row=row, sale=sale, now=now)


def settle_waiting(desk: Desk, terminal: TerminalRow, intent: Entry, *, now: int) -> None:
    """The INTENT of a PAID that came first is here: settles that PAID."""
    row = desk.store.operations.get(terminal.org, intent.op, intent.attempt) or NOTHING
    body = desk.store.journal.body(terminal, row.paid_epoch or intent.epoch, row.paid_seq)
    paid = decode(body) if body else None
    if not isinstance(paid, Entry) or (paid.op, paid.attempt) != (intent.op, intent.attempt):
        return
    if isinstance(intent.content, Sale):
        _settled(desk, terminal, paid, row=row, sale=intent.content, now=now)


def _settled(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, row: OperationRow, sale: Sale, now: int
) -> None:
    paid = entry.content
    assert isinstance(paid, Paid), "only a PAID settles"
    next_step = step(row.state, Event.PAID)
    if next_step.effect is Effect.REFUSE:
        if desk.store.sales.holds(terminal.id, entry):
            return
        desk.store.notes.alert(
            Alert.OPERATION_CONFLICT, now, terminal=terminal.code, op=entry.op, card=row.card,
            detail=f"entry {entry.seq} pays an operation that entry {row.paid_seq} has paid",
        )  # fmt: skip
        return
    faults: tuple[str, ...] | None = None
    if next_step.effect is Effect.STAND_IN:
        _stand_in(desk, terminal, entry, row=row, sale=sale, now=now)
    else:
        faults = ()  # looked at before it was approved
        desk.store.operations.settle(
            terminal.org, entry.op, entry.attempt, state=next_step.state, paid_seq=entry.seq
        )
    _keep_sale(desk, terminal, entry, paid=paid, sale=sale, now=now, faults=faults)


def _stand_in(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, row: OperationRow, sale: Sale, now: int
) -> None:
    cause = Cause(terminal.org, entry.op, entry.attempt, Reason.STAND_IN, sale.day, now)
    refused = keep_proofs(desk, terminal, entry, sale=sale, now=now)
    if sale.kind == SaleKind.REFUND and not _is_covered(desk, sale, entry.op):
        refused = tuple(range(len(sale.tenders)))  # waits in suspense, for a person to look at
    parts = bonus_parts(desk, terminal, sale)
    desk.store.ledger.post(cause, card_transfers(sale, terminal.store_code, parts, refused))
    changed = replace(row, state=OpState.STOOD_IN, paid_seq=entry.seq, answer=b"", at=now)
    save(desk, terminal, entry, replace(changed, terminal=terminal.id))
    if is_proved(sale) or sale.kind == SaleKind.REFUND:
        return  # the card itself approved it
    if not _by_its_limits(entry, row):
        desk.store.notes.alert(
            Alert.STAND_IN, now, terminal=terminal.code, op=entry.op, card=row.card,
            detail=f"paid without our approval; the books said {row.state.name.lower()}",
        )  # fmt: skip
    else:
        _watch_limits(desk, terminal, entry, sale=sale, now=now)
    _note_debts(desk, terminal, entry, sale=sale, now=now)


def _is_covered(desk: Desk, refund: Sale, uid: bytes) -> bool:
    """True when the sale it names is here and all its refunds together are no more than it."""
    captured = desk.store.sales.of_uid(refund.ref)
    if captured is None or captured.kind != SaleKind.SALE:
        return False
    return is_covered(captured, [*desk.store.sales.refunds_of(refund.ref, uid), refund])


def _watch_limits(desk: Desk, terminal: TerminalRow, entry: Entry, *, sale: Sale, now: int) -> None:
    for tender in sale.tenders:
        if tender.kind == TenderKind.STORED_VALUE:
            watch_limits(desk, terminal, entry, card=tender.card, amount=tender.amount, now=now)


def _note_debts(desk: Desk, terminal: TerminalRow, entry: Entry, *, sale: Sale, now: int) -> None:
    """A card that the payment took below zero owes it, and is denied until it is topped up."""
    numbers = [t.card for t in sale.tenders if t.kind == TenderKind.STORED_VALUE and t.card]
    for number in numbers:
        card = desk.store.cards.get(terminal.org, number)
        if card is not None and (card.balance or 0) < 0:
            desk.has_new_debt = True
            desk.store.notes.alert(
                Alert.CARD_IN_DEBT, now, terminal=terminal.code, op=entry.op, card=number,
                detail=f"paid without an answer; the card stands at {card.balance} fen",
            )  # fmt: skip


def _by_its_limits(entry: Entry, row: OperationRow) -> bool:
    """True for what a scale may do by itself: nothing had been decided that speaks against it."""
    paid = entry.content
    undecided = row.state in (OpState.NONE, OpState.PAID_FIRST, OpState.DECLINED)
    return isinstance(paid, Paid) and bool(paid.offline) and undecided


def _keep_sale(
    desk: Desk, terminal: TerminalRow, entry: Entry, *,
    paid: Paid, sale: Sale, now: int, faults: tuple[str, ...] | None = None,
) -> None:  # fmt: skip
    """Writes the sale's rows and moves what is not moved yet; `faults` None = not looked at yet."""
    if faults is None:
        faults = faults_of(sale)
    event = SaleEvent(
        uid=entry.op, attempt=entry.attempt, epoch=entry.epoch, seq=entry.seq,
        receipt=paid.receipt, at=entry.at, received_at=now, faults=faults,
        offline=paid.offline, reason=paid.reason, approved_by=paid.approved_by,
    )  # fmt: skip
    if not desk.store.sales.keep(terminal, sale, event):
        if desk.store.sales.holds(terminal.id, entry):
            return
        desk.store.notes.alert(
            Alert.OPERATION_CONFLICT, now, terminal=terminal.code, op=entry.op,
            detail=f"entry {entry.seq} pays a sale that is in the books already",
        )  # fmt: skip
        return
    if sale.kind == SaleKind.REFUND and not _is_covered(desk, sale, entry.op):
        desk.store.notes.alert(
            Alert.REFUND_TOO_MUCH, now, terminal=terminal.code, op=entry.op,
            detail=f"receipt {paid.receipt} gives back more than its sale has left",
        )  # fmt: skip
    watch_refunds(desk, terminal, entry, sale=sale, now=now)
    if faults:
        desk.store.notes.alert(
            Alert.FAULTY_SALE, now, terminal=terminal.code, op=entry.op, detail=" ".join(faults)
        )
    transfers = other_transfers(sale, terminal.code, terminal.store_code)
    if transfers:
        cause = Cause(terminal.org, entry.op, entry.attempt, Reason.SALE, sale.day, now)
        desk.store.ledger.post(cause, transfers)
    desk.store.sales.note_issuers(terminal, sale, event)
