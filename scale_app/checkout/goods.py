"""Goods into the basket: hot keys, number entry, pieces, the latch and the pan."""

import msgspec

from broker.pricelist import Product
from broker.pricing import price_line
from broker.sale import MAX_LINES
from broker.units import Weight, WeightUnit
from scale_app.checkout.basket import Item
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import LATCH_S, SAME_KEY_S, Desk, Guard, Latch
from scale_app.checkout.happenings import (
    Action,
    Checkpoint,
    NotTaken,
    PanChanged,
    ProductTare,
    Taken,
    TakeWeight,
    Tick,
)
from scale_app.checkout.paying import close_when_weighed
from scale_app.say import Say
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]

_WAITS = frozenset({"moving", "not-shown", "stale"})
"""Refusals that a moment cures: the latch goes on waiting."""

_WORDS = {
    "same-load": Say.SAME_LOAD,
    "zero-first": Say.ZERO_FIRST,
    "lost": Say.SCALE_LOST,
    "not-loaded": Say.PUT_GOODS_ON,
}
_HOPELESS = frozenset({"lost", "not-for-trade"})
_TAKE_OFF = frozenset({"same-load", "zero-first"})
"""Refusals at the key press that waiting does not cure; these two only with goods on the pan."""


def take_product(desk: Desk, product: Product, now: float) -> Step:
    """A product was chosen: pieces join at once, weighed goods wait for their weight."""
    if desk.basket.is_full:
        return desk.say(Say.BASKET_FULL, Severity.WARN, limit=MAX_LINES), ()
    if product.by_piece:
        return _add_pieces(desk, product, now)
    if desk.times is not None:
        return replace(desk, times=None).say(
            Say.BY_WEIGHT_ONLY, Severity.WARN, product=desk.name(product)
        ), ()
    if desk.pan.refusal in _HOPELESS or (desk.pan.refusal in _TAKE_OFF and not desk.pan.empty):
        return _cannot_weigh(desk, product), ()
    latched = replace(
        desk,
        latch=Latch(product, now + LATCH_S),
        shown=product,
        weighed_as=product.plu,
        stage=Stage.SELLING,
    )
    code = Say.PUT_GOODS_ON if desk.pan.empty else Say.LATCHED
    return latched.say(code, product=desk.name(product)), (ProductTare(product.tare, product.plu),)


def _add_pieces(desk: Desk, product: Product, now: float) -> Step:
    plu, at = desk.last_piece
    if desk.times is None and plu == product.plu and now - at < SAME_KEY_S:
        return desk, ()
    count = Weight(desk.times or 1, WeightUnit.PIECE)
    line = price_line(product, count, level=desk.basket.level, terms=desk.terms)
    basket = desk.basket.plus(Item(line))
    taken = replace(
        desk,
        basket=basket,
        shown=product,
        times=None,
        message=None,
        last_piece=(product.plu, now),
        stage=Stage.SELLING,
    )
    return taken, (Checkpoint(basket),)


def _cannot_weigh(desk: Desk, product: Product) -> Desk:
    refusal = desk.pan.refusal
    code = _WORDS.get(refusal, Say.NO_WEIGHT)
    severity = Severity.FAULT if code is Say.SCALE_LOST else Severity.WARN
    return desk.say(code, severity, product=desk.name(product), reason=refusal)


def pan_changed(desk: Desk, happening: PanChanged) -> Step:
    """A new reading: the latch takes it when it is good, and dies when the pan empties."""
    pan, was_loaded = happening.pan, not desk.pan.empty
    desk = replace(desk, pan=pan)
    if desk.latch is None:
        return _pan_idle(desk, was_loaded=was_loaded)
    if pan.ready:
        return desk, (TakeWeight(pan.seq),)
    if pan.empty and was_loaded:
        return _drop_latch(desk, Say.LATCH_GONE)
    if pan.refusal == "below-minimum" and pan.net == desk.latch.small != "":
        return desk, (TakeWeight(pan.seq, below_minimum_ok=True),)
    if pan.refusal in ("below-minimum", "same-load") and not pan.empty:
        return _refused(desk, pan.refusal)
    return desk, ()


def take_small(desk: Desk, latch: Latch, now: float) -> Step:
    """The load below the minimum is to be sold all the same: by this reading or one like it.

    The scale's last reading may be too old to be sold by; asked again, nobody would know why.
    """
    latch = replace(latch, until=now + LATCH_S, small=desk.pan.net)
    desk = replace(desk, latch=latch, stage=Stage.SELLING, message=None)
    return desk, (TakeWeight(desk.pan.seq, below_minimum_ok=True),)


def _pan_idle(desk: Desk, *, was_loaded: bool) -> Step:
    if desk.pan.empty and was_loaded:
        desk = replace(desk, shown=None) if desk.stage is not Stage.PAID else desk
        if desk.weighed_as:
            return replace(desk, weighed_as=0), (ProductTare(0),)
    return desk, ()


def weight_taken(desk: Desk, happening: Taken) -> Step:
    """The gate gave the weight: one line more, and the sale closes if that was wished."""
    assert desk.latch is not None, "a weight is only asked for a latched product"
    goods, product = happening.goods, desk.latch.product
    line = price_line(
        product,
        goods.net,
        level=desk.basket.level,
        tare=goods.tare,
        flags=goods.flags,
        terms=desk.terms,
    )
    line = msgspec.structs.replace(line, evidence=goods.evidence)
    basket = desk.basket.plus(Item(line, goods.seq))
    desk = replace(desk, basket=basket, latch=None, guard=None, stage=Stage.SELLING, message=None)
    closed, actions = close_when_weighed(desk)
    return closed, (Checkpoint(basket), *actions)


def weight_refused(desk: Desk, happening: NotTaken) -> Step:
    """The gate refused between two readings: what a moment cures is waited for."""
    return _refused(desk, happening.refusal)


def _refused(desk: Desk, refusal: str) -> Step:
    if desk.latch is None or refusal in _WAITS:
        return desk, ()
    if refusal == "below-minimum":
        asking = replace(
            desk, stage=Stage.GUARD, guard=Guard.BELOW_MINIMUM, guarded_from=Stage.SELLING
        )
        return asking.say(
            Say.BELOW_MINIMUM,
            Severity.WARN,
            product=desk.name(desk.latch.product),
            weight=desk.pan.net,
        ), ()
    if refusal == "same-load":
        return _drop_latch(desk, Say.SAME_LOAD)
    return desk, ()


def _drop_latch(desk: Desk, code: Say) -> Step:
    assert desk.latch is not None, "only a latch can be dropped"
    name = desk.name(desk.latch.product)
    tare = (ProductTare(0),) if desk.weighed_as else ()
    dropped = replace(
        desk,
        latch=None,
        closing=None,
        shown=None,
        guard=None,
        weighed_as=0,
        stage=Stage.SELLING,
    )
    reason = desk.pan.refusal
    return dropped.say(code, Severity.WARN, product=name, reason=reason), tare


def drop_latch(desk: Desk) -> Step:
    """The latched product was taken back by a key; nothing to say."""
    dropped, actions = _drop_latch(desk, Say.LATCH_GONE)
    return replace(dropped, message=None), actions


def latch_time(desk: Desk, happening: Tick) -> Step:
    """The latch dies after its time, and with it the wish to close: nothing is left out unseen."""
    if desk.latch is None or desk.stage is Stage.GUARD or happening.now < desk.latch.until:
        return desk, ()
    known = _WORDS.get(desk.pan.refusal)
    return _drop_latch(desk, known if known is Say.SCALE_LOST else Say.LATCH_EXPIRED)
