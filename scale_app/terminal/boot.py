"""The start: opens the journal, takes back what was not finished, finds the open basket again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from broker.messages import ReverseReason
from broker.units import decimal_text
from scale_app.catalog import NO_CATALOG, Catalog, catalog_of
from scale_app.checkout.desk import masked
from scale_app.checkout.happenings import Opened
from scale_app.config import Settings
from scale_app.journal.database import DISK, Disk
from scale_app.journal.debits import Doubt
from scale_app.journal.entries import Subject
from scale_app.journal.kept import SavedSale
from scale_app.journal.rescue import renew
from scale_app.journal.signing_key import NAME as KEY_FILE
from scale_app.journal.store import Journal
from scale_app.journal.trail import flat
from scale_app.receipt import time_text
from scale_app.say import Say
from scale_app.tender_machine import TenderState
from scale_app.terminal.clearing import Clearing
from scale_app.terminal.clock import Clock
from scale_app.terminal.devices import Reader
from scale_app.terminal.happened import Happened
from scale_app.terminal.office_line import OfficeLine
from scale_app.terminal.paper import Paper
from scale_app.terminal.purse_jobs import PurseJobs
from scale_app.terminal.second_person import SecondPerson
from scale_app.terminal.teller import Teller
from scale_app.view import Message, Severity

log = logging.getLogger("steelyard.boot")

LAST_SALE_MS = 600_000
"""A paid sale younger than this is shown after a start."""

FRESH_DOUBTS = (TenderState.CARD_DEBIT, TenderState.CARD_UNSURE)


@dataclass(slots=True)
class Books:
    """Everything that stands on the open journal."""

    journal: Journal
    office: OfficeLine
    teller: Teller
    paper: Paper
    catalog: Catalog
    clock: Clock
    clearing: Clearing
    undone: tuple[int, ...]
    in_doubt: tuple[Doubt, ...]
    """Purses that were told to pay just before the stop."""

    def opened(self, language: str) -> Opened:
        """Where the till stands after the start."""
        basket, parked = self.journal.open_basket(), self.journal.baskets.parked()
        ready = self.journal.standing().epoch > 0 and self.catalog is not NO_CATALOG
        last = self._last_sale()
        message: Message | None = None
        receipt: tuple[str, ...] = ()
        if self.in_doubt:
            doubt = self.in_doubt[-1]
            params = {"total": self._money(doubt.intent.amount), "number": masked(doubt.card)}
            message = Message(Say.LAST_SALE_IN_DOUBT, Severity.WARN, params)
        elif self.undone:
            params = {"total": self._money(self.undone[-1])}
            message = Message(Say.LAST_SALE_UNDONE, Severity.WARN, params)
        elif last is not None:
            message = self._paid(last)
            receipt = self.paper.receipt(last, self.catalog, language, copy=True)
        elif basket.items:
            params = {"lines": str(len(basket.items))}
            message = Message(Say.BASKET_RESTORED, Severity.INFO, params)
        return Opened(
            basket.catalog or self.catalog,
            ready,
            tuple(basket.lines),
            basket.member,
            message,
            receipt,
            parked,
        )

    def _last_sale(self) -> SavedSale | None:
        last = next(iter(self.journal.last_sales(1)), None)
        if last is None or self.clock.wall_ms() - last.at > LAST_SALE_MS:
            return None
        return last

    def _paid(self, last: SavedSale) -> Message:
        zone = self.paper.heading("en").zone
        params = {
            "receipt": f"{last.receipt:06d}",
            "total": self._money(last.sale.total),
            "time": time_text(last.at, zone)[11:16],
        }
        return Message(Say.LAST_SALE_PAID, Severity.DONE, params)

    def _money(self, minor: int) -> str:
        return decimal_text(minor, self.paper.heading("en").exponent)


def open_books(
    settings: Settings, reader: Reader, clock: Clock, put: Callable[[Happened], None],
    *, disk: Disk = DISK,
) -> Books:  # fmt: skip
    """The journal, verified, with every intent that has no outcome taken back.

    Raises:
        JournalError: it cannot be opened, or its chain does not hold.
    """
    file = settings.state_directory / "journal.db"
    key = disk.signing_key(settings.state_directory / KEY_FILE)
    journal = Journal(file, settings.terminal, clock.wall_ms(), disk=disk, key=key)
    entries = journal.verify()
    undone = journal.undo_open_intents(clock.wall_ms(), ReverseReason.RESTARTED)
    in_doubt = _parked(journal, clock.wall_ms())
    log.info(
        "journal of %d entries, %d operations to undo, %d cards in doubt",
        entries, len(undone), len(journal.debits.doubts()),
    )  # fmt: skip
    prices = journal.prices()
    catalog = catalog_of(prices) if prices is not None else NO_CATALOG
    paper = Paper(settings, journal.welcome(), _settings_noted(journal, settings, clock.wall_ms()))
    office = OfficeLine(
        settings.terminal,
        key=settings.enrolment.mac_key,
        key_number=settings.enrolment.terminal.key_number,
        office_key=settings.enrolment.office_key,
        journal=journal,
        clock=clock,
    )
    office.lists.version = catalog.version
    reserve = disk.reserve(settings.state_directory / "reserve.bin")
    teller = Teller(
        journal, office, reader=reader, jobs=PurseJobs(reader, settings.terminal, put),
        second=SecondPerson(
            journal, clock, stand_ins=office.stand_ins, terminal_key=settings.enrolment.mac_key
        ),
        paper=paper, reserve=reserve, clock=clock,
    )  # fmt: skip
    clearing = Clearing(journal, clock, office, settings.till.keep_days)
    return Books(journal, office, teller, paper, catalog, clock, clearing, tuple(undone), in_doubt)


def renewed(settings: Settings, clock: Clock) -> Message:
    """Begins a new journal in the place of the damaged one; what became of its records.

    Raises:
        JournalError: the disk does not let us.
    """
    file = settings.state_directory / "journal.db"
    rescued = renew(file, settings.terminal, clock.wall_ms())
    lost = "?" if rescued.lost is None else str(rescued.lost)
    params = {"count": str(rescued.carried), "lost": lost, "file": rescued.kept.name}
    return Message(Say.JOURNAL_RENEWED, Severity.WARN, params)


def _settings_noted(journal: Journal, settings: Settings, now_ms: int) -> int:
    """The counter of changed scale settings, this start's change included."""
    change = journal.trail.note(flat(settings.weighing), now_ms)
    if change is not None and change.number:
        log.warning("scale settings changed (%d): %s", change.number, change.in_words())
    return journal.trail.count()


def _parked(journal: Journal, now_ms: int) -> tuple[Doubt, ...]:
    """Debits that the stop interrupted: they wait for their cards, the goods stay here."""
    fresh = [one for one in journal.debits.doubts() if one.state in FRESH_DOUBTS]
    for one in fresh:
        subject = Subject(one.op, one.attempt, now_ms)
        journal.debits.park(subject, one.state, ReverseReason.RESTARTED)
    return tuple(fresh)
