"""Baskets put aside for a while: eight slots, one key and a digit. Pure."""

from scale_app.checkout.basket import EMPTY_BASKET, PARKS, Basket
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import Desk, Guard, next_basket, with_its_prices
from scale_app.checkout.happenings import Action, KeyIn, Park
from scale_app.say import Say
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]

SLOTS = frozenset(str(slot) for slot in range(1, PARKS + 1))


def park(desk: Desk, _key: KeyIn) -> Step:
    """Parks the basket or fetches one; the slot is a typed number, or asked for."""
    if desk.latch is not None:
        return desk.say(Say.FINISH_FIRST, Severity.WARN), ()
    if desk.entry is not None:
        typed, desk = desk.entry, replace(desk, entry=None)
        if typed not in SLOTS:
            return desk.say(Say.WRONG_NUMBER, Severity.WARN, entry=typed or "-"), ()
        return at_slot(desk, int(typed))
    if desk.is_idle and not any(basket.items for basket in desk.parked):
        return desk.say(Say.PARK_EMPTY), ()
    asked = replace(desk, stage=Stage.GUARD, guard=Guard.PARK, guarded_from=desk.stage)
    return asked.say(Say.PARK_WHICH), ()


def at_slot(desk: Desk, slot: int) -> Step:
    """The basket into an empty slot, or a slot's basket onto an empty desk."""
    kept = desk.parked[slot - 1]
    if kept.items and desk.basket.items:
        return desk.say(Say.PARK_TAKEN, Severity.WARN, slot=slot), ()
    if kept.items:
        fetched = with_its_prices(_with_slot(desk, slot, EMPTY_BASKET), kept)
        fetched = replace(fetched, stage=Stage.SELLING)
        total = desk.money(kept.total)
        return fetched.say(Say.FETCHED, slot=slot, total=total), (Park(slot, EMPTY_BASKET, kept),)
    if not desk.basket.items:
        return desk.say(Say.PARK_EMPTY), ()
    # Its goods leave the pan: a reading is nobody's any more.
    items = tuple(replace(item, seq=None) for item in desk.basket.items)
    basket = replace(desk.basket, items=items, let_go=0, catalog=desk.catalog)
    parked = next_basket(_with_slot(desk, slot, basket))
    total = desk.money(basket.total)
    return parked.say(Say.PARKED, slot=slot, total=total), (Park(slot, basket, EMPTY_BASKET),)


def _with_slot(desk: Desk, slot: int, basket: Basket) -> Desk:
    slots = list(desk.parked)
    slots[slot - 1] = basket
    return replace(desk, parked=tuple(slots))
