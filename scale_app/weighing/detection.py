"""Which protocol do these bytes speak? Every strict decoder reads them; the best reader wins.

A candidate counts when it explains nearly all bytes and at least three frames in a row. Candidates
that explain the bytes equally well and read different weights (`=` forward and reversed) are told,
and only a known weight on the pan decides between them: nothing is guessed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Final

from scale_app.weighing.catalogue import FAMILIES
from scale_app.weighing.protocols.family import Family, Line, Profile
from scale_app.weighing.protocols.parity import ABSENT, stripped
from scale_app.weighing.reading import DAMAGE, Reading

LEAST_FRAMES: Final = 3
LEAST_SHARE: Final = Decimal("0.9")
PARITY_SHARE: Final = Decimal("0.9")
_SAME_BYTES: Final = frozenset({"strip_parity", "bit5", "address"})
"""Keys that do not change what a frame looks like."""

_TO_KG: Final = {"kg": Decimal(1), "g": Decimal("0.001"), "lb": Decimal("0.45359237")}


@dataclass(frozen=True, slots=True)
class Probe:
    """Bytes that make a silent scale talk and change nothing; the families that answer."""

    sent: bytes
    families: tuple[str, ...]


PROBES: Final = (
    Probe(b"W", ("mt-8217",)),
    Probe(b"SI\r\n", ("mt-sics", "radwag")),
    Probe(b"\x05", ("oem-block", "cas-pd2", "digi-b", "prix")),
    Probe(b"W\r", ("nci",)),
    Probe(b"\nW\r", ("sma",)),
)
"""Never T, Z, C, P, @ or a digit: tare, zero, clear, paper, reset, price. Nor 8217's echo test: it
needs a second command to leave it again."""

BAUDS: Final = (9600, 4800, 2400, 1200, 19200)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A profile that explains what was heard: how much of it, and what it read last."""

    profile: Profile
    share: Decimal
    frames: int
    weight: Decimal | None
    unit: str

    @property
    def kilograms(self) -> Decimal | None:
        """The weight it read last; nothing in a unit that is no mass here."""
        factor = _TO_KG.get(self.unit)
        return None if self.weight is None or factor is None else self.weight * factor


def parity_of(heard: bytes) -> str:
    """E or O when nearly all bytes carry that parity in their eighth bit, else N."""
    if heard.isascii():
        return "N"
    odd = sum(byte.bit_count() & 1 for byte in heard)
    if odd <= (1 - PARITY_SHARE) * len(heard):
        return "E"
    return "O" if odd >= PARITY_SHARE * len(heard) else "N"


def candidates(
    reads: Sequence[bytes], line: Line, families: Iterable[str] = (), least: int = LEAST_FRAMES
) -> list[Candidate]:
    """Those who explain these reads, best first; `line` is how the port was open (8N1)."""
    heard = b"".join(reads)
    parity = parity_of(heard) if line.bits == 8 and line.parity == "N" else "N"
    found_line = line if parity == "N" else Line(line.baud, 7, parity, line.stop)
    plain = heard if parity == "N" else stripped(heard)
    names = tuple(families) or tuple(FAMILIES)
    scored = (
        _scored(replace(profile, line=found_line), plain)
        for name in names
        for profile in profiles(FAMILIES[name])
    )
    good = [one for one in scored if one.frames >= least and one.share >= LEAST_SHARE]
    good.sort(key=lambda one: (-one.share, -one.frames))
    return _without_units_that_make_no_difference(good)


def _without_units_that_make_no_difference(found: Iterable[Candidate]) -> list[Candidate]:
    """A frame that fits kg and lb alike is taken in the first, which is the default."""
    kept: dict[tuple[str, str], Candidate] = {}
    for one in found:
        keys = {key: value for key, value in one.profile.keys.items() if key != "unit"}
        kept.setdefault((one.profile.protocol, str(keys)), one)
    return list(kept.values())


def profiles(family: Family) -> Iterator[Profile]:
    """The family under every setting of the keys that change what a frame looks like."""
    names = list(family.keys)
    choices = [v[:1] if name in _SAME_BYTES else v for name, v in family.keys.items()]
    for values in product(*choices):
        yield Profile(family, dict(zip(names, values, strict=True)), family.line)


def handshakes(families: Iterable[str], heard: bytes) -> list[Profile]:
    """Profiles whose scales say this before a weight, one for each way of going on."""
    ways: dict[tuple[str, bytes], Profile] = {}
    for name in families:
        for profile in profiles(FAMILIES[name]):
            decoder = profile.decoder()
            decoder.feed(heard)
            reply = decoder.replies()
            if reply:
                ways.setdefault((name, reply), profile)
    return list(ways.values())


def unasked() -> list[str]:
    """Families that speak only when asked, and that no probe asks."""
    probed = {name for probe in PROBES for name in probe.families}
    return [
        family.name
        for family in FAMILIES.values()
        if family.name not in probed and any(profile.poll for profile in profiles(family))
    ]


def _scored(profile: Profile, heard: bytes) -> Candidate:
    decoder = profile.decoder()
    readings = decoder.feed(heard)
    # The capture may begin and end in the middle of a frame: that much is forgiven.
    slack = 2 * (profile.family.longest - 1)
    noise = max(0, decoder.noise - slack)
    share = Decimal(len(heard) - noise) / max(1, len(heard))
    return _candidate(profile, share, readings)


def _candidate(profile: Profile, share: Decimal, readings: Sequence[Reading]) -> Candidate:
    run = best = 0
    last: Reading | None = None
    for reading in readings:
        run = 0 if reading.fault in DAMAGE else run + 1
        best = max(best, run)
        last = reading if reading.weight is not None else last
    unit = last.unit if last else "kg"
    return Candidate(profile, share, best, last.weight if last else None, unit)


def as_good_as_the_best(found: Sequence[Candidate]) -> list[Candidate]:
    """The candidates between which the bytes alone cannot decide."""
    if not found:
        return []
    top = found[0]
    return [one for one in found if one.share == top.share and 2 * one.frames > top.frames]


def confirmed(found: Sequence[Candidate], known_kg: Decimal) -> list[Candidate]:
    """Those that read the known weight, to one part in fifty."""
    return [
        one
        for one in found
        if one.kilograms is not None and abs(one.kilograms - known_kg) * 50 <= known_kg
    ]


def settings_of(candidate: Candidate) -> dict[str, str]:
    """The keys that differ from the defaults, or that have no safe default."""
    family = candidate.profile.family
    return {
        key: value
        for key, value in candidate.profile.keys.items()
        if value != ABSENT and (key in family.required or value != family.keys[key][0])
    }
