"""One processor card on its reader, and the two ways to ask it something."""

from dataclasses import dataclass

from card.apdu import Command
from card.connection import Connection, exchange
from card.errors import BadAnswer
from card.status import OK, Meaning, look_up, purse_error_for


@dataclass(frozen=True, slots=True)
class Chip:
    """A card and its ways.

    append_le: send Le where an answer is expected; some cards refuse it, some its absence.
    """

    connection: Connection
    append_le: bool = True

    def ask(self, command: Command) -> bytes:
        """The answer's data; a doubtful answer (62xx) is asked for once more.

        Raises:
            CardRefused, PinWrong, CardBlocked, InsufficientBalance: any other status than 9000.
        """
        body, sw = exchange(self.connection, self._suited(command))
        if look_up(sw).meaning is Meaning.DOUBTFUL:
            body, sw = exchange(self.connection, self._suited(command))
        if sw != OK:
            raise purse_error_for(sw)
        return body

    def ask_once(self, command: Command) -> tuple[bytes, int]:
        """Data and status of a command that must never be sent a second time."""
        return exchange(self.connection, self._suited(command), may_repeat=False)

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
