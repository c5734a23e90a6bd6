"""The gate's law: whatever the readings, no load is sold twice and nothing unfit is sold at all."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from scale_app.weighing.gate import EMPTY_S, Gate, Pan, Phase, Release, blind, commit, look
from scale_app.weighing.reading import Fault, Mode
from scale_app.weighing.snapshot import Refusal, Weighed
from tests.scale_app.weighing.bench import STEP_S, Bench

E = Decimal("0.005")
FAULTS = st.sampled_from(sorted(Fault, key=lambda fault: fault.value))
GRAMS = st.sampled_from([-50, -5, 0, 5, 10, 95, 100, 105, 995, 1000, 1005, 1500, 15045, 15050])


def pan(grams: int, now: float, *, stable: bool = True) -> Pan:
    return Pan(Decimal(grams).scaleb(-3), now, stable=stable)


def seen(gate: Gate, *looks: tuple[int, float, bool]) -> Gate:
    for grams, now, stable in looks:
        gate = look(gate, pan(grams, now, stable=stable), E, Release.ZERO)
    return gate


def test_the_gate_walks_from_idle_to_committed_and_back() -> None:
    gate = seen(Gate(), (0, 0.0, True), (0, 0.3, True))
    assert gate.phase is Phase.IDLE
    gate = seen(gate, (700, 0.4, False))
    assert gate.phase is Phase.LOADING
    gate = seen(gate, (1000, 0.5, True))
    assert gate.phase is Phase.STABLE
    gate = commit(gate, pan(1000, 0.5))
    assert gate.phase is Phase.COMMITTED
    assert seen(gate, (0, 0.6, True), (0, 0.9, True)).phase is Phase.IDLE


def test_the_pan_is_empty_only_after_three_tenths_of_a_second_without_a_gap() -> None:
    assert seen(Gate(), (0, 0.0, True), (0, 0.2, True)).phase is Phase.UNKNOWN
    assert seen(Gate(), (0, 0.0, True), (0, 5.0, True)).phase is Phase.UNKNOWN
    assert blind(seen(Gate(), (0, 0.0, True))).empty_since is None
    assert EMPTY_S == 0.3


def test_committing_what_is_not_stable_is_our_own_bug() -> None:
    with pytest.raises(AssertionError):
        commit(seen(Gate(), (1000, 0.0, True)), pan(1000, 0.0))


@dataclass
class Said:
    """What was told to the scale last."""

    fit: bool = False
    age: float = 0.0
    sold: list[int] = field(default_factory=list)


class AnyReadings(RuleBasedStateMachine):
    """Random readings, waits and key presses against a gate with the default policy.

    `zero_run` counts what an onlooker needs: seconds of figures within one interval, unbroken.
    Between two such empty pans at most one sale may happen.
    """

    @initialize()
    def begin(self) -> None:
        self.bench = Bench()
        self.said = Said()
        self.zero_run: float | None = None
        self.sold_since_empty = False
        self.was_ever_empty = False

    def _tell(self, *, grams: int | None, fit: bool) -> None:
        self.said = Said(fit=fit)
        if grams is None or abs(grams) > 5:
            self.zero_run = None
            return
        self.zero_run = 0.0 if self.zero_run is None else self.zero_run + STEP_S
        if self.zero_run >= EMPTY_S - 1e-6:
            self.sold_since_empty = False
            self.was_ever_empty = True

    @rule(grams=GRAMS, stable=st.booleans())
    def reads(self, grams: int, *, stable: bool) -> None:
        self.bench.show(grams, stable=stable)
        self._tell(grams=grams, fit=stable and 0 < grams <= 15045)

    @rule(times=st.integers(3, 6))
    def empties(self, times: int) -> None:
        for _ in range(times):
            self.reads(0, stable=True)

    @rule(fault=FAULTS)
    def fails(self, fault: Fault) -> None:
        damage = fault in (Fault.BAD_FRAME, Fault.BAD_CHECKSUM, Fault.INCOMPLETE)
        self.bench.fault(fault)
        if damage:
            self.said.age += STEP_S
            if self.zero_run is not None:
                self.zero_run += STEP_S
        else:
            self._tell(grams=None, fit=False)

    @rule(seconds=st.sampled_from([0.1, 0.5, 0.9, 1.1, 3.0]))
    def waits(self, seconds: float) -> None:
        self.bench.tick(seconds)
        self.said.age += seconds
        if self.zero_run is not None:
            # The gate may count a short silence as part of an empty pan; a long one never.
            self.zero_run = self.zero_run + seconds if self.said.age <= 1.0 else None

    @rule(confirm=st.booleans(), back=st.integers(0, 2))
    def sells(self, *, confirm: bool, back: int) -> None:
        seq = self.bench.live.seq - back
        result = self.bench.scale.commit(seq, self.bench.now, below_minimum_ok=confirm)
        if isinstance(result, Refusal):
            return
        assert isinstance(result, Weighed)
        assert self.said.fit, "moving, negative, overloaded or faulty goods were sold"
        assert self.said.age <= 1.0, "a stale weight was sold"
        assert self.was_ever_empty, "a load of unknown past was sold"
        assert not self.sold_since_empty, "the same load was sold twice"
        assert result.net.value >= 100 or confirm, "below minimum load without a word"
        self.sold_since_empty = True

    @invariant()
    def a_fault_is_never_a_figure(self) -> None:
        live = self.bench.live
        assert (live.net is None) == (live.digits == "-----")
        assert live.net is None or live.fault is None


AnyReadings.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestAnyReadings = AnyReadings.TestCase


@settings(max_examples=200)
@given(
    loads=st.lists(GRAMS, min_size=1, max_size=30),
    presses=st.lists(st.booleans(), min_size=30, max_size=30),
)
def test_under_policy_changed_no_weight_is_sold_twice_without_an_empty_pan(
    loads: list[int], presses: list[bool]
) -> None:
    assume(any(grams > 5 for grams in loads))
    bench = Bench(release=Release.CHANGED)
    bench.empty()
    sold: list[int] = []
    for grams, pressed in zip(loads, presses, strict=False):
        bench.put(grams)
        if abs(grams) <= 5:
            bench.empty()
            sold.clear()
        result = bench.sell(below_minimum_ok=True) if pressed else Refusal.NOT_LOADED
        if isinstance(result, Weighed):
            assert all(abs(grams - before) > 5 for before in sold)
            sold.append(grams)


@settings(max_examples=150)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["goods", "key", "off", "sell"]), st.integers(100, 3000)),
        max_size=40,
    )
)
def test_taring_on_the_scale_never_makes_a_sold_load_sellable(steps: list[tuple[str, int]]) -> None:
    """A scale that hides its tare: only a cleared pan opens the gate again."""
    bench = Bench()
    bench.empty()
    gross, tare, sold = 0, 0, False
    for what, grams in steps:
        if what == "goods":
            gross += grams // 5 * 5
        elif what == "key":
            tare = gross
        elif what == "off":
            gross, tare, sold = 0, 0, False
        elif isinstance(bench.sell(), Weighed):
            assert not sold, "a load was sold, tared away, and sold again"
            sold = True
        for index in range(5):
            bench.say(
                weight=Decimal(gross - tare).scaleb(-3),
                stable=index > 0,
                mode=Mode.NET if tare else Mode.GROSS,
            )
        assume(gross < 15000)
