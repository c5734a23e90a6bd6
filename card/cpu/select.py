"""SELECT by name or file identifier, and what a directory tells about itself (FMCOS2.0, 7.4)."""

from dataclasses import dataclass

from card.apdu import Command
from card.cpu.chip import Chip
from card.errors import BadAnswer

_TEMPLATE, _NAME, _PROPRIETARY, _SFI, _ISSUER = 0x6F, 0x84, 0xA5, 0x88, 0x9F0C


@dataclass(frozen=True, slots=True)
class Directory:
    """File control information: the directory's name, and what its issuer put there.

    issuer: on FMCOS the content of file 0015; empty when the card does not tell it.
    """

    name: bytes
    sfi: int
    issuer: bytes


def select_name(chip: Chip, name: bytes) -> Directory:
    """Select an application by its name.

    Raises:
        CardRefused: 6A82, no such application here.
        CardBlocked: 6A81, the application is blocked.
    """
    return _directory(chip.ask(Command(0x00, 0xA4, 0x04, 0x00, name, le=256)))


def select_file(chip: Chip, identifier: int) -> Directory:
    """Select a file by its two-byte identifier; an elementary file tells nothing.

    Raises:
        CardRefused: 6A82, no such file in this directory.
    """
    return _directory(chip.ask(Command(0x00, 0xA4, 0x00, 0x00, identifier.to_bytes(2), le=256)))


def _directory(answer: bytes) -> Directory:
    if not answer:
        return Directory(b"", 0, b"")
    fields = _fields(_fields(answer).get(_TEMPLATE, b""))
    inner = _fields(fields.get(_PROPRIETARY, b""))
    sfi = inner.get(_SFI, b"\x00")
    return Directory(fields.get(_NAME, b""), sfi[0] if sfi else 0, inner.get(_ISSUER, b""))


def _fields(raw: bytes) -> dict[int, bytes]:
    """Tag and value of each field (BER-TLV, tags of one or two bytes, lengths to 255)."""
    found: dict[int, bytes] = {}
    at = 0
    while at < len(raw):
        wide = raw[at] & 0x1F == 0x1F
        tag = int.from_bytes(raw[at : at + 2]) if wide else raw[at]
        at += 2 if wide else 1
        if raw[at : at + 1] == b"\x81":
            at += 1
        length = raw[at] if at < len(raw) else len(raw)
        value = raw[at + 1 : at + 1 + length]
        if len(value) != length:
            raise BadAnswer(length=len(raw))
        found[tag] = value
        at += 1 + length
    return found
