"""The money steps of one till: each is saved first and only then believed.

Holds the one tender that is under way. `tender_machine` says what an event means; this module
carries its effect into the journal. Errors of the journal go to the caller untouched: nothing is
half done then.
"""

from dataclasses import dataclass, replace
from enum import Enum

from broker.business_day import business_day
from broker.cash_rounding import correction
from broker.messages import ReverseReason
from broker.pricelist import Policy
from broker.sale import Sale, Tender, TenderKind
from scale_app.checkout.basket import Basket, SaleFacts, sale_of
from scale_app.checkout.desk import KnownCard
from scale_app.journal.entries import Appended, Subject
from scale_app.journal.kept import SavedSale, Undo
from scale_app.journal.store import Journal
from scale_app.tender_machine import Effect, TenderEvent, TenderState, after
from scale_app.terminal.clock import Clock


@dataclass(frozen=True, slots=True)
class DayRule:
    """Zone and cut-off of the business day."""

    zone: str
    cutoff_hour: int


@dataclass(frozen=True, slots=True)
class Pending:
    """The card operation under way."""

    number: int
    op: bytes
    attempt: int
    sale: Sale
    basket: Basket
    card: KnownCard
    state: TenderState


class Unwanted(Enum):
    """Why an event changed nothing."""

    TOO_LATE = "too-late"


class Cashbox:
    """Sells one basket at a time."""

    def __init__(self, journal: Journal, clock: Clock, day_rule: DayRule) -> None:
        self._journal = journal
        self._clock = clock
        self.day_rule = day_rule
        self.pending: Pending | None = None
        self._named = (0, b"", 0)
        self.late_answers = 0

    def today(self) -> int:
        """The business day now, YYYYMMDD."""
        return business_day(self._clock.wall_ms(), self.day_rule.zone, self.day_rule.cutoff_hour)

    def pay_cash(self, number: int, basket: Basket, facts: "Counter") -> SavedSale:
        """Sells the basket for exact cash."""
        op, attempt = self._operation(number)
        sale = self._sale(basket, self._cash(basket, facts), facts)
        return self._journal.save_cash(Subject(op, attempt, self._clock.wall_ms()), sale)

    def begin_card(
        self, number: int, basket: Basket, card: KnownCard, facts: "Counter"
    ) -> Appended:
        """Saves the intent; from here on a restart takes the operation back."""
        op, attempt = self._operation(number)
        kind = TenderKind.CITY_CARD if card.scheme else TenderKind.STORED_VALUE
        tender = Tender(
            kind, basket.total, card.number, card.token_seq, card.token, scheme=card.scheme
        )
        sale = self._sale(basket, tender, facts)
        state, effect = after(TenderState.NEW, TenderEvent.PAY)
        assert effect is Effect.SAVE_INTENT, "paying begins with an intent"
        entry = self._journal.save_intent(Subject(op, attempt, self._clock.wall_ms()), sale)
        self.pending = Pending(number, op, attempt, sale, basket, card, state)
        return entry

    def sent(self) -> None:
        """The question is on its way."""
        if self.pending is not None:
            state, _ = after(self.pending.state, TenderEvent.SENT)
            self.pending = replace(self.pending, state=state)

    def approved(self, op: bytes, attempt: int, balance: int | None) -> SavedSale | Unwanted:
        """The back-office said yes."""
        if not self._is_wanted(op, attempt, TenderEvent.APPROVED):
            return Unwanted.TOO_LATE
        kept = self._journal.save_paid(self._subject(op, attempt), balance)
        self.pending = None
        return kept

    def stood_in(self) -> SavedSale | Unwanted:
        """Nobody answers and the limits allow it: the sale is paid, the office books it later."""
        pending = self.pending
        if pending is None or not self._is_wanted(
            pending.op, pending.attempt, TenderEvent.STOOD_IN
        ):
            return Unwanted.TOO_LATE
        subject = self._subject(pending.op, pending.attempt)
        kept = self._journal.offline.save_paid(subject, pending.sale, pending.card.number)
        self.pending = None
        return replace(kept, offline=True)

    def declined(self, op: bytes, attempt: int, code: int) -> bool:
        """The back-office said no; false when nobody waits for that any more."""
        if not self._is_wanted(op, attempt, TenderEvent.REFUSED):
            return False
        self._journal.save_declined(self._subject(op, attempt), code)
        self.pending = None
        return True

    def no_answer(self, op: bytes, attempt: int, reason: ReverseReason) -> bool:
        """The wait is over: the operation is to be undone whatever became of it."""
        event = TenderEvent.NO_ANSWER
        if reason is ReverseReason.CANCELLED:
            event = TenderEvent.CANCELLED
        if not self._is_wanted(op, attempt, event):
            return False
        self._journal.save_reversing(self._subject(op, attempt), reason)
        self.pending = None
        return True

    def cash_instead(self, facts: "Counter") -> SavedSale | None:
        """The same basket for cash, and the card operation undone, in one transaction."""
        pending = self.pending
        if pending is None:
            return None
        _, effect = after(pending.state, TenderEvent.CANCELLED)
        if effect is not Effect.SAVE_REVERSING:
            return None
        subject, sale = self.cash_for(pending, facts)
        kept = self._journal.save_cash(
            subject, sale, Undo(pending.attempt, ReverseReason.CANCELLED)
        )
        self.pending = None
        return kept

    def cash_for(self, pending: Pending, facts: "Counter") -> tuple[Subject, Sale]:
        """The same basket as a cash sale; saves nothing."""
        op, attempt = self._operation(pending.number)
        sale = self._sale(pending.basket, self._cash(pending.basket, facts), facts)
        return self._subject(op, attempt), sale

    def _is_wanted(self, op: bytes, attempt: int, event: TenderEvent) -> bool:
        pending = self.pending
        if pending is None or (pending.op, pending.attempt) != (op, attempt):
            self.late_answers += 1
            return False
        _, effect = after(pending.state, event)
        if effect is Effect.NOTHING:
            self.late_answers += 1
            return False
        return True

    def _subject(self, op: bytes, attempt: int) -> Subject:
        return Subject(op, attempt, self._clock.wall_ms())

    def _operation(self, number: int) -> tuple[bytes, int]:
        """The basket's uid, made once, and a new attempt each time."""
        named, op, attempt = self._named
        if named != number:
            op, attempt = self._clock.uid(), 0
        self._named = (number, op, attempt + 1)
        return op, attempt + 1

    def _cash(self, basket: Basket, facts: "Counter") -> Tender:
        """The total as cash can pay it; other tenders pay it exactly."""
        total = basket.total
        rounding = correction(total, TenderKind.CASH, self.today(), facts.policy.cash)
        return Tender(TenderKind.CASH, total + rounding)

    def _sale(self, basket: Basket, tender: Tender, facts: "Counter") -> Sale:
        shift = self._journal.standing().shift
        interval = facts.policy.interval
        return sale_of(
            basket,
            tender,
            SaleFacts(self.today(), shift, facts.cashier, facts.list_version, interval),
        )


@dataclass(frozen=True, slots=True)
class Counter:
    """Who sells, and by which list."""

    cashier: int
    list_version: int
    policy: Policy
