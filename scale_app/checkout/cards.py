"""Cards at the checkout: shown, lifted, unreadable, balance known."""

from broker.messages import CardState
from scale_app.checkout.basket import Member
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import CARD_KNOWN_S, Desk, KnownCard, TapMode, masked, next_basket
from scale_app.checkout.happenings import (
    Action,
    AskBalance,
    BalanceKnown,
    CardLifted,
    CardPut,
    CardShown,
    CardUnreadable,
    Checkpoint,
    Tick,
)
from scale_app.checkout.paying import CARD_STATE_WORDS, ask_to_pay, close_by_card
from scale_app.say import Say
from scale_app.tender import card_refusal, date_text, validity_fault
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]


def card_put(desk: Desk, _happening: CardPut) -> Step:
    """A card came onto the reader: it is being read, a matter of a fifth of a second."""
    desk = replace(desk, card_on_reader=True)
    if desk.stage in (Stage.SELLING, Stage.REFUSED):
        return desk.say(Say.CARD_READING), ()
    return desk, ()


def card_shown(desk: Desk, happening: CardShown) -> Step:
    """The tap: balance with an empty basket, otherwise the closing act of this stall."""
    if desk.stage is Stage.PAID:
        desk = next_basket(desk)
    card = happening.card
    fault = validity_fault(card, happening.day)
    if fault is not None:
        return replace(desk, message=fault), ()
    desk, actions = _known(desk, card)
    if desk.is_idle or happening.asked:
        return _inquiry(desk, card, actions)
    desk, closing = _act(desk, card)
    return desk, (*actions, *closing)


def card_shown_in_guard(desk: Desk, happening: CardShown) -> Step:
    """A tap while a question is open: the card becomes known, the question stays."""
    if validity_fault(happening.card, happening.day) is not None:
        return desk, ()
    return _known(desk, happening.card)


def _known(desk: Desk, card: KnownCard) -> Step:
    desk = replace(desk, card=card)
    if not card.is_member:
        return desk, ()
    member = Member(card.number, card.level)
    if desk.basket.member == member:
        return desk, ()
    basket = desk.basket.priced_for(member, desk.catalog, desk.terms)
    return replace(desk, basket=basket), ((Checkpoint(basket),) if basket.items else ())


def _inquiry(desk: Desk, card: KnownCard, actions: tuple[Action, ...]) -> Step:
    if card.balance is not None:
        balance = desk.money(card.balance)
        return desk.say(Say.CARD_KNOWN, number=masked(card.number), balance=balance), actions
    desk = desk.say(Say.CARD_KNOWN, number=masked(card.number), balance="")
    if not card.has_purse:
        return desk, actions
    if not desk.online:
        return desk.say(Say.BALANCE_UNKNOWN, Severity.WARN, number=masked(card.number)), actions
    return desk, (*actions, AskBalance(card))


def _act(desk: Desk, card: KnownCard) -> Step:
    if not card.has_purse and not card.on_chip:
        return _member_price(desk, card), ()
    refusal = card_refusal(card)
    if desk.tap_mode is TapMode.MEMBER:
        return _member_price(desk, card), ()
    if refusal is not None:
        return replace(desk, message=refusal), ()
    if desk.tap_mode is TapMode.ASK:
        return ask_to_pay(desk, card), ()
    return close_by_card(desk)


def _member_price(desk: Desk, card: KnownCard) -> Desk:
    if not card.is_member:
        return desk.say(Say.CARD_KNOWN, number=masked(card.number), balance="")
    return desk.say(
        Say.MEMBER_PRICE,
        level=desk.catalog.level_name(card.level),
        saving=desk.money(desk.saving),
    )


def card_unreadable(desk: Desk, happening: CardUnreadable) -> Step:
    """The card cannot be used; whatever was under way stands."""
    return replace(desk, message=happening.message), ()


def card_lifted(desk: Desk, happening: CardLifted) -> Step:
    """The card left the reader; it stays known for a while."""
    desk = replace(desk, card_on_reader=False)
    if desk.card is None or not desk.card.is_present:
        return desk, ()
    return replace(desk, card=replace(desk.card, lifted_at=happening.now)), ()


def card_forgotten_in_time(desk: Desk, happening: Tick) -> Step:
    """With nothing in the basket a lifted card is forgotten, and its price with it."""
    if desk.stage not in (Stage.SELLING, Stage.REFUSED) or not desk.is_idle or desk.card is None:
        return desk, ()
    lifted_at = desk.card.lifted_at
    if lifted_at is None or happening.now - lifted_at < CARD_KNOWN_S:
        return desk, ()
    return forget_card(desk)


def forget_card(desk: Desk) -> Step:
    """Nobody's card: shelf prices again."""
    basket = desk.basket.priced_for(None, desk.catalog, desk.terms)
    forgotten = replace(desk, card=None, basket=basket, message=None, guard=None)
    return forgotten, ((Checkpoint(basket),) if basket.items else ())


def balance_known(desk: Desk, happening: BalanceKnown) -> Step:
    """The answer to a balance inquiry, if its card is still the one that is known."""
    card = desk.card
    if card is None or card.number != happening.number or desk.stage is Stage.PAID:
        return desk, ()
    number = masked(card.number)
    if happening.state != CardState.ACTIVE:
        code = CARD_STATE_WORDS.get(happening.state, Say.CARD_UNKNOWN)
        return desk.say(code, Severity.WARN, valid_to=date_text(card.valid_to), number=number), ()
    if happening.balance is None:
        return _inquired(desk, Say.BALANCE_UNKNOWN, number, ""), ()
    desk = replace(desk, card=replace(card, balance=happening.balance))
    return _inquired(desk, Say.CARD_KNOWN, number, desk.money(happening.balance)), ()


def _inquired(desk: Desk, code: Say, number: str, balance: str) -> Desk:
    if not desk.is_idle or desk.stage is not Stage.SELLING:
        return desk
    return desk.say(code, number=number, balance=balance)


def pay_key(desk: Desk) -> Step:
    """The pay key: only with a known card that lies on the reader."""
    if desk.card is None or not desk.card.is_present:
        return desk.say(Say.TAP_TO_PAY), ()
    return close_by_card(desk)
