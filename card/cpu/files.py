"""READ and UPDATE BINARY, READ, UPDATE and APPEND RECORD, plain or under line protection.

P1 of the binary commands is 80 | short identifier; P2 of the record commands is identifier << 3 |
4 (the record is named by its number; in a cyclic file 1 is the newest).
"""

from card.apdu import Command
from card.cpu.chip import Chip
from card.cpu.line import LineKey, ask_protected, read_protected

WHOLE = 256


def read_binary(
    chip: Chip, sfi: int, length: int = WHOLE, *, offset: int = 0, line: LineKey | None = None
) -> bytes:
    """`length` bytes of a file, or all it holds.

    Raises:
        CardRefused: 6A82 no such file, 6982 not allowed, 6B00 offset behind its end.
        BadAnswer: another length than asked for, or a wrong MAC.
    """
    command = Command(0x00, 0xB0, 0x80 | sfi, offset, le=length)
    if line is not None:
        return read_protected(chip, command, line, length)
    return chip.ask(command) if length == WHOLE else chip.ask_exactly(command)


def update_binary(
    chip: Chip, sfi: int, content: bytes, *, offset: int = 0, line: LineKey | None = None
) -> None:
    """Write `content` into a file; its own kind says whether `line` is needed, and how."""
    _send(chip, Command(0x00, 0xD6, 0x80 | sfi, offset, content), line)


def read_record(chip: Chip, sfi: int, number: int, length: int = WHOLE) -> bytes:
    """Record `number` (from 1).

    Raises:
        CardRefused: 6A83, no such record (any more).
    """
    command = Command(0x00, 0xB2, number, sfi << 3 | 4, le=length)
    return chip.ask(command) if length == WHOLE else chip.ask_exactly(command)


def update_record(
    chip: Chip, sfi: int, number: int, content: bytes, *, line: LineKey | None = None
) -> None:
    """Write `content` over record `number`."""
    _send(chip, Command(0x00, 0xDC, number, sfi << 3 | 4, content), line)


def append_record(chip: Chip, sfi: int, content: bytes, *, line: LineKey | None = None) -> None:
    """Add a record; in a cyclic file it takes the oldest one's place."""
    _send(chip, Command(0x00, 0xE2, 0x00, sfi << 3 | 4, content), line)


def _send(chip: Chip, command: Command, line: LineKey | None) -> None:
    if line is None:
        chip.ask(command)
    else:
        ask_protected(chip, command, line)
