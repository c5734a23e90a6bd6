"""Money on and off the chip of a purse at the desk's reader, and its application blocked and freed.

One conversation: read the card, settle what an earlier conversation left open, ask (INIT FOR LOAD
or UNLOAD, its MAC1 checked), write down (`tell`), tell the card once (MAC2), say what became of it
(`done`). A card pulled at any command is put back and the same command run again. The keys for
MAC1 and MAC2 never leave the office's PKCS#11 token.

With `issuing`, `purse_desk` and `tac` the only module here that knows cards.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from backoffice.errors import OfficeError, Refused
from backoffice.purse_desk import DESK_TERMINAL, bcd
from card.connection import Connection
from card.cpu.chip import Chip
from card.cpu.issuing import block_application, unblock_application
from card.errors import (
    CardBlocked,
    CardGone,
    CardRefused,
    DebitUncertain,
    LoadRefused,
    WrongCard,
    WrongReason,
)
from card.host import answer_load, unload_mac3_is_right
from card.intent import LoadIntent
from card.keyring import Keyring
from card.keys import PurseMaster
from card.open_purse import open_same_purse
from card.purse_facts import OURS, PurseFacts
from card.read import read_card
from card.recover import explain
from card.topup import (
    HostAnswer,
    LoadRequest,
    begin_load,
    begin_unload,
    finish_load,
    resolve_load,
)
from card.verdict import Resolution, Verdict

Said = dict[str, Any]
REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the chip shall do; `amount` None for an unload of everything."""

    op: str
    reason: str
    amount: int | None
    said: Said


@dataclass(frozen=True, slots=True)
class Books:
    """How the conversation reaches the books; both are on disk when they return."""

    tell: Callable[[Said], Said]
    done: Callable[[Said], Said]


def moving(
    keys: Keyring, row: Said, wish: Wish | None, *, books: Books, moment: datetime
) -> Callable[[Connection], Said | OfficeError]:
    """The job for the card of `row` (as `card.move.open` tells it).

    `wish` None only settles what is open. An error of the office is given back, not raised: a
    reader's thread knows only those of cards.
    """

    def run(connection: Connection) -> Said | OfficeError:
        try:
            return _Talk(connection, keys, row, books).run(wish, moment)
        except OfficeError as error:
            return error

    return run


@dataclass(frozen=True, slots=True)
class _Talk:
    connection: Connection
    keys: Keyring
    row: Said
    books: Books

    def run(self, wish: Wish | None, moment: datetime) -> Said:
        purse, move = self._purse(), self.row["move"]
        if move and move["state"] in ("told", "review"):
            settled = self._settle(move)
            if settled["became"] == "review":
                raise Refused(
                    "What became of the money cannot be told from the card; look at `card audit` "
                    "and decide with `card settle`."
                )
            if wish is None or (settled["became"] == "done" and _is_same(move, wish)):
                return settled
            purse = self._purse()
        if wish is None:
            return {"became": "nothing"}
        return self._move(purse, wish, moment)

    def _purse(self) -> PurseFacts:
        tapped = read_card(self.connection, self.keys)
        if tapped.number != self.row["number"] or tapped.purse is None:
            raise WrongCard(WrongReason.OTHER_CARD)
        return tapped.purse

    def _settle(self, move: Said) -> Said:
        request, answer = _kept(move["told"]["request"])
        intent = _intent(request, answer)
        found = resolve_load(self.connection, intent, profile=OURS)
        if found.verdict is Verdict.OTHER_CARD:
            raise WrongCard(WrongReason.OTHER_CARD)
        if found.verdict is Verdict.IN_DOUBT:
            raise CardGone
        became = _became(intent, found)
        right = intent.is_unload and unload_mac3_is_right(self.keys, request, intent, found.tac)
        return self._done(move["op"], became, found.tac, "genuine" if right else "")

    def _move(self, purse: PurseFacts, wish: Wish, moment: datetime) -> Said:
        is_unload = wish.reason == REFUND
        amount = purse.balance_fen if wish.amount is None else wish.amount
        if amount == 0:
            raise Refused("There is no paid money on this card; retire it instead.")
        begin = begin_unload if is_unload else begin_load
        request = begin(self.connection, amount, card=purse, terminal=DESK_TERMINAL)
        try:
            answer = answer_load(self.keys, request, bcd(moment))
        except LoadRefused as error:
            raise WrongCard(WrongReason.MAC) from error

        def before_commit(_intent: LoadIntent) -> None:
            told = self.books.tell({
                **wish.said, "number": self.row["number"], "op": wish.op, "reason": wish.reason,
                "reason_said": wish.said.get("reason", ""), "request": _plain(request, answer),
            })  # fmt: skip
            if told.get("refused"):
                raise Refused(
                    "This card holds what the books cannot explain; it may be a copy. Block it, "
                    "and look at `alerts`."
                )

        try:
            proof = finish_load(
                self.connection, request, answer, card=purse, before_commit=before_commit
            )
        except DebitUncertain as error:
            raise CardGone from error  # put back, it tells
        except CardRefused:
            self._done(wish.op, "not-done", b"", "")
            raise
        right = is_unload and unload_mac3_is_right(self.keys, request, proof.intent, proof.tac)
        return self._done(wish.op, "done", proof.tac, "genuine" if right else "")

    def _done(self, op: str, became: str, tac: bytes, verdict: str) -> Said:
        said = {"op": op, "became": became, "tac": tac.hex(), "verdict": verdict}
        return {**self.books.done(said), "became": became}


def explaining(row: Said) -> Callable[[Connection], tuple[list[Said], str]]:
    """The job that asks the card what became of the open move of `row`; no money is moved.

    Steps (`code`, and the figures of its sentence), and what the books would make of it: done,
    not-done, review, or "" when the card could not be asked.
    """

    def run(connection: Connection) -> tuple[list[Said], str]:
        intent = _intent(*_kept(row["move"]["told"]["request"]))
        found = resolve_load(connection, intent, profile=OURS)
        unknown = found.verdict in (Verdict.OTHER_CARD, Verdict.IN_DOUBT)
        steps = [{"code": one.code, **dict(one.params)} for one in explain(intent, found)]
        return steps, "" if unknown else _became(intent, found)

    return run


def _is_same(move: Said, wish: Wish) -> bool:
    is_sum = wish.amount is None or wish.amount == move["amount"]
    return bool(move["reason"] == wish.reason and is_sum)


def _became(intent: LoadIntent, found: Resolution) -> str:
    """The verdict, or what the online counter alone says.

    Only this office loads and unloads, one move at a time: a counter one on is this move, though
    the balance is another because the card has paid since.
    """
    if found.verdict in (Verdict.COMMITTED, Verdict.COMMITTED_NO_TAC):
        return "done"
    if found.verdict is Verdict.NOT_COMMITTED or found.counter == intent.counter:
        return "not-done"
    return "done" if found.counter == (intent.counter + 1) & 0xFFFF else "review"


def _plain(request: LoadRequest, answer: HostAnswer) -> Said:
    said = {k: v.hex() if isinstance(v, bytes) else int(v) for k, v in asdict(request).items()}
    return {**said, "moment": answer.moment.hex(), "mac2": answer.mac2.hex()}


def _kept(said: Said) -> tuple[LoadRequest, HostAnswer]:
    def raw(name: str) -> bytes:
        return bytes.fromhex(said[name])

    request = LoadRequest(
        card_serial=raw("card_serial"), kind=said["kind"], amount=said["amount"],
        balance_before=said["balance_before"], online_counter=said["online_counter"],
        key_version=said["key_version"], algorithm=said["algorithm"], random=raw("random"),
        mac1=raw("mac1"), terminal=raw("terminal"),
    )  # fmt: skip
    return request, HostAnswer(raw("moment"), raw("mac2"))


def _intent(request: LoadRequest, answer: HostAnswer) -> LoadIntent:
    return LoadIntent(
        card_serial=request.card_serial, uid=b"", scheme=OURS.scheme, kind=request.kind,
        purse=int(OURS.purse), amount=request.amount, balance_before=request.balance_before,
        counter=request.online_counter, terminal=request.terminal, moment=answer.moment,
        mac2=answer.mac2, is_unload=request.kind == 3,
    )  # fmt: skip


def locking(keys: Keyring, number: int, *, blocks: bool) -> Callable[[Connection], bool]:
    """The job that blocks or frees the application on the chip; True when something was done.

    Twice is as good as once. A blocked card does not tell its number: only the right card takes
    the MAC made for it, and another one loses one of its three tries.
    """
    serial = bytes.fromhex(str(number).zfill(20))

    def run(connection: Connection) -> bool:
        key = keys.des_card_key(PurseMaster.MAINTAIN, [serial[-8:]])
        try:
            chip = open_same_purse(connection, OURS, serial)
        except CardBlocked:
            if not blocks:
                _freed(connection, key)
            return not blocks
        if blocks:
            block_application(chip, key)
        return blocks

    return run


def _freed(connection: Connection, key: bytes) -> None:
    try:
        unblock_application(Chip(connection, OURS.append_le), key)
    except CardRefused as error:
        raise WrongCard(WrongReason.OTHER_CARD) from error
