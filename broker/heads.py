"""A scale signs its journal: Ed25519 over the head of the chain, and so over all entries before.

The MAC of the wire is known to the office as well; this key is not. What the office stores can be
proved to be what the scale wrote, also against somebody inside the office.
"""

import hashlib
from typing import Annotated

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from broker.sale import Small
from broker.seal import Hash16, is_genuine

PREFIX = b"steelyard head"
SEED_LENGTH = 32


class SignedHead(msgspec.Struct, array_like=True, frozen=True):
    """The scale's signature over the hash of entry `seq`, and so over every entry before it."""

    v: int
    kind: int
    terminal: Annotated[str, Meta(min_length=1, max_length=8)]
    epoch: Small
    seq: Small
    head: Hash16
    signature: Annotated[bytes, Meta(min_length=64, max_length=64)]
    """Over `head_bytes`."""


def head_bytes(terminal: str, epoch: int, seq: int, head: bytes) -> bytes:
    """What is signed: the prefix, a zero byte, the terminal, a zero byte, the numbers, the hash.

    Both numbers are 8 bytes, big end first; a terminal's name holds no zero byte.
    """
    numbers = epoch.to_bytes(8, "big") + seq.to_bytes(8, "big")
    return PREFIX + b"\0" + terminal.encode("ascii") + b"\0" + numbers + head


class HeadKey:
    """The key of one scale; its private half is in no attribute that a log could show."""

    __slots__ = ("_private", "public")

    def __init__(self, seed: bytes) -> None:
        """Of 32 secret bytes."""
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"HeadKey({fingerprint(self.public)})"

    def sign(self, terminal: str, epoch: int, seq: int, head: bytes) -> bytes:
        """64 bytes over the hash of entry `seq`."""
        return self._private.sign(head_bytes(terminal, epoch, seq, head))


def is_signed(
    terminal: str, epoch: int, seq: int, head: bytes, *, signature: bytes, public: bytes
) -> bool:
    """True when the owner of that key signed that head as this terminal's."""
    return min(epoch, seq) > 0 and is_genuine(
        head_bytes(terminal, epoch, seq, head), signature, public
    )


def fingerprint(public: bytes) -> str:
    """A key as people compare it: the first 8 bytes of its SHA-256, in four groups."""
    digest = hashlib.sha256(public).digest()[:8]
    return digest.hex(" ", 2)
