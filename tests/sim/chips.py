"""I14: what purses hold and count, held against the proofs in the books.

What a chip has given is known to the office by its proof alone. What has none is listed: a debit
after which the customer paid cash is owed to the holder, one on a lost disk nobody else can tell.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.sim import truth
from tests.sim.evidence import Evidence
from tests.sim.purses import Purse

Proof = tuple[int, int, int, str]
"""Counter before, fen, balance after, verdict."""


def purses(evidence: Evidence) -> Iterator[str | int]:
    """Counters once each, without a gap that nothing explains; balances that follow; true TACs."""
    proofs: dict[int, list[Proof]] = defaultdict(list)
    for card, *proof in evidence.books.rows(
        "SELECT card, counter, amount, balance_after, verdict FROM purse_record"
        " ORDER BY card, counter"
    ):
        proofs[card].append(tuple(proof))
    without = _without_proof(evidence)
    for purse in evidence.world.pockets.purses:
        yield len(proofs[purse.number])
        name = f"purse {purse.number % 10_000}"
        yield from (f"{name}: {word}" for word in _broken(purse, proofs[purse.number], without))


def _broken(purse: Purse, proofs: list[Proof], without: dict[int, Counter[int]]) -> Iterator[str]:
    counters = [counter for counter, *_ in proofs]
    gaps = set(range(purse.debits)) - set(counters)
    unproved = without[purse.number]
    if len(set(counters)) != len(counters) or not set(counters) <= set(range(purse.debits)):
        yield f"paid {purse.debits} times, proofs have the counters {counters}"
    if len(gaps) > unproved.total():
        yield f"debits {sorted(gaps)} are not in the books, {unproved.total()} are known as owed"
    given, told = purse.opening - purse.balance, sum(amount for _, amount, *_ in proofs)
    most = sum(amount * times for amount, times in unproved.items())
    if not told <= given <= told + most or (not gaps and given != told):
        yield f"gave {given} fen, proofs make {told}, owed are at most {most}"
    for counter, amount, after, verdict in proofs:
        if verdict != "genuine":
            yield f"the proof of debit {counter} is {verdict}"
        if not gaps and after != purse.opening - sum(p[1] for p in proofs if p[0] <= counter):
            yield f"debit {counter} of {amount} left {after}"


def _without_proof(evidence: Evidence) -> dict[int, Counter[int]]:
    """Card -> fen -> how often: debits that may have taken money and have no proof."""
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for journal in evidence.journals:
        for op, kinds in journal.outcomes.items():
            if tuple(kinds) == truth.OWED or op in evidence.reviewed:
                _count(found, journal, op)
    for journal in evidence.lost_journals:
        for op in journal.intents:
            if op in evidence.lost_ops:
                _count(found, journal, op)
    return found


def _count(found: dict[int, Counter[int]], journal: truth.Journal, op: truth.Op) -> None:
    tender = journal.intents[op].tenders[0]
    found[tender.card or 0][tender.amount] += 1
