"""A day of the back-office's books under the recorder, and what must be there after a power cut."""

import random
from pathlib import Path

from backoffice.errors import OfficeError
from backoffice.reports.audit import audit
from backoffice.reports.check import check
from backoffice.store import open_store
from broker.messages import Code
from tests.backoffice.world import Scale, World, cash_sale, new_op
from tests.powercut.recorder import Event, Recorder

CHECKPOINT_PAGES = 40
WORDS = ("charged", "sold")


class Day:
    """A scale sells; what the office has answered or receipted is said."""

    def __init__(self, folder: Path, synchronous: str, seed: int) -> None:
        self.folder = folder
        self.recorder = Recorder(folder)
        self.synchronous, self.chance = synchronous, random.Random(seed)
        self.first = 0

    def run(self, sales: int) -> list[Event]:
        """The recording; after event `first` the market is there and selling begins."""
        with self.recorder.installed():
            world = World(self.folder)
            connection = world.desk.store._connection
            connection.execute(f"PRAGMA synchronous = {self.synchronous}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
            card, scale = world.card(1_000_000), Scale(world)
            scale.sign_on()
            self.first = len(self.recorder.events)
            for _ in range(sales):
                op = new_op()
                if self.chance.random() < 0.5:
                    assert scale.ask(scale.intent(card, 840, op)).code == Code.OK
                    self.recorder.say(("charged", op))
                    scale.upload(scale.paid(op))
                else:
                    scale.upload(scale.paid(op, cash_sale()))
                self.recorder.say(("sold", op))
            world.desk.store.close()
        return self.recorder.events


def _pairs(said: list[object]) -> list[tuple[str, bytes]]:
    return [one for one in said if isinstance(one, tuple)]


def wrong(folder: Path, said: list[object]) -> str:
    """What is not right in books after a power cut; "" when all is."""
    try:
        store = open_store(folder / "office.db")
    except OfficeError as fault:
        return f"cannot be opened: {fault}"
    try:
        sold = {bytes(op) for (op,) in store.report_text("SELECT uid FROM sale")[1]}
        charged = {bytes(op) for (op,) in store.report_text("SELECT op FROM operation")[1]}
        promised = {what: {op for kind, op in _pairs(said) if kind == what} for what in WORDS}
        lost = [op.hex() for op in promised["sold"] - sold | promised["charged"] - charged]
        if lost:
            return f"lost: {lost}"
        if len(sold) > len(promised["sold"]) + 1:
            return "more was sold than happened"
        differing = [str(one) for one in check(store, 0, 99999999).differences]
        differing += [str(one) for one in audit(store, [], bytes(32)).findings]
        return "; ".join(differing)
    finally:
        store.close()
