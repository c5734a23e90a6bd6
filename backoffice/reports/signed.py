"""Are the journals here what the scales signed? A part of the audit.

A signature of a scale covers an entry and, by the chain, all entries before it. Whoever rewrites
what is stored here can make chain, ledger and seals fit again, but not the signature: its key is
on the scale.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from backoffice.store import Store
from backoffice.store.directory import ORG
from broker.codec import prev_of
from broker.heads import is_signed
from broker.seal import FIRST_LINK, link_of

MOST_UNCOVERED = 500
"""A scale signs every 50 entries; with what is on its way there are never so many without."""
LONGEST_UNCOVERED_MS = 24 * 3_600_000
"""And it signs an hour after the last time."""


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Entries that are not what their scale signed: which, of which journal, and what is wrong."""

    entries: str
    journal: str
    difference: str


@dataclass(frozen=True, slots=True)
class _Link:
    seq: int
    link: bytes
    prev: bytes | None


@dataclass(slots=True)
class _Verified:
    """How far a journal was found to be what was signed."""

    seq: int = 0
    head: bytes = FIRST_LINK


def unsigned_of(store: Store) -> Iterator[Unsigned | None]:
    """For each signature None when it holds, else what does not; then what none covers."""
    done: dict[tuple[int, int], _Verified] = {}
    _, rows = store.report("signed_head_all", org=ORG)
    for code, terminal, epoch, seq, head, signature, key in rows:
        journal = f"{code} epoch {epoch}"
        genuine = key is not None and is_signed(
            code, epoch, seq, head, signature=signature, public=key
        )
        if not genuine:
            yield Unsigned(str(seq), journal, "its signature fits no key of the scale")
            continue
        verified = done.setdefault((terminal, epoch), _Verified())
        told = ""
        if seq > verified.seq:
            span = _span(store, (terminal, epoch), verified.seq, seq)
            number, told = _differs(span, verified, seq, head)
            verified.seq, verified.head = seq, head
        elif (seq, head) != (verified.seq, verified.head):
            number, told = seq, "the scale has signed two different ones"
        yield Unsigned(str(number), journal, told) if told else None
    yield from _uncovered(store)


def _span(store: Store, journal: tuple[int, int], after: int, upto: int) -> list[_Link]:
    terminal, epoch = journal
    _, rows = store.report(
        "signed_entries", org=ORG, terminal=terminal, epoch=epoch, after=after, upto=upto
    )
    return [_Link(seq, link_of(body), prev_of(body)) for seq, body in rows]


def _differs(span: list[_Link], before: _Verified, upto: int, head: bytes) -> tuple[int, str]:
    """The entry that is not what was signed, and in what words; "" when all are.

    Goes back from the signed head: an entry whose hash stands in a trusted one is trusted, too.
    """
    there = {one.seq: one for one in span}
    wanted: bytes | None = head
    for seq in range(upto, before.seq, -1):
        one = there.get(seq)
        if one is None:
            return seq, "was signed and is gone"
        if one.link != wanted:
            return seq, _other(before.seq + 1, seq)
        wanted = one.prev
    if wanted != before.head:
        return before.seq, _other(before.seq, before.seq)
    return 0, ""


def _other(first: int, seq: int) -> str:
    # Whoever wrote several anew made their chain fit: which was the first then nobody can tell.
    more = f"; {first}..{seq - 1} may be written anew, too" if first < seq else ""
    return "is not what the till signed" + more


def _uncovered(store: Store) -> Iterator[Unsigned]:
    _, rows = store.report("signed_tails", org=ORG)
    for code, epoch, first, last, entries, during_ms in rows:
        if entries > MOST_UNCOVERED or during_ms > LONGEST_UNCOVERED_MS:
            told = "no signature of the till covers them, and one should"
            yield Unsigned(f"{first}..{last}", f"{code} epoch {epoch}", told)
