"""MIFARE Application Directory, version 1: which sector belongs to which application.

Blocks 1 and 2 of sector 0:

    byte 0      CRC over the other 31
    byte 1      sector of the card's publisher (0: none)
    byte 2..31  application id of sectors 1..15, application code first, then function cluster

CRC-8: polynomial 1D, start C7, not reflected. Source: NXP AN10787 3.7; checked on the examples
published with libfreefare and proxmark3.
"""

from collections.abc import Mapping

from card.errors import BadAnswer

LENGTH = 32
MAD_KEY_A = bytes.fromhex("A0A1A2A3A4A5")
"""Public by AN10787: anybody may read a directory."""
GPB_MAD1 = 0xC1
"""Trailer byte 9 of sector 0: directory present, several applications, version 1."""
FREE = 0x0000


def crc8(covered: bytes) -> int:
    """The directory's checksum over the bytes after it."""
    crc = 0xC7
    for byte in covered:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x1D if crc & 0x80 else crc << 1) & 0xFF
    return crc


def encode(applications: Mapping[int, int], publisher_sector: int = 0) -> bytes:
    """The 32 bytes of blocks 1 and 2; sectors (1..15) not named are free."""
    entries = b"".join(
        applications.get(sector, FREE).to_bytes(2, "little") for sector in range(1, 16)
    )
    covered = bytes((publisher_sector,)) + entries
    return bytes((crc8(covered),)) + covered


def decode(directory: bytes) -> dict[int, int]:
    """Application id by sector, free sectors left out.

    Raises:
        BadAnswer: wrong length, checksum or publisher byte.
    """
    if len(directory) != LENGTH:
        raise BadAnswer(length=len(directory))
    if crc8(directory[1:]) != directory[0] or directory[1] & 0x3F > 0x0F:
        raise BadAnswer(crc=directory[0])
    ids = {s: int.from_bytes(directory[2 * s : 2 * s + 2], "little") for s in range(1, 16)}
    return {sector: aid for sector, aid in ids.items() if aid != FREE}
