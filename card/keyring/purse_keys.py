"""Triple DES inside the token: a card's key derived there, and used there.

PKCS#11 2.40, 2.20.7: DES3_ECB_ENCRYPT_DATA makes a key of what the base key enciphers, which is
PBOC's diversification, 3DES(MK, F) and 3DES(MK, not F), to the letter. softhsm2 2.6.1 does it
(checked against `card.mac` in tests/card/test_purse_keys.py). DES ignores the parity bits that
the token sets in a derived key.
"""

import ctypes
import struct
from collections.abc import Sequence
from typing import Any

from pkcs11 import Attribute, KeyType, Mechanism
from pkcs11.constants import DEFAULT

from card.errors import KeyMissing
from card.mac import diversification_blocks, diversified

_FOR_ONE_USE = {
    Attribute.VALUE_LEN: DEFAULT,  # softhsm2 wants no length where the type has one
    Attribute.TOKEN: False,
    Attribute.SENSITIVE: True,
    Attribute.EXTRACTABLE: False,
    Attribute.ENCRYPT: True,
    Attribute.DERIVE: True,
}


def session_key(master: Any, factors: Sequence[bytes], block: bytes) -> bytes:  # noqa: ANN401
    """`block` under the key that `factors` make of `master`, level by level; all in the token."""
    made: list[Any] = []
    try:
        for factor in factors:
            made.append(_derived(made[-1] if made else master, factor))
        return bytes((made[-1] if made else master).encrypt(block, mechanism=Mechanism.DES3_ECB))
    finally:
        for key in made:
            key.destroy()


def card_key(master: Any, factors: Sequence[bytes]) -> bytes:  # noqa: ANN401
    """The 16-byte key that `factors` make of `master`; asks for the right to encipher with it."""
    assert factors, "a master never leaves its token"
    blocks = diversification_blocks(factors[0])
    try:
        key = bytes(master.encrypt(blocks, mechanism=Mechanism.DES3_ECB))
    except AttributeError:  # the library gives a key only the methods its rights allow
        raise KeyMissing("enciphering") from None
    for factor in factors[1:]:
        key = diversified(key, factor)
    return key


def _derived(base: Any, factor: bytes) -> Any:  # noqa: ANN401
    blocks = diversification_blocks(factor)
    held = ctypes.create_string_buffer(blocks, len(blocks))
    # CK_KEY_DERIVATION_STRING_DATA: a pointer and a length; the library takes other mechanisms'
    # parameters as they stand. `held` must live until the call is over.
    parameter = struct.pack("@PL", ctypes.addressof(held), len(blocks))
    return base.derive_key(
        KeyType.DES2,
        128,
        mechanism=Mechanism.DES3_ECB_ENCRYPT_DATA,
        mechanism_param=parameter,
        store=False,
        template=_FOR_ONE_USE,
    )
