"""What moved on a card: its two accounts day by day, opening + moves = closing to the fen.

Days are business days, as everywhere in the books: a sale that arrives late stands on its own day.
The statement reads transfers alone, never a kept balance, so it proves that one.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from backoffice.ledger import Reason
from backoffice.reports.render import safe_cell
from backoffice.store import Store
from backoffice.store.directory import ORG
from backoffice.words import N_, Translate
from broker.units import decimal_text

REASON_WORDS = {
    Reason.CARD_PAYMENT: N_("payment"),
    Reason.REVERSAL: N_("taken back"),
    Reason.ISSUE: N_("card issued"),
    Reason.TOP_UP: N_("top-up"),
    Reason.STAND_IN: N_("payment without asking"),
    Reason.REPLACE: N_("card replaced"),
    Reason.REFUND: N_("paid out"),
    Reason.BONUS_END: N_("bonus ended"),
    Reason.RELEASE: N_("held money released"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One row: fen onto the card (below zero: off it) and the balance after it."""

    day: int
    at: int
    """Unix milliseconds."""
    reason: str
    """Name of the `Reason` in small letters."""
    terminal: str
    receipt: int
    """0 = no sale of ours."""
    principal: int
    bonus: int
    balance: int

    @property
    def change(self) -> int:
        """Fen onto the card."""
        return self.principal + self.bonus


@dataclass(frozen=True, slots=True)
class Sums:
    """What is on a card, fen."""

    principal: int = 0
    bonus: int = 0

    @property
    def balance(self) -> int:
        """Both together."""
        return self.principal + self.bonus

    def after(self, principal: int, bonus: int) -> "Sums":
        """The sums after a move."""
        return Sums(self.principal + principal, self.bonus + bonus)


@dataclass(frozen=True, slots=True)
class CardStatement:
    """The statement of one card for business days `first`..`last`."""

    number: int
    first: int
    last: int
    currency: str
    exponent: int
    opening: Sums
    moves: tuple[Move, ...]
    closing: Sums

    def as_json(self) -> dict[str, Any]:
        """With whole minor units."""
        return {
            "number": self.number, "from": self.first, "to": self.last,
            "currency": self.currency, "exponent": self.exponent,
            "opening": _sums(self.opening),
            "moves": [asdict(one) for one in self.moves],
            "closing": _sums(self.closing),
        }  # fmt: skip


def _sums(sums: Sums) -> dict[str, int]:
    return {"principal": sums.principal, "bonus": sums.bonus, "balance": sums.balance}


def card_statement(store: Store, number: int, first: int, last: int) -> CardStatement | None:
    """The card's statement; None when there is no such card or it has no purse."""
    card, organisation = store.cards.get(ORG, number), store.directory.organisation()
    if card is None or card.balance is None or organisation is None:
        return None
    opening, moves, sums = Sums(), [], Sums()
    for row in store.cards.moves(number, last):
        day, at, reason, _, _, terminal, receipt, principal, bonus = row
        sums = sums.after(principal, bonus)
        if day < first:
            opening = sums
            continue
        word = Reason(reason).name.lower()
        moves.append(
            Move(day, at, word, terminal or "", receipt or 0, principal, bonus, sums.balance)
        )
    return CardStatement(
        number, first, last, organisation.currency, organisation.exponent,
        opening, tuple(moves), sums,
    )  # fmt: skip


HEADINGS = (N_("Day"), N_("What"), N_("Terminal"), N_("Receipt"), N_("Paid"), N_("Bonus"),
            N_("Balance"))  # fmt: skip


def lines_of(told: CardStatement, translate: Translate) -> list[list[str]]:
    """Rows of text with the headings first, the opening second and the closing last."""

    def sum_row(word: str, sums: Sums) -> list[str]:
        found = (sums.principal, sums.bonus, sums.balance)
        return ["", translate(word), "", "", *(decimal_text(one, told.exponent) for one in found)]

    rows = [[translate(word) for word in HEADINGS], sum_row(N_("Opening balance"), told.opening)]
    for one in told.moves:
        day = f"{one.day // 10_000:04d}-{one.day // 100 % 100:02d}-{one.day % 100:02d}"
        rows.append([
            day, translate(REASON_WORDS[Reason[one.reason.upper()]]), one.terminal,
            str(one.receipt or ""), decimal_text(one.principal, told.exponent),
            decimal_text(one.bonus, told.exponent), decimal_text(one.balance, told.exponent),
        ])  # fmt: skip
    return [*rows, sum_row(N_("Closing balance"), told.closing)]


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """CSV with a byte order mark; texts cannot become formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([*(safe_cell(text) for text in row[:4]), *row[4:]])
    return "\ufeff" + out.getvalue()
