"""What an answer of the back-office, or a fault of the journal, says to the person at the scale."""

from broker.messages import Authorised, Code
from scale_app.checkout.basket import Basket
from scale_app.checkout.desk import Desk
from scale_app.errors import JournalError, JournalFull
from scale_app.say import Say
from scale_app.stand_in import NoStandIn
from scale_app.view import Message, Severity

_PLAIN = {
    Code.BLOCKED: Say.CARD_BLOCKED,
    Code.UNKNOWN_CARD: Say.CARD_UNKNOWN,
    Code.NO_PURSE: Say.CARD_NO_PURSE,
    Code.TOKEN: Say.CARD_CLONE,
    Code.SUSPENDED: Say.SUSPENDED,
}


def refusal_message(code: int, content: Authorised | None, desk: Desk, basket: Basket) -> Message:
    """Why the card did not pay."""
    total = desk.money(basket.total)
    if code == Code.INSUFFICIENT:
        balance = content.balance if content is not None else None
        shown = "" if balance is None else desk.money(balance)
        return Message(Say.INSUFFICIENT, Severity.WARN, {"balance": shown, "total": total})
    if code == Code.EXPIRED:
        return Message(Say.CARD_EXPIRED, Severity.WARN, {"valid_to": ""})
    known = next((say for plain, say in _PLAIN.items() if plain == code), None)
    if known is not None:
        return Message(known, Severity.WARN)
    return Message(Say.REFUSED_OTHER, Severity.WARN, {"code": code_word(code)})


_NO_STAND_IN = {
    NoStandIn.OFF: Say.CARD_OFFLINE,
    NoStandIn.DENIED: Say.CARD_BLOCKED,
    NoStandIn.UNKNOWN_CARD: Say.OFFLINE_UNKNOWN_CARD,
    NoStandIn.TOO_LONG: Say.OFFLINE_TOO_LONG,
    NoStandIn.TOO_MUCH: Say.OFFLINE_TOO_MUCH,
}


def stand_in_message(reason: NoStandIn, *, total: str, limit: str) -> Message:
    """Why the card may not pay while nobody can be asked."""
    params = {"total": total, "limit": limit} if reason is NoStandIn.TOO_MUCH else {}
    return Message(_NO_STAND_IN[reason], Severity.WARN, params)


def code_word(code: int) -> str:
    """The contract's word for a code, or its number when it is newer than this program."""
    try:
        return Code(code).name.lower().replace("_", "-")
    except ValueError:
        return str(code)


def sign_on_message(code: int) -> Message:
    """Why the back-office does not let this scale in."""
    return Message(Say.SIGN_ON_REFUSED, Severity.FAULT, {"code": code_word(code)})


def journal_message(error: JournalError, *, may_renew: bool = False) -> Message:
    """Why nothing can be sold."""
    if isinstance(error, JournalFull):
        return Message(Say.DISK_FULL, Severity.FAULT)
    if may_renew:
        return Message(Say.JOURNAL_DAMAGED, Severity.FAULT, {"reason": str(error)})
    return Message(Say.JOURNAL_BROKEN, Severity.FAULT, {"reason": str(error)})
