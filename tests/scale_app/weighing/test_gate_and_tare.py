"""The gate's law with every kind of tare, both release policies, and two weighing ranges."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.reading import Fault, TareKind
from scale_app.weighing.snapshot import Weighed
from tests.scale_app.weighing.bench import Bench
from tests.scale_app.weighing.test_multi_interval import TWO_RANGES

LOADS = st.sampled_from([-10, 2, 40, 150, 1000, 1002, 5998, 6000, 6005, 7000, 7005, 15045, 15050])
TARES = st.sampled_from(["0.002", "0.020", "0.150", "1.000", "6.000", "7.000", "0.003", "-0.010"])


class AnyTares(RuleBasedStateMachine):
    """Loads that come and go, tares of every kind, and the selling key at any moment."""

    @initialize(
        instrument=st.sampled_from([Instrument(), TWO_RANGES]), release=st.sampled_from(Release)
    )
    def begin(self, instrument: Instrument, release: Release) -> None:
        self.bench = Bench(instrument=instrument, release=release)
        self.bench.empty()
        self.grams, self.is_stable = 0, True
        self.sold: list[int] = []

    @rule(grams=LOADS, stable=st.booleans())
    def puts(self, grams: int, *, stable: bool) -> None:
        self.bench.show(grams, stable=False)
        self.bench.show(grams, stable=stable)
        self.grams, self.is_stable = grams, stable

    @rule()
    def empties(self) -> None:
        self.bench.empty()
        self.grams, self.is_stable, self.sold = 0, True, []

    @rule(fault=st.sampled_from([Fault.MOTION, Fault.OVERLOAD, Fault.STALE, Fault.DISCONNECTED]))
    def fails(self, fault: Fault) -> None:
        self.bench.fault(fault)
        self.is_stable = False

    @rule(value=TARES, kind=st.sampled_from([TareKind.TYPED, TareKind.CONTAINER]))
    def types_a_tare(self, value: str, kind: TareKind) -> None:
        self.bench.scale.type_tare(Decimal(value), self.bench.now, kind)

    @rule(keep=st.booleans())
    def weighs_a_container(self, *, keep: bool) -> None:
        self.bench.scale.weigh_tare(self.bench.now)
        self.bench.scale.keep_tare(keep)

    @rule(value=st.one_of(st.none(), TARES))
    def takes_a_product(self, value: str | None) -> None:
        tare = None if value is None else Decimal(value)
        self.bench.scale.product_tare(tare, self.bench.now)

    @rule(percent=st.sampled_from([None, "2.5", "10", "99", "100", "-1"]))
    def takes_a_share(self, percent: str | None) -> None:
        share = None if percent is None else Decimal(percent)
        self.bench.scale.percent_tare(share, self.bench.now)

    @rule()
    def clears(self) -> None:
        self.bench.scale.clear_tare(self.bench.now)

    @rule(confirm=st.booleans())
    def sells(self, *, confirm: bool) -> None:
        result = self.bench.sell(below_minimum_ok=confirm)
        if not isinstance(result, Weighed):
            return
        assert self.is_stable, "moving or faulty goods were sold"
        assert result.gross is not None
        assert result.gross.value == self.grams <= 15045
        tare = result.tare.value if result.tare else 0
        assert 0 < result.net.value == self.grams - tare, "net is not gross less tare"
        assert tare >= 0
        e = self.bench.instrument.e_at(Decimal(self.grams).scaleb(-3))
        assert result.e == e
        step = e.scaleb(3)
        assert all(abs(self.grams - before) > step for before in self.sold), "sold twice"
        assert self.bench.scale.release is Release.CHANGED or not self.sold
        self.sold.append(self.grams)


AnyTares.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestAnyTares = AnyTares.TestCase
