"""A card's own keys, made from a master and the card's serial (NXP AN10922, AES-128).

    diversified = AES-CMAC(master, 01 | M), M = uid (4, 7 or 10) | sector (1) | 0A or 0B | system

AN10922 always works on 32 bytes. For 17 to 32 bytes after the constant that is plain AES-CMAC
(NIST SP 800-38B), so a PKCS#11 token can do it without giving the master away; for shorter input
it is not. Our system id is long enough that `01 | M` never has fewer than 17 bytes.
A sector key is the first 6 bytes (our choice; AN10922 leaves it open).
"""

from collections.abc import Callable
from enum import IntEnum

Cmac = Callable[[bytes], bytes]
"""AES-CMAC under a master that stays where it is: message in, 16 bytes out."""

AES128_CONSTANT = b"\x01"
SYSTEM_ID = b"Steelyard M1"
KEY_BYTES = 6


class KeySide(IntEnum):
    """Key A or key B of a sector; the values are those of the authenticate command."""

    A = 0x60
    B = 0x61


def diversified_key(cmac: Cmac, diversification_input: bytes) -> bytes:
    """The 16-byte key for one input (16 to 31 bytes; AN10922 2.2)."""
    assert 16 <= len(diversification_input) <= 31, "outside plain CMAC, see the module's text"
    return cmac(AES128_CONSTANT + diversification_input)


def sector_key(cmac: Cmac, uid: bytes, sector: int, side: KeySide) -> bytes:
    """The 6-byte key of one side of one sector of one card."""
    which = bytes((sector, 0x0A if side is KeySide.A else 0x0B))
    return diversified_key(cmac, uid + which + SYSTEM_ID)[:KEY_BYTES]
