"""A stall whose reader takes purses on a chip: the till's own jobs, on a thread, on a pretend card.

The door is a few lines of this file; everything from the till's queue to the card's memory is the
product's and the pretend card's own. The core turns while the card thread works, as in a till.
"""

import copy
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from card.connection import Connection
from card.errors import CardError, CardGone, JobFailed
from card.layout import CardIdentity, CardKind
from card.pcsc.events import JobDone
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PretendPurse, PurseFaults
from scale_app.terminal.happened import CardCame, CardWent
from tests.card.purses import TILL_KEYS, memory_of
from tests.scale_app.terminal.stall import Stall

OPENING = 5000


class Door:
    """Runs each job on a thread of its own, on the card that lies there."""

    def __init__(self) -> None:
        self.link: InProcess | None = None
        self.tap = 0
        self.threads: list[threading.Thread] = []

    def run(
        self,
        job: Callable[[Connection], Any],
        on_done: Callable[[JobDone[Any]], None],
        *,
        tap: int | None = None,
    ) -> None:
        def work() -> None:
            link = self.link
            if link is None or tap != self.tap:
                on_done(JobDone(None, CardGone()))
                return
            try:
                on_done(JobDone(job(link), None))
            except CardError as error:
                on_done(JobDone(None, error))
            except Exception as error:  # noqa: BLE001  as the door does
                on_done(JobDone(None, JobFailed(reason=repr(error))))

        thread = threading.Thread(target=work)
        self.threads.append(thread)
        thread.start()

    @property
    def is_busy(self) -> bool:
        self.threads = [one for one in self.threads if one.is_alive()]
        return bool(self.threads)

    def stop(self) -> None:
        for one in self.threads:
            one.join(5)


class PurseStall(Stall):
    """A till with a reader for purses."""

    def __init__(self, folder: Path) -> None:
        self.door = Door()
        super().__init__(folder)

    def start(self) -> None:
        super().start()
        self.core._reader._door = cast("Any", self.door)
        self.core._reader._keys = TILL_KEYS
        self.core._reader._put = self.queue.append

    def kill(self) -> None:
        self.door.link = None
        self.settled()
        super().kill()

    def purse(self, balance: int = OPENING, level: int = 1) -> PretendPurse:
        """A card of the office's, its money on the chip."""
        row = self.office.command(
            "card.reserve", chip=f"{len(self.taps):014x}", valid_to=20991231, kind=3, level=level,
            opening=balance,
        )  # fmt: skip
        self.office.command("card.activate", number=row["number"])
        number = cast("int", row["number"])
        self.taps.append(number)
        who = CardIdentity(
            number, CardKind.MEMBER | CardKind.STORED_VALUE, level, 20260101, 20991231
        )
        return PretendPurse(memory_of(who, balance), uid=bytes.fromhex("04A1B2C3D4E5F6"))

    taps: list[int] = []  # noqa: RUF012  numbers of the cards issued; one stall a test

    def put(self, card: PretendPurse, faults: PurseFaults | None = None) -> PretendPurse:
        """Puts the card on the reader; the same memory, its commands counted from one."""
        twin = copy.copy(card)
        twin.apdus, twin.faults = [], faults or PurseFaults()
        self.door.tap += 1
        self.door.link = InProcess(twin)
        self.queue.append(CardCame(self.door.tap))
        self.settled()
        return twin

    def lift(self) -> None:
        """Takes the card off."""
        self.door.link = None
        self.queue.append(CardWent(self.door.tap))
        self.settled()

    def settled(self) -> None:
        """Until neither the card thread nor the queue has anything to do."""
        for _ in range(10_000):
            self.pump()
            if not self.door.is_busy and not self.queue:
                return
            for one in self.door.threads:
                one.join(0.001)
        raise AssertionError("the card thread never ends")

    @property
    def doubts(self) -> int:
        assert self.core._books is not None
        return self.core._books.teller.purse.doubts
