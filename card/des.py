"""DES as the old cards use it: always through 24-byte keys, so that weak keys work too.

`cryptography` warns about, and will drop, Triple DES keys shorter than 24 bytes and knows no
single DES. With the halves written out (K1 K2 K1) and single DES as K K K it takes every key,
the weak ones and those with equal halves included, which cards in the field really carry
(transport keys FF..FF). Nothing here warns; the tests turn every warning into an error.
"""

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK_BYTES = 8
NO_IV = bytes(BLOCK_BYTES)


def encrypt(key: bytes, plain: bytes) -> bytes:
    """`plain` (whole blocks) under an 8-, 16- or 24-byte key, ECB."""
    encryptor = Cipher(TripleDES(_whole_key(key)), modes.ECB()).encryptor()  # noqa: S305  the cards' mode
    return encryptor.update(plain) + encryptor.finalize()


def decrypt(key: bytes, cipher_text: bytes) -> bytes:
    """The inverse of `encrypt`."""
    decryptor = Cipher(TripleDES(_whole_key(key)), modes.ECB()).decryptor()  # noqa: S305  the same
    return decryptor.update(cipher_text) + decryptor.finalize()


def last_cbc_block(key: bytes, plain: bytes, iv: bytes = NO_IV) -> bytes:
    """The last 8 bytes of `plain` (whole blocks) enciphered in CBC mode."""
    encryptor = Cipher(TripleDES(_whole_key(key)), modes.CBC(iv)).encryptor()
    return (encryptor.update(plain) + encryptor.finalize())[-BLOCK_BYTES:]


def _whole_key(key: bytes) -> bytes:
    match len(key):
        case 8:
            return key * 3
        case 16:
            return key + key[:8]
        case 24:
            return key
        case _:
            raise AssertionError("a DES key has 8, 16 or 24 bytes")
