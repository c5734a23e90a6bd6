"""The one thing a conversation needs from a reader: bytes in, bytes out.

`pcsc` implements it over a real reader, the pretend cards without one. `exchange` adds the two
follow-ups that T=0 cards and some ACR122U firmware ask for (61xx: fetch the answer, 6Cxx: ask
again with the right length; ISO 7816-3 10.3.4, simple-nfc-tag captures).
"""

from typing import Protocol

from card.apdu import Command
from card.status import Meaning, look_up


class Connection(Protocol):
    """A card on a reader, for as long as it lies there."""

    @property
    def atr(self) -> bytes:
        """The answer to reset that the reader reported for this card."""
        ...

    def transmit(self, apdu: bytes, /) -> tuple[bytes, int]:
        """The card's answer: data field and SW1SW2.

        Raises:
            CardGone: the card left before it answered.
            ReaderGone: the reader or its service is away.
            BadAnswer: fewer than two bytes came back.
        """
        ...


def exchange(connection: Connection, command: Command) -> tuple[bytes, int]:
    """Data field and status of `command`, after at most one follow-up."""
    body, sw = connection.transmit(bytes(command))
    match look_up(sw).meaning:
        case Meaning.MORE:
            # The class byte stays: the reader's own GET RESPONSE is FF C0, the card's 00 C0.
            more = Command(command.cla, 0xC0, 0, 0, le=sw & 0xFF)
            rest, sw = connection.transmit(bytes(more))
            return body + rest, sw
        case Meaning.WRONG_LENGTH:
            again = Command(
                command.cla, command.ins, command.p1, command.p2, command.body, sw & 0xFF
            )
            return connection.transmit(bytes(again))
        case _:
            return body, sw
