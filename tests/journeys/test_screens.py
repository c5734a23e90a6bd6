"""How till, bench and customer's screen share a terminal, on a real private tmux server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest
from rich.cells import cell_len

from fixtures.bench import ACTS, picture
from fixtures.bench_words import CHINESE, words
from fixtures.children import tied
from fixtures.multiplexer import Layout, Multiplexer, Pane, PaneEnd, ask_tmux, layout_for

SLEEPER = ("sleep", "60")
STATE = {
    "pan_g": 15_050,
    "plugged": False,
    "card": "both",
    "net": "stall",
    "connections": 12,
    "bytes_up": 123_456_789,
    "bytes_down": 987_654_321,
    "pcscd": 0,
}


@contextmanager
def opened(directory: Path, size: tuple[int, int], *words: str) -> Iterator[Multiplexer]:
    it = Multiplexer(directory / "t", *size)
    (directory / "conf").write_text(it.configuration())
    with subprocess.Popen(tied(it.server_words(directory / "conf"))) as server:
        end = monotonic() + 10
        while not it.is_up():
            assert monotonic() < end
            sleep(0.02)
        it.open(Pane("till", words or SLEEPER), Pane("bench", SLEEPER), Pane("customer", SLEEPER))
        yield it
        server.terminate()


@pytest.mark.parametrize(
    ("columns", "rows", "layout"),
    [
        (80, 24, Layout.WINDOWS),
        (119, 60, Layout.WINDOWS),
        (120, 24, Layout.BESIDE),
        (120, 40, Layout.ALL),
    ],
)
def test_the_layout_follows_the_size_of_the_terminal(
    columns: int, rows: int, layout: Layout
) -> None:
    assert layout_for(columns, rows) is layout


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 24), (120, 40), (200, 60)])
def test_the_till_always_has_its_80_by_24_and_the_bench_its_39(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    with opened(tmp_path, size) as it:
        form = "#{pane_id} #{pane_width} #{pane_height}"
        rows = [
            row.split() for row in ask_tmux(it.socket, "list-panes", "-a", "-F", form).splitlines()
        ]
        sizes = {row[0]: (int(row[1]), int(row[2])) for row in rows}
        till, bench = (sizes[it.panes[name].target] for name in ("till", "bench"))
        assert till >= (80, 24)
        assert till[0] == (80 if it.layout is not Layout.WINDOWS else size[0])
        assert bench >= (39, 24)


def test_a_program_that_ends_is_seen_with_its_code_and_can_run_again(tmp_path: Path) -> None:
    with opened(tmp_path, (80, 24), "sh", "-c", "exit 3") as it:
        end = monotonic() + 5
        while not it.ends():
            assert monotonic() < end
            sleep(0.02)
        assert it.ends() == [PaneEnd("till", 3)]
        old = it.pids()["till"]
        it.again("till")
        while it.pids()["till"] == old or not it.ends():
            assert monotonic() < end
            sleep(0.02)
        assert it.ends() == [PaneEnd("till", 3)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bench_fits_39_columns_and_24_rows_at_its_worst(language: str) -> None:
    names = ("devices", "broker", "office", "screens", "till", "bench", "customer")
    roll = [{"name": name, "pid": 4_194_304, "restarts": 100} for name in names]
    rows = picture(STATE, roll, "x" * 100, words(language)).plain.split("\n")
    assert len(rows) <= 24
    assert max(cell_len(row) for row in rows) <= 39


def test_every_act_of_the_bench_has_its_chinese() -> None:
    assert {act.label for act in ACTS.values()} <= set(CHINESE)
