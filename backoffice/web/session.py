"""Who is signed in: kept here in memory, so that a stolen cookie is worth nothing after sign-out.

After a restart everybody signs in again. Pure but for the random source it is given: times are
arguments, in seconds of one monotonic clock. Rules: OWASP Session Management Cheat Sheet.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

IDLE_S: Final = 15 * 60.0
LONGEST_S: Final = 12 * 3600.0
PROVED_S: Final = 5 * 60.0
"""So long after a password was typed money may move without typing it again."""
MOST: Final = 2000
NOTES_MOST: Final = 5


@dataclass(slots=True)
class Session:
    """One browser; `person` empty = not signed in."""

    person: str
    generation: int
    csrf: str
    began: float
    seen: float
    proved: float
    notes: list[str] = field(default_factory=list)
    """Sentences for the next page, such as what was just done."""
    put_by: tuple[str, dict[str, Any]] | None = None
    """What waits for a yes, under a name that only the asking page knows; the newest alone."""

    def has_proved(self, now: float) -> bool:
        """True while no password is needed for money."""
        return now - self.proved < PROVED_S

    def asked_for(self, name: str) -> dict[str, Any] | None:
        """What was put by under that name, or None when something else was since."""
        return self.put_by[1] if self.put_by and self.put_by[0] == name else None

    def note(self, sentence: str) -> None:
        """Says something on the next page."""
        self.notes = [*self.notes, sentence][-NOTES_MOST:]

    def take_notes(self) -> list[str]:
        """What was to be said, once."""
        notes, self.notes = self.notes, []
        return notes


class Sessions:
    """All of them by the secret in the cookie; bounded, the one longest silent goes first."""

    def __init__(self, secret: Callable[[], str]) -> None:
        self._secret = secret
        self._open: dict[str, Session] = {}

    def begin(self, person: str, generation: int, now: float) -> str:
        """A session under a fresh name; signing in always makes a new one."""
        self._tidy(now)
        name = self._secret()
        self._open[name] = Session(person, generation, self._secret(), now, now, now)
        return name

    def find(self, name: str, now: float, *, seen: bool = True) -> Session | None:
        """The living session of that name, or None; `seen` = a person did something just now."""
        session = self._open.get(name)
        if session is None:
            return None
        if now - session.seen > IDLE_S or now - session.began > LONGEST_S:
            del self._open[name]
            return None
        if seen:
            session.seen = now
        return session

    def end(self, name: str) -> None:
        """Signs out."""
        self._open.pop(name, None)

    def _tidy(self, now: float) -> None:
        for name in [n for n, one in self._open.items() if now - one.seen > IDLE_S]:
            del self._open[name]
        while len(self._open) >= MOST:
            del self._open[min(self._open, key=lambda name: self._open[name].seen)]
