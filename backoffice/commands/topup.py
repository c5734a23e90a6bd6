"""Commands about rules and orders of topping up.

    bonus.add        {pays, gives, first, last, every, by, reason}       -> {rule}
    bonus.end        {rule, last, by, reason}                            -> {rule, last}
    card.order       {number, below, amount, mandate, by, reason}        -> {number, below, amount}
    card.order.end   {number, by, reason}                                -> {number}
    card.collect     {number}   (the server itself, when money is low)   -> {collection, amount}
    card.collected   {collection, paid, reference, by, reason}           -> {collection, balance}

Sums are fen, days YYYYMMDD. A standing order puts no money on a card: it says what is to be
collected by bank; when the bank has the money, `card.collected` tops the card up, once.
"""

from dataclasses import replace
from typing import Any

from backoffice.alerts import Alert
from backoffice.bonus_rules import LAST_DAY, BonusRule, checked_rule
from backoffice.card_desk import NO_END, card_in_use, note, obey, rules_today, sum_of, today
from backoffice.commands.card import card_topup, not_on_chip
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.prepaid_rules import against_balance, against_load
from backoffice.store.topups import FAILED, PAID, WANTED, Collection, StandingOrder

Arguments = dict[str, Any]


def bonus_add(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Makes a rule; it holds from today, and for ever, when no days are said."""
    number = max((one.id for one in desk.store.topups.rules()), default=0) + 1
    first, last = (int(said.get(name) or 0) for name in ("first", "last"))
    rule = BonusRule(
        number, first or today(desk, now), last or LAST_DAY, sum_of(said, "pays"),
        sum_of(said, "gives"), every=bool(said.get("every")),
    )  # fmt: skip
    desk.store.topups.add_rule(checked_rule(rule))
    return {"rule": number}


def bonus_end(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Ends a rule after `last`, or after today; what was given stays given."""
    number = int(said["rule"])
    found = [one for one in desk.store.topups.rules() if one.id == number]
    if not found:
        raise Refused("There is no bonus rule {number}.", number=number)
    last = int(said.get("last") or today(desk, now))
    if last > found[0].last_day:
        raise Refused("Rule {number} ends before that day.", number=number)
    desk.store.topups.end_rule(number, last)
    return {"rule": number, "last": last}


def card_order(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Makes or changes the standing order of a card."""
    card = card_in_use(desk, said)
    not_on_chip(card)
    below, amount = sum_of(said, "below"), sum_of(said, "amount")
    mandate = str(said.get("mandate", "")).strip()
    if card.balance is None:
        raise Refused("There is no such card with a purse; check the number.")
    if not below or not amount or not mandate or len(mandate) > 80:
        raise UsageFault("An order says below which sum, how much, and where the consent is.")
    rules = rules_today(desk, now)
    if rules is not None:
        obey(desk, against_balance(rules, card.card_class, below - 1 + amount))
        day = today(desk, now)
        obey(desk, against_load(rules, card.card_class, day, card.valid_to, no_end=NO_END))
    desk.store.topups.save_order(StandingOrder(card.number, below, amount, mandate, now))
    detail = f"below {below} fen collect {amount} fen, {mandate}"
    note(desk, card.number, "order", said, now=now, detail=detail)
    return {"number": card.number, "below": below, "amount": amount}


def card_order_end(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Ends the standing order of a card; what is under way may still be paid."""
    order = desk.store.topups.order(int(said["number"]))
    if order is None or order.ended_at:
        raise Refused("This card has no standing order.")
    desk.store.topups.save_order(replace(order, ended_at=now))
    note(desk, order.card, "order-end", said, now=now)
    return {"number": order.card}


def card_collect(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Writes down what a card's standing order collects now."""
    order = desk.store.topups.order(int(said["number"]))
    if order is None or order.ended_at:
        raise Refused("This card has no standing order.")
    made = desk.store.topups.collect(order, now)
    return {"collection": made.id, "amount": made.amount}


def card_collected(desk: Desk, said: Arguments, batch: Batch, now: int) -> Arguments:
    """The bank has the money, or will not get it; a failure ends the order and is an alert."""
    one = desk.store.topups.collection(int(said["collection"]))
    if one is None:
        raise Refused("There is no collection {number}.", number=int(said["collection"]))
    paid, reference = bool(said["paid"]), str(said.get("reference", "")).strip()
    if one.state != WANTED:
        if (one.state == PAID) != paid:
            raise Refused("Collection {number} was settled the other way.", number=one.id)
    elif not paid:
        _failed(desk, one, said, now=now)
    elif not reference:
        raise UsageFault("A top-up by transfer needs the bank's reference.")
    else:
        desk.store.topups.settle(one.id, PAID, reference, now=now)
        who = {"by": said.get("by", ""), "reason": f"collection {one.id}, {reference}"}
        op = (one.id << 64 | 0xC011EC7).to_bytes(16, "big").hex()
        money = {"number": one.card, "amount": one.amount, "op": op}
        return {"collection": one.id, **card_topup(desk, {**money, **who}, batch, now)}
    return {"collection": one.id, "number": one.card}


def _failed(desk: Desk, one: Collection, said: Arguments, *, now: int) -> None:
    desk.store.topups.settle(one.id, FAILED, str(said.get("reference", "")), now=now)
    order = desk.store.topups.order(one.card)
    if order is not None and not order.ended_at:
        desk.store.topups.save_order(replace(order, ended_at=now))
        note(desk, one.card, "order-end", said, now=now, detail=f"collection {one.id} failed")
    detail = f"collection {one.id} of {one.amount} fen was not paid; its order has ended"
    desk.store.notes.alert(Alert.COLLECTION_FAILED, now, card=one.card, detail=detail)
