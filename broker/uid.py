"""Names for things made on a scale that may not meet the back-office for days: ULID, 16 bytes.

48 bits of Unix milliseconds, then 80 random bits, so ids sort by time and never meet. Layout from
the ULID specification (github.com/ulid/spec): on the wire the 16 bytes, for people 26 characters of
Crockford's base 32.
"""

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_uid(now_ms: int, random_10: bytes) -> bytes:
    """The 16 bytes of a ULID made at `now_ms` (Unix milliseconds) from ten random bytes."""
    assert len(random_10) == 10, "a ULID takes 80 random bits"
    return now_ms.to_bytes(6, "big") + random_10


def uid_text(uid: bytes) -> str:
    """A ULID as its 26 characters, as the specification writes it."""
    number = int.from_bytes(uid, "big")
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))
