"""The table of the checkout: (stage, kind of happening) -> what to do. Pure; read it as a table.

What stands in no row does nothing: a tap while the back-office is asked, a second ENTER after the
sale is paid, an answer that comes too late. So a double press never sells twice.
"""

from collections.abc import Callable
from typing import Any

from scale_app.checkout import cards, goods, paying, scanned, taking_back
from scale_app.checkout.basket import Basket, Item
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import Desk, SalesOffered, next_basket
from scale_app.checkout.happenings import (
    Action,
    AskSlow,
    BalanceKnown,
    CardLifted,
    CardPut,
    CardShown,
    CardUnreadable,
    GoodsBack,
    Happening,
    InDoubt,
    KeyIn,
    LinkChanged,
    NewCatalog,
    NewDay,
    NotCharged,
    NotTaken,
    Opened,
    PanChanged,
    Parked,
    PinRefused,
    Recovered,
    Refused,
    ReportShown,
    Saved,
    Scanned,
    Stopped,
    Taken,
    TareDone,
    Tick,
    Told,
    UndoOffered,
)
from scale_app.checkout.keys import on_key
from scale_app.say import Say
from scale_app.view import Message, Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]


def _opened(desk: Desk, opened: Opened) -> Step:
    items = tuple(Item(line) for line in opened.lines)
    desk = replace(
        desk,
        stage=Stage.SELLING if opened.ready else Stage.NOT_READY,
        catalog=opened.catalog,
        basket=Basket(items, opened.member),
        message=opened.message,
        receipt=opened.receipt,
        parked=opened.parked,
    )
    return desk if opened.ready else desk.say(Say.NEEDS_NETWORK_ONCE, Severity.WARN), ()


def _catalog_came(desk: Desk, came: NewCatalog) -> Step:
    if desk.stage in (Stage.NOT_READY, Stage.STARTING):
        return desk, ()
    if desk.stage is not Stage.SELLING or not desk.is_idle:
        return replace(desk, next_catalog=came.catalog), ()
    basket = Basket(member=desk.basket.member)
    return replace(desk, catalog=came.catalog, next_catalog=None, basket=basket), ()


def _first_catalog(desk: Desk, came: NewCatalog) -> Step:
    return replace(
        desk, stage=Stage.SELLING, catalog=came.catalog, next_catalog=None, message=None
    ), ()


def _new_day(desk: Desk, came: NewDay) -> Step:
    return replace(desk, day=came.day), ()


def _scanned_when_paid(desk: Desk, happening: Scanned) -> Step:
    return scanned.scanned(next_basket(desk), happening)


def _link(desk: Desk, changed: LinkChanged) -> Step:
    return replace(desk, online=changed.online), ()


def _pan_only(desk: Desk, happening: PanChanged) -> Step:
    return replace(desk, pan=happening.pan), ()


def _pan_when_paid(desk: Desk, happening: PanChanged) -> Step:
    # Goods taken off make the pan swing; only a load that could be sold is the next customer.
    if happening.pan.ready:
        desk = next_basket(desk)
    return goods.pan_changed(desk, happening)


def _tick(desk: Desk, tick: Tick) -> Step:
    desk, first = goods.latch_time(desk, tick)
    desk, second = cards.card_forgotten_in_time(desk, tick)
    return desk, (*first, *second)


def _told(desk: Desk, told: Told) -> Step:
    return paying.told(desk, told.message), ()


def _tare(desk: Desk, done: TareDone) -> Step:
    if done.refusal:
        message = Message(Say.TARE_REFUSED, Severity.WARN, {"reason": done.refusal})
    elif done.tare:
        message = Message(Say.TARE_SET, Severity.INFO, {"tare": done.tare})
    else:
        message = Message(Say.TARE_CLEARED)
    if done.refusal and done.of_product and desk.latch is not None:
        # Without its tare the product would be sold too dear.
        dropped, actions = goods.drop_latch(desk)
        return replace(dropped, message=message), actions
    return paying.told(desk, message), ()


def _report(desk: Desk, report: ReportShown) -> Step:
    if report.closed:
        desk = next_basket(desk)
    return replace(
        desk, receipt=report.lines, message=report.message, report_shown=not report.closed
    ), ()


def _new_refusal(desk: Desk, happening: Stopped) -> Step:
    return replace(desk, message=happening.message), ()


Handler = Callable[[Desk, Any], Step]

ANYWHERE: dict[type, Handler] = {
    KeyIn: on_key,
    PanChanged: _pan_only,
    CardPut: cards.card_put,
    CardLifted: cards.card_lifted,
    LinkChanged: _link,
    NewCatalog: _catalog_came,
    NewDay: _new_day,
    Stopped: paying.stopped,
}
"""Rows that hold in every stage that has no row of its own for them."""

_SELLING: dict[type, Handler] = {
    PanChanged: goods.pan_changed,
    Taken: goods.weight_taken,
    NotTaken: goods.weight_refused,
    CardShown: cards.card_shown,
    CardUnreadable: cards.card_unreadable,
    BalanceKnown: cards.balance_known,
    TareDone: _tare,
    ReportShown: _report,
    Told: _told,
    Tick: _tick,
    Scanned: scanned.scanned,
    GoodsBack: paying.goods_back,
    Parked: paying.parked,
    UndoOffered: taking_back.undo_offered,
    SalesOffered: taking_back.sales_offered,
}

TABLE: dict[Stage, dict[type, Handler]] = {
    Stage.STARTING: {Opened: _opened},
    Stage.NOT_READY: {NewCatalog: _first_catalog, Told: _told},
    Stage.SELLING: _SELLING,
    Stage.REFUSED: _SELLING,
    Stage.GUARD: {
        CardShown: cards.card_shown_in_guard,
        BalanceKnown: cards.balance_known,
        Tick: _tick,
    },
    Stage.ASKING: {
        Saved: paying.saved,
        Refused: paying.refused,
        NotCharged: paying.not_charged,
        AskSlow: paying.ask_is_slow,
        InDoubt: paying.in_doubt,
        PinRefused: taking_back.pin_refused,
        Parked: paying.parked,
    },
    Stage.PAID: {
        PanChanged: _pan_when_paid,
        Scanned: _scanned_when_paid,
        CardShown: cards.card_shown,
        CardUnreadable: cards.card_unreadable,
        GoodsBack: paying.goods_back,
        Told: _told,
        ReportShown: _report,
    },
    # A sale that was saved all the same is shown as paid, or its basket would be sold again.
    Stage.STOPPED: {
        Saved: paying.saved,
        Recovered: paying.recovered,
        Stopped: _new_refusal,
    },
}


def step(desk: Desk, happening: Happening) -> Step:
    """The next desk and what the till has to do, in order."""
    handler = TABLE[desk.stage].get(type(happening)) or ANYWHERE.get(type(happening))
    return handler(desk, happening) if handler else (desk, ())
