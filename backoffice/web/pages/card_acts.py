"""What may be done with a card on its page: each asks again, and takes its right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from backoffice.card_rows import minor_of
from backoffice.errors import Refused
from backoffice.people import May
from backoffice.web.pages.cards import card_of
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from backoffice.words import N_
from broker.units import decimal_text


@dataclass(frozen=True, slots=True)
class Asked:
    """What would be done: a question with values, a command with arguments, and what is then said.

    `told` may name values of the command's result; those called amount or balance are sums.
    """

    question: str
    command: str
    said: dict[str, Any]
    told: str
    named: Mapping[str, object]


def _plain(command: str, question: str, told: str, /, **said: object) -> Callable[[Visit], Asked]:
    return lambda _visit: Asked(question, command, said, told, {})


def _money(visit: Visit, name: str) -> int:
    return minor_of(visit.said(name, 20) or "0", visit.organisation.exponent)


def _text(visit: Visit, amount: int) -> str:
    text = decimal_text(amount, visit.organisation.exponent)
    return f"{text} {visit.organisation.currency}"


def _source(visit: Visit) -> dict[str, str]:
    """Where the money of a card comes from: a till's drawer, or by bank."""
    return {"till": visit.said("till", 8)}


def _topup(visit: Visit) -> Asked:
    amount, given = _money(visit, "amount"), visit.said("bonus", 20)
    said: dict[str, Any] = {"amount": amount, "op": visit.said("op", 32), **_source(visit)}
    said["holder"] = visit.said("holder", 80)
    if given:
        said["bonus"] = _money(visit, "bonus")
        question = N_("Put {amount} and a bonus of {bonus} on card {number}?")
    else:
        question = N_("Put {amount} on card {number}, and what the bonus rules give?")
    named = {"amount": _text(visit, amount), "bonus": _text(visit, said.get("bonus", 0))}
    return Asked(question, "card.topup", said, N_("Topped up; the balance is {balance}."), named)


def _sell(visit: Visit) -> Asked:
    card = card_of(visit)
    question = N_("Sell card {number} for {amount}?")
    said: dict[str, Any] = {**_source(visit)}
    if visit.said("member", 10):
        said["member"] = visit.chosen("member")
    named = {"amount": _text(visit, card.opening)}
    return Asked(question, "card.sell", said, N_("Sold; the balance is {balance}."), named)


def _refund(visit: Visit) -> Asked:
    card = card_of(visit)
    said = {
        "op": visit.said("op", 32), "to": visit.said("till", 8) or "bank",
        "reference": visit.said("reference", 80), "holder": visit.said("holder", 80),
    }  # fmt: skip
    question = N_("Pay out {amount} of card {number}, and end it for ever?")
    named = {"amount": _text(visit, max(0, card.principal))}
    return Asked(question, "card.refund", said, N_("Paid out: {amount}."), named)


def _swap(visit: Visit) -> Asked:
    new = "".join(visit.said("new", 24).split())
    if not (new.isascii() and new.isdigit()):
        raise Refused("Give the number on the new card.")
    question = N_("Move everything on card {number} to {new}, and end card {number} for ever?")
    said = {"new": int(new), "exposure": _money(visit, "exposure"), "hold_days": 7}
    told = N_("Replaced; the new card's balance is {balance}.")
    return Asked(question, "card.swap", said, told, {"new": new})


def _release(visit: Visit) -> Asked:
    question = N_("Move what is left on card {number} to the card that replaced it?")
    told = N_("Moved to the new card: {amount}.")
    return Asked(question, "card.release", {"op": visit.said("op", 32)}, told, {})


_ACTS: dict[str, tuple[May, Callable[[Visit], Asked]]] = {
    "block": (
        May.CARD_BLOCK,
        _plain(
            "card.block", N_("Block card {number}? From now on it pays nothing."),
            N_("The card is blocked."), blocked=True, lost=False,
        ),
    ),
    "lost": (
        May.CARD_BLOCK,
        _plain(
            "card.block", N_("Report card {number} lost? From now on it pays nothing."),
            N_("The card is reported lost."), blocked=True, lost=True,
        ),
    ),
    "unblock": (
        May.CARD_BLOCK,
        _plain(
            "card.block", N_("Let card {number} pay again?"), N_("The card pays again."),
            blocked=False,
        ),
    ),
    "retire": (
        May.CARD_BLOCK,
        _plain(
            "card.retire", N_("Take card {number} out of use for ever?"),
            N_("The card is out of use."),
        ),
    ),
    "sell": (May.CARD_MONEY, _sell),
    "topup": (May.CARD_MONEY, _topup),
    "refund": (May.CARD_MONEY, _refund),
    "swap": (May.CARD_MONEY, _swap),
    "release": (May.CARD_MONEY, _release),
}  # fmt: skip


def act(visit: Visit) -> Response:
    """Does one of them after asking."""
    card, what = card_of(visit), visit.said("what", 16)
    if what not in _ACTS:
        raise Refused("Nothing was chosen.")
    needed, asked_for = _ACTS[what]
    if not visit.me.may(needed):
        raise Refused("Your role does not allow this; ask an owner.")
    asked, here = asked_for(visit), f"/cards/{card.number}"
    question = visit._(asked.question).format(number=card.number, **asked.named)
    unsure = is_sure(visit, question, here)
    if unsure is not None:
        return unsure
    reason = visit.said("reason", 300)
    done = visit.change(asked.command, number=card.number, reason=reason, **asked.said)
    sums = {
        name: _text(visit, int(done[name]))
        for name in ("amount", "balance")
        if done.get(name) is not None
    }
    to = f"/cards/{asked.named['new']}" if what == "swap" else here
    return visit.go(to, visit._(asked.told).format(**{**asked.named, **sums}))
