"""A card: what the books know, what was done with it, and what may be done."""

from secrets import token_hex

from starlette.responses import Response

from backoffice.accounts import CardRecord, End
from backoffice.card_rows import minor_of
from backoffice.errors import Refused
from backoffice.people import May
from backoffice.prepaid_rules import CardClass
from backoffice.store.directory import ORG
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from backoffice.words import N_
from broker.messages import CardState
from broker.units import decimal_text

STATES = {
    CardState.STOCK: N_("set aside"),
    CardState.ACTIVE: N_("active"),
    CardState.BLOCKED: N_("blocked"),
}
ENDS = {
    End.REPLACED: N_("replaced"),
    End.REFUNDED: N_("refunded"),
    End.RETIRED: N_("retired"),
}


def cards(visit: Visit) -> Response:
    """Finds a card by its number; says how many cards of each state there are."""
    number = visit.asked("number").replace(" ", "")
    if number:
        return visit.go(f"/cards/{number}")
    stock: dict[str, int] = {}
    for state, ended, _kind, _card_class, count in visit.store.cards.stock():
        word = _state_word(state, ended)
        stock[word] = stock.get(word, 0) + count
    return visit.show("cards.html", stock=stock)


def _state_word(state: int, ended: int) -> str:
    return ENDS[End(ended)] if ended else STATES[CardState(state)]


def _card(visit: Visit) -> CardRecord:
    text = visit.request.path_params["number"]
    found = visit.store.cards.get(ORG, int(text)) if text.isdigit() and len(text) < 19 else None
    if found is None:
        raise Refused("There is no such card in the books; check the number.")
    return found


def card(visit: Visit) -> Response:
    """One card with its past and the forms that this person may use."""
    known = _card(visit)
    return visit.show(
        "card.html",
        card=known,
        word=_state_word(known.state, known.ended),
        card_class=CardClass(known.card_class).name.lower(),
        events=visit.store.cards.events(known.number)[::-1][:200],
        op=token_hex(16),
        is_blocked=known.state == CardState.BLOCKED,
    )


def act(visit: Visit) -> Response:
    """Blocks, unblocks, tops up or refunds, each after asking."""
    known, what = _card(visit), visit.said("what", 16)
    needed = May.CARD_MONEY if what in ("topup", "refund") else May.CARD_BLOCK
    if not visit.me.may(needed):
        raise Refused("Your role does not allow this; ask an owner.")
    reason = visit.said("reason", 300)
    acts = {"block": _block, "unblock": _unblock, "topup": _topup, "refund": _refund}
    if what not in acts:
        raise Refused("Nothing was chosen.")
    return acts[what](visit, known.number, reason)


def _block(visit: Visit, number: int, reason: str) -> Response:
    question = visit._("Block card {number}? From now on it pays nothing.")
    asked = is_sure(visit, question.format(number=number), f"/cards/{number}")
    if asked is not None:
        return asked
    visit.change("card.block", number=number, blocked=True, lost=False, reason=reason)
    return visit.go(f"/cards/{number}", visit._("The card is blocked."))


def _unblock(visit: Visit, number: int, reason: str) -> Response:
    question = visit._("Let card {number} pay again?")
    asked = is_sure(visit, question.format(number=number), f"/cards/{number}")
    if asked is not None:
        return asked
    visit.change("card.block", number=number, blocked=False, reason=reason)
    return visit.go(f"/cards/{number}", visit._("The card pays again."))


def _topup(visit: Visit, number: int, reason: str) -> Response:
    exponent, currency = visit.organisation.exponent, visit.organisation.currency
    amount = minor_of(visit.said("amount", 20), exponent)
    given = minor_of(visit.said("bonus", 20) or "0", exponent)
    question = visit._("Put {amount} {currency} and a bonus of {bonus} on card {number}?").format(
        amount=decimal_text(amount, exponent), bonus=decimal_text(given, exponent),
        currency=currency, number=number,
    )  # fmt: skip
    asked = is_sure(visit, question, f"/cards/{number}")
    if asked is not None:
        return asked
    done = visit.change(
        "card.topup", number=number, amount=amount, bonus=given, op=visit.said("op", 32),
        holder=visit.said("holder", 80), reason=reason,
    )  # fmt: skip
    told = visit._("Topped up; the balance is {balance} {currency}.")
    balance = decimal_text(int(done["balance"]), exponent)
    return visit.go(f"/cards/{number}", told.format(balance=balance, currency=currency))


def _refund(visit: Visit, number: int, reason: str) -> Response:
    question = visit._("Pay out what was paid for card {number}, and block it for ever?")
    asked = is_sure(visit, question.format(number=number), f"/cards/{number}")
    if asked is not None:
        return asked
    done = visit.change(
        "card.refund", number=number, op=visit.said("op", 32), to="bank",
        reference=visit.said("reference", 80), holder=visit.said("holder", 80), reason=reason,
    )  # fmt: skip
    told = visit._("Paid out: {amount} {currency}.").format(
        amount=decimal_text(int(done["amount"]), visit.organisation.exponent),
        currency=visit.organisation.currency,
    )
    return visit.go(f"/cards/{number}", told)
