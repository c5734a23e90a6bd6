"""One processor card on its reader, and the ways to ask it something."""

from dataclasses import dataclass

from card.apdu import Command
from card.connection import Connection, exchange
from card.errors import BadAnswer
from card.status import OK, Meaning, look_up, purse_error_for

_READS = frozenset((0xA4, 0xB0, 0xB2, 0x5C, 0xCA))
"""SELECT, READ BINARY and RECORD, GET BALANCE, GET DATA: harmless when they are sent again."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A card and its ways.

    append_le: send Le where an answer is expected; some cards refuse it, some its absence.
    """

    connection: Connection
    append_le: bool = True

    def ask(self, command: Command) -> bytes:
        """The answer's data; a doubtful answer (62xx) to a read is asked for once more.

        Raises:
            CardRefused, PinWrong, CardBlocked, InsufficientBalance: any other status than 9000.
        """
        body, sw = exchange(self.connection, self._suited(command))
        if look_up(sw).meaning is Meaning.DOUBTFUL and command.ins in _READS:
            body, sw = exchange(self.connection, self._suited(command))
        if sw != OK:
            raise purse_error_for(sw)
        return body

    def ask_once(self, command: Command) -> tuple[bytes, int]:
        """Data and status of a command that must never be sent a second time."""
        return exchange(self.connection, self._suited(command), may_repeat=False)

    def ask_sealed(self, command: Command) -> bytes:
        """The answer's data of a command with a MAC, which holds for one sending only.

        Raises:
            CardRefused, CardBlocked: any other status than 9000; do not repeat.
        """
        body, sw = self.ask_once(command)
        if sw != OK:
            raise purse_error_for(sw)
        return body

    def ask_exactly(self, command: Command) -> bytes:
        """As `ask`, for an answer whose length is known.

        Raises:
            BadAnswer: another length than Le.
        """
        body = self.ask(command)
        if len(body) != command.le:
            raise BadAnswer(length=len(body))
        return body

    def _suited(self, command: Command) -> Command:
        if self.append_le or not command.body:
            return command
        return Command(command.cla, command.ins, command.p1, command.p2, command.body)
