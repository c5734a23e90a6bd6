"""What became of a debit or load that was torn: the decision table, as a pure function.

    evidence on the same card                                       verdict
    a proof whose MAC2 is right                                      committed, TAC kept
    a proof of the next counter whose MAC2 is wrong                  review
    no proof; balance and counter as before                          not committed
    balance less by the amount, counter one on, with a proof that    committed, TAC kept
      nobody here can check (the PSAM forgot)
    the same without a proof                                         committed without TAC
    any other balance or counter                                     review
    another card                                                     put the same card back
    nothing could be read                                            in doubt

A proof is asked for by the counter after, then by the counter before, as cards differ (FMCOS2.0
8.13 against two terminals' sources). One found under the counter before may be the transaction
before ours: unless its MAC2 is right it proves nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

from card.intent import Intent


class Verdict(StrEnum):
    """What is known about a torn transaction."""

    COMMITTED = "committed"
    COMMITTED_NO_TAC = "committed_no_tac"
    NOT_COMMITTED = "not_committed"
    REVIEW = "review"
    OTHER_CARD = "other_card"
    IN_DOUBT = "in_doubt"


class Reason(StrEnum):
    """Which line of the table decided."""

    PROOF_RIGHT = "proof_right"
    PROOF_UNCHECKED = "proof_unchecked"
    PROOF_WRONG = "proof_wrong"
    MOVED_WITHOUT_PROOF = "moved_without_proof"
    UNCHANGED = "unchanged"
    USED_ELSEWHERE = "used_elsewhere"
    COUNTER_UNREADABLE = "counter_unreadable"
    UNREADABLE = "unreadable"
    OTHER_CARD = "other_card"


@dataclass(frozen=True, slots=True)
class FoundProof:
    """A proof the card gave: under which counter, its TAC, and whether its MAC2 is right."""

    counter: int
    tac: bytes
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the card said when it was back; None: could not be read."""

    balance: int | None
    counter: int | None
    proofs: tuple[FoundProof, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """A verdict with what it rests on; `tac` is empty when none was found."""

    verdict: Verdict
    reason: Reason
    tac: bytes = b""
    balance: int | None = None
    counter: int | None = None
    mac2_checked: bool = False


def decide(intent: Intent, seen: Evidence) -> Resolution:
    """The verdict about `intent` from what was `seen` on the same card."""
    right = next((proof for proof in seen.proofs if proof.is_right), None)
    if right is not None:
        return _resolved(Verdict.COMMITTED, Reason.PROOF_RIGHT, seen, right)
    after = (intent.counter + 1) & 0xFFFF
    if any(proof.is_right is False and proof.counter == after for proof in seen.proofs):
        return _resolved(Verdict.REVIEW, Reason.PROOF_WRONG, seen)
    if seen.balance is None:
        return _resolved(Verdict.IN_DOUBT, Reason.UNREADABLE, seen)
    if (seen.balance, seen.counter) == (intent.balance_after, after):
        return _moved(seen)
    return _not_moved(intent, seen)


def _not_moved(intent: Intent, seen: Evidence) -> Resolution:
    if (seen.balance, seen.counter) == (intent.balance_before, intent.counter):
        return _resolved(Verdict.NOT_COMMITTED, Reason.UNCHANGED, seen)
    unreadable = seen.counter is None
    reason = Reason.COUNTER_UNREADABLE if unreadable else Reason.USED_ELSEWHERE
    return _resolved(Verdict.REVIEW, reason, seen)


def _moved(seen: Evidence) -> Resolution:
    if not seen.proofs:
        return _resolved(Verdict.COMMITTED_NO_TAC, Reason.MOVED_WITHOUT_PROOF, seen)
    if seen.proofs[0].is_right is False:
        return _resolved(Verdict.REVIEW, Reason.PROOF_WRONG, seen)
    return _resolved(Verdict.COMMITTED, Reason.PROOF_UNCHECKED, seen, seen.proofs[0])


def _resolved(
    verdict: Verdict, reason: Reason, seen: Evidence, proof: FoundProof | None = None
) -> Resolution:
    return Resolution(
        verdict,
        reason,
        proof.tac if proof else b"",
        seen.balance,
        seen.counter,
        mac2_checked=bool(proof and proof.is_right),
    )
