"""The frame of families that speak in lines of text: printable bytes, then CR LF.

A line is whole at its CR, or at its LF where the CR is missing; the byte of the end that is left
over is skipped. Noise before a line is cut off at its last byte that is no text, so it costs no
line; such a byte in a line makes the whole line damage, one reading. Over an 8-bit line a 7-bit
device's parity bits are stripped, if they fit throughout the line.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scale_app.weighing.protocols.framing import WAIT, Rule, Step, damaged
from scale_app.weighing.protocols.parity import is_whole, stripped
from scale_app.weighing.reading import Fault, Reading

_ASCII: Final = bytes(range(0x20, 0x7F))
_ANY_TEXT: Final = _ASCII + bytes(byte | 0x80 for byte in _ASCII)
_START: Final = re.compile(rb"[\x20-\x7e\xa0-\xfe]")
_NO_TEXT: Final = re.compile(rb"[^\x20-\x7e\xa0-\xfe]")
_TEXT: Final = re.compile(rb"[\x20-\x7e]")
_CONTROL: Final = re.compile(rb"[\x00-\x1f\x7f]")
_ENDS: Final = (b"\r", b"\n")
_END: Final = re.compile(rb"[\r\n\x8d\x8a]")

Line = Callable[[bytes, bytes], Reading | None]
"""(text without its end, raw) -> the reading; nothing when the line is of no concern."""


def rule(
    line: Line,
    longest: int,
    *,
    parity: str = "no",
    after_noise: re.Pattern[bytes] | None = None,
    whole: re.Pattern[bytes] | None = None,
) -> Rule:
    """The rule of a family whose lines, noise before them included, are at most `longest` bytes.

    Lines of free length give `after_noise`: how a line must begin to be believed right after a byte
    that is no text, since that byte may have been its first digit or its sign. `whole` finds at the
    end of a text what is a line from its first byte on, so that nothing before it can belong to it.
    """
    return _Lines(line, longest, parity, after_noise, whole).find


@dataclass(frozen=True, slots=True)
class _Lines:
    """What `rule` was told."""

    line: Line
    longest: int
    parity: str
    after_noise: re.Pattern[bytes] | None
    whole: re.Pattern[bytes] | None

    def find(self, text: bytes, at: int) -> Step:
        """What stands at the front."""
        first = _START.search(text, at)
        if first is None or first.start() > at:
            return Step((first.start() if first else len(text)) - at)
        before = text[at - 1 : at]
        if _START.match(before):
            middle = _NO_TEXT.search(text, at)
            return Step((middle.start() if middle else len(text)) - at)
        window = text[at : at + self.longest]
        end = _END.search(window)
        if end is None:
            return WAIT if len(window) < self.longest else _overlong(window)
        body, raw = window[: end.start()], window[: end.end()]
        if raw.isascii() and not _CONTROL.search(body):
            return Step(len(raw), self._read(body, raw, before))
        return self._noisy(body, raw)

    def _read(self, body: bytes, raw: bytes, before: bytes) -> Reading | None:
        if self.after_noise and before not in _ENDS and not self.after_noise.match(body):
            return Reading(fault=Fault.BAD_FRAME, raw=raw)
        return self.line(body, raw)

    def _noisy(self, body: bytes, raw: bytes) -> Step:
        """A line with bytes that are no text: noise before it, parity bits, or damage."""
        end = raw[len(body) :]
        tail = body[len(body.rstrip(_ASCII)) :]
        noise = body[: len(body) - len(tail)]
        # Text in the noise may be what is left of the line's own beginning.
        is_apart = not _TEXT.search(noise) or (self.whole and self.whole.search(tail))
        if end.isascii() and noise and is_apart:
            reading = self._read(tail, tail + end, noise[-1:])
            if _is_good(reading):
                return Step(len(raw), reading)
        if self.parity != "no" and is_whole(raw, self.parity):
            return Step(len(raw), self._read(stripped(body), raw, b"\n"))
        return damaged(raw)


def _overlong(window: bytes) -> Step:
    """No end where one must be: a line may begin after the last byte that is no text."""
    return damaged(window.rstrip(_ANY_TEXT) or window)


def _is_good(reading: Reading | None) -> bool:
    return reading is not None and reading.fault is not Fault.BAD_FRAME
