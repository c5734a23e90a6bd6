"""Purses on chips: the product's own conversation with the pretend card, command by command.

What a card of ours holds is `fixtures.purse_card`, pinned by the traces of real cards; the office
judges its proofs with the same masters as if they lay in its token.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from backoffice.purse import PurseRecord, Verdict
from backoffice.tac import judged
from card.connection import Connection
from card.errors import CardError, CardGone, JobFailed
from card.layout import CardIdentity, CardKind
from card.pcsc.events import JobDone
from card.read import TappedCard, read_card
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PretendPurse, PurseFaults
from fixtures.purse_memory import Memory
from tests.card.purses import TILL_KEYS, memory_of
from tests.sim.disk import PowerCut

LEVEL = 1
LONGEST_TALK = 8
"""Commands of a read or a debit; a tear may come one later, when nobody talks any more."""


def judge(serial: bytes, told: PurseRecord) -> Verdict:
    """The office's verdict on a proof."""
    return judged(TILL_KEYS, serial, told)


def serial_of(number: int) -> bytes:
    """The serial of the application on the chip, by which the books know the card."""
    return bytes.fromhex(str(number).zfill(20))


@dataclass(eq=False, slots=True)
class Purse:
    """One purse in somebody's pocket."""

    number: int
    opening: int
    memory: Memory = field(init=False)
    at: str = ""
    """Till on whose reader it lies."""
    is_clone = False

    def __post_init__(self) -> None:
        kind = CardKind.MEMBER | CardKind.STORED_VALUE
        who = CardIdentity(self.number, kind, LEVEL, 20260101, 20991231)
        self.memory = memory_of(who, self.opening)

    @property
    def balance(self) -> int:
        """Fen on the chip."""
        return self.memory.purses[2].balance

    @property
    def debits(self) -> int:
        """How often it has paid, by its own counter."""
        return self.memory.purses[2].offline


class Talk(InProcess):
    """The commands of one stay on a reader; the till may die, or the card go, at each.

    Args:
        purse: the card that lies there.
        goes_at: the command before (below zero: after) which the card is taken away; 0 never.
        is_alive: false when the program that talks is dead.
    """

    def __init__(self, purse: Purse, goes_at: int, is_alive: Callable[[], bool]) -> None:
        faults = PurseFaults(lose_before=max(0, goes_at), lose_after=max(0, -goes_at))
        super().__init__(PretendPurse(purse.memory, uid=b"\x04abcdef", faults=faults))
        self._is_alive = is_alive
        self.is_gone = False
        self.power_goes_in = 0
        """Commands until the till's power goes, right after the last one of them; 0 never."""

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        """One command, when there is still somebody to send it."""
        if not self._is_alive():
            raise PowerCut
        try:
            answer = super().transmit(apdu)
        except CardGone:
            self.is_gone = True
            raise
        self.power_goes_in -= 1
        if self.power_goes_in == 0:
            raise PowerCut
        return answer


def goes_at(chance: Random) -> int:
    """The command at which a card is torn away; see `Talk`."""
    return chance.choice((1, -1)) * chance.randint(1, LONGEST_TALK)


def talked(job: Callable[[Connection], Any], talk: Talk | None) -> JobDone[Any]:
    """The end of a conversation, as the door to a reader tells it."""
    if talk is None or talk.is_gone:
        return JobDone(None, CardGone())
    try:
        return JobDone(job(talk), None)
    except CardError as error:
        return JobDone(None, error)
    except Exception as error:  # noqa: BLE001  as the door does
        return JobDone(None, JobFailed(reason=repr(error)))


def read(connection: Connection) -> TappedCard:
    """The job that reads the card."""
    return read_card(connection, TILL_KEYS)
