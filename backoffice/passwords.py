"""Door: argon2 for passwords of people at the office.

Argon2id with 19 MiB, 2 passes, 1 lane: OWASP Password Storage Cheat Sheet, the first of its equals.
"""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("there is nobody of that name")


def hashed(password: str) -> str:
    """What is kept of a password: a PHC string with its own salt."""
    return _HASHER.hash(password)


def fits(kept: str, password: str) -> bool:
    """True when it is that password; for an unknown person (`kept` empty) as slow, and false."""
    try:
        _HASHER.verify(kept or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)
