"""MIFARE Application Directory, versions 1 and 2: which sector belongs to which application.

Blocks 1 and 2 of sector 0:

    byte 0      CRC over the other 31
    byte 1      sector of the card's publisher (0: none)
    byte 2..31  application id of sectors 1..15, application code first, then function cluster

On a 4K card sector 16 (blocks 64 to 66) goes on with version 2: CRC over the other 47, publisher,
and the application ids of sectors 17..39.

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
GPB_MAD2 = 0xC2
"""The same on a 4K card, where sector 16 goes on."""
FREE = 0x0000
SECTORS_1, SECTORS_2 = range(1, 16), range(17, 40)
LENGTH_2 = 48


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
    return _encoded(SECTORS_1, applications, publisher_sector)


def encode_2(applications: Mapping[int, int], publisher_sector: int = 0) -> bytes:
    """The 48 bytes of blocks 64 to 66; sectors (17..39) not named are free."""
    return _encoded(SECTORS_2, applications, publisher_sector)


def decode(directory: bytes) -> dict[int, int]:
    """Application id by sector, free sectors left out.

    Raises:
        BadAnswer: wrong length, checksum or publisher byte.
    """
    return _decoded(SECTORS_1, LENGTH, directory)


def decode_2(directory: bytes) -> dict[int, int]:
    """Application id by sector of the second part; raises as `decode`."""
    return _decoded(SECTORS_2, LENGTH_2, directory)


def _encoded(sectors: range, applications: Mapping[int, int], publisher: int) -> bytes:
    ids = b"".join(applications.get(sector, FREE).to_bytes(2, "little") for sector in sectors)
    covered = bytes((publisher,)) + ids
    return bytes((crc8(covered),)) + covered


def _decoded(sectors: range, length: int, directory: bytes) -> dict[int, int]:
    if len(directory) != length:
        raise BadAnswer(length=len(directory))
    publisher = directory[1] & 0x3F
    known = publisher < sectors.stop and publisher != 0x10
    if crc8(directory[1:]) != directory[0] or not known:
        raise BadAnswer(crc=directory[0])
    pairs = zip(sectors, range(2, length, 2), strict=True)
    ids = {sector: int.from_bytes(directory[at : at + 2], "little") for sector, at in pairs}
    return {sector: aid for sector, aid in ids.items() if aid != FREE}
