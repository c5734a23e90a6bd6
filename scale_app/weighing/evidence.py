"""Evidence of one weighing: what an inspector needs to believe a line, under its own hash.

The record stays on the till; the line of the sale carries the first eight bytes of its SHA-256, so
neither can be changed without the other. Price and amount stand in the line itself.
"""

import hashlib
from dataclasses import dataclass

import msgspec

from broker.units import Weight
from scale_app.weighing.snapshot import Weighed

HASH_BYTES = 8
ROUNDING_RULE = "once, half away from zero, to {interval} minor unit{plural}"
"""What `broker.units.amount_of` does with weight times price, and to which price interval."""


class Evidence(msgspec.Struct, array_like=True, frozen=True):
    """One weighed line. Weights are in the steps of `unit`; new fields go last."""

    at: int
    """Unix milliseconds of the commit: the same bytes weighed twice are two records."""
    gross: int | None
    """Empty where the scale holds a tare that it does not tell."""
    tare: int
    tare_kind: str
    """Name of a `TareKind`; empty without tare."""
    net: int
    unit: int
    """A `WeightUnit`."""
    e: str
    """Verification interval in force at this load, kg or lb."""
    stable_by: str
    """Name of a `StableBy`: the scale's own flag, the flag twice, our window."""
    protocol: str
    raw: bytes
    """The frame, as it came."""
    age_ms: int
    """Milliseconds between its receipt and the commit."""
    rounding: str
    software: bytes
    """Digest of the legally relevant modules."""
    operator: int
    """Number of the cashier."""
    below_minimum: bool = False
    tare_kinds: tuple[str, ...] = ()
    """Names of all its kinds, where the tare has more than one part."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the till around the scale knows of a weighing."""

    at_ms: int
    operator: int
    software: bytes
    interval: int = 1
    """Price interval of the list in force, minor units."""

    @property
    def rounding(self) -> str:
        """The rounding rule in words."""
        plural = "" if self.interval == 1 else "s"
        return ROUNDING_RULE.format(interval=self.interval, plural=plural)


def evidence_of(weighed: Weighed, around: Circumstances) -> Evidence:
    """The record of a committed load."""
    return Evidence(
        at=around.at_ms,
        gross=_steps(weighed.gross),
        tare=_steps(weighed.tare) or 0,
        tare_kind=weighed.tare_kind.value if weighed.tare and weighed.tare_kind else "",
        net=weighed.net.value,
        unit=int(weighed.net.unit),
        e=f"{weighed.e:f}",
        stable_by=weighed.stable_by.value,
        protocol=weighed.protocol,
        raw=weighed.raw,
        age_ms=max(0, round(weighed.age_s * 1000)),
        rounding=around.rounding,
        software=around.software,
        operator=around.operator,
        below_minimum=weighed.below_minimum,
        tare_kinds=tuple(kind.value for kind in weighed.tare_kinds),
    )


def packed(evidence: Evidence) -> bytes:
    """The record's bytes, as they are kept and hashed."""
    return msgspec.msgpack.encode(evidence)


def unpacked(record: bytes) -> Evidence:
    """The record of these bytes."""
    return msgspec.msgpack.decode(record, type=Evidence)


def hash_of(record: bytes) -> bytes:
    """The eight bytes that the line carries."""
    return hashlib.sha256(record).digest()[:HASH_BYTES]


def _steps(weight: Weight | None) -> int | None:
    return None if weight is None else weight.value
