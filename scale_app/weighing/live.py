"""The scale as the till sees it: readings in, one snapshot out, and `commit` for a weighed line.

Joins instrument, stability, tare and gate; knows no port, no thread, no clock. A fault is never
shown as 0.000: where there is no weight there are dashes.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from broker.units import Weight
from scale_app.weighing import gate as sale_gate
from scale_app.weighing import tare as tares
from scale_app.weighing.gate import Gate, Pan, Phase, Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.protocols.family import Profile
from scale_app.weighing.reading import DAMAGE, Fault, Mode, Reading, TareKind
from scale_app.weighing.snapshot import LiveState, LiveWeight, Refusal, Weighed
from scale_app.weighing.stability import settling
from scale_app.weighing.tare import Tare, TareRefusal

COMMIT_AGE_S: Final = 1.0
"""A weight older than this is never sold, whatever the poll interval."""


_FAULT_STATES: Final = {
    Fault.MOTION: (LiveState.MOVING, Refusal.MOVING),
    Fault.OVERLOAD: (LiveState.OVERLOAD, Refusal.OVERLOAD),
    Fault.UNDERLOAD: (LiveState.UNDERLOAD, Refusal.UNDERLOAD),
    Fault.UNDER_ZERO: (LiveState.NEGATIVE, Refusal.NEGATIVE),
    Fault.STALE: (LiveState.STALE, Refusal.STALE),
    Fault.DISCONNECTED: (LiveState.LOST, Refusal.LOST),
}
_PHASE_REFUSALS: Final = {
    Phase.UNKNOWN: Refusal.ZERO_FIRST,
    Phase.COMMITTED: Refusal.SAME_LOAD,
    Phase.IDLE: Refusal.NOT_LOADED,
    Phase.LOADING: Refusal.MOVING,
}


@dataclass(frozen=True, slots=True)
class _Figures:
    """One reading in the instrument's unit; `net` before our own tare where the scale is net."""

    shown: Decimal
    gross: Decimal | None
    scale_tare: Decimal | None
    stable: bool


class LiveScale:
    """One scale, from readings to a snapshot and weighed lines; used by one thread only."""

    def __init__(
        self, instrument: Instrument, profile: Profile, release: Release = Release.ZERO
    ) -> None:
        self.instrument = instrument
        self.profile = profile
        self.release = release
        self.live = LiveWeight(unit=instrument.unit.symbol)
        self._gate = Gate()
        self._tare = Tare()
        self._reading = Reading(fault=Fault.DISCONNECTED)
        self._figures: _Figures | None = None
        self._pan: Pan | None = None
        self._shown_since = 0
        self._committed_seq = -1
        self._pours = False
        self._settling = settling(profile.stable_by, instrument.e_at)

    def feed(self, reading: Reading, now: float) -> LiveWeight:
        """The snapshot after one more reading."""
        if reading.fault in DAMAGE:
            # A damaged frame says nothing of the load; the last weight ages and goes stale.
            return self.tick(now)
        if reading.weight is None and reading.fault is None:
            return self._status(reading, now)
        self._reading = reading
        self._figures = self._read(reading)
        if self._figures is None:
            self._settling.restart()
            self._gate, self._pan = sale_gate.blind(self._gate), None
        else:
            self._see(self._figures)
        return self._show()

    def tick(self, now: float) -> LiveWeight:
        """The snapshot when nothing came: turns stale by itself."""
        if self._figures is not None and now - self._reading.t_mono > self.profile.fresh_s:
            stale = Reading(fault=Fault.STALE, t_mono=self._reading.t_mono, seq=self._reading.seq)
            return self.feed(stale, now)
        return self.live  # nothing else goes by time, and whatever changes is shown at once

    def commit(self, seq: int, now: float, *, below_minimum_ok: bool = False) -> Weighed | Refusal:
        """Sell the load on the pan, whose snapshot `seq` the customer saw; or why not.

        All is checked anew: stable, fresh, no fault, another load than the last, and that the
        figures of `seq` are still the figures shown.
        """
        live = self.tick(now)
        refusal = live.refusal
        if refusal is Refusal.BELOW_MINIMUM and below_minimum_ok:
            refusal = None
        if refusal is None and not self._shown_since <= seq <= live.seq:
            refusal = Refusal.NOT_SHOWN
        if refusal is None and now - self._reading.t_mono > COMMIT_AGE_S:
            refusal = Refusal.STALE
        if refusal is not None:
            return refusal
        assert live.net is not None, "a snapshot without weight is always refused"
        assert self._pan is not None, "a snapshot with weight came from a look at the pan"
        self._gate = sale_gate.commit(self._gate, self._pan)
        self._committed_seq = seq
        weighed = self._weighed(live, live.net, now)
        self._show()
        return weighed

    def release_commit(self, seq: int, now: float) -> bool:
        """Make a voided line's load sellable again; false when the pan was touched since."""
        self.tick(now)
        if (
            self._gate.phase is not Phase.COMMITTED
            or self._gate.moved
            or seq != self._committed_seq
        ):
            return False
        self._gate = sale_gate.take_back(self._gate)
        self._show()
        return True

    def type_tare(
        self, value: Decimal, now: float, kind: TareKind = TareKind.TYPED
    ) -> TareRefusal | None:
        """Take `value` (kg or lb) off as the container; why not, or nothing when done.

        `kind` is CONTAINER for a container of a known weight.
        """
        self.tick(now)
        refusal = tares.check(value, self.instrument) or self._tare_refusal(value)
        if refusal is None:
            self._set_container(value, kind)
        return refusal

    def weigh_tare(self, now: float) -> TareRefusal | None:
        """Take what lies on the pan off as the container; why not, or nothing when done."""
        self.tick(now)
        if self._figures is None or self._figures.gross is None:
            return TareRefusal.STALE if self._figures is None else TareRefusal.SCALE_HAS_TARE
        if not self._figures.stable:
            return TareRefusal.MOVING
        value = self._figures.gross
        refusal = tares.check(value, self.instrument) or self._tare_refusal(value)
        if refusal is None:
            self._set_container(value, TareKind.WEIGHED)
        return refusal

    def product_tare(self, value: Decimal | None, now: float) -> TareRefusal | None:
        """Set the tare that comes with a PLU; nothing when the PLU goes."""
        self.tick(now)
        refusal = tares.check(value, self.instrument) if value else None
        if refusal is None:
            self._set(tares.with_product(self._tare, value))
        return refusal

    def percent_tare(self, percent: Decimal | None, now: float) -> TareRefusal | None:
        """Set the share that is no goods (leaves, brine); nothing when it goes."""
        self.tick(now)
        refusal = tares.check_percent(percent) if percent else None
        if refusal is None:
            self._set(tares.with_percent(self._tare, percent))
        return refusal

    def clear_tare(self, now: float) -> None:
        """Take the container's tare away."""
        self.tick(now)
        self._set(tares.without_container(self._tare))

    def keep_tare(self, keep: bool) -> None:  # noqa: FBT001 -- a switch, as on the scale
        """Keep the container's tare when the pan is emptied, or let it clear itself."""
        self._tare = replace(self._tare, is_kept=keep)

    def pour(self, on: bool) -> None:  # noqa: FBT001 -- a switch, as on the scale
        """Use the longer window for goods that are poured."""
        if on != self._pours:
            self._pours = on
            self._settling = settling(self.profile.stable_by, self.instrument.e_at, pour=on)

    def _set_container(self, value: Decimal, kind: TareKind) -> None:
        exact = value.quantize(self.instrument.e)
        self._set(tares.with_container(self._tare, exact, kind))

    def _set(self, tare: Tare) -> None:
        self._tare = tare
        self._show()

    def _tare_refusal(self, value: Decimal) -> TareRefusal | None:
        if self._reading.mode is Mode.NET:
            return TareRefusal.SCALE_HAS_TARE
        loaded = self._pan is not None and not sale_gate.is_empty(self._pan, self.instrument.e)
        return TareRefusal.NOT_LOWER if loaded and value < self._tare.container else None

    def _read(self, reading: Reading) -> _Figures | None:
        """The reading in the instrument's unit, settled or not; nothing when it has no weight."""
        if reading.weight is None:
            return None
        shown = self.instrument.shown(reading.weight, reading.unit)
        if shown is None or self.instrument.exact(shown) is None:
            return None
        tare = self._scale_tare(reading)
        gross = shown if reading.mode is not Mode.NET else None if tare is None else shown + tare
        stable = self._settling.feed(shown, reading.stable, reading.t_mono)
        return _Figures(shown, gross, tare, stable)

    def _scale_tare(self, reading: Reading) -> Decimal | None:
        """The tare that the scale holds and tells, where its figure is net of it."""
        if reading.mode is not Mode.NET or reading.tare is None:
            return None
        return self.instrument.shown(reading.tare, reading.unit)

    def _see(self, figures: _Figures) -> None:
        """Let gate and tare look at the pan."""
        hidden = figures.gross is None
        load = figures.shown if figures.gross is None else figures.gross
        at_zero = bool(self._reading.zero)
        step = self.instrument.e_at(load)
        self._pan = Pan(load, self._reading.t_mono, hidden, figures.stable, at_zero, step)
        self._gate = sale_gate.look(self._gate, self._pan, self.instrument.e, self.release)
        if self._gate.phase is Phase.IDLE:
            self._tare = tares.at_zero(self._tare)
        elif figures.stable and figures.shown - self._ours(figures) > 0:
            self._tare = tares.after_goods(self._tare)

    def _status(self, reading: Reading, now: float) -> LiveWeight:
        """An answer without weight: only its word on zero counts."""
        if reading.zero:
            pan = Pan(None, reading.t_mono, at_zero=True)
            self._gate = sale_gate.look(self._gate, pan, self.instrument.e, self.release)
            self._show()
        return self.tick(now)

    def _show(self) -> LiveWeight:
        """The snapshot of now; each one that differs has a number of its own."""
        before = self.live
        after = self._weight(before.seq) if self._figures else self._no_weight(before.seq)
        if after != before:
            self.live = replace(after, seq=before.seq + 1)
            if (after.digits, after.state) != (before.digits, before.state):
                self._shown_since = self.live.seq
        return self.live

    def _no_weight(self, seq: int) -> LiveWeight:
        """The snapshot of a fault; a weight in a foreign unit or too fine a step is one, too."""
        fault = self._reading.fault or Fault.DEVICE_FAULT
        state, refusal = _FAULT_STATES.get(fault, (LiveState.FAULT, Refusal.FAULT))
        return LiveWeight(
            state,
            unit=self.instrument.unit.symbol,
            seq=seq,
            refusal=refusal,
            fault=fault,
            t_mono=self._reading.t_mono,
        )

    def _weight(self, seq: int) -> LiveWeight:
        """The snapshot of a weight."""
        assert self._figures is not None, "asked for a weight where there is none"
        figures, exact = self._figures, self.instrument.exact
        if (figures.gross or figures.shown) > self.instrument.limit:
            return self._over(seq)
        ours = self._ours(figures)
        net = figures.shown - ours
        tare = (figures.scale_tare or Decimal(0)) + ours
        state = self._state(figures, net)
        return LiveWeight(
            state,
            net=exact(net),
            gross=None if figures.gross is None else exact(figures.gross),
            tare=exact(tare) if tare else None,
            tare_kind=tares.kind_of(self._tare_kinds()),
            zero=self._is_zero(figures),
            digits=f"{net:f}",
            unit=self.instrument.unit.symbol,
            seq=seq,
            refusal=self._refusal(state, net),
            fault=None,
            t_mono=self._reading.t_mono,
        )

    def _ours(self, figures: _Figures) -> Decimal:
        """What our own tare takes off this figure; its share in percent in the first range's e."""
        return self._tare.total(figures.shown, self.instrument.e)

    def _over(self, seq: int) -> LiveWeight:
        """Above Max + 9 e nothing is shown, even if the scale sent a figure."""
        return LiveWeight(
            LiveState.OVERLOAD,
            unit=self.instrument.unit.symbol,
            seq=seq,
            refusal=Refusal.OVERLOAD,
            fault=Fault.OVERLOAD,
            t_mono=self._reading.t_mono,
        )

    def _tare_kinds(self) -> tuple[TareKind, ...]:
        ours = self._tare.kinds
        if self._reading.mode is not Mode.NET:
            return ours
        return (self._reading.tare_kind or TareKind.SCALE, *ours)

    def _is_zero(self, figures: _Figures) -> bool:
        """The zero lamp: the scale's own, else within a quarter e (SI-98-81 s. 41)."""
        if self._reading.zero is not None:
            return self._reading.zero
        return figures.gross is not None and 4 * abs(figures.gross) <= self.instrument.e

    def _state(self, figures: _Figures, net: Decimal) -> LiveState:
        e = self.instrument.e
        if net == 0 or (self._pan is not None and sale_gate.is_empty(self._pan, e)):
            return LiveState.EMPTY
        if net < 0:
            return LiveState.NEGATIVE
        if not figures.stable:
            return LiveState.MOVING
        return LiveState.BELOW_MIN if net < self.instrument.minimum else LiveState.STABLE

    def _refusal(self, state: LiveState, net: Decimal) -> Refusal | None:
        if not self._reading.for_trade:
            return Refusal.NOT_FOR_TRADE
        if state is LiveState.NEGATIVE:
            return Refusal.NEGATIVE
        phase = self._gate.phase
        if state is LiveState.EMPTY and phase in (Phase.LOADING, Phase.STABLE):
            # A bare container, or a pan not seen empty for long enough yet.
            return Refusal.NO_NET if net == 0 and self._tare.kinds else Refusal.NOT_LOADED
        if phase in _PHASE_REFUSALS:
            return _PHASE_REFUSALS[phase]
        if net <= 0:
            return Refusal.NO_NET
        return Refusal.BELOW_MINIMUM if state is LiveState.BELOW_MIN else None

    def _weighed(self, live: LiveWeight, net: Weight, now: float) -> Weighed:
        return Weighed(
            net=net,
            gross=live.gross,
            tare=live.tare,
            tare_kind=live.tare_kind,
            seq=live.seq,
            age_s=now - self._reading.t_mono,
            stable_by=self.profile.stable_by,
            raw=self._reading.raw,
            e=self._pan.step if self._pan else self.instrument.e,
            protocol=self.profile.protocol,
            below_minimum=live.state is LiveState.BELOW_MIN,
            tare_kinds=self._tare_kinds() if live.tare else (),
        )
