"""Door: the file of the till's own signing key, beside the journal; it never leaves the scale.

64 bytes, mode 0600: the secret half and the public half of an Ed25519 key, made here at the first
start. The public half tells a damaged file from a whole one. Without a usable file a new key is
made: the back-office is told of it at the next sign-on, and selling goes on.
"""

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from broker.heads import SEED_LENGTH, HeadKey, fingerprint
from scale_app.errors import KeyDamaged

log = logging.getLogger("steelyard.key")

NAME = "journal.key"
_LENGTH = 2 * SEED_LENGTH


def read_key(file: Path) -> HeadKey | None:
    """The key in that file; None when there is no file.

    Raises:
        KeyDamaged: it cannot be read, or does not hold a key.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyDamaged(f"{file.name} cannot be read: {error.strerror}") from error
    if len(content) != _LENGTH:
        raise KeyDamaged(f"{file.name} has {len(content)} bytes where {_LENGTH} belong")
    key = HeadKey(content[:SEED_LENGTH])
    if key.public != content[SEED_LENGTH:]:
        raise KeyDamaged(f"{file.name} is damaged: its two halves are not of one key")
    return key


def key_of(file: Path, random: Callable[[int], bytes]) -> HeadKey | None:
    """The till's key, made when there is none that can be used; None when the disk has no room."""
    try:
        key = read_key(file)
        if key is not None:
            _only_ours(file)
            return key
        why = "there was none"
    except KeyDamaged as error:
        why = str(error)
    seed = random(SEED_LENGTH)
    key = HeadKey(seed)
    try:
        _write(file, seed + key.public)
    except OSError as error:
        log.error("no signing key (%s), and none can be written: %s", why, error.strerror)  # noqa: TRY400
        return None
    log.warning("a new signing key %s was made: %s", fingerprint(key.public), why)
    return key


def _only_ours(file: Path) -> None:
    if file.stat().st_mode & 0o077:
        log.warning("%s could be read by others; now it cannot", file.name)
        with contextlib.suppress(OSError):
            file.chmod(0o600)


def _write(file: Path, content: bytes) -> None:
    """All of it on the disk under its name, or the file as it was."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.replace(file)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
