"""The sale gate: the same load is never sold twice. Pure functions over a frozen state.

    UNKNOWN -> IDLE -> LOADING <-> STABLE -> COMMITTED -> (zero | changed) -> ...

The gate starts UNKNOWN: what lies on the pan when the program starts may have been sold before a
power cut, so the pan has to be seen empty once. Empty means gross within 1 e for 0.3 s. How a
committed load is released is a policy: ZERO (default) wants the pan empty; CHANGED is content with
another stable weight after movement, but never with one that was sold since the pan was empty.
Facts: LNE requirement on Odoo's till, UnifiedPOS SAME_WEIGHT, dialog 06 status 21.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Final

EMPTY_S: Final = 0.3
MOST_GAP_S: Final = 1.0
MOST_SOLD: Final = 16
"""Loads remembered under CHANGED; after so many without an empty pan only ZERO releases."""


class Phase(Enum):
    """Where one load is on its way to the basket."""

    UNKNOWN = "unknown"
    IDLE = "idle"
    LOADING = "loading"
    STABLE = "stable"
    COMMITTED = "committed"


class Release(Enum):
    """What makes the gate forget a committed load."""

    ZERO = "zero"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Pan:
    """One look at the pan. `load` is gross, or the scale's net where it hides its tare (`is_net`).

    `load` is empty when the scale sent no figure; `at_zero` is the scale's own word that it is at
    the centre of zero; `step` is e at this load, where it is larger than the first range's.
    """

    load: Decimal | None
    t_mono: float
    is_net: bool = False
    stable: bool = False
    at_zero: bool = False
    step: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Gate:
    """The state; `sold` are the loads committed since the pan was last empty."""

    phase: Phase = Phase.UNKNOWN
    sold: tuple[Pan, ...] = ()
    moved: bool = False
    empty_since: float | None = None
    seen_at: float = 0.0


def look(gate: Gate, pan: Pan, e: Decimal, release: Release) -> Gate:
    """The gate after one more look at the pan."""
    since = _empty_since(gate, pan, e)
    if since is not None and pan.t_mono - since >= EMPTY_S:
        return Gate(Phase.IDLE, empty_since=since, seen_at=pan.t_mono)
    moved = gate.moved or not pan.stable or (bool(gate.sold) and _differs(pan, gate.sold[-1], e))
    felt = Gate(gate.phase, gate.sold, moved, since, pan.t_mono)
    phase = _phase(felt, pan, e, release)
    # Most looks change nothing but the time: then no second value is built.
    return felt if phase is gate.phase else replace(felt, phase=phase)


def blind(gate: Gate) -> Gate:
    """The gate when the scale says nothing usable: the empty pan has to be seen anew."""
    phase = Phase.LOADING if gate.phase in (Phase.IDLE, Phase.STABLE) else gate.phase
    return replace(gate, phase=phase, empty_since=None, moved=True)


def commit(gate: Gate, pan: Pan) -> Gate:
    """The gate after the load now on the pan was sold; only from STABLE."""
    assert gate.phase is Phase.STABLE, "only a stable load is committed"
    return replace(gate, phase=Phase.COMMITTED, sold=(*gate.sold, pan), moved=False)


def take_back(gate: Gate) -> Gate:
    """The gate after the last line was voided with its load untouched on the pan."""
    assert gate.phase is Phase.COMMITTED, "only a committed load is taken back"
    return replace(gate, phase=Phase.STABLE, sold=gate.sold[:-1])


def _empty_since(gate: Gate, pan: Pan, e: Decimal) -> float | None:
    """Since when the pan has been empty without a break; nothing when it is not."""
    if not is_empty(pan, e):
        return None
    if gate.empty_since is None or pan.t_mono - gate.seen_at > MOST_GAP_S:
        return pan.t_mono
    return gate.empty_since


def is_empty(pan: Pan, e: Decimal) -> bool:
    """True when nothing lies on the pan now, as far as this one look tells."""
    if pan.load is None:
        return pan.at_zero
    if pan.is_net:
        # The scale hides its tare. Net zero may be goods that were tared away, so only a net below
        # zero proves that the pan was cleared: the container is off as well.
        return pan.load < -e
    return abs(pan.load) <= e


def _phase(gate: Gate, pan: Pan, e: Decimal, release: Release) -> Phase:
    loaded = pan.load is not None and not is_empty(pan, e)
    settled = Phase.STABLE if loaded and pan.stable else Phase.LOADING
    if gate.phase is Phase.UNKNOWN:
        return gate.phase
    if gate.phase is Phase.COMMITTED:
        may_go = release is Release.CHANGED and gate.moved and settled is Phase.STABLE
        return settled if may_go and _is_new(gate, pan, e) else gate.phase
    if gate.phase is Phase.IDLE and not loaded:
        return Phase.IDLE
    if settled is Phase.STABLE and not _is_new(gate, pan, e):
        return Phase.COMMITTED
    return settled


def _is_new(gate: Gate, pan: Pan, e: Decimal) -> bool:
    """True when this load was not sold since the pan was empty."""
    return len(gate.sold) < MOST_SOLD and all(
        pan.is_net == sold.is_net and _differs(pan, sold, e) for sold in gate.sold
    )


def _differs(pan: Pan, sold: Pan, e: Decimal) -> bool:
    """True when two loads differ by over 1 e; a missing figure or another kind tells nothing."""
    if pan.load is None or sold.load is None or pan.is_net != sold.is_net:
        return False
    return abs(pan.load - sold.load) > max(e, pan.step, sold.step)
