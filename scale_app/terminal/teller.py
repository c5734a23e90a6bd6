"""Carries out the closing of a basket: saves, asks, believes the answer, tells the checkout.

Order of every step: durable first, then said. When the disk is full the reserve is given up so
that what was begun can be finished; no new sale begins before the reserve can be held again.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from broker.messages import Code, ReverseReason, Welcome
from broker.refund import When
from broker.sale import SaleKind, TenderKind
from scale_app.checkout import happenings as h
from scale_app.checkout.desk import Desk
from scale_app.errors import JournalFull
from scale_app.journal.database import Reserve
from scale_app.journal.kept import SavedSale
from scale_app.journal.store import Journal
from scale_app.say import Say
from scale_app.terminal.answers import refusal_message, stand_in_message
from scale_app.terminal.cashbox import Cashbox, Counter, DayRule, Unwanted
from scale_app.terminal.clock import Clock
from scale_app.terminal.devices import Reader
from scale_app.terminal.happened import DebitEnded, DebitJudged
from scale_app.terminal.news import SaleAnswered, SaleUnanswered
from scale_app.terminal.office_line import OfficeLine
from scale_app.terminal.paper import Paper
from scale_app.terminal.purse_jobs import PurseJobs
from scale_app.terminal.purse_till import PurseTill
from scale_app.terminal.second_person import SecondPerson
from scale_app.terminal.undo import UndoLast
from scale_app.terminal.voids import Voids
from scale_app.view import Message, Severity

log = logging.getLogger("steelyard.teller")

ASK_SLOW_S = 2.0
LOOK_EVERY_S, TELL_AGAIN_S = 60.0, 3_600.0
"""The room on the disk is looked at so often, and a warning said again after so long."""

Happenings = Iterable[h.Happening]
Kept = TypeVar("Kept")


class Teller:
    """The money steps of the core."""

    def __init__(
        self, journal: Journal, office: OfficeLine, *, reader: Reader, jobs: PurseJobs,
        second: SecondPerson, paper: Paper, reserve: Reserve, clock: Clock,
    ) -> None:  # fmt: skip
        heading = paper.heading("en")
        self.cashbox = Cashbox(journal, clock, DayRule(heading.zone, paper.cutoff_hour))
        self.purse = PurseTill(
            journal, office, self.cashbox, reader=reader, jobs=jobs, paper=paper, clock=clock
        )
        self._undo = UndoLast(journal, clock)
        self._voids = Voids(journal, clock, second)
        self._journal = journal
        self._office = office
        self._reader = reader
        self._paper = paper
        self._reserve = reserve
        self._asked_at: float | None = None
        self._slow_told = False
        self._look_at = 0.0

    def welcomed(self, welcome: Welcome) -> None:
        """Zone and cut-off as the back-office told them."""
        self.cashbox.day_rule = DayRule(welcome.zone, welcome.cutoff_hour)

    def asking_for(self, now: float) -> float:
        """Seconds since the open question was asked; 0 when there is none."""
        return now - self._asked_at if self._asked_at is not None else 0.0

    def pay_cash(self, desk: Desk, action: h.PayCash, now: float) -> Happenings:
        """Exact cash."""
        self._room_for_a_sale()
        facts = Counter(desk.cashier, desk.catalog.version, desk.policy)
        kept = self._finished(lambda: self.cashbox.pay_cash(action.number, action.basket, facts))
        self._office.grew(now)
        return [self._told(desk, kept)]

    def pay_card(self, desk: Desk, action: h.PayCard, now: float) -> Happenings:
        """Intent first, then the question; a purse on a chip is asked itself."""
        self._room_for_a_sale()
        if action.card.on_chip:
            return self.purse.pay(desk, action, now)
        may = None if self._office.signed_on else self._stand_in_refusal(desk, action, now)
        if may is not None:
            return [h.Refused(may)]
        facts = Counter(desk.cashier, desk.catalog.version, desk.policy)
        intent = self.cashbox.begin_card(action.number, action.basket, action.card, facts)
        pending = self.cashbox.pending
        assert pending is not None, "an intent was saved just now"
        if not self._office.signed_on:
            return self._stood_in(desk, now)
        self._office.ask_sale(pending.op, pending.attempt, intent, now)
        self.cashbox.sent()
        self._asked_at, self._slow_told = now, False
        return []

    def _stand_in_refusal(self, desk: Desk, action: h.PayCard, now: float) -> Message | None:
        stand_ins, card, total = self._office.stand_ins, action.card.number, action.basket.total
        reason = stand_ins.refusal(card, total, now)
        if reason is None:
            return None
        limit = desk.money(stand_ins.room(card, now))
        return stand_in_message(reason, total=desk.money(total), limit=limit)

    def _stood_in(self, desk: Desk, now: float) -> Happenings:
        """The sale is paid by the limits; whatever is answered later comes too late."""
        kept = self._finished(self.cashbox.stood_in)
        assert not isinstance(kept, Unwanted), "asked for only while the question is open"
        self._asked_at = None
        self._office.forget_sale()
        self._office.grew(now)
        return [self._told(desk, kept)]

    def give_up(self, desk: Desk, action: h.GiveUp, now: float) -> Happenings:
        """The cashier chose cash, or nothing; the card operation is undone either way."""
        pending = self.cashbox.pending
        if pending is None or pending.number != action.number:
            return []
        if self.purse.is_in_doubt:
            return self._purse(desk, self.purse.give_up(desk, action, self._finished), now)
        if not action.cash:
            return self._not_charged(desk, ReverseReason.CANCELLED, Say.GIVEN_UP, now)
        facts = Counter(desk.cashier, desk.catalog.version, desk.policy)
        kept = self._finished(lambda: self.cashbox.cash_instead(facts))
        self._asking_ended(now)
        return [self._told(desk, kept)] if kept else []

    def ask_undo(self, desk: Desk, _action: h.AskUndo, now: float) -> Happenings:
        """May the last sale be taken back? Else: which older one?"""
        offered = self._undo.offered(desk)
        return [offered] if offered else self.ask_sales(desk, h.AskSales(0), now)

    def ask_sales(self, desk: Desk, action: h.AskSales, _now: float) -> Happenings:
        """Sales of the shift to choose from."""
        return [self._voids.offered(desk, action.page, self.cashbox.day_rule.zone)]

    def void(self, desk: Desk, action: h.Void, now: float) -> Happenings:
        """A closed sale is given back, if the second person's PIN fits."""
        self._room_for_a_sale()
        when = When(self.cashbox.today(), self._journal.standing().shift, desk.cashier)
        kept = self._finished(lambda: self._voids.refunded(action, when))
        if isinstance(kept, Message):
            is_gone = kept.code == Say.NOTHING_TO_UNDO
            return [h.Refused(kept) if is_gone else h.PinRefused(kept)]
        self._office.grew(now)
        return [self._told(desk, kept)]

    def checkpoint(self, desk: Desk, action: h.Checkpoint, evidence: bytes) -> Happenings:
        """The open basket is kept, and what its last line was weighed from."""
        version = desk.catalog.version
        self._journal.keep_basket(action.basket, evidence, list_version=version)
        return []

    def park(self, _desk: Desk, action: h.Park, _now: float) -> Happenings:
        """The basket is put aside, or fetched, or both."""
        self._journal.baskets.park(action.slot, action.parked, action.basket)
        return []

    def undo(self, desk: Desk, action: h.Undo, now: float) -> Happenings:
        """The last sale is given back, for the reason chosen."""
        self._room_for_a_sale()
        when = When(self.cashbox.today(), self._journal.standing().shift, desk.cashier)
        kept = self._finished(lambda: self._undo.refunded(action, when))
        if kept is None:
            return [h.Refused(Message(Say.NOTHING_TO_UNDO, Severity.WARN))]
        self._office.grew(now)
        return [self._told(desk, kept)]

    def answered(self, desk: Desk, news: SaleAnswered, now: float) -> Happenings:
        """The back-office said yes or no; too late, it changes nothing."""
        pending = self.cashbox.pending
        if not news.decides:
            return self._undecided(desk, news, now)
        if news.code != Code.OK:
            return self._declined(desk, news, now)
        balance = news.content.balance if news.content else None
        kept = self._finished(lambda: self.cashbox.approved(news.op, news.attempt, balance))
        if isinstance(kept, Unwanted) or pending is None:
            log.warning("an approval came too late and is not used")
            return []
        self._asked_at = None
        self._office.grew(now)
        self._office.stand_ins.saw(pending.card.number)
        if news.content is not None and news.content.token:
            card = pending.card.number
            self._reader.write_token(card, news.content.token_seq, news.content.token)
        return [self._told(desk, kept)]

    def _undecided(self, desk: Desk, news: SaleAnswered, now: float) -> Happenings:
        """Refused, and not known to be declined: undone, whatever became of it."""
        pending = self.cashbox.pending
        reason = ReverseReason.NO_ANSWER
        if pending is None or not self._finished(
            lambda: self.cashbox.no_answer(news.op, news.attempt, reason)
        ):
            return []
        self._asking_ended(now)
        return [h.Refused(refusal_message(news.code, None, desk, pending.basket))]

    def debit_ended(self, desk: Desk, event: DebitEnded, now: float) -> Happenings:
        """The card thread's word on a debit."""
        return self._purse(desk, self.purse.ended(desk, event, self._finished), now)

    def debit_judged(self, desk: Desk, event: DebitJudged, now: float) -> Happenings:
        """What a card in doubt has said."""
        return self._purse(desk, self.purse.judged(desk, event, self._finished), now)

    def _purse(
        self, desk: Desk, came: tuple[Happenings, SavedSale | None], now: float
    ) -> Happenings:
        happenings, kept = came
        self._office.grew(now)
        return [*happenings, self._told(desk, kept)] if kept is not None else happenings

    def _declined(self, desk: Desk, news: SaleAnswered, now: float) -> Happenings:
        pending = self.cashbox.pending
        wanted = self._finished(lambda: self.cashbox.declined(news.op, news.attempt, news.code))
        if not wanted or pending is None:
            return []
        self._asked_at = None
        self._office.grew(now)
        message = refusal_message(news.code, news.content, desk, pending.basket)
        level = None
        if news.code == Code.PRICE_LEVEL and news.content is not None:
            level = news.content.level
        return [h.Refused(message, level)]

    def unanswered(self, desk: Desk, news: SaleUnanswered, now: float) -> Happenings:
        """Three questions, no answer: the card is not charged, whatever became of them."""
        pending = self.cashbox.pending
        if pending is None or (pending.op, pending.attempt) != (news.op, news.attempt):
            return []
        card, total = pending.card.number, pending.sale.total
        if self._office.stand_ins.refusal(card, total, now) is None:
            return self._stood_in(desk, now)
        return self._not_charged(desk, ReverseReason.NO_ANSWER, Say.NOT_CHARGED, now)

    def _not_charged(self, desk: Desk, reason: ReverseReason, say: Say, now: float) -> Happenings:
        pending = self.cashbox.pending
        assert pending is not None, "only a question under way ends unanswered"
        self._finished(lambda: self.cashbox.no_answer(pending.op, pending.attempt, reason))
        self._asking_ended(now)
        total = desk.money(pending.sale.total)
        return [h.NotCharged(Message(say, Severity.WARN, {"total": total}))]

    def _asking_ended(self, now: float) -> None:
        self._asked_at = None
        self._office.forget_sale()
        self._office.grew(now)
        self._office.undoing.wanted(now)

    def tick(self, desk: Desk, now: float) -> Happenings:
        """After two seconds of waiting the cashier may choose; a disk nearly full is told."""
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY_S
            yield from self._little_room(now)
        yield from self._waited(desk, now)

    def _little_room(self, now: float) -> Happenings:
        left = self._reserve.little_left()
        if left is None:
            return []
        self._look_at = now + TELL_AGAIN_S
        params = {"megabytes": str(left // 1_000_000)}
        return [h.Told(Message(Say.DISK_LOW, Severity.WARN, params))]

    def _waited(self, desk: Desk, now: float) -> Happenings:
        if self.purse.next_due() is not None:
            return self.purse.tick(desk, now)
        if self._asked_at is None or self._slow_told or self.asking_for(now) < ASK_SLOW_S:
            return []
        self._slow_told = True
        return [h.AskSlow()]

    def next_due(self) -> float | None:
        """Monotonic second of the next tick that matters."""
        if self.purse.next_due() is not None:
            return self.purse.next_due()
        waits = self._asked_at is not None and not self._slow_told
        return self._asked_at + ASK_SLOW_S if waits and self._asked_at is not None else None

    def recover(self, desk: Desk, now: float) -> Happenings:
        """There is room again: what could not be finished is undone, and selling goes on."""
        if not self._reserve.hold():
            return []
        if self.cashbox.pending is None:
            return [h.Recovered()]
        if self.cashbox.pending.card.on_chip:
            recovered = [h.Recovered(), *self.purse.recover(desk)]
            self._office.grew(now)
            return recovered
        ended = self._not_charged(desk, ReverseReason.NO_ANSWER, Say.NOT_CHARGED, now)
        return [h.Recovered(), *(h.Told(e.message) for e in ended if isinstance(e, h.NotCharged))]

    def _room_for_a_sale(self) -> None:
        if not self._reserve.hold():
            raise JournalFull("the reserve cannot be held")

    def _finished(self, save: Callable[[], Kept]) -> Kept:
        try:
            return save()
        except JournalFull:
            if not self._reserve.is_held:
                raise
            log.warning("the disk is full: the reserve is given up to finish this sale")
            self._reserve.give_up()
            return save()

    def _told(self, desk: Desk, kept: SavedSale) -> h.Saved:
        rows = self._paper.receipt(kept, desk.catalog, desk.language)
        self._paper.print_receipt(kept, rows)
        total = desk.money(kept.sale.total)
        if kept.sale.kind == SaleKind.REFUND:
            message = Message(Say.SALE_UNDONE, Severity.DONE, {"total": total})
        elif kept.sale.tenders[0].kind == TenderKind.CASH:
            message = Message(Say.PAID_CASH, Severity.DONE, {"total": total})
        elif kept.offline:
            message = Message(Say.PAID_OFFLINE, Severity.DONE, {"total": total})
        else:
            balance = "" if kept.balance is None else desk.money(kept.balance)
            params = {"total": total, "balance": balance}
            message = Message(Say.PAID_CARD, Severity.DONE, params)
        return h.Saved(rows, kept.receipt, message, kept.balance)
