"""A card door asked in a straight line, and the cards that are put on it."""

from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from card.connection import Connection
from card.keyring import Keyring
from card.layout import CardIdentity, CardKind, card_number
from card.pcsc import (
    CardDoor,
    CardEvent,
    CardTapped,
    JobDone,
)
from card.personalise import personalise
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import PretendMifare, blank_card

T = TypeVar("T")
WANG = CardIdentity(card_number(6200, 1), CardKind.MEMBER, 1, 20260101, 20301231)
LI = CardIdentity(card_number(6200, 2), CardKind.STORED_VALUE, 0, 20260101, 20301231)
WANGS_UID, LIS_UID = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("9A3C5571")
TOKEN = b"token-01"
EVENT_S = 4.0


class Desk:
    """A door and its queue, asked in a straight line."""

    def __init__(self, name: str, **settings: Any) -> None:
        self.events: SimpleQueue[CardEvent] = SimpleQueue()
        self.door = CardDoor(name, self.events.put, **settings)
        self.door.start()

    def next(self) -> CardEvent:
        return self.events.get(timeout=EVENT_S)

    def tapped(self) -> CardTapped:
        while not isinstance(event := self.next(), CardTapped):
            pass
        return event

    def done(
        self, job: Callable[[Connection], T], *, tap: int | None = None, **limits: float
    ) -> JobDone[T]:
        answers: SimpleQueue[JobDone[T]] = SimpleQueue()
        self.door.run(job, answers.put, tap=tap, **limits)
        return answers.get(timeout=10)

    def value(self, job: Callable[[Connection], T], *, tap: int | None = None) -> T:
        done = self.done(job, tap=tap)
        if done.error is not None:
            raise done.error
        assert done.value is not None
        return done.value


def issued(office: Keyring, identity: CardIdentity = WANG, uid: bytes = WANGS_UID) -> PretendMifare:
    card = blank_card(uid)
    personalise(InProcess(card), office, identity, seq=1, token=TOKEN)
    return card
