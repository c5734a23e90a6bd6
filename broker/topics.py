"""Topic names and who may write them; T is the terminal, unique across organisations.

u/T/s  scale -> office, QoS 1: journal entries, one or a batch
u/T/a  scale -> office, QoS 0: a question (sign-on, balance, sale to authorise, reversal)
u/T/h  scale -> office, QoS 1, retained: heartbeat; the broker writes the last one as a will
d/T/a  office -> scale, QoS 0: the answer to a question
d/T/k  office -> scale, QoS 0: cumulative receipt for entries stored
d/T/p  office -> scale, QoS 1: price list
e/a    office -> whoever may watch, QoS 1: an alert, JSON
e/s    office -> whoever may watch, QoS 1: a sale that is booked, JSON, where the office wants it
"""

import re
from enum import StrEnum

_TERMINAL = re.compile(r"[A-Z][A-Z0-9-]{0,7}\Z")


class Channel(StrEnum):
    """Last part of a topic."""

    SALES = "s"
    ASK = "a"
    HEARTBEAT = "h"
    ANSWER = "a"
    RECEIPT = "k"
    PRICES = "p"


def is_terminal(name: str) -> bool:
    """True for a terminal id: 1 to 8 of A-Z, 0-9 and `-`, a letter first."""
    return _TERMINAL.match(name) is not None


def up(terminal: str, channel: Channel) -> str:
    """Topic that a scale writes."""
    return f"u/{terminal}/{channel.value}"


def down(terminal: str, channel: Channel) -> str:
    """Topic that the office writes for one scale."""
    return f"d/{terminal}/{channel.value}"


def all_down(terminal: str) -> str:
    """Filter for everything the office writes for one scale."""
    return f"d/{terminal}/#"


ALL_UP = "u/#"
"""Filter for everything that scales write; only the office may read it."""


ALERTS = "e/a"
"""Where the office tells of its alerts as they happen."""

SALES = "e/s"
"""Where the office tells of sales once they are on disk."""


def sender(topic: str) -> tuple[str, str] | None:
    """Terminal and channel letter of an upward topic, or None when it is not one."""
    parts = topic.split("/")
    if len(parts) != 3 or parts[0] != "u" or not is_terminal(parts[1]):
        return None
    return parts[1], parts[2]
