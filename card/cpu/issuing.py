"""Blocking, unblocking, and what an issuing desk needs: files and keys (FMCOS2.0 special manual).

    file type 38 directory, 3F key file, 28 binary, 2E cyclic records, 2F purse; bit 80: protected
    key type  30 enciphers, 31 deciphers, 32 MAC, 34 TAC, 36 line, 37 unblock PIN, 38 reload PIN,
              39 external authentication, 3A PIN, 3C overdraft, 3D unload, 3E purchase, 3F load

A right is a byte XY: X = F asks for the main file's state >= Y, else for Y <= the directory's
state <= X; X < Y means never.
"""

from dataclasses import dataclass
from enum import IntEnum

from card.apdu import Command
from card.cpu.chip import Chip
from card.cpu.line import LineKey, ask_protected

ALWAYS = 0xF0
NEVER = 0xEF
_UNUSED = 0xFF
PROTECTED = 0x80


class KeyType(IntEnum):
    """What a key is for."""

    ENCIPHER = 0x30
    DECIPHER = 0x31
    INTERNAL_MAC = 0x32
    TAC = 0x34
    LINE = 0x36
    UNBLOCK_PIN = 0x37
    RELOAD_PIN = 0x38
    EXTERNAL = 0x39
    PIN = 0x3A
    OVERDRAFT = 0x3C
    UNLOAD = 0x3D
    PURCHASE = 0x3E
    LOAD = 0x3F


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as WRITE KEY wants it.

    third, fourth: by type, version and algorithm, or state after success and tries (high nibble
    allowed, low nibble left).
    """

    kind: KeyType
    use: int
    change: int
    third: int
    fourth: int
    key: bytes

    def __bytes__(self) -> bytes:
        return bytes((self.kind, self.use, self.change, self.third, self.fourth)) + self.key


def block_card(chip: Chip, key: bytes) -> None:
    """CARD BLOCK: nothing but this card's number can be read any more."""
    ask_protected(chip, Command(0x80, 0x16, 0x00, 0x00), LineKey(key))


def block_application(chip: Chip, key: bytes, *, for_ever: bool = False) -> None:
    """APPLICATION BLOCK; one that is not for ever can be lifted."""
    ask_protected(chip, Command(0x80, 0x1E, 0x00, int(for_ever)), LineKey(key))


def unblock_application(chip: Chip, key: bytes) -> None:
    """APPLICATION UNBLOCK; three wrong MACs block it for ever, so it is never repeated."""
    ask_protected(chip, Command(0x80, 0x18, 0x00, 0x00), LineKey(key))


def create_directory(
    chip: Chip, identifier: int, name: bytes, *, size: int, sfi: int, right: int = ALWAYS
) -> None:
    """CREATE FILE for an application; `right` to create and erase in it."""
    head = bytes((0x38,)) + size.to_bytes(2) + bytes((right, right, 0x80 | sfi))
    _create(chip, identifier, head + b"\xff\xff" + name)


def create_key_file(chip: Chip, size: int, *, sfi: int, add_right: int = ALWAYS) -> None:
    """CREATE FILE for the keys of the selected directory."""
    body = bytes((0x3F,)) + size.to_bytes(2)
    _create(chip, 0x0000, body + bytes((0x80 | sfi, add_right, _UNUSED, _UNUSED)))


def create_binary(
    chip: Chip, identifier: int, size: int, *, write_right: int, is_protected: bool = False
) -> None:
    """CREATE FILE for bytes that anybody may read."""
    kind = 0x28 | (PROTECTED if is_protected else 0)
    body = bytes((kind,)) + size.to_bytes(2)
    _create(chip, identifier, body + bytes((ALWAYS, write_right, _UNUSED, _UNUSED)))


def create_cyclic(chip: Chip, identifier: int, *, records: int, length: int) -> None:
    """CREATE FILE for a log that only the card itself writes."""
    body = bytes((0x2E, records, length, ALWAYS, NEVER, _UNUSED, _UNUSED))
    _create(chip, identifier, body)


def create_purse(chip: Chip, identifier: int, *, log: int) -> None:
    """CREATE FILE for deposit (0001) or purse (0002), with the identifier of its log."""
    _create(chip, identifier, bytes((0x2F, 0x02, 0x08, ALWAYS, 0x00, _UNUSED, log)))


def erase_directory(chip: Chip) -> None:
    """ERASE DF: all below the selected directory is gone."""
    chip.ask(Command(0x80, 0x0E, 0x00, 0x00, le=256))


def add_key(chip: Chip, key_id: int, record: KeyRecord) -> None:
    """WRITE KEY for a new key, in the clear: only in the issuer's own room."""
    chip.ask(Command(0x80, 0xD4, 0x01, key_id, bytes(record)))


def add_key_protected(chip: Chip, key_id: int, record: KeyRecord, control_key: bytes) -> None:
    """WRITE KEY for a new key, enciphered and sealed: readable on no wire."""
    command = Command(0x80, 0xD4, 0x01, key_id, bytes(record))
    ask_protected(chip, command, LineKey(control_key, enciphers=True))


def replace_key(chip: Chip, target: tuple[int, int], plain: bytes, control_key: bytes) -> None:
    """WRITE KEY over a key, enciphered and sealed; `target` is its type and id."""
    kind, key_id = target
    command = Command(0x80, 0xD4, kind, key_id, plain)
    ask_protected(chip, command, LineKey(control_key, enciphers=True))


def _create(chip: Chip, identifier: int, definition: bytes) -> None:
    high, low = identifier.to_bytes(2)
    chip.ask(Command(0x80, 0xE0, high, low, definition))
