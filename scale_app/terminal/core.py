"""What happens to each event: the checkout's table decides, this carries it out.

Runs in one thread and owns journal, checkout, scale snapshot and the talk with the back-office.
A fault of the journal stops selling with a sentence; nothing is ever half done.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from scale_app.catalog import NO_CATALOG
from scale_app.checkout import happenings as h
from scale_app.checkout.desk import Desk, RenewJournal, TapMode
from scale_app.checkout.table import step
from scale_app.config import Settings
from scale_app.errors import JournalDamaged, JournalError, JournalFull
from scale_app.events import BarcodeScanned, KeyPressed
from scale_app.journal.database import DISK, Disk
from scale_app.pack_label import PackLabel
from scale_app.say import Say
from scale_app.terminal import happened
from scale_app.terminal.answers import journal_message, sign_on_message
from scale_app.terminal.boot import Books, open_books, renewed
from scale_app.terminal.clock import Clock
from scale_app.terminal.devices import Reader, Scale
from scale_app.terminal.labels import print_label
from scale_app.terminal.link import Connect, Wire, open_link
from scale_app.terminal.news import (
    BalanceAnswered,
    News,
    PricesCame,
    SaleAnswered,
    SaleUnanswered,
    SignedOn,
    SignOnRefused,
    WentOffline,
)
from scale_app.terminal.reports import TOLD, close_shift, office_lost, told, x_report
from scale_app.terminal.show import till_view
from scale_app.terminal.sold import Sold, sold
from scale_app.terminal.surroundings import Watch
from scale_app.terminal.taps import Taps
from scale_app.view import Message, Severity, Stage, TillView
from scale_app.weighing import legal
from scale_app.weighing.evidence import Circumstances

log = logging.getLogger("steelyard.core")

CLOCK_SKEW_S = 120
TICK_S = 0.25

Happenings = Iterable[h.Happening]


class Core:
    """One till from the inside; every method runs in the core thread."""

    def __init__(
        self, settings: Settings, put: Callable[[happened.Happened], None], clock: Clock,
        connect: Connect = open_link, *, disk: Disk = DISK, scale: Scale | None = None,
        reader: Reader | None = None,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._put = put
        self._clock = clock
        self._connect = connect
        self._disk = disk
        self._books: Books | None = None
        self._link: Wire | None = None
        self._scale = scale or Scale(settings)
        self._reader = reader or Reader(settings)
        self._taps = Taps(self._reader)
        self._watch = Watch(settings, clock)
        self.wants_to_quit = False
        self._may_recover = False
        self._sold: Sold | None = None
        terminal = settings.enrolment.terminal
        self._desk = Desk(
            tap_mode=TapMode(settings.till.tap),
            language=settings.till.language,
            cashier=settings.till.cashier,
            exponent=terminal.exponent,
            pan=self._scale.pan(),
        )
        self._actions: dict[type, Callable[[Any, float], Happenings]] = {
            h.TakeWeight: self._take_weight,
            h.ReleaseWeight: self._release_weight,
            h.ProductTare: self._product_tare,
            h.TypeTare: self._type_tare,
            h.WeighTare: self._weigh_tare,
            h.ClearTare: self._clear_tare,
            h.PayCash: lambda a, now: self._open_books.teller.pay_cash(self._desk, a, now),
            h.PayCard: lambda a, now: self._open_books.teller.pay_card(self._desk, a, now),
            h.GiveUp: lambda a, now: self._open_books.teller.give_up(self._desk, a, now),
            h.Park: lambda a, now: self._open_books.teller.park(self._desk, a, now),
            h.AskUndo: lambda a, now: self._open_books.teller.ask_undo(self._desk, a, now),
            h.Undo: lambda a, now: self._open_books.teller.undo(self._desk, a, now),
            h.AskSales: lambda a, now: self._open_books.teller.ask_sales(self._desk, a, now),
            h.Void: lambda a, now: self._open_books.teller.void(self._desk, a, now),
            h.AskBalance: self._ask_balance,
            h.ReadCard: self._read_again,
            h.Checkpoint: lambda a, _now: self._open_books.teller.checkpoint(
                self._desk, a, self._scale.evidence
            ),
            PackLabel: lambda a, now: print_label(self._open_books, self._scale, a, now),
            h.ShowX: lambda _a, _now: [x_report(self._open_books, self._desk)],
            h.CloseShift: self._close_shift,
            RenewJournal: self._renew,
            h.Quit: self._quit,
        }

    @property
    def _open_books(self) -> Books:
        assert self._books is not None, "nothing is sold before the journal is open"
        return self._books

    # Opening and closing.

    def open(self) -> None:
        """Opens the journal, then the doors; whatever fails is said on the screen."""
        try:
            self._books = open_books(
                self._settings, self._reader, self._clock, self._put, disk=self._disk
            )
        except JournalError as error:
            log.error("the journal cannot be opened: %s", error)  # noqa: TRY400
            self._happen(self._stopped(error))
            return
        self._taps.books = self._books
        log.info("weighing software %s", legal.identification())
        self._happen(h.NewDay(self._books.teller.cashbox.today()))
        self._happen(self._books.opened(self._desk.language))
        if self._desk.catalog.version != self._books.catalog.version:  # the open basket's own
            self._happen(h.NewCatalog(self._books.catalog))
        self._scale.open(self._put)
        self._open_link(self._books)
        reader_fault = self._reader.open(self._put)
        if reader_fault is not None:
            self._happen(h.Told(reader_fault))

    def _open_link(self, books: Books) -> None:
        try:
            self._link = self._connect(self._settings, books.office.heartbeat_frame(0), self._put)
        except (OSError, ValueError):
            log.exception("the link cannot be opened")
            return
        link = self._link
        books.office.attach(
            lambda topic, frame, qos, retain: link.publish(topic, frame, qos, retain=retain)
        )

    def close(self) -> None:
        """Ends the doors and closes the journal."""
        if self._books is not None and self._books.office.signed_on:
            self._books.office.say_goodbye()
        if self._link is not None:
            self._link.stop()
        self._reader.close()
        self._scale.close()
        if self._books is not None:
            self._books.journal.close()

    # Events.

    def handle(self, event: happened.Happened) -> None:
        """One event of the queue."""
        now = self._clock.mono()
        if isinstance(event, KeyPressed):
            self._happen(h.KeyIn(event.key, event.text, now))
        elif isinstance(event, BarcodeScanned):
            self._happen(h.Scanned(event.text, now))
        elif isinstance(event, happened.ReadingCame):
            self._scale.feed(event.reading, now)
            self._sold = self._sold and self._sold.after(self._scale.live)
            self._happen(h.PanChanged(self._scale.pan(), now))
        elif isinstance(event, happened.LinkTurned):
            self._link_turned(event, now)
        elif isinstance(event, happened.MessageCame):
            self._message_came(event, now)
        else:
            taps = self._taps
            self._guarded(lambda: self._happen_all(taps.came(event, self._desk, now)))

    def tick(self) -> None:
        """Time passed."""
        now = self._clock.mono()
        before = self._scale.live
        self._scale.tick(now)
        if self._scale.live is not before:
            self._sold = self._sold and self._sold.after(self._scale.live)
            self._happen(h.PanChanged(self._scale.pan(), now))
        self._happen(h.Tick(now))
        if self._books is None:
            return
        books = self._books
        day = books.teller.cashbox.today()
        if day != self._desk.day:
            self._happen(h.NewDay(day))
        self._guarded(lambda: self._tell(books.office.tick(now), now))
        self._guarded(lambda: self._happen_all(books.teller.tick(self._desk, now)))
        is_idle = self._desk.is_idle or self._desk.stage is Stage.PAID
        self._guarded(lambda: books.clearing.tick(is_idle=is_idle))
        stopped = self._desk.stage is Stage.STOPPED
        if stopped and self._may_recover and self._watch.may_retry(now):
            self._guarded(lambda: self._happen_all(books.teller.recover(self._desk, now)))

    def next_due(self) -> float:
        """Monotonic second of the next tick."""
        now = self._clock.mono()
        dues = [now + TICK_S]
        if self._desk.latch is not None:
            dues.append(self._desk.latch.until)
        if self._books is not None:
            dues += [
                due
                for due in (self._books.office.next_due(), self._books.teller.next_due())
                if due is not None
            ]
        return max(now, min(dues))

    def view(self) -> TillView:
        """What is to be seen now."""
        now, live = self._clock.mono(), self._scale.live
        around = self._watch.around(self._books, self._scale.state, self._reader.state, now)
        kept = self._sold and self._sold.view(self._desk, live, around, now)
        return kept or till_view(self._desk, live, around)

    def stop_selling(self, reason: str) -> None:
        """A fault of our own: nothing more is sold, a restart shows what is durable."""
        self._may_recover = False
        message = Message(Say.JOURNAL_BROKEN, Severity.FAULT, {"reason": reason})
        self._happen(h.Stopped(message))

    # From the table to the world and back.

    def _happen(self, happening: h.Happening) -> None:
        now = self._clock.mono()
        todo = deque([happening])
        while todo:
            self._desk, actions = step(self._desk, todo.popleft())
            for action in actions:
                todo.extend(self._performed(action, now))

    def _happen_all(self, happenings: Happenings) -> None:
        for happening in happenings:
            self._happen(happening)

    def _performed(self, action: h.Action, now: float) -> Happenings:
        try:
            return self._actions[type(action)](action, now)
        except JournalError as error:
            log.error("%s failed: %s", type(action).__name__, error)  # noqa: TRY400
            return [self._stopped(error)]

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except JournalError as error:
            log.error("the journal failed: %s", error)  # noqa: TRY400
            self._happen(self._stopped(error))

    def _stopped(self, error: JournalError) -> h.Stopped:
        # Room on the disk can come back; a broken file is trusted again only by a restart.
        self._may_recover = isinstance(error, JournalFull)
        may_renew = self._books is None and isinstance(error, JournalDamaged)
        return h.Stopped(journal_message(error, may_renew=may_renew), may_renew)

    # Scale.

    def _look(self, now: float) -> h.PanChanged:
        return h.PanChanged(self._scale.pan(), now)

    def _take_weight(self, action: h.TakeWeight, now: float) -> Happenings:
        desk, shown, at_ms = self._desk, self._scale.live, self._clock.wall_ms()
        around = Circumstances(at_ms, desk.cashier, legal.digest(), desk.policy.interval)
        ok = action.below_minimum_ok
        taken = self._scale.take(action.seq, now, around, below_minimum_ok=ok)
        if isinstance(taken, str):
            return [h.NotTaken(taken, now)]
        self._sold = sold(desk, shown, taken.seq, now)
        return [h.Taken(taken, now), self._look(now)]

    def _release_weight(self, action: h.ReleaseWeight, now: float) -> Happenings:
        self._scale.release(action.seq, now)
        return [self._look(now)]

    def _product_tare(self, action: h.ProductTare, now: float) -> Happenings:
        refusal = self._scale.product_tare(action.grams, action.plu, now)
        refused = [h.TareDone(refusal=refusal, of_product=True)] if refusal else []
        return [*refused, self._look(now)]

    def _type_tare(self, action: h.TypeTare, now: float) -> Happenings:
        refusal = self._scale.type_tare(Decimal(action.kilograms), now)
        return [h.TareDone(self._scale.tare_text(), refusal), self._look(now)]

    def _weigh_tare(self, _action: h.WeighTare, now: float) -> Happenings:
        refusal = self._scale.weigh_tare(now)
        return [h.TareDone(self._scale.tare_text(), refusal), self._look(now)]

    def _clear_tare(self, _action: h.ClearTare, now: float) -> Happenings:
        self._scale.clear_tare(now)
        return [h.TareDone(), self._look(now)]

    # Cards.

    def _read_again(self, _action: h.ReadCard, _now: float) -> Happenings:
        if self._reader.tap is not None:
            self._reader.read_card(self._reader.tap, asked=True)
        return []

    def _ask_balance(self, action: h.AskBalance, now: float) -> Happenings:
        if self._open_books.office.ask_balance(action.card, now):
            return []
        return [h.BalanceKnown(action.card.number, None)]

    # The back-office.

    def _link_turned(self, event: happened.LinkTurned, now: float) -> None:
        log.info("link: %s", event.why)
        office = self._open_books.office
        self._watch.link_turned(connected=event.connected)
        news = office.link_up(now) if event.connected else office.link_down(event.why)
        self._guarded(lambda: self._tell(news, now))

    def _message_came(self, event: happened.MessageCame, now: float) -> None:
        arrived, office = event.arrived, self._open_books.office
        self._guarded(lambda: self._tell(office.arrived(arrived.topic, arrived.payload, now), now))
        if self._link is not None:
            self._link.acknowledge(arrived)

    def _tell(self, news: Iterable[News], now: float) -> None:
        for one in news:
            self._happen_all(self._meaning(one, now))

    def _meaning(self, news: News, now: float) -> Happenings:
        meaning: dict[type, Callable[[Any], Happenings]] = {
            SaleAnswered: lambda n: self._open_books.teller.answered(self._desk, n, now),
            SaleUnanswered: lambda n: self._open_books.teller.unanswered(self._desk, n, now),
            SignedOn: self._signed_on,
            SignOnRefused: lambda n: [h.Told(sign_on_message(n.code))],
            WentOffline: lambda _n: [h.LinkChanged(online=False)],
            PricesCame: self._new_prices,
            BalanceAnswered: lambda n: self._balance(n, now),
            **dict.fromkeys(TOLD, lambda n: [h.Told(told(n))]),
        }
        meant = meaning.get(type(news))
        return meant(news) if meant else []

    def _signed_on(self, news: SignedOn) -> Happenings:
        books, welcome = self._open_books, news.welcome
        books.paper.welcome = welcome
        books.teller.welcomed(welcome)
        self._watch.signed_on(welcome)
        self._desk = replace(self._desk, exponent=welcome.exponent)
        told: list[h.Happening] = [h.LinkChanged(online=True)]
        told += [h.Told(office_lost(welcome.lost))] if welcome.lost else []
        if self._desk.stage is Stage.NOT_READY and books.catalog is not NO_CATALOG:
            told.append(h.NewCatalog(books.catalog))
        if abs(news.behind_s) > CLOCK_SKEW_S:
            params = {"seconds": str(news.behind_s)}
            told.append(h.Told(Message(Say.CLOCK_WRONG, Severity.WARN, params)))
        return told

    def _new_prices(self, news: PricesCame) -> Happenings:
        catalog = self._open_books.catalog = news.catalog
        params = {"version": str(catalog.version)}
        if self._open_books.journal.standing().epoch == 0:
            return []  # nothing can be journalled yet; the sign-on, still open, begins the selling
        return [h.NewCatalog(catalog), h.Told(Message(Say.NEW_PRICES, Severity.INFO, params))]

    def _balance(self, news: BalanceAnswered, now: float) -> Happenings:
        for_purse = self._open_books.teller.purse.standing_came(self._desk, news, now)
        return _balance_known(news) if for_purse is None else for_purse

    # The rest.

    def _renew(self, _action: RenewJournal, _now: float) -> Happenings:
        told = renewed(self._settings, self._clock)
        self.open()
        return [h.Told(told)]

    def _close_shift(self, _action: h.CloseShift, now: float) -> Happenings:
        shown = close_shift(self._open_books, self._desk)
        self._open_books.office.grew(now)
        return [shown]

    def _quit(self, _action: h.Quit, _now: float) -> Happenings:
        self.wants_to_quit = True
        return []


def _balance_known(news: BalanceAnswered) -> Happenings:
    standing = news.standing
    if standing is None:
        return [h.BalanceKnown(news.card, None)]
    return [h.BalanceKnown(news.card, standing.balance, standing.state)]
