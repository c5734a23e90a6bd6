"""Pays from a purse on a chip, and settles what was torn: reliability 3.4, CARD_DEBIT and on.

Every step is durable before it is believed. A card in doubt pays nothing else here until it has
said what it did; everybody else is served meanwhile.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec

from broker.messages import CardState, Code, ReverseReason
from broker.sale import Sale
from card.errors import (
    CardBlocked,
    CardError,
    CardRefused,
    InsufficientBalance,
    ProofWrong,
    SamMissing,
)
from card.verdict import Resolution, Verdict
from scale_app.catalog import Catalog
from scale_app.checkout import happenings as h
from scale_app.checkout.basket import Basket, Item, Member
from scale_app.checkout.desk import Desk, masked
from scale_app.checkout.paying import CARD_STATE_WORDS
from scale_app.journal.debits import Doubt
from scale_app.journal.entries import Subject
from scale_app.journal.kept import SavedSale
from scale_app.journal.store import Journal
from scale_app.purse_proof import proof_of
from scale_app.say import Say
from scale_app.tender_machine import Effect, TenderEvent, TenderState, after
from scale_app.terminal.cashbox import Cashbox, Counter, Pending
from scale_app.terminal.clock import Clock
from scale_app.terminal.devices import Reader
from scale_app.terminal.happened import DebitEnded, DebitJudged, DebitWanted
from scale_app.terminal.news import BalanceAnswered
from scale_app.terminal.office_line import OfficeLine
from scale_app.terminal.paper import Paper
from scale_app.terminal.purse_jobs import DebitOrder, NotAllowed, PurseJobs
from scale_app.view import Message, Severity

if TYPE_CHECKING:
    from card.intent import DebitIntent
    from card.read import TappedCard

log = logging.getLogger("steelyard.purse")

MAX_DOUBTS = 8
ASK_S = 2.0
"""So long the office may take to say that a card is blocked; then the card pays all the same."""

_NOTHING_TAKEN = (CardRefused, CardBlocked, InsufficientBalance, NotAllowed)
"""After the intent was journalled these are still said only when the card has moved nothing."""

Happenings = Iterable[h.Happening]
Finish = Callable[[Callable[[], Any]], Any]


class PurseTill:
    """The purse's side of the teller."""

    def __init__(
        self, journal: Journal, office: OfficeLine, cashbox: Cashbox, *,
        reader: Reader, jobs: PurseJobs, paper: Paper, clock: Clock,
    ) -> None:  # fmt: skip
        self._journal, self._office, self._cashbox = journal, office, cashbox
        self._reader, self._jobs, self._paper, self._clock = reader, jobs, paper, clock
        self._asked: tuple[h.PayCard, float] | None = None
        self._doubts = journal.debits.doubts()

    @property
    def doubts(self) -> int:
        """Number of cards of which it is not known whether they paid."""
        return len(self._doubts)

    @property
    def is_in_doubt(self) -> bool:
        """True while the basket on the desk waits for its card to come back."""
        pending = self._cashbox.pending
        return pending is not None and pending.state is TenderState.CARD_UNSURE

    # Paying.

    def pay(self, desk: Desk, action: h.PayCard, now: float) -> Happenings:
        """Asks whether the card is blocked, where that can be asked, then debits it."""
        if self.doubts >= MAX_DOUBTS:
            params = {"limit": str(MAX_DOUBTS)}
            return [h.Refused(Message(Say.TOO_MANY_DOUBTS, Severity.WARN, params))]
        # A city card is its operator's: our office has nothing to say about it.
        if not action.card.scheme and self._office.ask_balance(action.card, now):
            self._asked = (action, now + ASK_S)
            return []
        return self._begin(desk, action, now)

    def standing_came(self, desk: Desk, news: BalanceAnswered, now: float) -> Happenings | None:
        """The office's word on the card that wants to pay; None: it was about another."""
        if self._asked is None or self._asked[0].card.number != news.card:
            return None
        action, self._asked = self._asked[0], None
        standing = news.standing
        if standing is not None and standing.state in (CardState.BLOCKED, CardState.EXPIRED):
            code = CARD_STATE_WORDS.get(standing.state, Say.CARD_UNKNOWN)
            return [h.Refused(Message(code, Severity.WARN, {"valid_to": ""}))]
        return self._begin(desk, action, now)

    def tick(self, desk: Desk, now: float) -> Happenings:
        """No word of the office in time: the card pays without it."""
        if self._asked is None or now < self._asked[1]:
            return []
        action, self._asked = self._asked[0], None
        return self._begin(desk, action, now)

    def next_due(self) -> float | None:
        """Monotonic second of the next tick that matters."""
        return self._asked[1] if self._asked else None

    def _begin(self, desk: Desk, action: h.PayCard, now: float) -> Happenings:
        card, tap = self._reader.read, self._reader.tap
        if card is None or tap is None or card.number != action.card.number:
            return [h.Refused(Message(Say.CARD_GONE, Severity.WARN))]
        serial = self._journal.debits.next_serial()
        facts = Counter(desk.cashier, desk.catalog.version, desk.policy)
        self._cashbox.begin_card(action.number, action.basket, action.card, facts)
        self._office.grew(now)
        pending = self._cashbox.pending
        assert pending is not None, "an intent was saved just now"
        name = (pending.op, pending.attempt)
        when = datetime.fromtimestamp(self._clock.wall_ms() // 1000, tz=UTC)
        when = when.astimezone(ZoneInfo(self._paper.heading("en").zone))
        self._jobs.debit(DebitOrder(name, card, tap, pending.sale.total, serial, when))
        return []

    # What the card thread tells.

    def wanted(self, event: DebitWanted) -> Happenings:
        """The card is ready: the intent is journalled, then the gate opens."""
        pending = self._pending(event.name)
        if pending is None or pending.state is not TenderState.INTENT:
            event.gate.refuse()
            return []
        try:
            subject = self._subject(event.name)
            self._journal.debits.save_debit(subject, pending.card.number, event.intent)
        except BaseException:
            event.gate.refuse()
            raise
        self._now_in(TenderState.CARD_DEBIT)
        event.gate.allow()
        return []

    def ended(
        self, desk: Desk, event: DebitEnded, finish: Finish
    ) -> tuple[Happenings, SavedSale | None]:
        """A proof is a paid sale; an error is nothing taken, or a doubt."""
        pending = self._pending(event.name)
        if pending is None:
            return [], None
        if event.proof is not None:
            proof = event.proof
            kept = finish(lambda: self._paid(event.name, pending, proof.intent, proof.tac))
            return [], kept
        error = event.error
        assert error is not None, "a job ends with a value or an error"
        log.info("no proof: %s", error)
        if pending.state is TenderState.INTENT or isinstance(error, _NOTHING_TAKEN):
            finish(lambda: self._not_taken(event.name, pending.state, _code(error)))
            return [h.Refused(_error_message(error, desk, pending))], None
        if isinstance(error, ProofWrong):
            finish(lambda: self._judged(event.name, pending.state, TenderState.REVIEW))
            return [h.Refused(_about(Say.DOUBT_REVIEW, desk, pending.card.number, 0))], None
        return self._uncertain(desk, event, pending, finish), None

    def _uncertain(
        self, desk: Desk, event: DebitEnded, pending: Pending, finish: Finish
    ) -> Happenings:
        finish(lambda: self._journal.debits.save_doubt(self._subject(event.name)))
        self._now_in(TenderState.CARD_UNSURE)
        self._doubts = self._journal.debits.doubts()
        if self._reader.tap is not None:
            self._reader.read_card(self._reader.tap, asked=False)
        total, number = pending.sale.total, pending.card.number
        return [h.InDoubt(_about(Say.PUT_SAME_CARD_BACK, desk, number, total))]

    def seen(self, desk: Desk, card: "TappedCard", tap: int) -> Happenings | None:
        """A card was read: asked what it did when it is in doubt; None: it is a card like any."""
        doubt = self._doubt_of(card)
        if doubt is not None:
            self._jobs.judge((doubt.op, doubt.attempt), doubt.intent, card, tap)
            return []
        if not self.is_in_doubt:
            return None
        pending = self._cashbox.pending
        assert pending is not None, "a basket in doubt has a tender"
        return [h.InDoubt(_about(Say.OTHER_CARD, desk, pending.card.number, pending.sale.total))]

    def _doubt_of(self, card: "TappedCard") -> Doubt | None:
        serial = card.purse.serial if card.purse is not None else None
        return next((one for one in self._doubts if one.intent.card_serial == serial), None)

    def judged(
        self, desk: Desk, event: DebitJudged, finish: Finish
    ) -> tuple[Happenings, SavedSale | None]:
        """What the card in doubt has said; the sale too, when it is the one on the desk."""
        doubt = next((d for d in self._doubts if (d.op, d.attempt) == event.name), None)
        if doubt is None:
            return [], None
        pending = self._pending(event.name)
        resolution = event.resolution
        verdict = resolution.verdict if resolution else Verdict.IN_DOUBT
        log.info("doubt about %d fen: %s", doubt.intent.amount, verdict)
        if resolution is not None and verdict in (Verdict.COMMITTED, Verdict.COMMITTED_NO_TAC):
            return self._proved(desk, doubt, resolution, finish)
        if verdict is Verdict.NOT_COMMITTED:
            finish(lambda: self._not_taken(event.name, doubt.state, Code.REVERSED))
            return self._back(desk, doubt, pending), None
        if verdict is Verdict.REVIEW:
            finish(lambda: self._judged(event.name, doubt.state, TenderState.REVIEW))
            message = _about(Say.DOUBT_REVIEW, desk, doubt.card, doubt.intent.amount)
            return [h.Refused(message) if pending else h.Told(message)], None
        message = _about(Say.PUT_SAME_CARD_BACK, desk, doubt.card, doubt.intent.amount)
        return ([h.InDoubt(message)] if pending else [h.Told(message)]), None

    def _proved(
        self, desk: Desk, doubt: Doubt, resolution: Resolution, finish: Finish
    ) -> tuple[Happenings, SavedSale | None]:
        name = (doubt.op, doubt.attempt)
        pending = self._pending(name)
        if doubt.state is TenderState.UNSURE_CASH:
            finish(lambda: self._judged(name, doubt.state, TenderState.OWED))
            return [h.Told(_about(Say.DOUBT_OWED, desk, doubt.card, doubt.intent.amount))], None
        tender = pending or doubt
        kept = finish(lambda: self._paid(name, tender, doubt.intent, resolution.tac))
        if pending is not None:
            return [], kept
        rows = self._paper.receipt(kept, desk.catalog, desk.language)
        self._paper.print_receipt(kept, rows)
        return [h.Told(_about(Say.DOUBT_PAID, desk, doubt.card, doubt.intent.amount))], None

    def _back(self, desk: Desk, doubt: Doubt, pending: Pending | None) -> Happenings:
        message = _about(Say.DOUBT_NOT_TAKEN, desk, doubt.card, doubt.intent.amount)
        if pending is not None:
            return [h.Refused(message)]
        if doubt.state is TenderState.UNSURE_CASH:
            return [h.Told(message)]
        prices = self._journal.baskets.catalog(doubt.sale.list_version)
        return [h.GoodsBack(_basket_of(doubt.sale, prices), message)]

    # The cashier gives up.

    def give_up(
        self, desk: Desk, action: h.GiveUp, finish: Finish
    ) -> tuple[Happenings, SavedSale | None]:
        """The doubt stays; the basket is sold for cash, or its goods stay here."""
        pending = self._cashbox.pending
        assert pending is not None, "only a basket in doubt is given up"
        subject = self._subject((pending.op, pending.attempt))
        reason = ReverseReason.CANCELLED
        kept = None
        if action.cash:
            facts = Counter(desk.cashier, desk.catalog.version, desk.policy)
            cash = self._cashbox.cash_for(pending, facts)
            kept = finish(lambda: self._journal.debits.cash_instead(subject, cash, reason))
        else:
            finish(lambda: self._journal.debits.park(subject, pending.state, reason))
        self._cashbox.pending = None
        self._doubts = self._journal.debits.doubts()
        if kept is not None:
            return [], kept
        message = _about(Say.DOUBT_PARKED, desk, pending.card.number, pending.sale.total)
        message = replace(message, params={**message.params, "count": str(self.doubts)})
        self._paper.print_slip(pending.sale.day, pending.op, message, desk.language)
        return [h.Parked(message)], None

    def recover(self, desk: Desk) -> Happenings:
        """There is room on the disk again: what the full disk left open is parked or closed."""
        pending = self._cashbox.pending
        assert pending is not None, "called with a tender under way"
        name = (pending.op, pending.attempt)
        total, number = pending.sale.total, pending.card.number
        if pending.state is TenderState.INTENT:
            self._not_taken(name, pending.state, Code.REVERSED)
            return [h.Told(_about(Say.DOUBT_NOT_TAKEN, desk, number, total))]
        self._journal.debits.park(self._subject(name), pending.state, ReverseReason.NO_ANSWER)
        self._closed(name)
        message = _about(Say.DOUBT_PARKED, desk, number, total)
        return [h.Parked(replace(message, params={**message.params, "count": str(self.doubts)}))]

    # Small steps.

    def _paid(
        self, name: tuple[bytes, int], tender: Pending | Doubt, intent: "DebitIntent", tac: bytes
    ) -> SavedSale:
        _must(tender.state, TenderEvent.PROVED)
        sale = _with_proof(tender.sale, proof_of(intent, tac))
        kept: SavedSale = self._journal.debits.save_paid(
            self._subject(name), tender.state, sale, intent.balance_after
        )
        self._closed(name)
        return kept

    def _not_taken(self, name: tuple[bytes, int], old: TenderState, code: int) -> None:
        _must(old, TenderEvent.NOT_TAKEN)
        self._journal.debits.save_not_taken(self._subject(name), old, code)
        self._closed(name)

    def _judged(self, name: tuple[bytes, int], old: TenderState, new: TenderState) -> None:
        reason = ReverseReason.CANCELLED
        self._journal.debits.save_judged(self._subject(name), old, new, reason)
        self._closed(name)

    def _closed(self, name: tuple[bytes, int]) -> None:
        if self._pending(name) is not None:
            self._cashbox.pending = None
        self._doubts = self._journal.debits.doubts()

    def _now_in(self, state: TenderState) -> None:
        pending = self._cashbox.pending
        assert pending is not None, "only the tender under way changes its state here"
        self._cashbox.pending = replace(pending, state=state)

    def _pending(self, name: tuple[bytes, int]) -> Pending | None:
        pending = self._cashbox.pending
        return pending if pending and (pending.op, pending.attempt) == name else None

    def _subject(self, name: tuple[bytes, int]) -> Subject:
        return Subject(*name, self._clock.wall_ms())


def _must(state: TenderState, event: TenderEvent) -> None:
    _, effect = after(state, event)
    assert effect is not Effect.NOTHING, f"{event} means nothing in {state}"


def _basket_of(sale: Sale, prices: Catalog | None) -> Basket:
    """The goods with their member: lines at a member's price are never sold to nobody."""
    member = Member(sale.member, sale.level) if sale.member is not None else None
    return Basket(tuple(Item(line) for line in sale.lines), member, catalog=prices)


def _with_proof(sale: Sale, proof: bytes) -> Sale:
    tender = msgspec.structs.replace(sale.tenders[0], proof=proof)
    return msgspec.structs.replace(sale, tenders=[tender, *sale.tenders[1:]])


def _code(error: CardError) -> Code:
    if isinstance(error, InsufficientBalance):
        return Code.INSUFFICIENT
    return Code.BLOCKED if isinstance(error, CardBlocked) else Code.REVERSED


def _about(say: Say, desk: Desk, number: int, total: int) -> Message:
    severity = Severity.DONE if say is Say.DOUBT_PAID else Severity.WARN
    return Message(say, severity, {"number": masked(number), "total": desk.money(total)})


def _error_message(error: CardError, desk: Desk, pending: Pending) -> Message:
    total = desk.money(pending.sale.total)
    if isinstance(error, InsufficientBalance):
        left = error.params.get("balance", pending.card.balance or 0)
        balance = desk.money(int(left))
        return Message(Say.INSUFFICIENT, Severity.WARN, {"balance": balance, "total": total})
    if isinstance(error, CardBlocked):
        return Message(Say.CARD_BLOCKED, Severity.WARN)
    if isinstance(error, SamMissing):
        name = pending.card.scheme or "steelyard"
        return Message(Say.CITY_NO_MODULE, Severity.WARN, {"name": name})
    if isinstance(error, (CardRefused, NotAllowed)):
        reason = error.code.replace("_", "-")
        return Message(Say.CARD_UNREADABLE, Severity.WARN, {"reason": reason})
    return Message(Say.DOUBT_NOT_TAKEN, Severity.WARN, {"total": total, "number": ""})
