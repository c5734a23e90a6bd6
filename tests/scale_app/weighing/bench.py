"""A scale for tests of the live view: readings are said by hand, time moves when told."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from scale_app.weighing import catalogue
from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.reading import Fault, Mode, Reading
from scale_app.weighing.snapshot import LiveWeight, Refusal, Weighed

STEP_S = 0.1


@dataclass
class Bench:
    """Says readings to a LiveScale, ten a second; grams are ints."""

    release: Release = Release.ZERO
    instrument: Instrument = field(default_factory=Instrument)
    protocol: str = "toledo-continuous"
    now: float = 100.0

    def __post_init__(self) -> None:
        self.seq = 0
        profile = catalogue.profile(self.protocol)
        self.scale = LiveScale(self.instrument, profile, self.release)

    @property
    def live(self) -> LiveWeight:
        return self.scale.live

    def say(self, **said: Any) -> LiveWeight:
        self.now += STEP_S
        self.seq += 1
        reading = Reading(t_mono=self.now, seq=self.seq, **said)
        return self.scale.feed(reading, self.now)

    def show(self, grams: int, *, stable: bool = True, times: int = 1) -> LiveWeight:
        for _ in range(times):
            weight = Decimal(grams).scaleb(-3)
            self.say(weight=weight, stable=stable, mode=Mode.GROSS)
        return self.live

    def fault(self, fault: Fault) -> LiveWeight:
        return self.say(fault=fault)

    def empty(self) -> LiveWeight:
        return self.show(0, times=5)

    def put(self, grams: int) -> LiveWeight:
        self.show(grams, stable=False)
        return self.show(grams)

    def sell(self, *, below_minimum_ok: bool = False) -> Weighed | Refusal:
        return self.scale.commit(self.live.seq, self.now, below_minimum_ok=below_minimum_ok)

    def tick(self, seconds: float) -> LiveWeight:
        self.now += seconds
        return self.scale.tick(self.now)
