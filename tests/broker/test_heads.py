"""A signed head: its bytes by hand, its signature by openssl, and nothing of the key to be seen."""

import base64
import subprocess
from pathlib import Path

import pytest

from broker.heads import HeadKey, fingerprint, head_bytes, is_signed

SEED = bytes(range(32))
HEAD = bytes(range(16, 32))
PKCS8 = bytes.fromhex("302e020100300506032b657004220420")
"""What stands before the 32 bytes of an Ed25519 private key in PKCS 8 (RFC 8410)."""


def pem(kind: str, content: bytes) -> str:
    return f"-----BEGIN {kind}-----\n{base64.b64encode(content).decode()}\n-----END {kind}-----\n"


def openssl(folder: Path, *words: str) -> bytes:
    done = subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    return done.stdout


def test_the_bytes_that_are_signed() -> None:
    wanted = b"steelyard head\0S03-12\0" + bytes(7) + b"\2" + bytes(6) + b"\1\0" + HEAD
    assert head_bytes("S03-12", 2, 256, HEAD) == wanted


def test_openssl_signs_the_same_bytes_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(pem("PRIVATE KEY", PKCS8 + SEED))
    (tmp_path / "head").write_bytes(head_bytes("S03-12", 2, 256, HEAD))
    signature = openssl(tmp_path, "pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "head")
    public = openssl(tmp_path, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER")[-32:]
    key = HeadKey(SEED)
    assert (key.public, key.sign("S03-12", 2, 256, HEAD)) == (public, signature)


@pytest.mark.parametrize(
    "other",
    [
        ("S03-13", 2, 256, HEAD), ("S03-12", 1, 256, HEAD), ("S03-12", 2, 255, HEAD),
        ("S03-12", 2, 256, SEED[:16]), ("S03-12", 2, -1, HEAD), ("S03-12", 0, 256, HEAD),
    ],
)  # fmt: skip
def test_a_signature_is_of_one_terminal_epoch_number_and_hash(
    other: tuple[str, int, int, bytes],
) -> None:
    key = HeadKey(SEED)
    signature = key.sign("S03-12", 2, 256, HEAD)
    assert is_signed("S03-12", 2, 256, HEAD, signature=signature, public=key.public)
    assert not is_signed(*other, signature=signature, public=key.public)
    stranger = HeadKey(bytes(32)).public
    assert not is_signed("S03-12", 2, 256, HEAD, signature=signature, public=stranger)


def test_a_key_shows_its_fingerprint_and_no_secret() -> None:
    key = HeadKey(SEED)
    assert repr(key) == f"HeadKey({fingerprint(key.public)})"
    assert len(fingerprint(key.public)) == 19
    assert not hasattr(key, "__dict__")
