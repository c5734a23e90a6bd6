"""A person's PIN as scales may keep it: stretched, then bound to one scale. Pure.

A PIN has few digits, so no stretching alone keeps it from someone who can try them all. What a
scale holds is therefore also keyed by that scale's own MAC key, and what the office holds is
encrypted under a key that does not lie in its books (reliability T16).

    stretched = scrypt(PIN, salt of the organisation)        32 bytes, known to nobody at rest
    verifier  = HMAC-SHA256(MAC key of the scale, "steelyard pin" + number + stretched)
"""

import hashlib
import hmac
import itertools
from typing import Annotated

import msgspec
from msgspec import Meta

from broker.sale import Small

LEAST_DIGITS, MOST_DIGITS = 4, 8
SALT_LENGTH = 16

_N, _R, _P = 2**14, 8, 1
"""16 MiB and some 50 ms on a desk machine (RFC 7914)."""


class Person(msgspec.Struct, array_like=True, frozen=True):
    """Somebody who may be the second person at one scale."""

    number: Small
    """Cashier number."""
    verifier: Annotated[bytes, Meta(min_length=32, max_length=32)]


def is_fit(pin: str) -> bool:
    """True for 4 to 8 digits that are not one digit over and over, nor a run up or down."""
    if not (pin.isascii() and pin.isdecimal() and LEAST_DIGITS <= len(pin) <= MOST_DIGITS):
        return False
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(pin)}
    return steps not in ({0}, {1}, {-1})


def stretched(pin: str, salt: bytes) -> bytes:
    """The PIN made slow to try."""
    return hashlib.scrypt(pin.encode(), salt=salt, n=_N, r=_R, p=_P, dklen=32)


def verifier_of(slow: bytes, number: int, terminal_key: bytes) -> bytes:
    """What the scale with that MAC key keeps of the stretched PIN of person `number`."""
    told = b"steelyard pin " + number.to_bytes(4, "big") + slow
    return hmac.new(terminal_key, told, hashlib.sha256).digest()


def person_of(slow: bytes, people: list[Person], terminal_key: bytes) -> int | None:
    """Number of the person whose PIN it is; every entry is compared, so time tells nothing."""
    found = None
    for person in people:
        ours = verifier_of(slow, person.number, terminal_key)
        if hmac.compare_digest(ours, person.verifier) and found is None:
            found = person.number
    return found
