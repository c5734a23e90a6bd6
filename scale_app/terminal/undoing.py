"""Reversals that the back-office has not confirmed, and when each is sent again. No clock inside.

Each waits 5 s, then twice as long each time, to 300 s at most, jittered by the caller; there is no
end to it.
"""

from dataclasses import dataclass

from scale_app.journal.entries import OpenUndo
from scale_app.journal.store import Journal
from scale_app.terminal.asking import Purpose, Question
from scale_app.uploader import WAIT_FIRST_S, WAIT_MOST_S

Name = tuple[bytes, int]


@dataclass(slots=True)
class _Again:
    due: float
    wait_s: float = WAIT_FIRST_S
    tries: int = 0


def undo_question(undo: OpenUndo) -> Question:
    """The question that takes an operation back."""
    return Question(Purpose.UNDO, undo.op, undo.attempt)


class Undoing:
    """The open reversals of one journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: dict[Name, _Again] = {}

    @property
    def tries(self) -> int:
        """How often the one was sent that has been sent most often."""
        return max(one.tries for one in self._waiting.values()) if self._waiting else 0

    def anew(self, now: float) -> None:
        """After a sign-on everything open is due at once."""
        self._waiting.clear()
        self.wanted(now)

    def wanted(self, now: float) -> None:
        """A reversal was saved: it is due at the next tick."""
        for undo in self._journal.open_undos():
            self._waiting.setdefault((undo.op, undo.attempt), _Again(now))

    def confirmed(self, name: Name) -> None:
        """The back-office has undone it."""
        self._waiting.pop(name, None)

    def due(self, now: float) -> list[OpenUndo]:
        """Those to send now; what is not open any more is forgotten."""
        if not self._waiting:
            return []
        due = [name for name, again in self._waiting.items() if now >= again.due]
        if not due:
            return []
        undos = {(one.op, one.attempt): one for one in self._journal.open_undos()}
        for name in due:
            if name not in undos:
                del self._waiting[name]
        return [undos[name] for name in due if name in undos]

    def sent(self, undo: OpenUndo, now: float, jitter: float) -> None:
        """It went out, or there was no room for it; the next time comes later."""
        again = self._waiting[undo.op, undo.attempt]
        again.due, again.tries = now + again.wait_s * jitter, again.tries + 1
        again.wait_s = min(again.wait_s * 2, WAIT_MOST_S)

    def next_due(self) -> float | None:
        """Monotonic second of the next one."""
        return min(one.due for one in self._waiting.values()) if self._waiting else None
