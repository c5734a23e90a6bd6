"""One seed: a market is opened, struck by faults, healed, and looked through."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

from broker.client import Arrived, Link
from tests.sim.agenda import Agenda
from tests.sim.cards import Pockets
from tests.sim.disk import copied
from tests.sim.fate import Fate
from tests.sim.market import TERMINALS, set_up
from tests.sim.net import Net
from tests.sim.office import Office
from tests.sim.options import Options, drawn
from tests.sim.people import Person
from tests.sim.till import Till
from tests.sim.truth import state_of
from tests.sim.witness import Witness

LOOK_MS = 5_000
MOST_REPLAYED = 300
LONGEST_HEALING_MS = 3_600_000
LONGEST_DAY_MS = 6 * 3_600_000
"""For every 200 sales."""


class DeafLink:
    """Nobody hears the answers to a replay."""

    def publish(self, *_said: object, **_named: object) -> bool:
        """Lost."""
        return True

    def acknowledge(self, _arrived: Arrived) -> None:
        """Nobody waits."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to run."""

    seed: int
    sales: int
    options: Options | None = None
    patience_ms: int = LONGEST_HEALING_MS
    """So long it may take until all is at rest."""


class World:
    """Everything of one seed."""

    def __init__(self, wish: Wish, folder: Path) -> None:
        self.wish = wish
        chance = Random(wish.seed)
        self.options = wish.options or drawn(chance)
        self.agenda = Agenda()
        self.net = Net(self.agenda, Random(chance.random()), self.options)
        market = set_up(offline=self.options.offline)
        self.pockets = Pockets(
            market.cards[: self.options.cards], market.purses[: self.options.purses]
        )
        self.witness = Witness(
            age_is_known=not self.options.has("clock"), is_limited=self.options.offline
        )
        self.office = Office(
            self.agenda, self.net, Random(chance.random()),
            books=copied(market.books), second=folder / "second.jsonl",
        )  # fmt: skip
        self.office.after_turn = self._after_turn
        self.net.on_arrival = lambda till: self.witness.heard.__setitem__(till, self.agenda.now)
        self.tills = [
            Till(
                self.agenda,
                self.net,
                Random(chance.random()),
                code,
                folder=folder,
                seed=wish.seed,
            )
            for code in TERMINALS[: self.options.tills]
        ]
        self.people = [
            Person(
                self.agenda, till, Random(chance.random()), options=self.options,
                pockets=self.pockets, may_sell=self._may_sell,
            )
            for till in self.tills
        ]  # fmt: skip
        self.is_healing = False
        self.told: Callable[[int, int], None] = lambda _all, _done: None
        self.quiet_after: int | None = None
        self.ledger_looks = 0
        self.fate = Fate(self, Random(chance.random()))
        self.office.on_stop = self.fate.office_went

    def _may_sell(self) -> bool:
        return self.sold < self.wish.sales and not self.is_healing

    @property
    def sold(self) -> int:
        """Receipts that were promised."""
        return self.witness.counted["promises"]

    def _after_turn(self) -> None:
        """I1 after every commit of the office."""
        self.ledger_looks += 1
        total = self.office.books.rows("SELECT sum(balance) FROM account")[0][0]
        if total:
            self.witness.broken.append(("I1", f"ledger {total} at {self.agenda.now} ms"))

    def run(self) -> None:
        """Both phases."""
        self.office.start()
        for till, person in zip(self.tills, self.people, strict=True):
            till.watch = self.witness.look
            till.on_cut = self.fate.till_went
            till.start()
            self.fate.connect_soon(till)
            person.begin()
        self.fate.begin()
        longest = LONGEST_DAY_MS * (1 + self.wish.sales // 200)
        agenda, counted, wished = self.agenda, self.witness.counted, self.wish.sales
        while counted["promises"] < wished and agenda.now < longest:
            agenda.step()
            if agenda.events % 1000 == 0:
                self.told(self.wish.sales, self.sold)
        self._heal()

    def _heal(self) -> None:
        self.is_healing = True
        self.fate.end()
        for person in self.people:
            person.is_closing = True
        began = self.agenda.now
        look = began
        while self.agenda.now < began + self.wish.patience_ms:
            self.agenda.step()
            if self.agenda.now >= look:
                look = self.agenda.now + LOOK_MS
                self.fate.mend()
                if not self.not_quiet():
                    self.quiet_after = self.agenda.now - began
                    break
        self._let_late_frames_come()
        if self.options.replay:
            self._replay()

    def _replay(self) -> None:
        """I9: everything that was sent comes again, shuffled and doubled, and books nothing."""
        before = state_of(self.office.books)
        again = self.net.sent[-MOST_REPLAYED:] * 2
        Random(self.wish.seed).shuffle(again)
        for topic, frame in again:
            self.office.server.arrived(Arrived(topic, frame, 1, 0, 1))
        while self.office.server._inbox:
            self.office.server._book(cast("Link", DeafLink()))
        self.witness.counted["replayed"] += len(again)
        changed = [
            name for name, rows in state_of(self.office.books).items() if before[name] != rows
        ]
        if changed:
            self.witness.broken.append(("I9", f"the replay changed {', '.join(changed)}"))

    def _let_late_frames_come(self) -> None:
        """What the network still holds arrives at a market that has closed."""
        for till in self.tills:
            self.fate.reconnect(till)
        until = self.net.last_arrival
        while self.agenda.now <= until and self.agenda.step():
            pass

    def not_quiet(self) -> list[str]:
        """What is still open, in words."""
        waits = [f"{len(self.office.server._inbox)} frames"] if self.office.server._inbox else []
        waits += [f"{one.till.code} open" for one in self.people if not one.has_closed]
        return waits + [word for till in self.tills for word in _open_at(till)]


def _open_at(till: Till) -> list[str]:
    """What a till still owes, or waits for."""
    if not till.is_on or till.core._books is None:
        return [f"{till.code} off"]
    standing, books = till.journal.standing(), till.core._books
    open_things = {
        "entries unsent": standing.upto < standing.last_seq,
        "reversals open": bool(till.journal.open_undos()),
        "shift not compared": bool(till.journal.compared.waiting()),
        "purses in doubt": bool(till.journal.debits.doubts()),
        "not signed on": not books.office.signed_on,
        "heads not kept": bool(till.journal.signatures.after(books.office.signing._kept)),
    }
    return [f"{till.code} {word}" for word, is_open in open_things.items() if is_open]


def folder_for_files() -> str | None:
    """Memory, where the system has it as a folder."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def run_world(wish: Wish, told: Callable[[int, int], None] = lambda _all, _done: None) -> World:
    """A world after both phases; `told` hears of its progress."""
    with tempfile.TemporaryDirectory(dir=folder_for_files()) as folder:
        world = World(wish, Path(folder))
        world.told = told
        world.run()
        return world


def as_json(world: World) -> dict[str, Any]:
    """What a run was like."""
    return {
        "seed": world.wish.seed, "sales": world.sold, "options": world.options.as_json(),
        "events": world.agenda.events, "fingerprint": world.agenda.fingerprint,
        "simulated_s": world.agenda.now // 1000, "frames": world.net.counted,
        "blows": world.fate.counted,
    }  # fmt: skip
