"""PINs of people as the books keep them: stretched, and encrypted under the office's master. Pure.

Books and second journal hold boxes only; without the secrets folder they say nothing, not even to
somebody who tries all PINs. The same PIN of the same person gives the same box (AES-SIV, RFC 5297).
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from broker.pins import SALT_LENGTH, stretched


def _derived(master: bytes, length: int, what: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=what).derive(master)


def salt_of(master: bytes) -> bytes:
    """The salt of this organisation's PINs; scales get it with the verifiers."""
    return _derived(master, SALT_LENGTH, b"steelyard pin salt")


def boxed(pin: str, number: int, master: bytes) -> bytes:
    """What the books keep of the PIN of person `number`."""
    key = AESSIV(_derived(master, 64, b"steelyard pin box"))
    return key.encrypt(stretched(pin, salt_of(master)), [str(number).encode()])


def unboxed(box: bytes, number: int, master: bytes) -> bytes | None:
    """The stretched PIN in a box; None when it was made for another person or master."""
    key = AESSIV(_derived(master, 64, b"steelyard pin box"))
    try:
        return key.decrypt(box, [str(number).encode()])
    except (InvalidTag, ValueError):
        return None
