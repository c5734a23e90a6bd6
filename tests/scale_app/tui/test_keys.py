"""The key map is pure and published; every keypad key works under both of its names."""

from dataclasses import replace

import pytest

from scale_app.events import Key, KeyPressed
from scale_app.tui.keys import KEY_MAP, key_pressed
from scale_app.view import ItemKey, Stage
from tests.scale_app.tui import views

SELLING = views.selling()
TYPING = replace(SELLING, entry="12")


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("add", "plus"), Key.PAY),
        (("subtract", "minus"), Key.DELETE_LINE),
        (("multiply", "asterisk"), Key.TIMES),
        (("divide", "slash"), Key.ENTRY),
        (("enter",), Key.ENTER),
        (("backspace", "escape"), Key.BACK),
        (("f10", "ctrl+q", "ctrl+c"), Key.QUIT),
    ],
)
def test_a_keypad_key_means_the_same_under_both_of_its_names(
    names: tuple[str, ...], key: Key
) -> None:
    pressed = {key_pressed(name, SELLING) for name in names}
    assert len(pressed) == 1
    assert {told.key for told in pressed if told is not None} == {key}


def test_a_bare_digit_is_an_item_even_when_no_item_is_on_it() -> None:
    bare = replace(SELLING, items=())
    assert key_pressed("7", SELLING) == KeyPressed(Key.ITEM, "7")
    assert key_pressed("7", bare) == KeyPressed(Key.ITEM, "7")


def test_a_letter_is_an_item_only_when_it_stands_on_the_grid() -> None:
    assert key_pressed("g", SELLING) == KeyPressed(Key.ITEM, "g")
    assert key_pressed("G", SELLING) == KeyPressed(Key.ITEM, "g")
    assert key_pressed("z", SELLING) is None


def test_an_item_on_the_key_y_is_sold_until_a_question_is_asked() -> None:
    item = ItemKey("y", 99, "Yam", "5.00", "kg")
    view = replace(SELLING, items=(item,))
    assert key_pressed("y", view) == KeyPressed(Key.ITEM, "y")
    assert key_pressed("y", replace(view, stage=Stage.GUARD)) == KeyPressed(Key.ENTER)
    assert key_pressed("n", replace(view, stage=Stage.GUARD)) == KeyPressed(Key.BACK)


@pytest.mark.parametrize("digit", "0123456789")
def test_digits_go_into_an_open_number(digit: str) -> None:
    assert key_pressed(digit, TYPING) == KeyPressed(Key.DIGIT, digit)


@pytest.mark.parametrize("name", ["decimal", "full_stop"])
def test_the_point_of_an_open_number_is_a_point(name: str) -> None:
    assert key_pressed(name, TYPING) == KeyPressed(Key.DIGIT, ".")


@pytest.mark.parametrize(("name", "on_key"), [("0", "0"), ("decimal", "."), ("full_stop", ".")])
def test_zero_and_point_open_a_number_and_say_what_stands_on_them(name: str, on_key: str) -> None:
    assert key_pressed(name, SELLING) == KeyPressed(Key.ENTRY, on_key)


@pytest.mark.parametrize("name", ["ctrl+t", "ctrl+p", "f12", "up", "é", "２", "shift+tab"])
def test_other_keys_mean_nothing(name: str) -> None:
    assert key_pressed(name, SELLING) is None


def test_no_key_name_has_two_meanings() -> None:
    names = [name for line in KEY_MAP for name in line.names]
    assert len(names) == len(set(names))


def test_every_meaning_but_item_and_digit_has_a_key() -> None:
    assert {line.key for line in KEY_MAP} == set(Key) - {Key.ITEM, Key.DIGIT}
