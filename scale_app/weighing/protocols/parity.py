"""Parity in the eighth bit, for 7-bit protocols that arrive over an 8-bit line.

A port opened 7E1 delivers seven bits and has checked the parity itself. Through a pseudo-terminal,
a socket or a port opened 8N1 the parity bit is still there; then we check and strip it. One frame
must be of one kind throughout: a byte that breaks the pattern is a damaged byte.
"""

from typing import Final

ABSENT: Final = ""
RULES: Final = (ABSENT, "even", "odd", "no")
"""Values of the profile key `strip_parity`; absent takes whatever is consistent in a frame."""

_PLAIN: Final = bytes(byte & 0x7F for byte in range(256))
_ODD_ONES: Final = bytes(byte.bit_count() & 1 for byte in range(256))


def stripped(raw: bytes) -> bytes:
    """The bytes without their eighth bit."""
    return raw.translate(_PLAIN)


def is_whole(raw: bytes, rule: str) -> bool:
    """True when the eighth bits of all these bytes fit the rule."""
    if rule in (ABSENT, "no") and raw.isascii():
        return True
    ones = sum(raw.translate(_ODD_ONES))
    even, odd = ones == 0, ones == len(raw)
    return even if rule == "even" else odd if rule == "odd" else rule == ABSENT and (even or odd)
