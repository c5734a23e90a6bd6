"""Who is there: external and internal authentication, and the PIN with all that is done to it."""

from enum import IntEnum

from card.apdu import Command
from card.cpu.chip import Chip
from card.cpu.line import LineKey, ask_protected, get_challenge
from card.mac import answer_to_challenge, pin_reload_mac


class Reply(IntEnum):
    """What INTERNAL AUTHENTICATE does with the data; its key must be of that type."""

    ENCIPHER = 0x00
    DECIPHER = 0x01
    MAC = 0x02


def external_authenticate(chip: Chip, key_id: int, key: bytes) -> None:
    """Prove to the card that `key` is known; raises its security state.

    Raises:
        PinWrong: 63Cx, the key is wrong and so many tries are left.
        CardBlocked: 6983.
    """
    answer = answer_to_challenge(key, get_challenge(chip))
    chip.ask(Command(0x00, 0x82, 0x00, key_id, answer))


def internal_authenticate(chip: Chip, key_id: int, challenge: bytes, reply: Reply) -> bytes:
    """The card's answer to `challenge` under one of its internal keys."""
    length = 4 if reply is Reply.MAC else len(challenge)
    return chip.ask(Command(0x00, 0x88, reply, key_id, challenge, le=length))


def verify_pin(chip: Chip, pin: bytes, key_id: int = 0) -> None:
    """Show the holder's PIN (2 to 6 bytes, BCD).

    Raises:
        PinWrong: so many tries are left; a till stops at one.
        CardBlocked: 6983, no try is left.
    """
    chip.ask(Command(0x00, 0x20, 0x00, key_id, pin))


def change_pin(chip: Chip, old: bytes, new: bytes, key_id: int = 0) -> None:
    """The holder's own change: old PIN, FF, new PIN."""
    chip.ask(Command(0x80, 0x5E, 0x01, key_id, old + b"\xff" + new))


def reload_pin(chip: Chip, new: bytes, reload_key: bytes, key_id: int = 0) -> None:
    """The issuer's new PIN, the old one not needed."""
    body = new + pin_reload_mac(reload_key, new)
    chip.ask(Command(0x80, 0x5E, 0x00, key_id, body))


def unblock_pin(chip: Chip, pin: bytes, unblock_key: bytes, key_id: int = 0) -> None:
    """Give a blocked PIN its tries back; `pin` is sent enciphered."""
    line = LineKey(unblock_key, enciphers=True)
    ask_protected(chip, Command(0x80, 0x24, key_id, 0x00, pin), line)
