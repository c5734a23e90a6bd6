"""Trailer, chain and signature: pure functions over the bytes as sent.

A frame is a body and a trailer. MessagePack body: 16 raw bytes follow. JSON body (first byte `[`):
a newline and 32 hex digits follow. The trailer is HMAC-SHA256 under the terminal's key, cut to 16
bytes (RFC 2104 section 5 allows the cut), over the body; an answer's MAC covers the body and then
the 16 bytes of the request's trailer, so an answer cannot be moved to another request.
"""

import functools
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Annotated

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from broker.errors import BadMessage, BadSeal

Hash16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
"""A chain hash on the wire."""

MAC_LENGTH = 16
_JSON_TRAILER = 1 + 2 * MAC_LENGTH
_HEX_TRAILER = re.compile(rb"\n[0-9a-fA-F]{32}")
MAX_FRAME = 64 * 1024
"""A frame longer than this is refused unread."""


def is_json(frame: bytes) -> bool:
    """True when the first byte says that the body is JSON."""
    return frame[:1] == b"["


def mac_of(key: bytes, body: bytes, covers: bytes = b"") -> bytes:
    """The 16 bytes of MAC over `body` and, for an answer, the request's MAC in `covers`."""
    return hmac.new(key, body + covers, hashlib.sha256).digest()[:MAC_LENGTH]


def sealed(body: bytes, key: bytes, covers: bytes = b"") -> bytes:
    """The frame to send: `body` and its trailer in the form that the body's first byte asks for."""
    mac = mac_of(key, body, covers)
    return body + b"\n" + mac.hex().encode() if is_json(body) else body + mac


def split(frame: bytes) -> tuple[bytes, bytes]:
    """Body and the 16 bytes of MAC, unchecked.

    Raises:
        BadMessage: empty, too long, or too short to hold a trailer.
        BadSeal: a JSON frame whose trailer is not a newline and 32 hex digits.
    """
    if not frame or len(frame) > MAX_FRAME:
        raise BadMessage(f"a frame of {len(frame)} bytes")
    if not is_json(frame):
        if len(frame) <= MAC_LENGTH:
            raise BadMessage(f"a frame of {len(frame)} bytes")
        return frame[:-MAC_LENGTH], frame[-MAC_LENGTH:]
    # A stock tool that sends a file adds a line end of its own; it is not part of the frame.
    frame = frame.rstrip(b"\r\n")
    body, trailer = frame[:-_JSON_TRAILER], frame[-_JSON_TRAILER:]
    if not _HEX_TRAILER.fullmatch(trailer):
        raise BadSeal("the trailer is not a newline and 32 hex digits")
    return body, bytes.fromhex(trailer[1:].decode())


def opened(frame: bytes, keys: Iterable[bytes], covers: bytes = b"") -> tuple[bytes, bytes]:
    """Body and MAC of a frame sealed with one of `keys` (at most two are active at a time).

    Raises:
        BadSeal: no key fits; nothing of the body was parsed.
    """
    body, mac = split(frame)
    if not any(hmac.compare_digest(mac_of(key, body, covers), mac) for key in keys):
        raise BadSeal("the MAC does not fit")
    return body, mac


def link_of(body: bytes) -> bytes:
    """Chain hash of a journal entry: the first 16 bytes of SHA-256 over its body as sent.

    The next entry carries it as `prev`, so one changed byte anywhere breaks the chain.
    """
    return hashlib.sha256(body).digest()[:16]


FIRST_LINK = bytes(16)
"""`prev` of the first entry of an epoch."""


def terminal_key(master: bytes, terminal: str, number: int) -> bytes:
    """The 32-byte MAC key `number` of a terminal, by HKDF-SHA256 (RFC 5869) from the master."""
    info = f"steelyard mac {terminal} {number}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def signed(payload: bytes, private_key: bytes) -> bytes:
    """Ed25519 signature, 64 bytes, by a raw 32-byte private key."""
    return _signer(private_key).sign(payload)


@functools.lru_cache(8)
def _signer(private_key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(private_key)


def is_genuine(payload: bytes, signature: bytes, public_key: bytes) -> bool:
    """True when `signature` over `payload` was made by the owner of the raw `public_key`."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, payload)
    except (InvalidSignature, ValueError):
        return False
    return True
