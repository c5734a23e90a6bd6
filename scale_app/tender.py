"""Which cards may pay at all. Pure; what holds without the back-office: `stand_in`."""

from scale_app.checkout.desk import KnownCard
from scale_app.say import Say
from scale_app.view import Message, Severity


def validity_fault(card: KnownCard, day: int) -> Message | None:
    """Why the card may not be used on business day `day`; None = it may. 0 = no such bound."""
    if card.valid_from and day < card.valid_from:
        return Message(
            Say.CARD_NOT_YET_VALID, Severity.WARN, {"valid_from": date_text(card.valid_from)}
        )
    if card.valid_to and day > card.valid_to:
        return Message(Say.CARD_EXPIRED, Severity.WARN, {"valid_to": date_text(card.valid_to)})
    return None


def card_refusal(card: KnownCard) -> Message | None:
    """Why this card cannot pay now; None = it may be tried."""
    if card.scheme and not card.has_module:
        return Message(Say.CITY_NO_MODULE, Severity.WARN, {"name": card.scheme})
    if card.on_chip:
        return None  # the card itself approves, the office clears it later (decision 25)
    if not card.has_purse:
        return Message(Say.CARD_NO_PURSE, Severity.WARN)
    return None


def date_text(day: int) -> str:
    """YYYYMMDD as YYYY-MM-DD; empty for 0."""
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}" if day else ""
