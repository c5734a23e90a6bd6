"""The purse on a chip as the books see it: what a debit proves, and whether the proofs follow.

The proof travels in the tender (`broker.sale.Tender.proof`), 29 bytes in this first form:

    1     form, 1
    1     type of the transaction (05, 06, 09: see `card.mac.TransactionType`)
    2     the card's own counter before the transaction
    4     the purse's balance after it, fen
    6     number of the terminal (PSAM)
    4     serial of the terminal's transaction
    7     date and time by the terminal, BCD YYYYMMDDhhmmss
    4     TAC

The amount stands in the tender. Whether a TAC is genuine is asked of `backoffice.tac`; here it is
only whether a card's proofs follow one another, which no copy of a card can fake for long: counters
go up by one, and a balance only rises by what was loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

FORM = 1
PROOF_BYTES = 29
LOAD_KINDS = (1, 2)
"""Types of a load."""
ONLINE_KINDS = (1, 2, 3)
"""Loads and unloads; they count with the card's other, online counter."""


class Verdict(StrEnum):
    """What the office thinks of a TAC; stable words in the books."""

    GENUINE = "genuine"
    WRONG = "wrong"
    UNCHECKED = "unchecked"
    """There was no key token to check it with."""


@dataclass(frozen=True, slots=True)
class PurseRecord:
    """One transaction that a purse has proved; sums in fen."""

    kind: int
    counter: int
    amount: int
    balance_after: int
    terminal: bytes
    terminal_serial: int
    moment: int
    """YYYYMMDDhhmmss by the terminal's clock."""
    tac: bytes
    verdict: str = Verdict.UNCHECKED
    op: bytes = b""

    @property
    def balance_before(self) -> int:
        """The purse before it."""
        return self.balance_after + (-self.amount if self.kind in LOAD_KINDS else self.amount)

    @property
    def is_load(self) -> bool:
        """True when money was put on."""
        return self.kind in LOAD_KINDS

    @property
    def is_online(self) -> bool:
        """True when only the office can have made it: a load or an unload."""
        return self.kind in ONLINE_KINDS

    def is_same_as(self, other: "PurseRecord") -> bool:
        """True when both tell of one and the same transaction of the card."""
        mine = (self.kind, self.counter, self.amount, self.balance_after, self.moment, self.tac)
        its = (other.kind, other.counter, other.amount, other.balance_after, other.moment)
        return mine == (*its, other.tac)


def pack_proof(told: PurseRecord) -> bytes:
    """The bytes of a proof, as in the table above."""
    return (
        bytes((FORM, told.kind)) + told.counter.to_bytes(2) + told.balance_after.to_bytes(4)
        + told.terminal + told.terminal_serial.to_bytes(4)
        + bytes.fromhex(f"{told.moment:014d}") + told.tac
    )  # fmt: skip


def unpack_proof(proof: bytes, amount: int) -> PurseRecord | None:
    """What a proof says; None when it is none of this form. Later forms may be longer."""
    moment = proof[18:25].hex()
    if len(proof) < PROOF_BYTES or proof[0] != FORM or not moment.isdecimal():
        return None
    return PurseRecord(
        kind=proof[1], counter=int.from_bytes(proof[2:4]), amount=amount,
        balance_after=int.from_bytes(proof[4:8]), terminal=proof[8:14],
        terminal_serial=int.from_bytes(proof[14:18]), moment=int(moment), tac=proof[25:29],
    )  # fmt: skip


class Break(StrEnum):
    """How a card's proofs do not follow one another."""

    GAP = "gap"
    """Counters between two proofs are not here: uploads still to come, or lost."""
    DUPLICATE = "duplicate"
    """The same transaction was handed in twice."""
    FORK = "fork"
    """Two different transactions under one counter: there are two chips."""
    ROLLED_BACK = "rolled-back"
    """More money on the chip than it can have: an old state was written back."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One break, at the counter where it was seen."""

    kind: Break
    counter: int
    expected: str
    found: str


def breaks_of(records: Sequence[PurseRecord], opening: int | None = None) -> list[Finding]:
    """Everything in a card's proofs that does not follow, by counter.

    Args:
        records: all genuine or unchecked proofs of one card.
        opening: what was on the chip when it was issued, fen; None when that is not known.
    """
    debits = sorted((one for one in records if not one.is_online), key=_order)
    loads = [one for one in records if one.is_load]
    found = _counted(sorted((one for one in records if one.is_online), key=_order))
    found += _counted(debits)
    for before, one in zip((None, *debits), debits, strict=False):
        if before is not None and one.counter == before.counter:
            continue
        most = _most_before(before, one, loads, opening)
        if most is not None and one.balance_before > most:
            found.append(
                Finding(
                    Break.ROLLED_BACK, one.counter, f"at most {most}", f"{one.balance_before} fen"
                )
            )
    return found


def _counted(ordered: Sequence[PurseRecord]) -> list[Finding]:
    """Where one of the card's two counters does not go up by one."""
    found = []
    for before, one in pairwise(ordered):
        if one.counter == before.counter:
            kind = Break.DUPLICATE if one.is_same_as(before) else Break.FORK
            found.append(Finding(kind, one.counter, _told(before), _told(one)))
        elif one.counter > before.counter + 1:
            expected = f"counter {before.counter + 1}"
            found.append(Finding(Break.GAP, one.counter, expected, f"counter {one.counter}"))
    return found


def _order(one: PurseRecord) -> tuple[int, int]:
    return one.counter, one.moment


def _told(one: PurseRecord) -> str:
    return f"{one.amount} fen at {one.moment}, {one.balance_after} left, TAC {one.tac.hex()}"


def _most_before(
    before: PurseRecord | None, one: PurseRecord, loads: Sequence[PurseRecord], opening: int | None
) -> int | None:
    """The most that can have been on the chip before `one`; None when nobody knows."""
    if before is None:
        return None if opening is None else opening + sum(x.amount for x in loads)
    since = [load for load in loads if before.moment <= load.moment <= one.moment]
    return before.balance_after + sum(load.amount for load in since)
