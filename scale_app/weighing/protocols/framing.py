"""The common shape of all decoders: bytes in, readings out, any split, bounded memory.

A family gives one rule: what stands at the front of these bytes? The answer is one `Step`: so many
bytes are used and this reading came of them, or (nothing used) more bytes are needed. A rule waits
only while the front may still become a whole frame, so what is kept is never longer than the
longest frame, and the work is linear in the bytes. A rule decides the same whatever comes later,
so any split of the same bytes gives the same readings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from scale_app.weighing.reading import DAMAGE, Fault, Reading

SLICE = 4096
"""Bytes looked at in one go: a flood of noise in one call costs no more memory than this."""

OWED = 256
"""Bytes of replies kept for a host that does not fetch them, because it only listens."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a rule found at the front: `used` bytes, the reading they made, the reply they ask."""

    used: int
    reading: Reading | None = None
    reply: bytes = b""


WAIT = Step(0)
"""The front may become a frame: more bytes are needed."""

Rule = Callable[[bytes, int], Step]
"""(bytes, position) -> Step. The byte before the position, if any, was already used."""


class Decoder:
    """Feeds bytes to one family's rule and keeps what is not yet a frame.

    `frames` counts frames understood; `noise` counts bytes that belonged to none.
    """

    __slots__ = ("_kept", "_owed", "_rule", "frames", "noise")

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self._kept = b""
        self._owed = b""
        self.frames = 0
        self.noise = 0

    @property
    def waiting(self) -> int:
        """Bytes held back for a frame that is not whole yet."""
        return max(0, len(self._kept) - 1)

    def feed(self, chunk: bytes) -> list[Reading]:
        """The readings completed by these bytes, in order; never fails, drops noise."""
        readings: list[Reading] = []
        for start in range(0, len(chunk), SLICE):
            self._scan(chunk[start : start + SLICE], readings)
        return readings

    def expire(self) -> list[Reading]:
        """Give up the half frame that is held (silence on the line): one `incomplete`, or none."""
        held = self._kept[1:]
        self._kept = b""
        if not held:
            return []
        self.noise += len(held)
        return [Reading(fault=Fault.INCOMPLETE, raw=held)]

    def replies(self) -> bytes:
        """Bytes the host owes the scale since the last call (handshakes); usually none."""
        owed, self._owed = self._owed, b""
        return owed

    def _scan(self, chunk: bytes, readings: list[Reading]) -> None:
        # One used byte stays in front, so that a rule can see what a line came after.
        text = (self._kept or b"\n") + chunk
        at, end = 1, len(text)
        while at < end:
            step = self._rule(text, at)
            if not step.used:
                break
            at += step.used
            if step.reply:
                self._owe(step.reply)
            self._count(step, text[at - step.used : at])
            if step.reading is not None:
                readings.append(step.reading)
        self._kept = text[at - 1 :]

    def _owe(self, reply: bytes) -> None:
        # Nobody fetched the old ones: they are too late for any scale. Whole replies only.
        fits = len(self._owed) + len(reply) <= OWED
        self._owed = self._owed + reply if fits else reply

    def _count(self, step: Step, used: bytes) -> None:
        reading = step.reading
        understood = bool(step.reply) if reading is None else reading.fault not in DAMAGE
        if understood:
            self.frames += 1
        else:
            # The second byte of a line's end, or an empty line, is no sign of a bad line.
            self.noise += len(used.strip(b"\r\n"))


def damaged(raw: bytes, fault: Fault = Fault.BAD_FRAME) -> Step:
    """These bytes began like a frame and are none."""
    return Step(len(raw), Reading(fault=fault, raw=raw))


def number(digits: bytes) -> Decimal | None:
    """The number in a fixed field: spaces, one sign, spaces, digits with at most one point.

    Nothing else passes, because a damaged field must never read as a smaller weight.
    """
    text = digits.strip(b" ")
    sign = text[:1]
    if sign in (b"+", b"-"):
        text = text[1:].lstrip(b" ")
    whole, point, part = text.partition(b".")
    if not (whole + part).isdigit() or (point and not part):
        return None
    value = Decimal(text.decode("ascii"))
    return -value if sign == b"-" and value else value
