"""Goods at rest behind a line that goes bad: the gate takes the right weight or none."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random
from time import monotonic, sleep

import pytest

from fixtures.bad_line import LineFault, damaged
from fixtures.scale_on_pty import ScaleOnPty
from fixtures.scales import KINDS
from fixtures.scales.kind import Shown
from scale_app.weighing import catalogue
from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.port import ScalePort
from scale_app.weighing.reading import DAMAGE, Reading
from scale_app.weighing.snapshot import Weighed
from tests.scale_app.weighing.test_pretend_families import CASES, family

STEP_S = 0.1
ROUNDS = 40
PLAIN: dict[str, dict[str, str]] = {"st-gs": {}, "toledo-continuous": {}, "mt-8217": {}}
ALL = {**CASES, **PLAIN}
LOADS_G = (1235, 800, 105, 9_995)


@dataclass
class Counter:
    """A pretend scale's frames into decoder and live scale; every good weight is sold at once."""

    case: str
    now: float = 100.0
    sold: list[str] = field(default_factory=list)
    faults: int = 0

    def __post_init__(self) -> None:
        self.kind, self.options = KINDS[family(self.case)], ALL[self.case]
        profile = catalogue.profile(family(self.case), {**self.kind.settings, **self.options})
        self.decoder = profile.decoder()
        self.live = LiveScale(Instrument(), profile, Release.ZERO)
        self.seq = 0
        # An indicator on command tells its tare first; that answer comes whole here.
        is_asked_twice = profile.protocol == "yaohua-stx" and profile.poll
        tare = self.kind.answer(profile.poll, Shown(0), self.options).reply
        self.first = tare if is_asked_twice else b""

    def frame(self, grams: int) -> bytes:
        shown = Shown(grams, zero=grams == 0)
        return self.kind.frame(shown, self.options)

    def hear(self, text: bytes) -> None:
        """One frame more, or what is left of it; half frames are given up as the port does."""
        self.now += STEP_S
        for reading in (*self.decoder.feed(self.first + text), *self.decoder.expire()):
            self.seq += 1
            self.faults += reading.fault in DAMAGE
            self.live.feed(reading.stamped(self.now, self.seq), self.now)
            self.sell()

    def sell(self) -> None:
        taken = self.live.commit(self.live.live.seq, self.now, below_minimum_ok=True)
        if isinstance(taken, Weighed):
            self.sold.append(taken.net.text())


def grams_of(text: str) -> int:
    return int(Decimal(text) * 1000)


@pytest.mark.parametrize("case", ALL)
def test_on_a_good_line_each_load_is_sold_once(case: str) -> None:
    counter = Counter(case)
    for load in LOADS_G:
        for grams in (0, load):
            for _ in range(20):
                counter.hear(counter.frame(grams))
    assert [grams_of(text) for text in counter.sold] == list(LOADS_G)


@pytest.mark.parametrize("fault", LineFault)
@pytest.mark.parametrize("case", ALL)
def test_on_a_bad_line_no_load_is_sold_with_another_weight(case: str, fault: LineFault) -> None:
    """Damage never falls on two frames in a row: two equal readings are two witnesses."""
    chance = Random(f"{case} {fault}")
    for load in LOADS_G * ROUNDS:
        counter, was_hurt = Counter(case), False
        for grams in [0] * 8 + [load] * 12:
            was_hurt = not was_hurt and chance.random() < 0.5
            whole = counter.frame(grams)
            counter.hear(damaged(whole, fault, chance) if was_hurt else whole)
        wrong = [text for text in counter.sold if grams_of(text) != load]
        assert not wrong, (load, wrong)
        assert len(counter.sold) <= 1


@pytest.mark.parametrize("fault", [LineFault.PARITY, LineFault.FRAMING, LineFault.FLIPPED_BIT])
@pytest.mark.parametrize("protocol", ["toledo-continuous", "yaohua-stx"])
def test_through_a_real_line_damage_is_counted_and_the_weight_is_right(
    protocol: str, fault: LineFault, tmp_path: Path
) -> None:
    """Every third frame is damaged on its way; both families seal their frames."""
    profile = catalogue.profile(protocol, {"line": "9600 8N1"})
    heard: list[Reading] = []
    with ScaleOnPty(protocol, tmp_path / "scale") as scale:
        scale.put(1235)
        sleep_until_at_rest(scale)
        scale.bad_line(fault)
        port = ScalePort(str(scale.link), profile, heard.append)
        port.start()
        until = monotonic() + 10
        while port.counters().frames < 12 and monotonic() < until:
            sleep(0.02)
        counted = port.counters()
        port.stop()
    weights = {reading.weight for reading in heard if reading.weight is not None}
    assert weights == {Decimal("1.235")}
    assert counted.bad_checksum + counted.bad_frame + counted.incomplete >= 3
    assert sum(reading.fault in DAMAGE for reading in heard) >= 3


def sleep_until_at_rest(scale: ScaleOnPty) -> None:
    until = monotonic() + 5
    while not (scale.shown().stable and scale.shown().grams == 1235) and monotonic() < until:
        sleep(0.02)
