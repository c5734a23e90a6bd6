"""Keys: one function per key, and the two tables that say which keys work in which stage."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from scale_app.checkout import taking_back
from scale_app.checkout.cards import forget_card, pay_key
from scale_app.checkout.copying import replace
from scale_app.checkout.desk import NO_PIECE, Desk, Guard, RenewJournal, next_basket
from scale_app.checkout.goods import drop_latch, take_product, take_small
from scale_app.checkout.happenings import (
    Action,
    AskBalance,
    Checkpoint,
    ClearTare,
    CloseShift,
    KeyIn,
    Quit,
    ReadCard,
    ReleaseWeight,
    ShowX,
    TypeTare,
    WeighTare,
)
from scale_app.checkout.packing import label
from scale_app.checkout.park import SLOTS, at_slot, park
from scale_app.checkout.paying import close_by_card, close_for_cash, give_up
from scale_app.checkout.scanned import LEAST_CODE, typed_code
from scale_app.events import Key
from scale_app.say import Say
from scale_app.view import Severity, Stage

Step = tuple[Desk, tuple[Action, ...]]
OnKey = Callable[[Desk, KeyIn], Step]

MAX_ENTRY = 14
"""A GTIN typed by hand has up to 14 digits."""
MAX_PIECES = 999


def item(desk: Desk, key: KeyIn) -> Step:
    """A hot key; a digit while number entry is open, as the screen may lag behind quick fingers."""
    if desk.entry is not None and key.text.isdecimal():
        return digit(desk, key)
    product = desk.catalog.on_key(key.text)
    if product is None:
        return desk.say(Say.UNKNOWN_KEY, Severity.WARN, key=key.text), ()
    return take_product(desk, product, key.now)


def open_entry(desk: Desk, key: KeyIn) -> Step:
    """Number entry opens; digits are digits until it closes, those on its own key too.

    A point that opens it stays: a tare typed as ".5" is half a kilogram.
    """
    if desk.entry is not None and key.text:
        return digit(desk, key)
    return replace(desk, entry="." if key.text == "." else "", message=None), ()


def digit(desk: Desk, key: KeyIn) -> Step:
    """One digit or the decimal point of an open entry; closed just now, it is the item's key."""
    if desk.entry is None:
        return open_entry(desk, key) if key.text in {"0", "."} else item(desk, key)
    if len(desk.entry) >= MAX_ENTRY or key.text not in set("0123456789."):
        return desk, ()
    if key.text == "." and "." in desk.entry:
        return desk, ()
    return replace(desk, entry=desk.entry + key.text), ()


def enter(desk: Desk, key: KeyIn) -> Step:
    """The product of an open entry; otherwise exact cash."""
    if desk.entry is None:
        return cash(desk, key)
    typed, desk = desk.entry.removeprefix("."), replace(desk, entry=None)
    if not typed.isdecimal():
        return _wrong_number(desk, typed), ()
    product = desk.catalog.product(int(typed))
    if product is None and len(typed) >= LEAST_CODE:
        return typed_code(desk, typed, key.now)
    if product is None:
        return desk.say(Say.UNKNOWN_PLU, Severity.WARN, plu=int(typed)), ()
    # A number typed twice is meant twice: only a bare key bounces.
    return take_product(replace(desk, last_piece=NO_PIECE), product, key.now)


def times(desk: Desk, _key: KeyIn) -> Step:
    """The number typed counts the next piece item."""
    typed, desk = (desk.entry or "").removeprefix("."), replace(desk, entry=None)
    if not typed.isdecimal() or not 1 <= int(typed) <= MAX_PIECES:
        return _wrong_number(desk, typed), ()
    return replace(desk, times=int(typed)).say(Say.PIECES_FOR, count=int(typed)), ()


def _wrong_number(desk: Desk, typed: str) -> Desk:
    return desk.say(Say.WRONG_NUMBER, Severity.WARN, entry=typed or "-")


def cash(desk: Desk, _key: KeyIn) -> Step:
    """Exact cash, once: a second press while the first waits for a weight does nothing."""
    if desk.closing is not None:
        return desk, ()
    return close_for_cash(replace(desk, entry=None))


def delete_line(desk: Desk, _key: KeyIn) -> Step:
    """First press arms, second deletes the last line."""
    if not desk.basket.items:
        return desk.say(Say.BASKET_EMPTY), ()
    last = desk.basket.items[-1]
    product = desk.catalog.product(last.line.plu)
    name = desk.name(product) if product else str(last.line.plu)
    if not desk.delete_armed:
        return replace(desk, delete_armed=True).say(
            Say.DELETE_AGAIN, Severity.WARN, product=name
        ), ()
    basket = desk.basket.without_last()
    release = (ReleaseWeight(last.seq),) if last.seq is not None else ()
    deleted = replace(desk, basket=basket, delete_armed=False, shown=None, stage=Stage.SELLING)
    return deleted.say(Say.LINE_DELETED, product=name), (Checkpoint(basket), *release)


def back(desk: Desk, _key: KeyIn) -> Step:
    """Takes back the newest thing: a digit, the entry, the latch, a count, the card, the words."""
    if desk.entry is not None:
        return replace(desk, entry=desk.entry[:-1] if desk.entry else None), ()
    if desk.latch is not None:
        return drop_latch(desk)
    if desk.delete_armed or desk.times is not None:
        return replace(desk, delete_armed=False, times=None, message=None), ()
    if desk.report_shown or desk.receipt:
        return replace(desk, report_shown=False, receipt=(), message=None), ()
    if desk.card is not None or desk.basket.member is not None:
        return forget_card(desk)
    return replace(desk, message=None, stage=Stage.SELLING), ()


def tare(desk: Desk, _key: KeyIn) -> Step:
    """Typed tare while number entry is open, weighed tare otherwise."""
    if desk.entry is None:
        return desk, (WeighTare(),)
    typed, desk = desk.entry, replace(desk, entry=None)
    try:
        kilograms = Decimal(typed)
    except InvalidOperation:
        return _wrong_number(desk, typed), ()
    return desk, (TypeTare(str(kilograms)) if kilograms else ClearTare(),)


def clear_tare(desk: Desk, _key: KeyIn) -> Step:
    """No tare any more."""
    return desk, (ClearTare(),)


def card_key(desk: Desk, _key: KeyIn) -> Step:
    """Balance of the card on the reader."""
    if not desk.card_on_reader:
        return desk.say(Say.TAP_TO_PAY), ()
    if desk.card is None or not desk.card.is_present:
        return desk.say(Say.CARD_READING), (ReadCard(),)
    if desk.card.has_purse and desk.online:
        return desk, (AskBalance(desk.card),)
    return desk.say(Say.BALANCE_UNKNOWN, number=f"****{desk.card.number % 10_000:04d}"), ()


def pay(desk: Desk, _key: KeyIn) -> Step:
    """Pays with the card on the reader."""
    return (desk, ()) if desk.closing is not None else pay_key(desk)


def shift(desk: Desk, _key: KeyIn) -> Step:
    """X report; again: may the shift be closed?"""
    if not desk.is_idle:
        return desk.say(Say.FINISH_FIRST, Severity.WARN), ()
    if not desk.report_shown:
        return desk, (ShowX(),)
    return _guarded(desk, Guard.CLOSE_SHIFT, Say.CLOSE_SHIFT), ()


def quit_key(desk: Desk, _key: KeyIn) -> Step:
    """Ends the program, never in the middle of a sale, and only after a yes."""
    if not desk.is_idle:
        return desk.say(Say.FINISH_FIRST, Severity.WARN), ()
    return _guarded(desk, Guard.QUIT, Say.QUIT), ()


def _guarded(desk: Desk, guard: Guard, code: Say) -> Desk:
    asking = replace(desk, stage=Stage.GUARD, guard=guard, guarded_from=desk.stage)
    params = desk.message.params if desk.message and guard is Guard.CLOSE_SHIFT else {}
    return asking.say(code, Severity.WARN, **params)


def round_off(desk: Desk, _key: KeyIn) -> Step:
    """The cashier lets the last coins of this total go, or takes that back: a row of its own."""
    basket = desk.basket
    if not basket.items:
        return desk.say(Say.BASKET_EMPTY), ()
    if not desk.policy.goodwill:
        return desk.say(Say.NO_ROUNDING_OFF, Severity.WARN), ()
    if basket.let_go:
        back_again = replace(basket, let_go=0)
        return replace(desk, basket=back_again).say(
            Say.NOT_ROUNDED_OFF, total=desk.money(back_again.total)
        ), ()
    rounded = replace(basket, let_go=desk.policy.goodwill)
    amount, total = desk.money(-rounded.goodwill), desk.money(rounded.total)
    return replace(desk, basket=rounded).say(Say.ROUNDED_OFF, amount=amount, total=total), ()


def cashier(desk: Desk, _key: KeyIn) -> Step:
    """The cashier of the typed number, or the next one of the list."""
    typed, desk = desk.entry, replace(desk, entry=None)
    if typed is not None:
        if not typed.isdecimal() or not desk.catalog.has_cashier(int(typed)):
            return desk.say(Say.UNKNOWN_CASHIER, Severity.WARN, number=typed or "-"), ()
        return _cashier_is(desk, int(typed)), ()
    following = desk.catalog.cashier_after(desk.cashier)
    return (_cashier_is(desk, following.number) if following else desk), ()


def _cashier_is(desk: Desk, number: int) -> Desk:
    name = desk.catalog.cashier_name(number)
    return replace(desk, cashier=number).say(Say.CASHIER_IS, cashier=name)


def language(desk: Desk, _key: KeyIn) -> Step:
    """The other language."""
    return replace(desk, language="en" if desk.language == "zh_CN" else "zh_CN"), ()


def anew(on_key: OnKey) -> OnKey:
    """The same key after a paid sale: it begins the next basket first."""

    def begun(desk: Desk, key: KeyIn) -> Step:
        return on_key(next_basket(desk), key)

    return begun


def yes(desk: Desk, key: KeyIn) -> Step:
    """The extra key that a guard asks for."""
    guard = desk.guard
    if guard in _BY_DIGIT:
        return taking_back.pin_given(desk) if guard is Guard.PIN else (desk, ())
    desk = replace(desk, guard=None, stage=desk.guarded_from)
    if guard is Guard.BELOW_MINIMUM and desk.latch is not None:
        return take_small(desk, desk.latch, key.now)
    if guard is Guard.PAY_BY_CARD and desk.card is not None:
        return close_by_card(desk)
    if guard is Guard.CLOSE_SHIFT:
        return desk, (CloseShift(),)
    return _of_the_program(desk, guard) if guard in _PROGRAM else enter(desk, key)


def _of_the_program(desk: Desk, guard: Guard | None) -> Step:
    if guard is Guard.QUIT:
        return desk.say(Say.GOODBYE), (Quit(),)
    return replace(desk, stage=Stage.STARTING, may_renew=None, message=None), (RenewJournal(),)


def no(desk: Desk, key: KeyIn) -> Step:
    """Back from a guard: nothing is done."""
    fewer = taking_back.pin_taken_back(desk) if key.key is Key.BACK else None
    if fewer is not None:
        return fewer
    guard, desk = desk.guard, taking_back.forgotten(desk)
    desk = replace(desk, guard=None, stage=desk.guarded_from, message=desk.may_renew)
    return drop_latch(desk) if guard is Guard.BELOW_MINIMUM and desk.latch else (desk, ())


def other_key_in_guard(desk: Desk, key: KeyIn) -> Step:
    """Any other key says no, and then does what it always does."""
    desk, actions = no(desk, key)
    desk, more = on_key(desk, key)
    return desk, (*actions, *more)


def chosen(desk: Desk, key: KeyIn) -> Step:
    """A digit while it is asked which, or why; where it answers nothing, it says no."""
    if desk.guard is Guard.PARK and key.text in SLOTS:
        return at_slot(replace(desk, stage=desk.guarded_from, guard=None), int(key.text))
    answered = taking_back.digit(desk, key.text) if key.text else None
    return answered or other_key_in_guard(desk, key)


def guard_digit(desk: Desk, key: KeyIn) -> Step:
    """A digit of the PIN; other questions stay open."""
    return (
        (taking_back.digit(desk, key.text) or (desk, ())) if desk.guard is Guard.PIN else (desk, ())
    )


def more(desk: Desk, key: KeyIn) -> Step:
    """UNDO while it is asked what to take back: older sales."""
    return taking_back.more(desk) or other_key_in_guard(desk, key)


_PROGRAM = frozenset({Guard.QUIT, Guard.RENEW})
_BY_DIGIT = frozenset({Guard.UNDO, Guard.VOID_WHICH, Guard.VOID_WHY, Guard.PIN, Guard.PARK})
"""Questions that digits answer."""

SELLING_KEYS: dict[Key, OnKey] = {
    Key.ITEM: item,
    Key.ENTRY: open_entry,
    Key.DIGIT: digit,
    Key.ENTER: enter,
    Key.CASH: cash,
    Key.TIMES: times,
    Key.DELETE_LINE: delete_line,
    Key.BACK: back,
    Key.TARE: tare,
    Key.CLEAR_TARE: clear_tare,
    Key.CARD: card_key,
    Key.PAY: pay,
    Key.SHIFT: shift,
    Key.CASHIER: cashier,
    Key.ROUND_OFF: round_off,
    Key.LABEL: label,
    Key.LANGUAGE: language,
    Key.QUIT: quit_key,
    Key.UNDO: taking_back.undo,
    Key.PARK: park,
}

KEYS: dict[Stage, dict[Key, OnKey]] = {
    Stage.SELLING: SELLING_KEYS,
    Stage.REFUSED: SELLING_KEYS,
    Stage.PAID: {
        Key.ITEM: anew(item),
        Key.ENTRY: anew(open_entry),
        Key.BACK: lambda desk, _key: (next_basket(desk), ()),
        Key.TARE: anew(tare),
        Key.CLEAR_TARE: clear_tare,
        Key.CARD: anew(card_key),
        Key.SHIFT: anew(shift),
        Key.CASHIER: anew(cashier),
        Key.LANGUAGE: language,
        Key.QUIT: anew(quit_key),
        Key.UNDO: anew(taking_back.undo),
        Key.PARK: anew(park),
    },
    Stage.GUARD: {
        Key.ITEM: chosen,
        Key.ENTRY: chosen,
        Key.DIGIT: guard_digit,
        Key.UNDO: more,
        Key.ENTER: yes,
        Key.BACK: no,
        Key.LANGUAGE: language,
    },
    Stage.ASKING: {
        Key.ENTER: lambda desk, _key: give_up(desk, cash=True),
        Key.CASH: lambda desk, _key: give_up(desk, cash=True),
        Key.BACK: lambda desk, _key: give_up(desk, cash=False),
        Key.LANGUAGE: language,
    },
    Stage.STOPPED: {
        Key.LANGUAGE: language,
        Key.QUIT: lambda desk, _key: _stopped(desk, Guard.QUIT, Say.QUIT),
        Key.ENTER: lambda desk, _key: (
            _stopped(desk, Guard.RENEW, Say.RENEW_JOURNAL) if desk.may_renew else (desk, ())
        ),
    },
    Stage.NOT_READY: {Key.LANGUAGE: language, Key.QUIT: quit_key},
    Stage.STARTING: {},
}

_NEVER_NO = frozenset({Key.HELP, Key.DEVICES})
"""Keys of the screen itself; they leave an open question open."""


def _stopped(desk: Desk, guard: Guard, say: Say) -> Step:
    asked = replace(desk, stage=Stage.GUARD, guard=guard, guarded_from=Stage.STOPPED)
    return asked.say(say, Severity.WARN), ()


def on_key(desk: Desk, key: KeyIn) -> Step:
    """What the key does in this stage; a key that has no place here does nothing."""
    if desk.stage is Stage.GUARD and key.key not in (*KEYS[Stage.GUARD], *_NEVER_NO):
        return other_key_in_guard(desk, key)
    handler = KEYS[desk.stage].get(key.key)
    if handler is None:
        return desk, ()
    if key.key is not Key.DELETE_LINE:
        desk = _disarmed(desk, key.key)
    return handler(desk, key)


def _disarmed(desk: Desk, key: Key) -> Desk:
    if desk.delete_armed and key is not Key.BACK:
        desk = replace(desk, delete_armed=False, message=None)
    if desk.report_shown and key not in (Key.SHIFT, Key.BACK, Key.LANGUAGE, Key.ENTER):
        desk = replace(desk, report_shown=False, receipt=())
    return desk
