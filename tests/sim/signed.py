"""What the tills have signed against what stands in the books, by hand."""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256

from broker.heads import is_signed
from tests.sim.evidence import Evidence


def signed(evidence: Evidence) -> Iterator[str | int]:
    """Each head that is kept was signed by its till, over what stands there; the last Z is."""
    kept: dict[str, dict[int, int]] = defaultdict(dict)
    # Of a swapped disk both lives sign, with one key, and the books have one of them.
    lives: dict[str, set[bytes]] = defaultdict(set)
    for journal in evidence.lost_journals:
        own = next(one for one in evidence.journals if one.till == journal.till)
        bodies = (*own.bodies.values(), *journal.bodies.values())
        lives[journal.till] |= {sha256(body).digest()[:16] for body in bodies}
    keys = {till.code: till.disk.key.public for till in evidence.world.tills}
    for code, epoch, seq, head, signature, body in evidence.books.rows(
        "SELECT t.code, s.epoch, s.seq, s.head, s.signature, e.body FROM signed_head AS s"
        " JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal"
        " LEFT JOIN entry AS e ON e.org = s.org AND e.terminal = s.terminal"
        "  AND e.epoch = s.epoch AND e.seq = s.seq ORDER BY s.seq"
    ):
        yield 1
        kept[code][epoch] = seq
        if not is_signed(code, epoch, seq, head, signature=signature, public=keys[code]):
            yield f"{code} never signed entry {epoch}/{seq} like this"
        elif body is None or (sha256(body).digest()[:16] != head and head not in lives[code]):
            yield f"{code} entry {epoch}/{seq} in the books is not what was signed"
    for till, journal in zip(evidence.world.tills, evidence.journals, strict=True):
        epoch = till.journal.standing().epoch
        last_z = max((seq for of, seq, _ in journal.zs if of == epoch), default=0)
        yield 1
        if kept[till.code].get(epoch, 0) < max(last_z, till.journal.signatures.last()):
            yield f"{till.code} signed epoch {epoch} to {last_z}, the books have {kept}"
