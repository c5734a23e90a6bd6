"""What a set of rows changes in the products: added, changed, removed; jumps; faults. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backoffice.errors import OfficeError, UsageFault
from backoffice.products import FIELDS, Row, Shop, Where, plu_of, product_from, row_of
from broker.pricelist import Product, Rule, RuleKind
from broker.units import round_half_away

MOST_FAULTS: Final = 50
MOST_PRODUCTS: Final = 2000
NEW: Final = 10**6
"""Percent of a price that was nothing before."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One product that is to be another: `fields` are (name, old text, new text)."""

    before: Product
    after: Product
    fields: tuple[tuple[str, str, str], ...]
    percent: int
    """By how much its price moves furthest, whole percent rounded up."""


@dataclass(slots=True)
class Plan:
    """What rows would do to the products."""

    added: list[Product] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    removed: list[Product] = field(default_factory=list)
    same: int = 0
    faults: list[OfficeError] = field(default_factory=list)

    def jumps(self, percent: int) -> list[int]:
        """PLUs whose price moves by more than `percent`, and new ones that cost nothing."""
        moved = [one.after.plu for one in self.changed if percent and one.percent > percent]
        free = [one.plu for one in self.added if percent and not lowest(one)]
        return sorted(moved + free)


def planned(
    rows: Iterable[tuple[Row, Where]], before: Mapping[int, Product], shop: Shop, *,
    removes_others: bool = False,
) -> Plan:  # fmt: skip
    """What the rows would do; rows with a fault do nothing, and nothing may be done with faults.

    Args:
        rows: each with where a sentence about it points.
        before: the products of today by PLU.
        shop: decimals and levels.
        removes_others: products that no row names leave the list.
    """
    plan, seen = Plan(), dict[int, str]()
    for row, where in rows:
        try:
            plu = plu_of(row, where)
            if plu in seen:
                raise UsageFault(
                    "{where}: PLU {plu} stands there twice, first at {first}.",
                    where=where("plu"), plu=plu, first=seen[plu],
                )  # fmt: skip
            seen[plu] = where("plu")
            _note(plan, before.get(plu), product_from(row, before.get(plu), shop, where), shop)
        except OfficeError as fault:
            plan.faults.append(fault)
    if removes_others:
        plan.removed = [one for plu, one in before.items() if plu not in seen]
    if not plan.faults:
        plan.faults += whole_faults(after(plan, before))
    del plan.faults[MOST_FAULTS:]
    return plan


def _note(plan: Plan, before: Product | None, now: Product, shop: Shop) -> None:
    if before is None:
        plan.added.append(now)
    elif before == now:
        plan.same += 1
    else:
        plan.changed.append(Changed(before, now, differing(before, now, shop), moved(before, now)))


def differing(before: Product, now: Product, shop: Shop) -> tuple[tuple[str, str, str], ...]:
    """(field, old text, new text) of what differs."""
    old, new = row_of(before, shop), row_of(now, shop)
    names = [*shop.price_fields(), *FIELDS]
    return tuple((n, old[n], new[n]) for n in names if n in old and old[n] != new[n])


def after(plan: Plan, before: Mapping[int, Product]) -> dict[int, Product]:
    """The products once the plan is carried out, by PLU."""
    gone = {one.plu for one in plan.removed}
    left = {plu: one for plu, one in before.items() if plu not in gone}
    left |= {one.after.plu: one.after for one in plan.changed}
    left |= {one.plu: one for one in plan.added}
    return dict(sorted(left.items()))


def whole_faults(products: Mapping[int, Product]) -> list[OfficeError]:
    """What no row shows alone: too many products, a key or bar code given twice."""
    if len(products) > MOST_PRODUCTS:
        return [
            UsageFault(
                "That would be {count} products; a price list holds at most {most}.",
                count=len(products), most=MOST_PRODUCTS,
            )
        ]  # fmt: skip
    faults: list[OfficeError] = []
    taken: dict[tuple[str, str], int] = {}
    for one in products.values():
        for name, value in (("key", one.key), ("barcode", one.barcode and one.barcode.zfill(14))):
            first = taken.setdefault((name, value), one.plu)
            if value and first != one.plu:
                shown = one.key if name == "key" else one.barcode
                faults.append(
                    UsageFault(
                        "PLU {plu} and PLU {other} have the same {name} {value}.",
                        plu=first, other=one.plu, name=name, value=shown,
                    )
                )  # fmt: skip
    return faults


def moved(before: Product, now: Product) -> int:
    """By how many percent the price moves furthest, at any level or by any rule."""
    if before.base != now.base:
        return NEW
    levels = range(max(len(before.prices), len(now.prices)))
    pairs = [(before.prices[min(n, len(before.prices) - 1)],
              now.prices[min(n, len(now.prices) - 1)]) for n in levels]  # fmt: skip
    return max(_percent(old, new) for old, new in [*pairs, (lowest(before), lowest(now))])


def _percent(old: int, new: int) -> int:
    if old == new:
        return 0
    return NEW if old == 0 else -(-abs(new - old) * 100 // old)


def lowest(product: Product) -> int:
    """The lowest unit price that anybody may ever pay for it."""
    return min([*product.prices, *(_least(product, rule) for rule in product.rules)])


def _least(product: Product, rule: Rule) -> int:
    if rule.kind == RuleKind.PIECES_FOR:
        return rule.values[0] // max(rule.least, 1)
    if rule.kind == RuleKind.MARKED_DOWN_BY:
        return round_half_away(min(product.prices) * (100 - rule.values[0]), 100)
    return min(rule.values)


def told(plan: Plan, shop: Shop, limits: tuple[int, int]) -> dict[str, Any]:
    """The plan as JSON can carry it."""
    jump, second = limits
    return {
        "added": [row_of(one, shop) for one in plan.added],
        "changes": [
            {
                "plu": one.after.plu, "name_zh": one.after.name_zh, "name_en": one.after.name_en,
                "percent": one.percent, "jump": bool(jump) and one.percent > jump,
                "fields": [
                    {"field": name, "old": old, "new": new} for name, old, new in one.fields
                ],
            }
            for one in plan.changed
        ],
        "removed": [row_of(one, shop) for one in plan.removed],
        "same": plan.same, "jumps": plan.jumps(jump), "second": plan.jumps(second),
        "jump_percent": jump, "second_percent": second,
        "faults": [str(fault) for fault in plan.faults],
    }  # fmt: skip
