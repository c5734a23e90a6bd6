"""Money on the chip of a purse, as the books follow it: asked, told, and what became of it.

    card.move.open    what is known of a card and its open move
    card.move.tell    before the command that moves money: may it be, and it is written down
    card.move.done    what the card says became of it; only now is money booked
    card.move.settle  a person decides what the card did not

Only this office loads and unloads a card, one move at a time: where the card's online counter
stands tells by itself whether the open move happened. A counter or a balance that the books cannot
explain is a copy or an old state written back: that is an alert, and no money moves.
"""

import json
from dataclasses import replace
from typing import Any

from backoffice.accounts import CardRecord
from backoffice.alerts import Alert
from backoffice.card_desk import card_in_use, note, operation_of, sum_of
from backoffice.commands.card import book_refund, book_topup, check_refund, check_topup
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.purse_money import ALERT_OF
from backoffice.ledger import Reason
from backoffice.purse import PurseRecord, Verdict, breaks_of
from backoffice.store.directory import ORG
from backoffice.store.moves import MoveState, PurseMove

Arguments = dict[str, Any]
UNLOAD_KIND = 3
_BECAME = {
    "done": MoveState.DONE,
    "not-done": MoveState.NOT_DONE,
    "review": MoveState.REVIEW,
}
_ON_CHIP_ONLY = (Reason.REPLACE, Reason.RELEASE)
"""Moves whose money the books have moved before."""


def move_open(desk: Desk, said: Arguments, _batch: Batch, _now: int) -> Arguments:
    """What a reader has to know of a card; changes nothing."""
    number = int(said["number"])
    card = desk.store.cards.get(ORG, number)
    if card is None:
        raise Refused("There is no such card in the books; check the number.")
    if card.replaced_by and said.get("follow"):
        return move_open(desk, {"number": card.replaced_by}, _batch, _now)
    move = desk.store.moves.open_of(number)
    return {
        "number": number, "chip": card.chip.hex(), "balance": card.balance, "bonus": card.bonus,
        "ended": card.ended, "move": shown(move) if move else {},
    }  # fmt: skip


def shown(move: PurseMove) -> Arguments:
    """A move as JSON carries it."""
    return {
        "op": move.op.hex(), "number": move.card, "reason": move.reason.name.lower(),
        "amount": move.amount, "bonus": move.bonus, "state": move.state.name.lower(),
        "told": json.loads(move.told), "at": move.at,
    }  # fmt: skip


def move_tell(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Writes down a load or unload that the card is about to be told; `refused` when it must not.

    `request`: balance_before and online_counter as the card said, with all that its answer rests
    on; `said` of a top-up or refund is kept with it.
    """
    card, op, request = card_in_use(desk, said), operation_of(said), dict(said["request"])
    reason = Reason[str(said["reason"]).upper()]
    strange = _against_books(desk, card, request, now=now)
    if strange:
        return {"refused": strange}
    open_move = desk.store.moves.open_of(card.number)
    if open_move is not None and open_move.op != op:
        raise Refused("Money for this card waits to be put on its chip; do that first.")
    amount, given = int(request["amount"]), sum_of(said, "bonus")
    if reason is Reason.TOP_UP:
        check_topup(desk, card, {**said, "amount": amount - given}, now)
    elif reason is Reason.REFUND:
        given = min(max(0, card.bonus), amount)
        check_refund(desk, card, said, paid=amount - given, now=now)
    elif open_move is None or open_move.amount != amount:
        raise UsageFault("There is no such sum to be put on this card.")
    who = {
        name: str(said.get(name, ""))
        for name in ("by", "reason_said", "to", "reference", "till", "terms")
    }
    told = json.dumps({"request": request, "said": {**who, "holder": str(said.get("holder", ""))}})
    move = PurseMove(op, card.number, reason, amount, given, MoveState.TOLD, told, now)
    desk.store.moves.save(move)
    return {"number": card.number, "op": op.hex()}


def _against_books(desk: Desk, card: CardRecord, request: Arguments, *, now: int) -> str:
    """Why the card must not be told, or nothing; raises the alert in both cases."""
    counter, balance = int(request["online_counter"]), int(request["balance_before"])
    known = [one.counter for one in desk.store.cards.proofs(card.number) if one.is_online]
    expected = max(known) + 1 if known else int(card.opening > 0)
    open_move = desk.store.moves.open_of(card.number)
    waits = open_move.amount if open_move and open_move.reason in _ON_CHIP_ONLY else 0
    most = (card.balance or 0) - waits
    if counter < expected or balance > most:
        detail = f"online counter {counter}, expected {expected}; {balance} fen, at most {most}"
        desk.store.notes.alert(Alert.ROLLED_BACK, now, card=card.number, detail=detail)
        return "rolled-back"
    if counter > expected:
        detail = f"online counter {counter}: expected {expected}"
        desk.store.notes.alert(Alert.COUNTER_GAP, now, card=card.number, detail=detail)
    return ""


def move_done(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Books what became of a move: `became` done, not-done or review; `tac` and its `verdict`."""
    move = desk.store.moves.get(operation_of(said))
    if move is None or move.state not in (MoveState.TOLD, MoveState.REVIEW):
        return _after(desk, move)
    state = _BECAME[str(said["became"])]
    if state is MoveState.NOT_DONE and move.reason in _ON_CHIP_ONLY:
        state = MoveState.WANTED
    desk.store.moves.save(replace(move, state=state, at=now))
    if state is MoveState.REVIEW:
        detail = f"{move.amount} fen, {said.get('detail', '')}"[:200]
        desk.store.notes.alert(
            Alert.LOAD_IN_DOUBT, now, card=move.card, op=move.op, detail=detail
        )  # fmt: skip
    if state is MoveState.DONE:
        _prove(desk, move, said, now)
        _book(desk, move, now)
    return _after(desk, move)


def move_settle(desk: Desk, said: Arguments, batch: Batch, now: int) -> Arguments:
    """A person says what became of the open move of a card."""
    move = desk.store.moves.open_of(int(said["number"]))
    if move is None or move.state is MoveState.WANTED:
        raise Refused("Nothing is in doubt on this card.")
    became = "done" if said.get("moved") else "not-done"
    note(desk, move.card, "settled", said, now=now, detail=f"{move.amount} fen {became}")
    return move_done(desk, {"op": move.op.hex(), "became": became, "tac": ""}, batch, now)


def _after(desk: Desk, move: PurseMove | None) -> Arguments:
    if move is None:
        raise Refused("Nothing is in doubt on this card.")
    card = desk.store.cards.get(ORG, move.card)
    assert card is not None, "a move names a card of the books"
    paid = move.amount - move.bonus
    return {"number": card.number, "balance": card.balance, "bonus": card.bonus, "amount": paid}


def _prove(desk: Desk, move: PurseMove, said: Arguments, now: int) -> None:
    """Keeps the card's own word for the move, beside those of its purchases."""
    request, tac = json.loads(move.told)["request"], bytes.fromhex(str(said.get("tac", "")))
    sign = -1 if request["kind"] == UNLOAD_KIND else 1
    one = PurseRecord(
        kind=request["kind"], counter=request["online_counter"], amount=move.amount,
        balance_after=request["balance_before"] + sign * move.amount,
        terminal=bytes.fromhex(request["terminal"]), terminal_serial=0,
        moment=int(request["moment"]), tac=tac or bytes(4), op=move.op,
    )  # fmt: skip
    card = desk.store.cards.get(ORG, move.card)
    assert card is not None, "a move names a card of the books"
    verdict = Verdict(str(said.get("verdict") or Verdict.UNCHECKED))
    if tac and one.is_load and desk.judge_tac is not None:
        verdict = desk.judge_tac(card.chip, one)
    if verdict != Verdict.GENUINE:
        word = Alert.TAC_WRONG if verdict == Verdict.WRONG else Alert.TAC_UNCHECKED
        desk.store.notes.alert(word, now, card=move.card, op=move.op)
    before = desk.store.cards.proofs(move.card)
    kept = replace(one, verdict=verdict)
    desk.store.cards.prove(move.card, (move.op, 1), kept, at=now)
    old = breaks_of(before, card.opening)
    for finding in breaks_of([*before, kept], card.opening):
        if finding not in old:
            word = ALERT_OF[finding.kind]
            desk.store.notes.alert(word, now, card=move.card, op=move.op, detail=finding.found)


def _book(desk: Desk, move: PurseMove, now: int) -> None:
    kept = json.loads(move.told)["said"]
    said = {**kept, "reason": kept["reason_said"], "number": move.card}
    if move.reason is Reason.TOP_UP:
        sums = {"amount": move.amount - move.bonus, "bonus": move.bonus}
        book_topup(desk, move.card, move.op, {**said, **sums}, now=now)
    elif move.reason is Reason.REFUND:
        card = desk.store.cards.get(ORG, move.card)
        assert card is not None, "a move names a card of the books"
        paid = move.amount - move.bonus
        book_refund(desk, card, move.op, said, paid=paid, given=move.bonus, now=now)
    else:
        note(desk, move.card, "loaded", said, now=now, detail=f"{move.amount} fen on the chip")
