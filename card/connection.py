"""The one thing a conversation needs from a reader: bytes in, bytes out.

`pcsc` implements it over a real reader, the pretend cards without one. `exchange` adds the two
follow-ups that T=0 cards and some ACR122U firmware ask for (61xx: fetch the answer, 6Cxx: ask
again with the right length; ISO 7816-3 10.3.4, simple-nfc-tag captures).
"""

from dataclasses import replace
from typing import Protocol

from card.apdu import Command
from card.status import Meaning, look_up

MAX_FOLLOW_UPS = 4
"""More parts than any answer of 256 bytes can have; a card that never ends is not followed."""


class Connection(Protocol):
    """A card on a reader, for as long as it lies there."""

    @property
    def atr(self) -> bytes:
        """The answer to reset that the reader reported for this card."""
        ...

    @property
    def reader(self) -> str:
        """The reader's name as PC/SC has it; `readers` knows its ways by it."""
        ...

    def transmit(self, apdu: bytes, /) -> tuple[bytes, int]:
        """The card's answer: data field and SW1SW2.

        Raises:
            CardGone: the card left before it answered.
            ReaderGone: the reader or its service is away.
            BadAnswer: fewer than two bytes came back.
        """
        ...


def exchange(
    connection: Connection, command: Command, *, may_repeat: bool = True
) -> tuple[bytes, int]:
    """Data field and status of `command`, after the follow-ups that T=0 asks for.

    Args:
        connection: the card on its reader.
        command: sent once; fetching its answer (61xx) does not send it again.
        may_repeat: False for a command that moves money: a 6Cxx then stays the answer.
    """
    body, sw = connection.transmit(bytes(command))
    if look_up(sw).meaning is Meaning.WRONG_LENGTH and may_repeat:
        again = replace(command, le=sw & 0xFF)
        body, sw = connection.transmit(bytes(again))
    for _ in range(MAX_FOLLOW_UPS):
        if look_up(sw).meaning is not Meaning.MORE:
            break
        more, sw = _fetch(connection, command, sw & 0xFF)
        body += more
    return body, sw


def _fetch(connection: Connection, command: Command, length: int) -> tuple[bytes, int]:
    # The reader's own GET RESPONSE is FF C0; a card's is 00 C0, whatever class was asked.
    cla = 0xFF if command.cla == 0xFF else 0x00
    body, sw = connection.transmit(bytes(Command(cla, 0xC0, 0, 0, le=length)))
    if look_up(sw).meaning is Meaning.WRONG_LENGTH:
        body, sw = connection.transmit(bytes(Command(cla, 0xC0, 0, 0, le=sw & 0xFF)))
    return body, sw
