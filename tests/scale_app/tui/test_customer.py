"""The customer's screen reads a real Unix socket and shows what the stallholder's screen shows."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from scale_app.cli.exits import Exit
from scale_app.customer import CustomerApp, read_view
from scale_app.tui.paint import row_text, row_width
from scale_app.tui.widgets.customer_face import customer_rows, instruction
from scale_app.tui.widgets.painted import Look
from scale_app.view import Links, LinkState, Stage, TillView
from scale_app.words import translator
from tests.scale_app.tui import views
from tests.scale_app.tui.stage_hand import LANGUAGES, played, screen_rows

GOLDENS = Path(__file__).parent / "goldens"
SMALL = (40, 11)
SIZES = (SMALL, (60, 15), (80, 24), (120, 40))


class Feed:
    """The till's end of the display feed: a socket that replays its last line on connect."""

    def __init__(self, path: Path) -> None:
        self.path, self.last, self.writers = path, b"", list[asyncio.StreamWriter]()

    async def _welcome(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        writer.write(self.last)

    async def open(self) -> None:
        self.server = await asyncio.start_unix_server(self._welcome, self.path)

    def say(self, line: bytes) -> None:
        self.last = line
        for writer in self.writers:
            writer.write(line)

    def show(self, view: TillView) -> None:
        self.say(msgspec.json.encode(view) + b"\n")

    async def close(self) -> None:
        self.server.close()
        for writer in self.writers:
            writer.close()
        self.writers.clear()
        self.path.unlink()


@asynccontextmanager
async def watching(feed: Feed, size: tuple[int, int] = SMALL) -> AsyncIterator[Pilot[None]]:
    async with CustomerApp(feed.path, "en").run_test(size=size) as pilot:
        yield pilot


async def shown(pilot: Pilot[None], word: str) -> str:
    """The screen's text once `word` stands on it; fails after 5 s."""
    for _try in range(100):
        text = "\n".join(screen_rows(pilot.app))
        if word in text:
            return text
        await pilot.pause(0.05)
    raise AssertionError(f"{word!r} never came:\n{text}")


def test_the_customer_sees_what_the_feed_says(tmp_path: Path) -> None:
    async def scene() -> str:
        feed = Feed(tmp_path / "feed.sock")
        await feed.open()
        feed.show(views.selling())
        async with watching(feed) as pilot:
            await shown(pilot, "TAP CARD")
            feed.show(views.paid())
            text = await shown(pilot, "PAID - THANK YOU")
        await feed.close()
        return text

    text = played(scene())
    for word in ("Apple", "MEMBER PRICE", "was 6.80", "balance 115.10", "saves 0.42", "gold"):
        assert word in text


def test_a_lost_feed_says_please_wait_and_shows_no_old_number_until_it_is_back(
    tmp_path: Path,
) -> None:
    async def scene() -> tuple[str, str]:
        feed = Feed(tmp_path / "feed.sock")
        async with watching(feed) as pilot:
            await shown(pilot, "PLEASE WAIT")
            await feed.open()
            feed.show(views.selling())
            await shown(pilot, "TAP CARD")
            await feed.close()
            away = await shown(pilot, "PLEASE WAIT")
            await feed.open()
            feed.show(views.empty())
            back = await shown(pilot, "WELCOME")
            await feed.close()
        return away, back

    away, _back = played(scene())
    assert "Apple" not in away
    assert "was 6.80" not in away
    assert "╺━╸╺━╸╺━╸" in away
    assert "LOST" not in away


def test_garbage_on_the_feed_is_passed_over(tmp_path: Path) -> None:
    async def scene() -> None:
        feed = Feed(tmp_path / "feed.sock")
        await feed.open()
        feed.show(views.selling())
        async with watching(feed) as pilot:
            await shown(pilot, "TAP CARD")
            for line in (b"\n", b"{}\n", b"\xff\xfe\n", b'{"stage":"dancing"}\n', b"[1]\n"):
                feed.say(line)
            feed.show(views.refused())
            await shown(pilot, "REFUSED - CASH PLEASE")
        await feed.close()

    played(scene())


def test_a_line_beyond_all_bounds_ends_the_connection_and_a_new_one_is_made(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        feed = Feed(tmp_path / "feed.sock")
        await feed.open()
        feed.show(views.selling())
        async with watching(feed) as pilot:
            await shown(pilot, "TAP CARD")
            feed.say(b"x" * (3 << 20))
            feed.last = msgspec.json.encode(views.paid()) + b"\n"
            await shown(pilot, "PAID - THANK YOU")
        await feed.close()

    played(scene())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", views.ALL)
def test_every_state_fits_and_fills_the_customers_window(
    name: str, size: tuple[int, int], language: str
) -> None:
    look = Look(*size, translator(language))
    rows = customer_rows(views.ALL[name](language), look)
    assert len(rows) == size[1]
    assert max(row_width(line) for line in rows) <= size[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["selling", "paid", "refused"])
def test_the_smallest_window_looks_as_committed(name: str, language: str) -> None:
    rows = customer_rows(views.ALL[name](language), Look(*SMALL, translator(language)))
    text = "\n".join(row_text(line).rstrip() for line in rows) + "\n"
    golden = GOLDENS / f"customer-{name}-40x11-{language}.txt"
    if os.environ.get("STEELYARD_SNAP"):
        golden.write_text(text, "utf-8")
    assert golden.read_text("utf-8") == text, "look at it, then renew with STEELYARD_SNAP=1"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in views.ALL if name != "full"])
def test_no_word_is_cut_on_the_smallest_window(name: str, language: str) -> None:
    rows = customer_rows(views.ALL[name](language), Look(*SMALL, translator(language)))
    assert [text for line in rows if "~" in (text := row_text(line))] == []


def test_cards_are_only_asked_for_when_they_work() -> None:
    view = views.selling()
    lost = replace(view, links=Links(net=LinkState.OFF, reader=LinkState.OK))
    assert instruction(view)[0] == "TAP CARD OR CASH"
    assert instruction(lost)[0] == "CASH"
    assert instruction(views.empty())[0] == "WELCOME"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_one_instruction_that_fits(stage: Stage, language: str) -> None:
    said = translator(language)(instruction(replace(views.selling(), stage=stage))[0])
    assert 0 < cell_len(said) <= SMALL[0]


def test_a_snapshot_survives_the_feed_whole() -> None:
    for make in views.ALL.values():
        assert read_view(msgspec.json.encode(make("zh_CN"))) == make("zh_CN")


def test_a_screen_in_a_pipe_is_refused_in_a_sentence(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-m", "scale_app", "display", "--feed", str(tmp_path / "feed.sock")],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False, text=True,
    )  # fmt: skip
    assert child.returncode == Exit.SETTINGS
    assert child.stdout == ""
    assert child.stderr == (
        "scale-app: The screen needs a terminal: start it in a window, not in a pipe.\n"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rounded_cash_sum_stands_on_the_customers_bar_until_it_is_paid(language: str) -> None:
    t = translator(language)
    look = Look(*SMALL, t)
    cash = t("in cash {amount}").format(amount="9999.95")
    selling = replace(views.ALL["selling"](language), cash_total="9999.95")
    for stage, is_shown in ((Stage.SELLING, True), (Stage.REFUSED, True), (Stage.PAID, False)):
        bar = row_text(customer_rows(replace(selling, stage=stage), look)[-1])
        assert (cash in bar) == is_shown, bar
    assert cash not in row_text(customer_rows(replace(selling, cash_total=""), look)[-1])
