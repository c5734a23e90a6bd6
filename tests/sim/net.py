"""The network of the simulated world: delays, loses, doubles, reorders, cuts, and brings late."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.sim.agenda import Agenda
from tests.sim.options import Options

QUICK_MS = (3, 60)
SLOW_MS = (500, 9_000)
LATE_MS = (30_000, 1_200_000)
FORGED_PER_THOUSAND = 4

Arrive = Callable[[str, bytes, int], None]


@dataclass(slots=True)
class Line:
    """One till's way to the broker."""

    up: bool = False
    silent: bool = False
    """Half open: nobody knows yet that nothing comes through."""
    deaf: bool = False
    """The till is heard, and hears nothing."""


class Net:
    """All frames between tills and office; `calm` ends every fault."""

    def __init__(self, agenda: Agenda, chance: Random, options: Options) -> None:
        self._agenda, self._chance, self._options = agenda, chance, options
        self.lines: dict[str, Line] = {}
        self.to_office: Arrive = lambda _topic, _frame, _qos: None
        self.to_till: dict[str, Arrive] = {}
        self.on_arrival: Callable[[str], None] = lambda _till: None
        self.calm = False
        self._broker = 0
        self.last_arrival = 0
        self.counted = dict.fromkeys(("sent", "lost", "doubled", "late", "forged"), 0)
        self.sent: list[tuple[str, bytes]] = []
        """Everything that tills have sent, for the replay."""
        self.forgeries: list[tuple[str, bytes]] = []
        """Everything that no till has sent."""

    def up(self, till: str, topic: str, frame: bytes, qos: int) -> bool:
        """A till's frame for the office; false when its link is down."""
        line = self.lines[till]
        if not line.up:
            return False
        self._agenda.note(f"{topic} {zlib.crc32(frame)}")
        if self._options.replay:
            self.sent.append((topic, frame))
        if not line.silent:
            self._carry(topic, frame, qos, self.to_office)
            self._forge(topic, frame, qos)
        return True

    def down(self, topic: str, frame: bytes, qos: int) -> None:
        """The office's frame for one till."""
        self._agenda.note(f"{topic} {zlib.crc32(frame)}")
        till = topic.split("/")[1]
        if till not in self.lines:
            return

        def arrive(topic: str, frame: bytes, qos: int) -> None:
            line = self.lines[till]
            if line.up and not line.silent and not line.deaf:
                self.on_arrival(till)
                self.to_till[till](topic, frame, qos)

        self._carry(topic, frame, qos, arrive)

    def _carry(self, topic: str, frame: bytes, qos: int, arrive: Arrive) -> None:
        self.counted["sent"] += 1
        if self.calm:
            self._later(QUICK_MS, topic, frame, qos, arrive)
            return
        options, chance = self._options, self._chance
        if options.loss and chance.randrange(1000) < options.loss:
            self.counted["lost"] += 1
        else:
            is_slow = options.has("slow") and chance.random() < 0.03
            self._later(SLOW_MS if is_slow else QUICK_MS, topic, frame, qos, arrive)
        if options.double and chance.randrange(1000) < options.double:
            self.counted["doubled"] += 1
            self._later(SLOW_MS, topic, frame, qos, arrive)
        if options.stale and chance.randrange(1000) < options.stale:
            self.counted["late"] += 1
            self._later(LATE_MS, topic, frame, qos, arrive)

    def _later(
        self, within: tuple[int, int], topic: str, frame: bytes, qos: int, arrive: Arrive
    ) -> None:
        broker = self._broker

        def arrived() -> None:
            if broker == self._broker:
                arrive(topic, frame, qos)
            else:
                self.counted["lost"] += 1

        wait = self._chance.randint(*within)
        self.last_arrival = max(self.last_arrival, self._agenda.now + wait)
        self._agenda.after(wait, f"frame {topic}", arrived)

    def _forge(self, topic: str, frame: bytes, qos: int) -> None:
        """A spoilt copy, or the frame under another till's name."""
        if self.calm or not self._options.has("forged"):
            return
        chance = self._chance
        if chance.randrange(1000) >= FORGED_PER_THOUSAND:
            return
        self.counted["forged"] += 1
        if chance.random() < 0.5:
            spoilt = bytearray(frame)
            spoilt[chance.randrange(len(frame))] ^= 1 << chance.randrange(8)
            forged, below = bytes(spoilt), topic
        else:
            others = [one for one in self.lines if one != topic.split("/")[1]] or ["S99-9"]
            _, _, channel = topic.split("/")
            forged, below = frame, f"u/{chance.choice(others)}/{channel}"
        self.forgeries.append((below, forged))
        self._later(QUICK_MS, below, forged, qos, self.to_office)

    def forget_sent(self, till: str) -> None:
        """What the till has sent is not sent again: some of it never arrived, and never will."""
        self.sent = [one for one in self.sent if one[0].split("/")[1] != till]

    def forget_all(self) -> None:
        """The broker is gone with everything that was under way."""
        self._broker += 1
