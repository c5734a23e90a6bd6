"""Changes of a card in the books: block, unblock, top up, replace, refund, retire.

Each runs in one transaction with its transfers and its note. What was sold with a card before it
was blocked, replaced or refunded is still booked when it arrives (`handlers.settling`): the state
of a card decides what may be approved, never what has happened.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from backoffice.accounts import CardRecord, End
from backoffice.bonus_rules import bonus_for
from backoffice.card_desk import (
    NO_END,
    book,
    card_in_use,
    note,
    obey,
    obey_cash,
    operation_of,
    rules_today,
    source_of,
    sum_of,
    till_of,
    today,
)
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.ledger import (
    BANK,
    BONUS_COST,
    Reason,
    Transfer,
    bonus,
    drawer,
    moved,
    principal,
)
from backoffice.prepaid_rules import (
    against_balance,
    against_holder,
    against_load,
    against_loss_report,
    against_refund,
)
from backoffice.store.directory import ORG
from backoffice.store.moves import MoveState, PurseMove
from broker.messages import CardState

Arguments = dict[str, Any]
PURSE_SERIAL_BYTES = 10
"""Length of a purse's serial, by which the books know a card that has one on its chip."""


def card_block(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Blocks a card, or lets it pay again.

    lost: its holder reports it lost; the card is lost until it is found (blocked false).
    """
    card = card_in_use(desk, said)
    blocked, lost = bool(said.get("blocked", True)), bool(said.get("lost", False))
    rules = rules_today(desk, now)
    if lost and rules is not None:
        obey(desk, against_loss_report(rules, card.card_class))
    state = CardState.BLOCKED if blocked else CardState.ACTIVE
    desk.store.cards.set_state(ORG, card.number, int(state))
    freed = "found" if card.lost_at else "unblock"
    word = freed if not blocked else "lost" if lost else "block"
    if lost or not blocked:
        desk.store.cards.set_lost(card.number, now if blocked and lost else 0)
    note(desk, card.number, word, said, now=now)
    return {"number": card.number, "state": state.name.lower()}


def card_topup(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Puts money on a card, and what is given on top; the same operation again books nothing.

    amount, bonus: fen; a bonus that is not said is what the rules give (`bonus.add`). till: the
    terminal whose drawer took the cash, empty = by bank.
    """
    op, card = operation_of(said), card_in_use(desk, said)
    not_on_chip(card)
    if said.get("bonus") is None:
        rules, day = desk.store.topups.rules(), today(desk, now)
        said = {**said, "bonus": bonus_for(rules, sum_of(said, "amount"), day)[0]}
    if not desk.store.ledger.posted(ORG, op, 1, Reason.TOP_UP):
        check_topup(desk, card, said, now)
        book_topup(desk, card.number, op, said, now=now)
    after_it = desk.store.cards.get(ORG, card.number)
    assert after_it is not None, "read above"
    return {"number": card.number, "balance": after_it.balance, "bonus": after_it.bonus}


def not_on_chip(card: CardRecord) -> None:
    """Nothing, for a card whose money is in the books alone.

    Raises:
        Refused: the purse is on the chip and has to be on a reader.
    """
    if len(card.chip) == PURSE_SERIAL_BYTES:
        raise Refused(
            "The purse of this card is on its chip; put it on the desk's reader and use "
            "`backoffice card`."
        )


def check_topup(desk: Desk, card: CardRecord, said: Arguments, now: int) -> None:
    """Nothing, when the card may take `amount` and `bonus`.

    Raises:
        Refused: no purse, blocked, or against the country's rules.
        UsageFault: no sum.
    """
    amount, given = sum_of(said, "amount"), sum_of(said, "bonus")
    till_of(desk, said)
    if card.balance is None:
        raise Refused("There is no such card with a purse; check the number.")
    if card.state == CardState.BLOCKED:
        raise Refused("The card is blocked; unblock it first.")
    if amount == 0:
        raise UsageFault("A top-up is a sum above zero.")
    rules = rules_today(desk, now)
    if rules is not None:
        kind, after = card.card_class, card.balance + amount + given
        obey(desk, against_balance(rules, kind, after))
        obey(desk, against_holder(rules, kind, card.holder or _holder(said), amount))
        day = today(desk, now)
        obey(desk, against_load(rules, kind, day, card.valid_to, no_end=NO_END))
    obey_cash(desk, said, amount, now=now)


def book_topup(desk: Desk, number: int, op: bytes, said: Arguments, *, now: int) -> None:
    """Books a top-up of `amount` and `bonus`."""
    amount, given = sum_of(said, "amount"), sum_of(said, "bonus")
    transfers = moved(source_of(said), principal(number), amount)
    transfers += give_bonus(desk, number, given)
    book(desk, op, Reason.TOP_UP, transfers, now=now)
    detail = f"{amount} fen" + (f", bonus {given} fen" if given else "")
    if _holder(said):
        detail += f", bought by {_holder(said)}"
    if said.get("terms"):
        detail += f", terms {str(said['terms'])[:40]}"
    note(desk, number, "topup", said, now=now, detail=detail)


def _holder(said: Arguments) -> str:
    return str(said.get("holder", ""))[:80]


def give_bonus(desk: Desk, number: int, given: int) -> list[Transfer]:
    """What gives a card its bonus; its account is opened at the first one."""
    if not given:
        return []
    account = desk.store.ledger.account(ORG, bonus(number))
    desk.store.cards.set_bonus_account(ORG, number, account)
    return moved(BONUS_COST, bonus(number), given)


def nothing_in_doubt(desk: Desk, number: int) -> None:
    """Nothing, when it is known what is on the chip of a card.

    Raises:
        Refused: a load or an unload was told to it, and what became of it is not known.
    """
    move = desk.store.moves.open_of(number)
    if move is not None and move.state is not MoveState.WANTED:
        raise Refused(
            "What became of money on the chip of this card is not known; put it on the reader, or "
            "decide with `card settle`."
        )


def move_to_new(desk: Desk, old: CardRecord, new: int, *, said: Arguments, now: int) -> int:
    """Ends `old` and moves its confirmed balance, less the declared exposure, to `new`; the sum.

    The exposure (what may have been spent offline and not been told yet) stays on the old card
    until `held_until`, where such sales find it.
    """
    exposure, days = sum_of(said, "exposure"), int(said.get("hold_days", 0))
    if not 0 <= days <= 366:
        raise UsageFault("Money is held for 0 to 366 days.")
    stays = min(exposure, max(0, old.principal))
    paid = max(0, old.principal) - stays
    transfers = moved(principal(old.number), principal(new), paid)
    if old.bonus > 0:
        desk.store.cards.set_bonus_account(ORG, new, desk.store.ledger.account(ORG, bonus(new)))
        transfers += moved(bonus(old.number), bonus(new), old.bonus)
    book(desk, new.to_bytes(16, "big"), Reason.REPLACE, transfers, now=now)
    waits = desk.store.moves.open_of(old.number)
    if waits is not None:  # it was never put on the old chip, and goes to the new one now
        desk.store.moves.save(replace(waits, state=MoveState.NOT_DONE, at=now))
    until = _days_after(today(desk, now), days) if stays else 0
    desk.store.cards.end(ORG, old.number, End.REPLACED, replaced_by=new, held_until=until)
    detail = f"by {new}, {paid + old.bonus} fen moved, {stays} fen held until {until}"
    note(desk, old.number, "replaced", said, now=now, detail=detail)
    return paid + old.bonus


def _days_after(day: int, days: int) -> int:
    first = date(day // 10_000, day // 100 % 100, day % 100)
    return int((first + timedelta(days=days)).strftime("%Y%m%d"))


def card_release(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """After the last day of the hold: moves what is left on a replaced card to the new one."""
    old = desk.store.cards.get(ORG, int(said["number"]))
    if old is None or old.ended != End.REPLACED:
        raise Refused("This card was not replaced; there is nothing to release.")
    if today(desk, now) <= old.held_until:
        raise Refused(
            "The money is held until {day}; sales made before the swap may still arrive.",
            day=old.held_until,
        )
    left = max(0, old.principal)
    if left:
        op = operation_of(said)
        transfers = moved(principal(old.number), principal(old.replaced_by), left)
        book(desk, op, Reason.RELEASE, transfers, now=now)
        note(desk, old.number, "released", said, now=now, detail=f"{left} fen to {old.replaced_by}")
        want_on_chip(
            desk, old.replaced_by, PurseMove(op, old.replaced_by, Reason.RELEASE, left), now
        )
    return {"number": old.number, "to": old.replaced_by, "amount": left}


def want_on_chip(desk: Desk, number: int, move: PurseMove, now: int) -> None:
    """Notes money that the books have moved to a card and its chip does not hold yet.

    Raises:
        Refused: an earlier one is not on it yet.
    """
    card = desk.store.cards.get(ORG, number)
    if card is None or len(card.chip) != PURSE_SERIAL_BYTES or move.amount == 0:
        return
    if desk.store.moves.open_of(number) is not None:
        raise Refused("Money for this card waits to be put on its chip; do that first.")
    desk.store.moves.save(replace(move, at=now))


def card_refund(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Pays a card's principal out and ends the card; what is left of a bonus goes back.

    `to` is "bank", or a terminal whose drawer pays in cash; `reference` is the bank's or the
    receipt's. The same operation again pays nothing.
    """
    op, to = operation_of(said), str(said.get("to", BANK))
    already = desk.store.ledger.posted(ORG, op, 1, Reason.REFUND)
    if already:
        return {"number": int(said["number"]), "amount": already[0].amount, "to": to}
    card = card_in_use(desk, said)
    not_on_chip(card)
    amount = max(0, card.principal)
    check_refund(desk, card, said, paid=amount, now=now)
    return book_refund(desk, card, op, said, paid=amount, given=max(0, card.bonus), now=now)


def check_refund(desk: Desk, card: CardRecord, said: Arguments, *, paid: int, now: int) -> None:
    """Nothing, when `paid` fen may be paid out.

    Raises:
        Refused: nothing to pay, or against the country's rules.
        UsageFault: no reference.
    """
    to = str(said.get("to", BANK))
    if card.balance is None or paid == 0:
        raise Refused("There is no paid money on this card; retire it instead.")
    if not said.get("reference"):
        raise UsageFault("A refund needs a reference: the bank's, or that of the receipt.")
    rules = rules_today(desk, now)
    if rules is not None:
        holder = card.holder or _holder(said)
        obey(desk, against_refund(rules, holder, paid, in_cash=to != BANK))
    if to != BANK and desk.store.directory.terminal(to) is None:
        raise Refused(
            "There is no terminal {code}; add it to the market file and apply that.", code=to
        )


def book_refund(
    desk: Desk, card: CardRecord, op: bytes, said: Arguments, *, paid: int, given: int, now: int
) -> Arguments:
    """Pays `paid` fen out, takes `given` fen of bonus back and ends the card."""
    to, holder = str(said.get("to", BANK)), card.holder or _holder(said)
    target = BANK if to == BANK else drawer(to)
    book(desk, op, Reason.REFUND, moved(principal(card.number), target, paid), now=now)
    _end_bonus(desk, card.number, given, op, now=now)
    desk.store.cards.end(ORG, card.number, End.REFUNDED)
    reference = str(said.get("reference", ""))[:80]
    detail = f"{paid} fen to {target}, reference {reference}, holder {holder or '-'}"
    note(desk, card.number, "refund", said, now=now, detail=detail)
    return {"number": card.number, "amount": paid, "to": to, "bonus": given}


def _end_bonus(desk: Desk, number: int, given: int, op: bytes, *, now: int) -> None:
    if given > 0:
        book(desk, op, Reason.BONUS_END, moved(bonus(number), BONUS_COST, given), now=now)


def card_retire(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Ends a card without money, or one that was set aside and never came alive."""
    number = int(said["number"])
    card = desk.store.cards.get(ORG, number)
    if card is None or card.state != CardState.STOCK:
        card = card_in_use(desk, said)
    else:
        desk.store.cards.set_batch(ORG, number, b"")  # its row waits for another card
    nothing_in_doubt(desk, number)
    if card.principal > 0:
        raise Refused("There is money on this card; refund or replace it.")
    _end_bonus(desk, number, card.bonus, number.to_bytes(16, "big"), now=now)
    desk.store.cards.end(ORG, number, End.RETIRED)
    note(desk, number, "retire", said, now=now)
    return {"number": number, "state": "retired"}
