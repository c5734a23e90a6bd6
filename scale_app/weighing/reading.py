"""The one reading type: what a scale said, as a weight or as a fault, never as both.

Weights are `Decimal`, with the digits the scale sent, in the unit it sent. A fault carries no
weight; 0.000 is a weight and comes only from a frame that says 0. A status answer that carries
neither (centre of zero, tare taken) is a reading with both empty.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum


class Fault(Enum):
    """Why a scale gave no weight; the value is the name in files and on the command line."""

    MOTION = "motion"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    UNDER_ZERO = "under_zero"
    NOT_READY = "not_ready"
    BAD_FRAME = "bad_frame"
    BAD_CHECKSUM = "bad_checksum"
    INCOMPLETE = "incomplete"
    DEVICE_FAULT = "device_fault"
    PRICE_MISMATCH = "price_mismatch"
    STALE = "stale"
    DISCONNECTED = "disconnected"


DAMAGE = frozenset({Fault.BAD_FRAME, Fault.BAD_CHECKSUM, Fault.INCOMPLETE})
"""Faults of the line, not of the pan: one such frame says nothing about the load."""


class Mode(Enum):
    """What the number is: gross on the pan, net of a tare the scale holds, or not said."""

    GROSS = "gross"
    NET = "net"
    UNKNOWN = "unknown"


class TareKind(Enum):
    """Where a tare came from: SCALE and PRESET are held by the scale itself, the rest is ours."""

    TYPED = "typed"
    WEIGHED = "weighed"
    PRODUCT = "product"
    SCALE = "scale"
    PRESET = "preset"
    COMBINED = "combined"
    CONTAINER = "container"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a scale said.

    `weight` is net where `mode` is NET. `tare` is what the scale itself reports to hold.
    `t_mono` is the monotonic time of receipt in seconds and `seq` rises by one for each reading;
    both are 0 until the port stamps them, since decoders know no time.
    """

    weight: Decimal | None = None
    fault: Fault | None = None
    unit: str = "kg"
    stable: bool | None = None
    mode: Mode = Mode.UNKNOWN
    tare: Decimal | None = None
    tare_kind: TareKind | None = None
    zero: bool | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    for_trade: bool = True
    note: str = ""
    raw: bytes = b""
    t_mono: float = 0.0
    seq: int = 0

    def __post_init__(self) -> None:
        """Refuse the one thing that must never exist: a fault that looks like a weight."""
        assert self.weight is None or self.fault is None, "a fault carries no weight"
        assert self.fault is None or self.stable is not True, "a fault is never stable"

    @property
    def net(self) -> Decimal | None:
        """The weight without container, when the scale says that it is net."""
        return self.weight if self.mode is Mode.NET else None

    @property
    def gross(self) -> Decimal | None:
        """All that is on the pan; empty when the scale is net of a tare it does not tell."""
        if self.weight is None or self.mode is not Mode.NET:
            return self.weight
        return None if self.tare is None else self.weight + self.tare

    def stamped(self, t_mono: float, seq: int) -> "Reading":
        """The same reading with its time of receipt and its number."""
        return Reading(
            self.weight,
            self.fault,
            self.unit,
            self.stable,
            self.mode,
            self.tare,
            self.tare_kind,
            self.zero,
            self.unit_price,
            self.amount,
            self.for_trade,
            self.note,
            self.raw,
            t_mono,
            seq,
        )
