"""Request/response book-keeping without a clock: what was asked, when to ask again, when to stop.

The same bytes are sent up to `sends` times, `every_s` apart: 2.0 s, three times.
Late and double answers are told apart from the first one; `now` is an argument.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Asked:
    """One open question."""

    rid: bytes
    attempt: int
    frame: bytes
    due: float
    sends_left: int


@dataclass(slots=True)
class Requests:
    """Open questions of one scale, oldest first."""

    every_s: float = 2.0
    sends: int = 3
    limit: int = 16
    open: dict[tuple[bytes, int], Asked] = field(default_factory=dict)

    def ask(self, rid: bytes, attempt: int, frame: bytes, now: float) -> bytes:
        """Notes a question and returns the frame to send now."""
        assert len(self.open) < self.limit, "questions are bounded by the one customer at the scale"
        self.open[rid, attempt] = Asked(rid, attempt, frame, now + self.every_s, self.sends - 1)
        return frame

    def answered(self, rid: bytes, attempt: int) -> Asked | None:
        """Closes a question; None when the answer is late, double or a stranger's."""
        return self.open.pop((rid, attempt), None)

    def frame_of(self, rid: bytes, attempt: int) -> bytes | None:
        """The whole frame that is waiting, needed to check the answer's seal."""
        asked = self.open.get((rid, attempt))
        return asked.frame if asked else None

    def due(self, now: float) -> tuple[list[bytes], list[Asked]]:
        """Frames to send again, and questions given up, at monotonic second `now`."""
        again: list[bytes] = []
        gone: list[Asked] = []
        for asked in list(self.open.values()):
            if now < asked.due:
                continue
            if asked.sends_left == 0:
                gone.append(self.open.pop((asked.rid, asked.attempt)))
                continue
            asked.sends_left -= 1
            asked.due = now + self.every_s
            again.append(asked.frame)
        return again, gone

    def next_due(self) -> float | None:
        """Monotonic second at which `due` has something to say."""
        return min(asked.due for asked in self.open.values()) if self.open else None
