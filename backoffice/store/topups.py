"""Rules and orders about topping cards up."""

from dataclasses import dataclass, replace

from backoffice.bonus_rules import BonusRule
from backoffice.store.directory import ORG
from backoffice.store.statements import Statements

WANTED, PAID, FAILED = 0, 1, 2
STATES = {WANTED: "wanted", PAID: "paid", FAILED: "failed"}
"""What became of a collection."""


@dataclass(frozen=True, slots=True)
class StandingOrder:
    """Collect `amount` fen whenever less than `below` fen is on the card."""

    card: int
    below: int
    amount: int
    mandate: str
    made_at: int
    ended_at: int = 0


@dataclass(frozen=True, slots=True)
class Collection:
    """A sum to be collected by bank for a card."""

    id: int
    card: int
    amount: int
    mandate: str
    made_at: int
    state: int = WANTED
    settled_at: int = 0
    reference: str = ""


class TopUps:
    """Bonus rules, standing orders, and what they collect."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def rules(self) -> list[BonusRule]:
        """Every rule there ever was, by number."""
        rows = self._sql.rows("bonus_rule_list", org=ORG)
        return [replace(BonusRule(*row), every=bool(row[5])) for row in rows]

    def add_rule(self, rule: BonusRule) -> None:
        """Keeps a new rule."""
        self._sql.run(
            "bonus_rule_add",
            org=ORG, id=rule.id, first_day=rule.first_day, last_day=rule.last_day,
            pays=rule.pays, gives=rule.gives, every=int(rule.every),
        )  # fmt: skip

    def end_rule(self, number: int, last_day: int) -> None:
        """The rule holds to that day, no longer."""
        self._sql.run("bonus_rule_end", org=ORG, id=number, last_day=last_day)

    def order(self, card: int) -> StandingOrder | None:
        """The card's standing order, ended ones too; or None."""
        row = self._sql.one("standing_order_get", org=ORG, card=card)
        return StandingOrder(*row) if row else None

    def orders(self) -> list[StandingOrder]:
        """The standing orders in force."""
        return [StandingOrder(*row) for row in self._sql.rows("standing_order_list", org=ORG)]

    def save_order(self, order: StandingOrder) -> None:
        """Makes or changes a card's standing order."""
        self._sql.run(
            "standing_order_save",
            org=ORG, card=order.card, below=order.below, amount=order.amount,
            mandate=order.mandate, made_at=order.made_at, ended_at=order.ended_at,
        )  # fmt: skip

    def due(self, most: int) -> list[int]:
        """Cards with less on them than their order says, and nothing under way."""
        return [int(row[0]) for row in self._sql.rows("standing_order_due", org=ORG, most=most)]

    def collect(self, order: StandingOrder, now: int) -> Collection:
        """Writes down a sum to be collected."""
        row = self._sql.one("collection_last", org=ORG)
        number = int(row[0]) + 1 if row else 1
        made = Collection(number, order.card, order.amount, order.mandate, now)
        self._sql.run(
            "collection_make",
            org=ORG, id=number, card=made.card, amount=made.amount, mandate=made.mandate,
            made_at=now,
        )  # fmt: skip
        return made

    def collection(self, number: int) -> Collection | None:
        """The collection of that number, or None."""
        row = self._sql.one("collection_get", org=ORG, id=number)
        return Collection(*row) if row else None

    def collections(self, *, settled: bool) -> list[Collection]:
        """What is still to be collected; with `settled` all there ever was."""
        rows = self._sql.rows("collection_list", org=ORG, all=int(settled))
        return [Collection(*row) for row in rows]

    def settle(self, number: int, state: int, reference: str, *, now: int) -> None:
        """What became of a collection."""
        self._sql.run(
            "collection_settle",
            org=ORG, id=number, state=state, settled_at=now, reference=reference[:80],
        )  # fmt: skip
