"""A burst is a code, fingers are keys, and no key is lost or turned round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key as TextualKey

from scale_app.events import Key, KeyPressed
from scale_app.tui.app import TillApp
from scale_app.tui.scanner import GAP_S, Burst, Held, Told
from tests.scale_app.tui import views
from tests.scale_app.tui.stage_hand import StageHand
from tests.scale_app.tui.stage_hand import played as played_scene

ENTER = Held("enter", "")


def typed(text: str) -> list[Held]:
    return [Held("ctrl+right_square_bracket" if c == "\x1d" else c, c) for c in text]


def played(keys: list[Held], gap: float) -> list[Told]:
    burst, at, told = Burst(), 100.0, []
    for key in keys:
        told.append(burst.feed(key, at))
        at += gap
    told.append(burst.let_go(at + 1))
    return told


@pytest.mark.parametrize(
    "code", ["7032069804988", "20123451", "]e00197032069804981310300123510A-7\x1d3922840", "123456"]
)
@pytest.mark.parametrize("gap", [0.0, 0.001, 0.029])
def test_a_fast_burst_ending_in_enter_is_one_code(code: str, gap: float) -> None:
    told = played([*typed(code), ENTER], gap)
    assert [one.code for one in told if one.code] == [code]
    assert [key for one in told for key in one.keys] == []


@pytest.mark.parametrize("code", ["12345", "1", "0"])
def test_fewer_than_six_characters_were_typed(code: str) -> None:
    keys = [*typed(code), ENTER]
    told = played(keys, 0.001)
    assert [key for one in told for key in one.keys] == keys
    assert not any(one.code for one in told)


def test_fingers_are_slower_than_the_gap() -> None:
    keys = [*typed("7032069804988"), ENTER]
    told = played(keys, GAP_S + 0.001)
    assert [key for one in told for key in one.keys] == keys


def test_a_letter_or_another_key_is_never_held() -> None:
    burst = Burst()
    assert burst.feed(Held("a", "a"), 1.0) == Told((Held("a", "a"),))
    assert burst.feed(Held("f7", ""), 1.0) == Told((Held("f7", ""),))
    assert not burst.is_open


def test_a_digit_is_let_go_after_the_gap() -> None:
    burst, key = Burst(), Held("1", "1")
    assert burst.feed(key, 1.0) == Told()
    assert burst.let_go(0.999 + GAP_S) == Told()
    assert burst.let_go(1.001 + GAP_S) == Told((key,))
    assert burst.let_go(9.0) == Told()


KEYS = st.sampled_from([*typed("0159]aA-\x1d"), ENTER, Held("f7", ""), Held("plus", "+")])


@given(st.lists(st.tuples(KEYS, st.sampled_from([0.0, 0.01, 0.03, 0.031, 1.0])), max_size=30))
def test_every_key_comes_out_once_and_in_order(steps: list[tuple[Held, float]]) -> None:
    burst, at, out = Burst(), 0.0, list[str]()
    for key, gap in steps:
        at += gap
        told = burst.feed(key, at)
        out += [one.name for one in told.keys]
        if told.code:
            out += [one.name for one in typed(told.code)] + ["enter"]
    out += [one.name for one in burst.let_go(at + 1).keys]
    assert out == [key.name for key, _ in steps]


def test_with_a_scanner_a_burst_is_one_code_and_fingers_stay_keys() -> None:
    async def scene() -> tuple[list[str], list[KeyPressed]]:
        hand, codes = StageHand(views.selling()), list[str]()
        app = TillApp(hand, views.starting(), scan=codes.append)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            for name in (*"7032069804988", "enter"):
                app.post_message(TextualKey(name, name if len(name) == 1 else None))
            await pilot.pause()
            app.post_message(TextualKey("1", "1"))
            await pilot.pause(0.1)
            return codes, hand.pressed

    codes, pressed = played_scene(scene())
    assert codes == ["7032069804988"]
    assert pressed == [KeyPressed(Key.ITEM, "1")]


def test_without_a_scanner_a_digit_waits_for_nothing() -> None:
    hand = StageHand(views.selling())
    app = TillApp(hand, views.starting())
    assert app._burst is None
