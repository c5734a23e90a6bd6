"""Closing a basket: cash, card, the wait for the answer, and what the answer makes of it."""

from broker.messages import CardState
from scale_app.checkout.basket import Member
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import (
    Closing,
    Desk,
    Guard,
    KnownCard,
    masked,
    next_basket,
    with_its_prices,
)
from scale_app.checkout.happenings import (
    Action,
    AskSlow,
    Checkpoint,
    GiveUp,
    GoodsBack,
    InDoubt,
    NotCharged,
    Parked,
    PayCard,
    PayCash,
    Recovered,
    Refused,
    Saved,
    Stopped,
)
from scale_app.say import Say
from scale_app.tender import card_refusal
from scale_app.view import Message, Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]


def close_for_cash(desk: Desk) -> Step:
    """The closing key: exact cash, at once or as soon as the latched item is weighed."""
    if desk.latch is not None:
        return _when_stable(desk, Closing.CASH), ()
    if not desk.basket.items:
        return desk.say(Say.BASKET_EMPTY), ()
    return replace(desk, stage=Stage.ASKING, closing=Closing.CASH, message=None), (
        PayCash(desk.number, desk.basket),
    )


def close_by_card(desk: Desk) -> Step:
    """The closing tap, or the pay key with the card lying there."""
    card = desk.card
    assert card is not None, "a card closes the sale only when it is known"
    refusal = card_refusal(card)
    if refusal is not None:
        return replace(desk, message=refusal, closing=None), ()
    if desk.latch is not None:
        return _when_stable(desk, Closing.CARD), ()
    if not desk.basket.items:
        return desk.say(Say.BASKET_EMPTY), ()
    asking = replace(desk, stage=Stage.ASKING, closing=Closing.CARD, slow=False, guard=None)
    total = desk.money(desk.basket.total)
    return asking.say(Say.ASKING, total=total), (PayCard(desk.number, desk.basket, card),)


def _when_stable(desk: Desk, closing: Closing) -> Desk:
    assert desk.latch is not None, "there is something to wait for"
    waiting = replace(desk, closing=closing)
    return waiting.say(Say.PAYS_WHEN_STABLE, product=desk.name(desk.latch.product))


def close_when_weighed(desk: Desk) -> Step:
    """The latched item is in the basket: go on with the close that was wished, if any."""
    closing = desk.closing
    desk = replace(desk, closing=None)
    if closing is Closing.CASH:
        return close_for_cash(desk)
    if closing is Closing.CARD and desk.card is not None:
        return close_by_card(desk)
    return desk, ()


def ask_to_pay(desk: Desk, card: KnownCard) -> Desk:
    """The guard of stalls where a tap asks before it pays."""
    asking = replace(desk, stage=Stage.GUARD, guard=Guard.PAY_BY_CARD, guarded_from=Stage.SELLING)
    total = desk.money(desk.basket.total)
    return asking.say(Say.CARD_ASK, Severity.WARN, total=total, number=masked(card.number))


def saved(desk: Desk, happening: Saved) -> Step:
    """The sale is durable: only now the screen says paid."""
    card = desk.card
    if card is not None and happening.balance is not None:
        card = replace(card, balance=happening.balance)
    return replace(
        desk,
        stage=Stage.PAID,
        card=card,
        closing=None,
        slow=False,
        message=happening.message,
        receipt=happening.receipt,
        receipt_number=happening.receipt_number,
        balance_after=happening.balance,
    ), ()


def refused(desk: Desk, happening: Refused) -> Step:
    """The card was declined: the basket stands, priced anew if the level was wrong."""
    desk = replace(desk, stage=Stage.REFUSED, closing=None, slow=False, message=happening.message)
    if happening.level is None or desk.card is None:
        return desk, ()
    member = Member(desk.card.number, happening.level) if happening.level else None
    basket = desk.basket.priced_for(member, desk.catalog, desk.terms)
    desk = replace(desk, basket=basket, card=replace(desk.card, level=happening.level))
    return desk.say(
        Say.PRICE_CHANGED,
        Severity.WARN,
        total=desk.money(basket.total),
        level=desk.catalog.level_name(happening.level),
    ), ()


def not_charged(desk: Desk, happening: NotCharged) -> Step:
    """No answer, or given up: the undoing is durable, the basket stands, cash works."""
    return replace(
        desk, stage=Stage.REFUSED, closing=None, slow=False, message=happening.message
    ), ()


def in_doubt(desk: Desk, happening: InDoubt) -> Step:
    """Waits for the same card; the cashier may choose cash, or the next customer."""
    return replace(desk, slow=True, message=happening.message), ()


def parked(desk: Desk, happening: Parked) -> Step:
    """The next customer; the doubt waits for its card."""
    return replace(next_basket(desk), message=happening.message), ()


def goods_back(desk: Desk, happening: GoodsBack) -> Step:
    """The goods of a parked doubt, when nothing else is being sold."""
    desk = replace(desk, message=happening.message)
    if desk.stage is Stage.PAID:
        desk = replace(next_basket(desk), message=happening.message)
    if not desk.is_idle:
        return desk, ()
    back = with_its_prices(desk, happening.basket)
    return back, (Checkpoint(back.basket),)


def ask_is_slow(desk: Desk, _happening: AskSlow) -> Step:
    """From now on the cashier may choose cash."""
    if desk.closing is not Closing.CARD:
        return desk, ()
    slow = replace(desk, slow=True)
    return slow.say(Say.ASKING_SLOW, Severity.WARN, total=desk.money(desk.basket.total)), ()


def give_up(desk: Desk, *, cash: bool) -> Step:
    """The cashier ends the wait; before the first two seconds the key does nothing."""
    if not desk.slow or desk.closing is not Closing.CARD:
        return desk, ()
    closing = Closing.CASH if cash else Closing.CARD
    return replace(desk, slow=False, closing=closing), (GiveUp(desk.number, cash),)


def stopped(desk: Desk, happening: Stopped) -> Step:
    """Nothing can be sold; the basket is kept for when it can, unless it is paid for already."""
    shown = desk.guarded_from if desk.stage is Stage.GUARD else desk.stage
    return replace(
        next_basket(desk) if shown is Stage.PAID else desk,
        stage=Stage.STOPPED,
        latch=None,
        closing=None,
        guard=None,
        entry=None,
        slow=False,
        message=happening.message,
        may_renew=happening.message if happening.may_renew else None,
    ), ()


def recovered(desk: Desk, _happening: Recovered) -> Step:
    """Selling goes on where it was; what the full disk did not take is kept now."""
    basket = desk.basket
    kept = (Checkpoint(basket),) if basket.items else ()
    return replace(desk, stage=Stage.SELLING, message=None), kept


CARD_STATE_WORDS: dict[int, Say] = {
    CardState.BLOCKED: Say.CARD_BLOCKED,
    CardState.EXPIRED: Say.CARD_EXPIRED,
    CardState.UNKNOWN: Say.CARD_UNKNOWN,
    CardState.STOCK: Say.CARD_UNKNOWN,
}
"""What a balance inquiry says when the card is not active."""


def told(desk: Desk, message: Message) -> Desk:
    """A sentence from outside the checkout; it never covers a question or a wait."""
    if desk.stage in (Stage.GUARD, Stage.ASKING, Stage.STOPPED):
        return desk
    return replace(desk, message=message)
