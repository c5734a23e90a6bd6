"""Open questions and the match of answers to them, by MAC: pure, no clock of its own.

An answer's MAC covers the MAC of its question, so the question that fits *is* the one answered;
nothing of an answer is parsed before that. What fits none is late, double, or a stranger's.
"""

from dataclasses import dataclass, field
from enum import Enum

from broker.codec import decode
from broker.errors import BadMessage
from broker.messages import Answer, Code
from broker.requests import Asked, Requests
from broker.seal import opened, split


class Purpose(Enum):
    """What was asked."""

    SIGN_ON = "sign-on"
    BALANCE = "balance"
    SALE = "sale"
    UNDO = "undo"
    COMPARE = "compare"


@dataclass(frozen=True, slots=True)
class Question:
    """Name of an open question; `card` with a balance inquiry, `epoch` with a sale."""

    purpose: Purpose
    rid: bytes
    attempt: int
    card: int = 0
    epoch: int = 0


@dataclass(slots=True)
class Asking:
    """All open questions of one till."""

    key: bytes
    requests: Requests = field(default_factory=Requests)
    purposes: dict[tuple[bytes, int, Purpose], Question] = field(default_factory=dict)
    strangers: int = 0
    """Answers that fitted no open question."""

    def ask(self, question: Question, frame: bytes, now: float) -> bytes:
        """Notes the question; the frame to send now."""
        name = _rid_of(question)
        self.purposes[name, question.attempt, question.purpose] = question
        return self.requests.ask(name, question.attempt, frame, now)

    @property
    def has_room(self) -> bool:
        """True when one more question may be open, with one kept free for a sale."""
        return len(self.requests.open) < self.requests.limit - 2

    def is_open(self, purpose: Purpose) -> bool:
        """True when a question of that kind waits."""
        return any(key[2] is purpose for key in self.purposes)

    def drop(self, purpose: Purpose) -> list[Question]:
        """Closes all questions of a kind; whatever comes for them is a stranger's."""
        dropped = [q for key, q in self.purposes.items() if key[2] is purpose]
        for question in dropped:
            self._close(question)
        return dropped

    def answer_in(self, frame: bytes) -> tuple[Question, Answer] | None:
        """The open question that this frame answers, and the answer; None = count and forget."""
        for question in list(self.purposes.values()):
            waiting = self.requests.frame_of(_rid_of(question), question.attempt)
            if waiting is None:
                continue
            answer = _opened(frame, self.key, waiting)
            if answer is not None:
                return question, answer
        self.strangers += 1
        return None

    def close(self, question: Question) -> None:
        """The question is answered for good."""
        self._close(question)

    def due(self, now: float) -> tuple[list[bytes], list[Question]]:
        """Frames to send again, and questions that got no answer at all."""
        again, gone = self.requests.due(now)
        return again, [question for asked in gone if (question := self._gone(asked))]

    def _gone(self, asked: Asked) -> Question | None:
        for key, question in list(self.purposes.items()):
            if (_rid_of(question), question.attempt) == (asked.rid, asked.attempt):
                return self.purposes.pop(key)
        return None

    def _close(self, question: Question) -> None:
        name = _rid_of(question)
        self.requests.answered(name, question.attempt)
        self.purposes.pop((name, question.attempt, question.purpose), None)


def decides(question: Question, answer: Answer) -> bool:
    """True when the answer says what became of the operation that was asked about.

    Who could not read the question, or refuses this scale altogether, names no operation; and the
    same question, sent before or unspoilt, may have been approved. A conflict is about another one.
    """
    is_named = (answer.rid, answer.attempt) == (question.rid, question.attempt)
    return is_named and answer.code != Code.CONFLICT


def _rid_of(question: Question) -> bytes:
    """The undoing of an operation is another question than the operation itself."""
    return question.rid + b"undo" if question.purpose is Purpose.UNDO else question.rid


def _opened(frame: bytes, key: bytes, asked: bytes) -> Answer | None:
    try:
        body, _ = opened(frame, [key], covers=split(asked)[1])
        answer = decode(body)
    except BadMessage:
        return None
    return answer if isinstance(answer, Answer) else None
