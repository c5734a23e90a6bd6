"""I15: what was accepted was sealed by the till that it names; what a stranger made is nowhere.

Spoilt copies of frames, and frames of one till under another's topic, are remembered when they are
made, and looked for in the books by their bytes. That a certificate's name is its topic is the
broker's business and no part of this world: `tests/journeys/test_bad_input_wire.py` tries it.
"""

from collections import defaultdict
from collections.abc import Iterator

from broker.codec import decode
from broker.errors import BadMessage
from broker.messages import Batch, Entry
from broker.seal import split
from tests.sim.evidence import Evidence


def impersonated(evidence: Evidence) -> Iterator[str | int]:
    """Every entry names its till; no body of a forged frame is kept that its till never wrote."""
    kept: dict[str, set[bytes]] = defaultdict(set)
    for code, body in evidence.books.rows(
        "SELECT t.code, e.body FROM entry AS e"
        " JOIN terminal AS t ON t.org = e.org AND t.id = e.terminal"
    ):
        yield 1
        kept[code].add(body)
        entry = decode(body)
        if not isinstance(entry, Entry) or entry.terminal != code:
            yield f"{code} has an entry of another: {body.hex()[:40]}"
    own: dict[str, set[bytes]] = defaultdict(set)
    for journal in (*evidence.journals, *evidence.lost_journals):
        own[journal.till] |= set(journal.bodies.values())
    for topic, frame in evidence.world.net.forgeries:
        yield 1
        code = topic.split("/")[1]
        if any(body in kept[code] - own[code] for body in _bodies(frame)):
            yield f"a forged frame on {topic} was accepted"


def _bodies(frame: bytes) -> list[bytes]:
    try:
        body = split(frame)[0]
        message = decode(body)
    except BadMessage:
        return []
    return message.bodies if isinstance(message, Batch) else [body]
