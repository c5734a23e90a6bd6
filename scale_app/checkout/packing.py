"""The key that turns the goods weighed last into a package with a label, for selling later.

The load was taken by the gate like any other, so it is not weighed twice; its line leaves the
basket, and the label's code brings it back wherever it is scanned.
"""

from broker.labels import BadLabel
from broker.pricing import repriced
from broker.sale import LineFlag
from broker.units import Weight, WeightUnit
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import Desk
from scale_app.checkout.happenings import Action, Checkpoint, KeyIn
from scale_app.pack_label import pack_label
from scale_app.say import Say
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]


def label(desk: Desk, _key: KeyIn) -> Step:
    """Prints the label of the last line and takes it out of the basket."""
    last = desk.basket.items[-1] if desk.basket.items and desk.latch is None else None
    product = desk.catalog.product(last.line.plu) if last else None
    if last is None or last.seq is None or product is None:
        return desk.say(Say.NOTHING_TO_LABEL, Severity.WARN), ()
    if last.line.flags & LineFlag.BELOW_MINIMUM:
        # Selling below the minimum load is the cashier's word; a label is never printed.
        return desk.say(Say.TOO_LIGHT_TO_LABEL, Severity.WARN, product=desk.name(product)), ()
    # A label is for whoever takes the package: shelf price, not that of the member at the scale.
    line = repriced(last.line, product, 0, desk.terms)
    try:
        printed = pack_label(line, product, desk.catalog.layouts, desk.exponent)
    except BadLabel:
        return desk.say(Say.NO_LABEL_LAYOUT, Severity.WARN, product=desk.name(product)), ()
    basket = desk.basket.without_last()
    name = desk.name(product)
    printed = replace(printed, seq=last.seq, name=name, language=desk.language)
    left = replace(desk, basket=basket, stage=Stage.SELLING).say(
        Say.LABEL_PRINTED,
        product=name,
        weight=_weight(line.quantity, line.unit),
        amount=desk.money(line.amount),
    )
    return left, (Checkpoint(basket), printed)


def _weight(value: int, unit: int) -> str:
    known = WeightUnit(unit)
    return f"{Weight(value, known).text()} {known.symbol}"
