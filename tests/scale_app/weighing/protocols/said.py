"""What a decoder says of given bytes, in the public form: tables of frames stay short to read."""

from typing import Any

from scale_app.weighing import catalogue
from scale_app.weighing.report import fields

Said = list[dict[str, Any]]


def decoded(protocol: str, raw: bytes, **keys: str) -> Said:
    """All readings of these bytes; the input ends after them."""
    decoder = catalogue.profile(protocol, keys).decoder()
    return [fields(reading) for reading in decoder.feed(raw) + decoder.expire()]


def weights_and_faults(protocol: str, raw: bytes, **keys: str) -> list[str | None]:
    """One word a reading: its weight, or the name of its fault, or None for a status."""
    return [said["weight"] or said["fault"] for said in decoded(protocol, raw, **keys)]


def sealed(body: bytes, *, start: int = 0) -> int:
    """The exclusive or of these bytes, as the manuals of half the world have it."""
    check = start
    for byte in body:
        check ^= byte
    return check
