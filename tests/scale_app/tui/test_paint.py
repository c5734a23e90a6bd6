"""Rows are measured in cells; nothing is ever wider than its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color

from scale_app.tui.colours import STYLES
from scale_app.tui.glyphs import ASCII, BLOCK, LINE, Font, big, biggest
from scale_app.tui.paint import (
    Ink,
    Span,
    box,
    centre,
    clip,
    fit,
    left,
    right,
    row,
    row_text,
    row_width,
    wrap,
)

TEXTS = st.text(
    st.one_of(
        st.characters(min_codepoint=32, max_codepoint=126),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    ),
    max_size=40,
)


@given(TEXTS, st.integers(0, 30))
def test_left_right_and_centre_are_exactly_as_wide_as_asked(text: str, width: int) -> None:
    assert [cell_len(shape(text, width)) for shape in (left, right, centre)] == [width] * 3


@given(st.lists(TEXTS, max_size=5), st.integers(0, 40))
def test_a_fitted_row_is_exactly_as_wide_as_asked(texts: list[str], width: int) -> None:
    assert row_width(fit([Span(text) for text in texts], width)) == width


@given(st.lists(TEXTS, max_size=8), TEXTS, st.integers(6, 40), st.integers(2, 12))
def test_a_box_is_exactly_as_large_as_asked(
    texts: list[str], title: str, width: int, height: int
) -> None:
    drawn = box([row(text) for text in texts], (width, height), title, title)
    assert [row_width(line) for line in drawn] == [width] * height


@given(TEXTS, st.integers(2, 30))
def test_wrapped_lines_fit(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


def test_a_name_is_cut_by_cells_and_the_cut_is_marked() -> None:
    assert clip("特级带皮五花肉", 14) == "特级带皮五花肉"
    assert clip("特级带皮五花肉", 9) == "特级带皮~"
    assert cell_len(clip("特级带皮五花肉", 8)) <= 8


def test_a_sentence_breaks_at_blanks_and_between_chinese_characters() -> None:
    assert wrap("Put goods on", 9) == ["Put goods", "on"]
    assert wrap("请收现金。谢谢", 10) == ["请收现金。", "谢谢"]


def test_borders_are_ascii() -> None:
    drawn = box([row("x")], (10, 3), "t", "f")
    assert "".join(row_text(line) for line in drawn).isascii()


@pytest.mark.parametrize("font", [LINE, ASCII, BLOCK], ids=["line", "ascii", "block"])
def test_every_number_of_a_till_can_be_drawn_in_every_font(font: Font) -> None:
    rows = big("-0123456789.5", font, 200)
    assert len(rows) == font.height
    assert len({cell_len(line) for line in rows}) == 1


@pytest.mark.parametrize("font", [ASCII, BLOCK], ids=["ascii", "block"])
def test_two_fonts_need_no_character_of_ambiguous_width(font: Font) -> None:
    assert all(line.isascii() for glyph in font.glyphs.values() for line in glyph)


def test_a_number_that_does_not_fit_is_not_drawn_big() -> None:
    assert big("1234567.89", LINE, 20) == ()
    assert big("1?", LINE, 20) == ()


def test_the_biggest_form_uses_the_room_and_leaves_room_for_its_neighbour() -> None:
    assert len(biggest("8", BLOCK, (80, 24))) == 20
    assert len(biggest("8", BLOCK, (80, 24), like="12345.67")) == 10
    assert biggest("8", BLOCK, (80, 4)) == ()


def _luminance(colour: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in colour.get_truecolor())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ink", [ink for ink in Ink if not ink.value.endswith("block")])
def test_every_ink_has_enough_contrast(ink: Ink) -> None:
    style = STYLES[ink]
    assert style.color is not None
    assert style.bgcolor is not None
    dark, light = sorted((_luminance(style.color), _luminance(style.bgcolor)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_ink_has_a_look() -> None:
    assert set(STYLES) == set(Ink)
