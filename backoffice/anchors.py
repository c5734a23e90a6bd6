"""Door: the daily signed anchors, a file beside the books.

One JSON line a day: how far the audit chain went, its head, and the office's Ed25519 signature.
Whoever rewrites the books from the inside cannot write these lines again without the signing key;
send the newest line out of the house each day and not even that helps.
"""

import base64
import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backoffice.errors import StoreFault


@dataclass(frozen=True, slots=True)
class Anchor:
    """At `at` (Unix milliseconds) the chain had `seal` seals and `head` was the last one's hash."""

    at: int
    seal: int
    head: bytes
    signature: bytes = b""

    def signed_bytes(self) -> bytes:
        """What the signature covers."""
        return (
            b"steelyard audit anchor\0" + json.dumps([self.at, self.seal, self.head.hex()]).encode()
        )

    def genuine(self, signing_key: bytes) -> bool:
        """Was it signed with this key?"""
        public = Ed25519PrivateKey.from_private_bytes(signing_key).public_key()
        try:
            public.verify(self.signature, self.signed_bytes())
        except InvalidSignature:
            return False
        return True


def anchor_file(books: Path) -> Path:
    """Where the anchors of these books stand."""
    return books.with_suffix(".anchors")


def read_anchors(path: Path) -> list[Anchor]:
    """All anchors, oldest first; a line that is none has an empty signature and is not genuine."""
    if not path.exists():
        return []
    made = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        one = Anchor(0, 0, b"")
        with contextlib.suppress(ValueError, KeyError, TypeError):
            said = json.loads(line)
            signature = base64.b64decode(said["signature"])
            one = Anchor(int(said["at"]), int(said["seal"]), bytes.fromhex(said["head"]), signature)
        made.append(one)
    return made


def add_anchor(path: Path, anchor: Anchor, signing_key: bytes) -> None:
    """Signs an anchor and adds it to the file, on disk when this returns.

    Raises:
        StoreFault: the file cannot be written.
    """
    key = Ed25519PrivateKey.from_private_bytes(signing_key)
    signature = base64.b64encode(key.sign(anchor.signed_bytes())).decode()
    line = {"at": anchor.at, "seal": anchor.seal, "head": anchor.head.hex(), "signature": signature}
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(json.dumps(line).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreFault("{path} cannot be written ({error}).", path=path, error=error) from error


DAY_MS = 24 * 3600 * 1000


class DailyAnchor:
    """Anchors the chain once a day, and at the first call."""

    def __init__(self, path: Path, signing_key: bytes) -> None:
        self._path = path
        self._key = signing_key
        made = read_anchors(path)
        self._day = made[-1].at // DAY_MS if made else 0

    def __call__(self, now: int, last: Callable[[], tuple[int, bytes]]) -> bool:
        """Adds an anchor when the day (UTC) is a new one; True when it did.

        Args:
            now: Unix milliseconds.
            last: gives number and hash of the newest seal.
        """
        if now // DAY_MS == self._day:
            return False
        add_anchor(self._path, Anchor(now, *last()), self._key)
        self._day = now // DAY_MS
        return True
