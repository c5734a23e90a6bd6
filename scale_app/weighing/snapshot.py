"""What the till is told of the scale: the live snapshot, the refusals, the committed load."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from broker.units import Weight
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.reading import Fault, TareKind

DASHES: Final = "-----"
"""Shown where there is no weight: a fault never looks like 0.000."""


class LiveState(Enum):
    """What the screen shows beside the figures."""

    EMPTY = "empty"
    MOVING = "moving"
    STABLE = "stable"
    BELOW_MIN = "below_min"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    NEGATIVE = "negative"
    FAULT = "fault"
    STALE = "stale"
    LOST = "lost"


class Refusal(Enum):
    """Why the load on the pan cannot be sold now."""

    NOT_LOADED = "not_loaded"
    MOVING = "moving"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    NEGATIVE = "negative"
    FAULT = "fault"
    STALE = "stale"
    LOST = "lost"
    BELOW_MINIMUM = "below_minimum"
    SAME_LOAD = "same_load"
    ZERO_FIRST = "zero_first"
    NOT_SHOWN = "not_shown"
    NOT_FOR_TRADE = "not_for_trade"
    NO_NET = "no_net"


@dataclass(frozen=True, slots=True)
class LiveWeight:
    """One snapshot. Weights are exact whole steps; all empty where the scale gave no weight.

    `gross` and `tare` are empty, too, where the scale holds a tare that it does not tell.
    `digits` is net with the scale's own decimals. `refusal` says why `commit` would refuse.
    """

    state: LiveState = LiveState.LOST
    net: Weight | None = None
    gross: Weight | None = None
    tare: Weight | None = None
    tare_kind: TareKind | None = None
    zero: bool = False
    digits: str = DASHES
    unit: str = "kg"
    seq: int = 0
    refusal: Refusal | None = Refusal.LOST
    fault: Fault | None = Fault.DISCONNECTED
    t_mono: float = 0.0

    @property
    def ready(self) -> bool:
        """True when `commit` with this snapshot's seq would sell now."""
        return self.refusal is None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A load that was committed, with the evidence of its weighing."""

    net: Weight
    gross: Weight | None
    tare: Weight | None
    tare_kind: TareKind | None
    seq: int
    age_s: float
    stable_by: StableBy
    raw: bytes
    e: Decimal
    protocol: str
    below_minimum: bool
    tare_kinds: tuple[TareKind, ...] = ()
    """Where each part of the tare came from; more than one where `tare_kind` is COMBINED."""
