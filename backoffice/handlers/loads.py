"""LOAD and LOADED: money on the chip of a purse at a till, for cash in its drawer.

The till has asked its card (INIT FOR LOAD) and wants the office's word (MAC2). It is written down
before it is given, as at the desk, and booked when the till says that the card took it; what a till
cannot say, the card says at the desk's reader.
"""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.accounts import CardRecord, standing_code
from backoffice.errors import OfficeError
from backoffice.handlers.desk import Batch, Desk
from backoffice.store.directory import TerminalRow
from backoffice.store.moves import MoveState, PurseMove
from broker.business_day import business_day
from broker.codec import Form, encode
from broker.loads import AskLoad, LoadBooked, Loaded, LoadWord, TellLoad
from broker.messages import Answer, Code, Question, Refused, Reply

PURSE_SERIAL_BYTES = 10
_LOAD = 2
_BECAME = {Loaded.DONE: "done", Loaded.NOT_DONE: "not-done"}
_ENDS = {Loaded.DONE: MoveState.DONE, Loaded.NOT_DONE: MoveState.NOT_DONE}


def load(
    desk: Desk, terminal: TerminalRow, question: Question, batch: Batch, *, form: Form, now: int
) -> bytes:
    """The word for a load; the same question again gets the same bytes."""
    known = desk.store.moves.get(question.rid)
    if known is not None:
        code, content = _again(terminal, question, known)
        return _body(question, code, content, form=form, now=known.at)
    code, content = _word(desk, terminal, question, batch, now=now)
    return _body(question, code, content, form=form, now=now)


def _word(
    desk: Desk, terminal: TerminalRow, question: Question, batch: Batch, *, now: int
) -> tuple[Code, Reply]:
    asked = question.content
    assert isinstance(asked, AskLoad), "the codec gives a LOAD its content"
    card = desk.store.cards.get(terminal.org, asked.card)
    code = standing_code(card, business_day(now, terminal.zone, terminal.cutoff_hour))
    if code is not Code.OK or card is None:
        return code, Refused()
    if len(card.chip) != PURSE_SERIAL_BYTES:
        return Code.NO_PURSE, Refused()
    moment = _moment(terminal, now)
    request = _request(asked, card)
    mac2 = desk.load_word(request, moment) if desk.load_word else None
    if not mac2:
        is_busy = mac2 is None
        why = "this office has no keys for loads" if is_busy else "MAC1 is not that of the card"
        return Code.BUSY if is_busy else Code.TOKEN, Refused(why)
    kept = {**request, "moment": moment.hex(), "mac2": mac2.hex()}
    said = {
        "number": card.number, "op": question.rid.hex(), "reason": "top_up", "request": kept,
        "till": terminal.code, "by": terminal.code, "holder": asked.holder,
    }  # fmt: skip
    code, why = _told(desk, said, batch, now)
    return code, Refused(why) if code is not Code.OK else LoadWord(moment, mac2)


def _moment(terminal: TerminalRow, now: int) -> bytes:
    """Date and time of the stalls as a card has them."""
    local = datetime.fromtimestamp(now // 1000, tz=ZoneInfo(terminal.zone))
    return bytes.fromhex(local.strftime("%Y%m%d%H%M%S"))


def _told(desk: Desk, said: dict[str, Any], batch: Batch, now: int) -> tuple[Code, str]:
    """OK when the load is written down, else why not."""
    assert desk.carry is not None, "an office with keys for loads keeps its commands"
    try:
        told = desk.carry(desk, "card.move.tell", said, batch, now=now)
    except OfficeError as error:
        return Code.NOT_ALLOWED, str(error)[:120]
    if told.get("refused"):
        return Code.TOKEN, "the books cannot explain what the card holds"
    return Code.OK, ""


def _request(asked: AskLoad, card: CardRecord) -> dict[str, Any]:
    return {
        "card_serial": card.chip.hex(), "kind": _LOAD, "amount": asked.amount,
        "balance_before": asked.balance, "online_counter": asked.counter,
        "key_version": asked.key_version, "algorithm": asked.algorithm,
        "random": asked.random.hex(), "mac1": asked.mac1.hex(), "terminal": asked.terminal.hex(),
    }  # fmt: skip


def _again(terminal: TerminalRow, question: Question, known: PurseMove) -> tuple[Code, Reply]:
    asked, told = question.content, json.loads(known.told)
    assert isinstance(asked, AskLoad), "the codec gives a LOAD its content"
    kept = told.get("request", {})
    is_same = (
        told.get("said", {}).get("till") == terminal.code
        and (known.card, known.amount) == (asked.card, asked.amount)
        and (kept["random"], kept["mac1"]) == (asked.random.hex(), asked.mac1.hex())
    )
    if not is_same:
        return Code.CONFLICT, Refused("another load stands under this name")
    return Code.OK, LoadWord(bytes.fromhex(kept["moment"]), bytes.fromhex(kept["mac2"]))


def loaded(
    desk: Desk, terminal: TerminalRow, question: Question, batch: Batch, *, form: Form, now: int
) -> bytes:
    """Books what the till says became of a load; said twice it is booked once."""
    code, content = _booked(desk, terminal, question, batch, now=now)
    return _body(question, code, content, form=form, now=now)


def _booked(
    desk: Desk, terminal: TerminalRow, question: Question, batch: Batch, *, now: int
) -> tuple[Code, Reply]:
    said = question.content
    assert isinstance(said, TellLoad), "the codec gives a LOADED its content"
    move = desk.store.moves.get(said.op)
    if move is None or json.loads(move.told).get("said", {}).get("till") != terminal.code:
        return Code.CONFLICT, Refused("there is no such load of this terminal")
    became = _BECAME.get(Loaded(said.became)) if said.became in tuple(Loaded) else None
    is_open = move.state in (MoveState.TOLD, MoveState.REVIEW)
    if became and not is_open and move.state is not _ENDS[Loaded(said.became)]:
        return Code.CONFLICT, Refused("the books say that it ended otherwise")
    if became and is_open and desk.carry is not None:
        done = {"op": move.op.hex(), "became": became, "tac": said.tac.hex()}
        desk.carry(desk, "card.move.done", done, batch, now=now)
    card = desk.store.cards.get(terminal.org, move.card)
    return Code.OK, LoadBooked(card.balance if card else None)


def _body(question: Question, code: Code, content: Reply, *, form: Form, now: int) -> bytes:
    answer = Answer(
        to=question.kind, rid=question.rid, attempt=0, code=code, at=now, content=content
    )
    return encode(answer, form)
