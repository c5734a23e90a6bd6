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
from card.keys import PurseMaster
from card.layout import CardIdentity, CardKind
from card.pcsc.events import JobDone
from card.purse_facts import OURS
from card.read import public_file
from fixtures.card_des import own_key
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PretendPurse, PurseFaults
from fixtures.purse_memory import Key, Memory
from scale_app.terminal.happened import CardCame, CardWent
from tests.card.purses import MASTERS, KnownKeys
from tests.scale_app.terminal.stall import Stall

OPENING = 5000


class Keys(KnownKeys):
    """The till's keeper, in the clear: one secret for everything that is not a purchase."""

    key_version = 1

    def cmac(self, master: object, message: bytes, /) -> bytes:
        del master
        return (sum(message) % 251).to_bytes(1) * 16


KEYS = cast("Any", Keys())


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
        self.core._reader._keys = KEYS
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
        public = public_file(who, KEYS)
        serial = public[10:20]
        keys = {
            (0x3E, 1): Key(own_key(MASTERS[PurseMaster.PURCHASE], serial)),
            (0, 0): Key(own_key(MASTERS[PurseMaster.TAC], serial)),
        }
        memory = Memory(OURS.name, {0x15: public}, {0x18: []}, keys)
        memory.purses[2].balance = balance
        return PretendPurse(memory, uid=bytes.fromhex("04A1B2C3D4E5F6"))

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
