"""The reader of a simulated till: pockets instead of a PC/SC service.

A card with its money at the office is what it holds; a purse is talked with, command by command.
"""

from typing import TYPE_CHECKING, Any, TypeVar

from card.errors import CardGone
from scale_app.terminal import happened
from scale_app.terminal.devices import Reader
from tests.card.purses import TILL_KEYS
from tests.sim import purses
from tests.sim.cards import Card
from tests.sim.disk import PowerCut

if TYPE_CHECKING:
    from collections.abc import Callable

    from card.connection import Connection
    from card.pcsc.events import JobDone
    from card.read import TappedCard
    from tests.sim.till import Till

READ_MS = 150
WRITE_MS = 120
TOLD_MS = (10, 400)

T = TypeVar("T")


class SimReader(Reader):
    """The reader of one till."""

    def __init__(self, till: "Till") -> None:
        super().__init__(till.settings)
        self._till = till

    @property
    def keys(self) -> Any:
        """The keys of purses."""
        return TILL_KEYS

    def read_card(self, tap: int, *, asked: bool) -> None:
        till, started = self._till, self._till.starts
        if isinstance(till.card, purses.Purse):

            def done(ended: "JobDone[TappedCard]") -> None:
                till.turn(happened.CardRead(tap, ended.value, ended.error, asked))

            self.run(purses.read, done, tap)
            return

        def read() -> None:
            if till.starts != started:
                return
            card = till.card if till.tap == tap else None
            found = card.tapped() if isinstance(card, Card) else None
            error = None if found else CardGone()
            till.turn(happened.CardRead(tap, found, error, asked))

        till.agenda.after(READ_MS, f"read {till.code}", read)

    def run(
        self, job: "Callable[[Connection], T]", done: "Callable[[JobDone[T]], None]", tap: int
    ) -> bool:
        """The conversation is had all at once, a little later; its end is told later still."""
        till, started = self._till, self._till.starts

        def work() -> None:
            if till.starts != started or not till.is_on:
                return
            talk = till.talk if till.tap == tap else None
            try:
                ended = purses.talked(job, talk)
            except PowerCut:
                till.cut()
                return
            if talk is not None and talk.is_gone and till.talk is talk:
                till.lift_card()
            till.agenda.after(till.moment(TOLD_MS), f"told {till.code}", lambda: tell(ended))

        def tell(ended: "JobDone[T]") -> None:
            if till.starts == started and till.is_on:
                done(ended)
                till.turn()

        till.agenda.after(READ_MS, f"talk {till.code}", work)
        return True

    def write_token(self, number: int, seq: int, token: bytes) -> None:
        till, tap, card = self._till, self.tap, self._till.card
        if not isinstance(card, Card) or card.number != number:
            return

        def write() -> None:
            if till.tap == tap and till.card is card:
                card.write(seq, token, torn=till.tears())

        till.agenda.after(WRITE_MS, f"write {till.code}", write)
