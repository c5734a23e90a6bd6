"""Which family a card belongs to, by the ATR that the reader reports.

A PC/SC reader makes up the ATR of a memory card: `3B 8n 80 01 .. 80 4F 0C A0 00 00 03 06 SS NN NN
..` (PC/SC part 3, 3.1.3.2.3.2). The registered id A000000306 is looked for, not a fixed offset,
as readers differ in what stands before it. Anything else is a card with a processor.
"""

from enum import StrEnum

PCSC_RID = bytes.fromhex("A000000306")
_ISO14443A_PART3 = 0x03
_CARD_NAMES = {0x0001: "1K", 0x0002: "4K"}
_OTHER_NAMES = {
    0x0003: "MIFARE Ultralight",
    0x0026: "MIFARE Mini",
    0x0036: "MIFARE Plus SL1 2K",
    0x0037: "MIFARE Plus SL1 4K",
    0x0038: "MIFARE Plus SL2 2K",
    0x0039: "MIFARE Plus SL2 4K",
    0x003A: "MIFARE Ultralight C",
}
_DESFIRE = bytes.fromhex("3B8180018080")
"""Its answer to select tells one historical byte, 80 (NXP AN10833, 3.2)."""
_STANDARDS = {0x11: "FeliCa", 0x05: "ISO 14443 B", 0x06: "ISO 14443 B", 0x07: "ISO 14443 B"}


class CardFamily(StrEnum):
    """The families; CITY is known only after a SELECT, the others by the ATR."""

    M1_1K = "m1-1k"
    M1_4K = "m1-4k"
    CPU = "cpu"
    CITY = "city"
    UNKNOWN = "unknown"


def family_of(atr: bytes) -> CardFamily:
    """The family of the card with this ATR; UNKNOWN for other memory cards and for noise."""
    at = atr.find(PCSC_RID)
    if at < 0:
        return CardFamily.CPU if _is_atr(atr) else CardFamily.UNKNOWN
    standard_and_name = atr[at + 5 : at + 8]
    if len(standard_and_name) < 3 or standard_and_name[0] != _ISO14443A_PART3:
        return CardFamily.UNKNOWN
    name = _CARD_NAMES.get(int.from_bytes(standard_and_name[1:]))
    return {"1K": CardFamily.M1_1K, "4K": CardFamily.M1_4K}.get(name or "", CardFamily.UNKNOWN)


def name_of(atr: bytes) -> str:
    """What a card that we do not talk with is called, as far as its ATR tells."""
    if atr == _DESFIRE:
        return "MIFARE DESFire"
    at = atr.find(PCSC_RID)
    if at < 0:
        return "processor card" if _is_atr(atr) else "unknown"
    standard, name = atr[at + 5 : at + 6], int.from_bytes(atr[at + 6 : at + 8])
    if standard and standard[0] in _STANDARDS:
        return _STANDARDS[standard[0]]
    return _OTHER_NAMES.get(name, "memory card")


def _is_atr(atr: bytes) -> bool:
    # ISO 7816-3 8.1: direct or inverse convention, then T0; 33 bytes at most.
    return 2 <= len(atr) <= 33 and atr[0] in (0x3B, 0x3F)
