"""Bar codes at the checkout: what was scanned joins the basket, is weighed, or is refused."""

from broker.labels import BadLabel
from broker.pricelist import Product
from broker.pricing import WrongUnit, label_line, price_line
from broker.sale import MAX_LINES, Line, LineFlag
from broker.units import Weight, WeightUnit
from scale_app.barcode import Label, read_label
from scale_app.checkout.basket import Item
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import Desk
from scale_app.checkout.goods import take_product
from scale_app.checkout.happenings import Action, Checkpoint, Scanned
from scale_app.say import Say
from scale_app.tender import date_text
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]

SHOWN_DIGITS = 14
LEAST_CODE = 6
"""Digits from which an entry is a bar code or a product's number, and never anything else."""


def scanned(desk: Desk, happening: Scanned) -> Step:
    """A scanner's burst."""
    return typed_code(replace(desk, entry=None), happening.text, happening.now)


def typed_code(desk: Desk, code: str, now: float) -> Step:
    """A bar code, scanned or typed in full."""
    try:
        label = read_label(code, desk.catalog.layouts, desk.exponent)
    except BadLabel:
        return desk.say(Say.BAD_LABEL, Severity.WARN, barcode=_shown(code)), ()
    product = _product(desk, label)
    if product is None:
        return desk.say(Say.UNKNOWN_BARCODE, Severity.WARN, barcode=_shown(code)), ()
    if label.last_day and desk.day > label.last_day:
        day = date_text(label.last_day)
        return desk.say(Say.PAST_DATE, Severity.WARN, product=desk.name(product), day=day), ()
    if label.price is None and label.net is None and label.count is None:
        return take_product(desk, product, now)
    return _take_label(desk, product, label)


def _shown(code: str) -> str:
    text = "".join(character for character in code if character.isprintable())
    return text if len(text) <= SHOWN_DIGITS else text[:SHOWN_DIGITS] + "..."


def _take_label(desk: Desk, product: Product, label: Label) -> Step:
    if desk.basket.is_full:
        return desk.say(Say.BASKET_FULL, Severity.WARN, limit=MAX_LINES), ()
    try:
        line = _line(desk, product, label)
    except WrongUnit:
        return desk.say(Say.LABEL_NOT_FOR, Severity.WARN, product=desk.name(product)), ()
    basket = desk.basket.plus(Item(line))
    taken = replace(desk, basket=basket, shown=product, message=None, stage=Stage.SELLING)
    return taken, (Checkpoint(basket),)


def _product(desk: Desk, label: Label) -> Product | None:
    if label.item is not None:
        return desk.catalog.product(label.item)
    return desk.catalog.with_barcode(label.gtin)


def _line(desk: Desk, product: Product, label: Label) -> Line:
    level, terms = desk.basket.level, desk.terms
    if label.price is not None:
        return label_line(product, label.price, level=level, terms=terms)
    if label.net is not None:
        flag = int(LineFlag.LABEL_WEIGHT)
        return price_line(product, label.net, level=level, flags=flag, terms=terms)
    count = Weight(label.count or 0, WeightUnit.PIECE)
    return price_line(product, count, level=level, terms=terms)
