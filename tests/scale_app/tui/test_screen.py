"""The till's screen as its user sees it, at both sizes, in both languages, in every state."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.color import Color

from scale_app.events import Key, KeyPressed
from scale_app.tui.app import TillApp
from scale_app.tui.paint import row_width
from scale_app.tui.widgets.painted import Look, Painted
from scale_app.view import CardView, Message, Stage, TillView
from scale_app.words import translator
from tests.scale_app.tui import views
from tests.scale_app.tui.stage_hand import LANGUAGES, SIZES, StageHand, on_stage, played

GOLDENS = Path(__file__).parent / "goldens"
MAIN = ("many-keys", "empty", "selling", "paid", "refused", "offline")
REPORT = tuple(f"line {n:02} of the shift's report" for n in range(1, 41))


def widgets_that_overflow(widgets: list[Painted], view: TillView) -> list[str]:
    """Names of shown widgets whose rows are wider or more than their room."""
    guilty = []
    for widget in widgets:
        if not widget.size.width or not widget.size.height:
            continue
        look = Look(widget.size.width, widget.size.height, translator(view.language))
        rows = widget.paint(view, look)
        if len(rows) > look.height or any(row_width(line) > look.width for line in rows):
            guilty.append(type(widget).__name__)
    return guilty


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_state_overflows_its_place(size: tuple[int, int], language: str) -> None:
    async def scene() -> dict[str, object]:
        found: dict[str, object] = {}
        async with on_stage(views.starting(language), size) as stage:
            for name, make in views.ALL.items():
                rows = await stage.show(make(language))
                widgets = list(stage.app.screen.query(Painted))
                guilty = widgets_that_overflow(widgets, make(language))
                widths = {cell_len(line) for line in rows}
                if guilty or widths != {size[0]} or len(rows) != size[1]:
                    found[name] = (guilty, widths, len(rows))
        return found

    assert played(scene()) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_main_screens_are_as_committed(size: tuple[int, int], language: str) -> None:
    async def scene() -> dict[str, str]:
        shown = {}
        async with on_stage(views.starting(language), size) as stage:
            for name in MAIN:
                shown[name] = "\n".join(
                    line.rstrip() for line in await stage.show(views.ALL[name](language))
                )
            shown["help"] = "\n".join(line.rstrip() for line in await stage.press("f1"))
            shown["devices"] = "\n".join(line.rstrip() for line in await stage.press("f9"))
        return shown

    different = []
    for name, text in played(scene()).items():
        golden = GOLDENS / f"{name}-{size[0]}x{size[1]}-{language}.txt"
        if os.environ.get("STEELYARD_SNAP"):
            golden.write_text(text + "\n", "utf-8")
        if not golden.exists() or golden.read_text("utf-8") != text + "\n":
            different.append(golden.name)
    assert different == [], "look at them, then renew with STEELYARD_SNAP=1"


def scene_rows(view: TillView, size: tuple[int, int] = (80, 24), *keys: str) -> str:
    async def scene() -> str:
        async with on_stage(view, size) as stage:
            return "\n".join(await stage.press(*keys) if keys else await stage.rows())

    return played(scene())


@pytest.mark.parametrize("size", [(80, 24), (110, 30)])
def test_a_city_card_shows_number_validity_balance_and_its_last_ten(size: tuple[int, int]) -> None:
    records = tuple((f"2026-11-{day:02d} 08:15", f"-{day}.00") for day in range(20, 10, -1))
    card = CardView("****9985", "", "2040-12-31", "71.03", records=records)
    shown = scene_rows(replace(views.empty(), card=card), size)
    for told in ("****9985", "2040-12-31", "71.03", "LAST ON THIS CARD"):
        assert told in shown
    assert [f"11-{day} 08:15 -{day}.00" in shown for day in range(11, 21)] == [True] * 10


def test_nothing_is_called_lost_before_it_was_tried() -> None:
    shown = scene_rows(views.starting())
    assert "LOST" not in shown
    assert "lost" not in shown
    assert "WAIT" in shown


@pytest.mark.parametrize("name", ["scale-lost", "not-ready"])
def test_a_scale_that_is_lost_shows_dashes_and_its_word_never_zero(name: str) -> None:
    shown = scene_rows(views.ALL[name]())
    assert "SCALE LOST" in shown
    assert "━╸╺━╸╺━" in shown
    assert "0.000" not in shown
    assert "┏━┓ ┏━┓┏━┓┏━┓" not in shown


@pytest.mark.parametrize("size", SIZES)
def test_both_prices_stand_on_the_screen_while_a_members_card_is_known(
    size: tuple[int, int],
) -> None:
    shown = scene_rows(views.selling(), size)
    assert "MEMBER PRICE was 6.80" in shown
    assert "without card 17.72" in shown
    assert "saves 0.42" in shown


def test_an_empty_basket_says_what_to_do() -> None:
    assert "Put goods on, press the item's key." in scene_rows(views.empty())
    assert "放上货物, 按商品键。" in scene_rows(views.empty("zh_CN"))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_ever_covers_the_three_numbers(size: tuple[int, int]) -> None:
    tall = 8 if size[1] >= 34 else 6

    async def scene() -> tuple[list[str], list[str]]:
        async with on_stage(views.selling(), size) as stage:
            numbers = (await stage.rows())[1 : 1 + tall]
            covered: list[str] = []
            for page in ("f1", "f9", "backspace"):
                await stage.press(page)
                for make in (views.paid, views.refused, views.guard, views.asking):
                    shown = (await stage.show(make()))[1 : 1 + tall]
                    covered += [] if shown == numbers else [f"{page} {make.__name__}"]
                await stage.show(views.selling())
            return numbers, covered

    numbers, covered = played(scene())
    assert "WEIGHT" in numbers[0]
    assert covered == []


def test_a_result_says_its_word_big_and_the_reason_in_words() -> None:
    paid = scene_rows(views.paid("zh_CN"))
    assert "已  付  款" in paid
    assert "卡付 17.30, 余额 115.10" in paid
    assert "###  #### #### #  #  ### #### ###" in scene_rows(views.refused())


def test_letters_keep_their_names_where_prices_do_not_fit() -> None:
    shown = scene_rows(views.many_keys())
    assert [key for key in "abcdefghijk" if f"{key} Tomatoes" not in shown] == []
    assert "a Tomatoes                 13.80/500g" in scene_rows(views.many_keys(), (120, 40))


def test_the_keypads_top_row_is_the_grids_top_row() -> None:
    rows = scene_rows(views.selling()).splitlines()
    tops = [next(y for y, line in enumerate(rows) if f"|{key} " in line[:38]) for key in "741"]
    assert tops == sorted(tops)


def test_a_burst_of_snapshots_is_drawn_once_and_the_newest_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def scene() -> tuple[str, int]:
        async with on_stage(views.empty(), (80, 24)) as stage:
            drawn: list[TillView] = []
            draw = stage.app._draw

            def counting(view: TillView) -> None:
                drawn.append(view)
                draw(view)

            monkeypatch.setattr(stage.app, "_draw", counting)
            for grams in range(500):
                stage.hand.on_view(replace(views.selling(), clock=f"{grams:03}"))
            rows = await stage.rows()
            return rows[0], len(drawn)

    first, draws = played(scene())
    assert first.rstrip().endswith("499")
    assert draws <= 2


def test_keys_go_to_the_core_in_their_order() -> None:
    async def scene() -> list[KeyPressed]:
        async with on_stage(views.selling(), (80, 24)) as stage:
            await stage.press(
                "1", "g", "minus", "add", "enter", "z", "ctrl+p", "end", "tab", "ctrl+l", "f10"
            )
            return stage.hand.pressed

    expected = [KeyPressed(Key.ITEM, "1"), KeyPressed(Key.ITEM, "g")]
    fixed = (Key.DELETE_LINE, Key.PAY, Key.ENTER, Key.ROUND_OFF, Key.LABEL, Key.LABEL, Key.QUIT)
    expected += [KeyPressed(k) for k in fixed]
    assert played(scene()) == expected


def test_a_page_is_left_by_backspace_and_an_item_key_sells_from_it() -> None:
    async def scene() -> tuple[list[str], list[KeyPressed]]:
        async with on_stage(views.selling(), (80, 24)) as stage:
            keys = ("f1", "backspace", "f9", "escape", "f1", "1")
            titles = [(await stage.press(key))[7][:12] for key in keys]
            return titles, stage.hand.pressed

    titles, pressed = played(scene())
    items, help_page, devices = "+- ITEMS ---", "+- KEYS ----", "+- DEVICES -"
    assert titles == [help_page, items, devices, items, help_page, items]
    assert pressed == [KeyPressed(Key.ITEM, "1")]


def test_the_shift_report_opens_by_itself_scrolls_and_its_question_reaches_the_core() -> None:
    shown = replace(views.empty(), receipt=REPORT, message=Message("x-shown"))
    asked = replace(
        shown,
        stage=Stage.GUARD,
        message=Message("close-shift", params={"shift": "7", "total": "9"}),
    )

    async def scene() -> tuple[str, str, str, list[KeyPressed], str]:
        async with on_stage(views.empty(), (80, 24)) as stage:
            first = "\n".join(await stage.show(shown))
            later = "\n".join(await stage.press(*["down"] * 20))
            guard = "\n".join(await stage.show(asked))
            await stage.press("backspace")
            await stage.show(shown)
            left = "\n".join(await stage.press("backspace"))
            return first, later, guard, stage.hand.pressed, left

    first, later, guard, pressed, left = played(scene())
    assert "line 01" in first
    assert "line 22" in first
    assert "line 40" in later
    assert "line 01" not in later
    assert "Close shift 7 with 9?" in guard
    assert pressed == [KeyPressed(Key.BACK), KeyPressed(Key.BACK)]
    assert "ITEMS" in left


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10), (20, 3)])
def test_a_window_that_is_too_small_says_so_and_sells_nothing(size: tuple[int, int]) -> None:
    async def scene() -> tuple[str, list[KeyPressed]]:
        async with on_stage(views.selling(), size) as stage:
            rows = await stage.press("1", "enter", "f10")
            return " ".join(" ".join(rows).split()), stage.hand.pressed

    shown, pressed = played(scene())
    assert shown.startswith(f"This window is {size[0]}x{size[1]}; the till needs 80x24.")
    assert pressed == [KeyPressed(Key.QUIT)]


def test_goodbye_ends_the_screen() -> None:
    async def scene() -> bool:
        async with on_stage(views.selling(), (80, 24)) as stage:
            stage.hand.on_view(replace(views.selling(), message=Message("goodbye")))
            await stage.pilot.pause(0.1)
            return stage.app.is_running

    assert played(scene()) is False


def test_without_colours_every_word_is_still_there(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = scene_rows(views.refused())
    monkeypatch.setenv("NO_COLOR", "1")

    async def scene() -> tuple[str, set[Color]]:
        async with on_stage(views.refused(), (80, 24)) as stage:
            rows = "\n".join(await stage.rows())
            strips = stage.app.screen._compositor.render_strips()
            styles = [part.style for strip in strips for part in strip if part.style]
            colours = {Color.from_rich_color(s.color) for s in styles if s.color is not None}
            return rows, colours

    plain, colours = played(scene())
    assert plain == coloured
    assert all(colour.r == colour.g == colour.b for colour in colours)
    assert len(colours) > 1


def test_the_core_is_started_behind_the_first_frame_and_only_once() -> None:
    class Counting(StageHand):
        starts = 0

        def start(self, on_view: Callable[[TillView], None]) -> None:
            type(self).starts += 1
            super().start(on_view)

    async def scene() -> int:
        hand = Counting(views.selling())
        app = TillApp(hand, views.starting())
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.resize_terminal(120, 40)
            await pilot.pause()
        return Counting.starts

    assert played(scene()) == 1
