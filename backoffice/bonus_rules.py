"""What is given on top of a top-up: rules as dated data, and one question. Pure.

"Who pays 100 gets 110" is a rule that pays 100 and gives 10. Of the rules in force the one with the
largest sum that is reached counts, alone; `every` gives once for each whole sum paid.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backoffice.errors import UsageFault

FIRST_DAY, LAST_DAY = 20000101, 20991231


@dataclass(frozen=True, slots=True)
class BonusRule:
    """From the first to the last business day (YYYYMMDD), `gives` fen on top of `pays` fen."""

    id: int
    first_day: int
    last_day: int
    pays: int
    gives: int
    every: bool


def bonus_for(rules: Iterable[BonusRule], amount: int, day: int) -> tuple[int, int]:
    """Fen given on top of `amount` fen paid on a day, and the rule's number; zeros without one."""
    reached = [one for one in rules if one.first_day <= day <= one.last_day and one.pays <= amount]
    if not reached:
        return 0, 0
    best = max(reached, key=lambda one: (one.pays, one.gives, one.id))
    return best.gives * (amount // best.pays if best.every else 1), best.id


def checked_rule(rule: BonusRule) -> BonusRule:
    """The rule.

    Raises:
        UsageFault: sums below one, more given than paid, or days out of order.
    """
    if not 0 < rule.gives <= rule.pays:
        raise UsageFault("A bonus is above zero, and not more than what is paid for it.")
    if not FIRST_DAY <= rule.first_day <= rule.last_day <= LAST_DAY:
        raise UsageFault("A rule holds from a first day to a last one, for example 2026-12-01.")
    return rule
