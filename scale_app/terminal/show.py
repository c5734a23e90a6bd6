"""From the core's state to what is drawn: pure, no decision, every number as text."""

from dataclasses import dataclass

from broker.pricelist import Product
from broker.pricing import price_in_force
from broker.sale import Line, saving_of
from broker.units import PriceBase, Weight, WeightUnit, amount_of, fits
from scale_app.catalog import product_name
from scale_app.checkout.desk import Desk, Guard, masked
from scale_app.tender import date_text
from scale_app.view import (
    CardView,
    ItemKey,
    LineView,
    Links,
    Stage,
    TillView,
    WeightState,
)
from scale_app.weighing.snapshot import LiveState, LiveWeight

_STATES = {
    LiveState.EMPTY: WeightState.EMPTY,
    LiveState.MOVING: WeightState.MOVING,
    LiveState.STABLE: WeightState.STABLE,
    LiveState.BELOW_MIN: WeightState.BELOW_MINIMUM,
    LiveState.OVERLOAD: WeightState.OVERLOAD,
    LiveState.UNDERLOAD: WeightState.NEGATIVE,
    LiveState.NEGATIVE: WeightState.NEGATIVE,
    LiveState.FAULT: WeightState.FAULT,
    LiveState.STALE: WeightState.STALE,
    LiveState.LOST: WeightState.LOST,
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the screen shows beside the sale."""

    terminal: str
    store: str
    stall: str
    currency: str
    clock: str
    links: Links
    sales_today: int


def till_view(desk: Desk, live: LiveWeight, around: Surroundings) -> TillView:
    """Everything shown at this moment."""
    price = _Price.of(desk, live)
    basket, saving = desk.basket, desk.saving
    return TillView(
        stage=desk.stage,
        language=desk.language,
        currency=around.currency,
        terminal=around.terminal,
        store=around.store,
        stall=around.stall,
        cashier=desk.catalog.cashier_name(desk.cashier),
        clock=around.clock,
        links=around.links,
        weight=None if live.net is None else live.digits,
        weight_unit=live.unit,
        weight_state=_STATES[live.state],
        is_zero=live.zero,
        tare=live.tare.text() if live.tare is not None and live.tare.value else "",
        tare_kind=live.tare_kind.value if live.tare_kind else "",
        product=price.product,
        plu=price.plu,
        unit_price=price.unit_price,
        base=price.base,
        shelf_price=price.shelf_price,
        amount=price.amount,
        lines=tuple(_line(desk, n, item.line) for n, item in enumerate(basket.items, 1)),
        total=desk.money(basket.total),
        shelf_total=desk.money(basket.total + saving) if saving else "",
        saving=desk.money(saving) if saving else "",
        items=tuple(_key(desk, product) for product in desk.catalog.by_key.values()),
        card=_card(desk),
        entry=_entry(desk),
        message=desk.message,
        receipt=desk.receipt,
        receipt_number=desk.receipt_number,
        change=desk.money(0) if desk.stage is Stage.PAID and desk.balance_after is None else "",
        parked=tuple(
            f"{slot} {desk.money(kept.total)}"
            for slot, kept in enumerate(desk.parked, 1)
            if kept.items
        ),
        sales_today=around.sales_today,
        cash_total=desk.money(desk.cash_total) if desk.cash_total != basket.total else "",
    )


@dataclass(frozen=True, slots=True)
class _Price:
    """The product on show and what the load on the pan would cost."""

    product: str = ""
    plu: int | None = None
    unit_price: str | None = None
    base: str = "kg"
    shelf_price: str | None = None
    amount: str | None = None

    @classmethod
    def of(cls, desk: Desk, live: LiveWeight) -> "_Price":
        product = desk.latch.product if desk.latch else desk.shown
        if product is None:
            return cls()
        net = live.net if not product.by_piece else None
        price, _ = price_in_force(product, desk.basket.level, desk.day, net)
        shelf, _ = price_in_force(product, 0, desk.day, net)
        return cls(
            product=desk.name(product),
            plu=product.plu,
            unit_price=price.text(desk.exponent),
            base=price.base.symbol,
            shelf_price=shelf.text(desk.exponent) if shelf != price else None,
            amount=_amount(desk, product, live.net),
        )


def _entry(desk: Desk) -> str:
    """The open number; the digits of a PIN are for nobody's eyes."""
    if desk.entry is None:
        return ""
    return ("*" * len(desk.entry) if desk.guard is Guard.PIN else desk.entry) or "_"


def _amount(desk: Desk, product: Product, net: Weight | None) -> str | None:
    if product.by_piece:
        last = desk.basket.items[-1].line if desk.basket.items else None
        return desk.money(last.amount) if last and last.plu == product.plu else None
    price, _ = price_in_force(product, desk.basket.level, desk.day, net)
    if net is None or net.value < 0 or not fits(net.unit, price.base):
        return None
    return desk.money(amount_of(net, price, desk.policy.interval).minor)


def _line(desk: Desk, number: int, line: Line) -> LineView:
    product = desk.catalog.product(line.plu)
    unit = WeightUnit(line.unit)
    differs = line.unit_price != line.shelf_price
    return LineView(
        number=number,
        name=product_name(product, desk.language) if product else f"PLU {line.plu}",
        quantity=Weight(line.quantity, unit).text(),
        unit=unit.symbol,
        unit_price=desk.money(line.unit_price),
        base=PriceBase(line.base).symbol,
        amount=desk.money(line.amount),
        shelf_price=desk.money(line.shelf_price) if differs else "",
        is_member_price=differs and saving_of(line) > 0,
    )


def _key(desk: Desk, product: Product) -> ItemKey:
    price, _ = price_in_force(product, desk.basket.level, desk.day)
    return ItemKey(
        key=product.key,
        plu=product.plu,
        name=desk.name(product),
        price=price.text(desk.exponent),
        base=price.base.symbol,
        latched=desk.latch is not None and desk.latch.product.plu == product.plu,
    )


def _card(desk: Desk) -> CardView | None:
    card = desk.card
    if card is None:
        return None
    return CardView(
        number=masked(card.number),
        level=desk.catalog.level_name(card.level) if card.is_member else "",
        valid_to=date_text(card.valid_to),
        balance=None if card.balance is None else desk.money(card.balance),
        is_member=card.is_member,
        has_purse=card.has_purse,
        records=tuple(
            (when, ("+" if fen > 0 else "") + desk.money(fen)) for when, fen in card.records
        ),
    )
