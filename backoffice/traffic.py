"""How much each scale sends and is sent, for a card with 20 MB a month. Pure.

Counted are the bytes of messages, and for each the share of TCP, TLS and MQTT around it, both ways
with its acknowledgement: 211 bytes, measured with QoS 1 over TLS.
"""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

AROUND_EACH: Final = 211
"""Bytes on the line for a message besides its own."""
MONTHLY_LIMIT: Final = 20_000_000
"""What a card for machines commonly gives, bytes."""


def month_of(now: int) -> int:
    """YYYYMM of Unix millisecond `now`, by UTC: the bill of a line knows no business day."""
    return int(datetime.fromtimestamp(now / 1000, tz=UTC).strftime("%Y%m"))


class Traffic:
    """What went over the line since it was last taken, by scale."""

    def __init__(self) -> None:
        self._up: Counter[str] = Counter()
        self._down: Counter[str] = Counter()
        self._messages: Counter[str] = Counter()

    def came(self, topic: str, length: int) -> None:
        """A message of `length` bytes came from a scale."""
        self._count(self._up, topic, length)

    def went(self, topic: str, length: int) -> None:
        """A message of `length` bytes was sent to a scale."""
        self._count(self._down, topic, length)

    def _count(self, way: Counter[str], topic: str, length: int) -> None:
        terminal = terminal_of(topic)
        if terminal:
            way[terminal] += length + AROUND_EACH
            self._messages[terminal] += 1

    def take(self) -> list[tuple[str, int, int, int]]:
        """(scale, bytes up, bytes down, messages) since the last time."""
        taken = [
            (one, self._up[one], self._down[one], count) for one, count in self._messages.items()
        ]
        for counter in (self._up, self._down, self._messages):
            counter.clear()
        return taken


def terminal_of(topic: str) -> str:
    """The scale that a topic belongs to; empty for one that belongs to none."""
    parts = topic.split("/", 2)
    return parts[1] if len(parts) == 3 and parts[0] in ("u", "d") else ""
