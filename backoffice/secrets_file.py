"""Door: the office's own secrets as files, owner only: MAC master, signing key, token PIN."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backoffice.config import State
from backoffice.errors import ConfigFault

KEY_LENGTH = 32


def private_folder(folder: Path) -> Path:
    """Makes a folder that only its owner may enter."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _kept(state: State, name: str, fresh: bytes) -> bytes:
    path = private_folder(state.secrets) / name
    if not path.exists():
        write_private(path, fresh)
    return path.read_bytes()


def _key(state: State, name: str) -> bytes:
    content = _kept(state, name, secrets.token_bytes(KEY_LENGTH))
    if len(content) != KEY_LENGTH:
        raise ConfigFault(
            "{name} is damaged; restore it from the backup.", name=state.secrets / name
        )
    return content


def mac_master(state: State) -> bytes:
    """The master of all terminal MAC keys; made at the first use."""
    return _key(state, "mac.master")


def signing_key(state: State) -> bytes:
    """The raw Ed25519 key that signs price lists; made at the first use."""
    return _key(state, "sign.key")


def public_key(state: State) -> bytes:
    """The 32 raw bytes that scales check signatures with."""
    return Ed25519PrivateKey.from_private_bytes(signing_key(state)).public_key().public_bytes_raw()


def token_pin(state: State) -> str:
    """PIN of the office's key token; made at the first use."""
    fresh = "".join(secrets.choice("0123456789") for _ in range(12)).encode()
    return _kept(state, "token.pin", fresh).decode()


def random_token() -> bytes:
    """A fresh token for a card."""
    return secrets.token_bytes(8)


def fresh_pin() -> str:
    """A PIN for a till's key token."""
    return "".join(secrets.choice("0123456789") for _ in range(12))
