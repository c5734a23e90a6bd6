"""Line protection: a command that carries its MAC, its data enciphered where the file wants it.

A challenge serves the next command only, so each protected command asks for its own. A refused
one is never repeated: three wrong MACs lock an application for ever (FMCOS2.0, annex A).
"""

from dataclasses import dataclass

from card.apdu import Command
from card.cpu.chip import Chip
from card.errors import BadAnswer
from card.mac import MAC_BYTES, is_right, line_cipher, line_iv, line_mac, mac

CHALLENGE_BYTES = 4
_SECURE_CLASS = 0x04


@dataclass(frozen=True, slots=True)
class LineKey:
    """The key of a file's line protection; `enciphers` when the data is not sent in the clear."""

    key: bytes
    enciphers: bool = False


def get_challenge(chip: Chip, length: int = CHALLENGE_BYTES) -> bytes:
    """A random number of the card, 4 or 8 bytes, good for the next command."""
    return chip.ask_exactly(Command(0x00, 0x84, 0x00, 0x00, le=length))


def ask_protected(chip: Chip, command: Command, line: LineKey) -> bytes:
    """The answer's data of `command`, sent under `line`.

    Raises:
        CardRefused: 6988 or 9302, the MAC is not what the card expects; do not repeat.
    """
    challenge = get_challenge(chip)
    return chip.ask_sealed(_protected(command, line, challenge))


def read_protected(chip: Chip, command: Command, line: LineKey, length: int) -> bytes:
    """`length` bytes, whose MAC under the same challenge was checked.

    Raises:
        BadAnswer: another length, or a wrong MAC.
    """
    challenge = get_challenge(chip)
    answer = chip.ask_sealed(_protected(command, line, challenge))
    content, seal = answer[:-MAC_BYTES], answer[-MAC_BYTES:]
    right = is_right(seal, mac(line.key, content, line_iv(challenge)))
    if len(content) != length or not right:
        raise BadAnswer(length=len(answer))
    return content


def _protected(command: Command, line: LineKey, challenge: bytes) -> Command:
    body = line_cipher(line.key, command.body) if line.enciphers and command.body else command.body
    cla = command.cla | _SECURE_CLASS
    head = bytes((cla, command.ins, command.p1, command.p2, len(body) + MAC_BYTES))
    seal = line_mac(line.key, challenge, head + body)
    return Command(cla, command.ins, command.p1, command.p2, body + seal, command.le)
