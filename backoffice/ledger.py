"""From sales to transfers: double entry by (debit, credit, amount > 0), pure (decision 19).

Every transfer takes from one account what it gives to another, so the sum over all accounts is zero
by construction. Balance here is credits minus debits; people read drawers and the bank the other
way round (`natural`).

    drawer/<terminal>         cash that a till holds            reads debits - credits
    card/<number>/principal   what a card's holder paid in      reads credits - debits
    card/<number>/bonus       what was given on top of it       reads credits - debits
    sales/<store>             takings                           reads credits - debits
    rounding                  cash rounding and goodwill        reads credits - debits
    suspense                  tenders without an account yet    reads debits - credits
    bank                      money received for cards          reads debits - credits
    bonus-cost                what bonuses have cost            reads debits - credits

A card is spent from its principal first and from its bonus last: what is left of the bonus is only
ever a present, and what is left of the principal is what a refund pays out, at the price paid.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from broker.sale import Sale, Tender, TenderKind

BANK = "bank"
BONUS_COST = "bonus-cost"
ROUNDING = "rounding"
SUSPENSE = "suspense"


class Reason(IntEnum):
    """Why a transfer was made; with the operation it makes the transfer unique."""

    CARD_PAYMENT = 1
    SALE = 2
    REVERSAL = 3
    ISSUE = 4
    TOP_UP = 5
    STAND_IN = 6
    REPLACE = 7
    REFUND = 8
    BONUS_END = 9
    RELEASE = 10


@dataclass(frozen=True, slots=True)
class Transfer:
    """`amount` fen, above zero, from account `debit` to account `credit`."""

    debit: str
    credit: str
    amount: int
    tender: int = 0
    """`TenderKind` of the payment, 0 for what is no tender."""


def city(scheme: str) -> str:
    """Account of what the issuer of a family of city cards owes us."""
    return f"city/{scheme or 'unknown'}"


def drawer(terminal: str) -> str:
    """Account of the cash in a till."""
    return f"drawer/{terminal}"


def principal(card: int) -> str:
    """Account of the money paid onto a card."""
    return f"card/{card}/principal"


def bonus(card: int) -> str:
    """Account of what was given on top of a card's principal."""
    return f"card/{card}/bonus"


def bonus_part(amount: int, principal_left: int, bonus_left: int) -> int:
    """Fen of a payment that come from the bonus: what the principal does not cover.

    What neither covers (a payment without our approval) stays with the principal.
    """
    return min(max(0, amount - max(0, principal_left)), max(0, bonus_left))


def sales(store: str) -> str:
    """Account of a store's takings."""
    return f"sales/{store}"


def moved(debit: str, credit: str, amount: int, tender: int = 0) -> list[Transfer]:
    """One transfer, the other way round for a negative sum, none for zero."""
    if amount == 0:
        return []
    if amount < 0:
        return [Transfer(credit, debit, -amount, tender)]
    return [Transfer(debit, credit, amount, tender)]


def card_transfers(
    sale: Sale, store: str, parts: Mapping[int, int] | None = None, refused: Iterable[int] = ()
) -> list[Transfer]:
    """What the stored-value tenders of a sale move; posted when the office approves.

    Args:
        sale: the sale.
        store: whose takings it is.
        parts: by number of the tender, what of it is bonus; the rest is principal.
        refused: numbers of tenders whose proof is wrong; they are waited for in suspense.
    """
    made: list[Transfer] = []
    for number, tender in enumerate(sale.tenders):
        if tender.kind != TenderKind.STORED_VALUE or tender.card is None:
            continue
        if number in refused:
            made += moved(SUSPENSE, sales(store), tender.amount, tender.kind)
            continue
        part = (parts or {}).get(number, 0)
        made += moved(principal(tender.card), sales(store), tender.amount - part, tender.kind)
        made += moved(bonus(tender.card), sales(store), part, tender.kind)
    return made


def _source(tender: Tender, terminal: str) -> str:
    if tender.kind == TenderKind.CASH:
        return drawer(terminal)
    return city(tender.scheme) if tender.kind == TenderKind.CITY_CARD else SUSPENSE


def other_transfers(sale: Sale, terminal: str, store: str) -> list[Transfer]:
    """Everything else that a sale moves, rounding included; posted when the sale is final.

    A faulty sale (lines and tenders apart) posts its difference to suspense, so that the takings
    account always holds what the lines say.
    """
    made: list[Transfer] = []
    for tender in sale.tenders:
        if tender.kind == TenderKind.STORED_VALUE and tender.card is not None:
            continue
        made += moved(_source(tender, terminal), sales(store), tender.amount, tender.kind)
    rounding = sum(part.amount for part in sale.rounding)
    made += moved(sales(store), ROUNDING, rounding)
    lines = sum(line.amount for line in sale.lines)
    paid = sum(tender.amount for tender in sale.tenders)
    return made + moved(SUSPENSE, sales(store), lines + rounding - paid)


def sale_transfers(sale: Sale, terminal: str, store: str) -> list[Transfer]:
    """All transfers of a final sale."""
    return card_transfers(sale, store) + other_transfers(sale, terminal, store)


def reversed_transfers(transfers: Iterable[Transfer]) -> list[Transfer]:
    """The same sums back."""
    return [Transfer(one.credit, one.debit, one.amount, one.tender) for one in transfers]


def changes_of(transfers: Sequence[Transfer]) -> dict[str, int]:
    """Change of every account touched (credits minus debits); the values sum to zero."""
    changes: dict[str, int] = {}
    for one in transfers:
        changes[one.debit] = changes.get(one.debit, 0) - one.amount
        changes[one.credit] = changes.get(one.credit, 0) + one.amount
    return changes


def natural(code: str, balance: int) -> int:
    """A balance with the sign people expect: drawers, bank and suspense read debits - credits."""
    is_asset = code.startswith("drawer/") or code in (BANK, SUSPENSE, BONUS_COST)
    return -balance if is_asset else balance
