"""The demo as a newcomer meets it: it opens, plays a morning that agrees, and leaves nothing."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.feed import Feed
from fixtures.roll import roll_call
from tests.journeys.open_market import CHECKOUT, OpenMarket, market_directory, processes_of

DEMO = (sys.executable, "-m", "fixtures", "demo")
SECOND_START_S = 5.0


@pytest.fixture
def directory() -> Iterator[Path]:
    with market_directory() as root:
        yield root


@pytest.fixture(scope="module")
def kept() -> Iterator[Path]:
    """A market that is prepared once for all tests that only open it."""
    with market_directory() as root:
        yield root


@pytest.fixture
def market(kept: Path) -> Iterator[OpenMarket]:
    it = OpenMarket(kept)
    yield it
    it.close()


def until(is_so: Callable[[], bool], wait_s: float = 10.0) -> bool:
    end = time.monotonic() + wait_s
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def sockets_in(root: Path) -> list[str]:
    return [str(path) for path in root.rglob("*") if path.is_socket()]


@pytest.mark.timeout(300)
def test_a_morning_played_by_itself_agrees_everywhere_and_leaves_nothing(directory: Path) -> None:
    done = subprocess.run(
        (*DEMO, "--auto", "--dir", str(directory)),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    assert "all agree" in done.stdout
    assert processes_of(directory) == []
    assert sockets_in(directory) == []


@pytest.mark.timeout(120)
def test_a_second_start_is_quick_keeps_the_books_and_leaves_nothing(market: OpenMarket) -> None:
    root = market.places.root
    market.open()
    assert {row["name"] for row in roll_call(market.places)} >= {"till", "office", "broker"}
    assert market.close() == 0
    assert processes_of(root) == []
    assert sockets_in(root) == []
    began = time.monotonic()
    market.open()
    feed = Feed(market.places.feed)
    try:
        feed.wait(lambda view: view["stage"] == "selling", "a till that sells", wait_s=10)
        took = time.monotonic() - began
    finally:
        feed.close()
    assert took < SECOND_START_S
    assert market.close() == 0
    assert processes_of(root) == []


@pytest.mark.timeout(120)
def test_a_demo_killed_the_hard_way_leaves_no_process(market: OpenMarket) -> None:
    market.open()
    assert processes_of(market.places.root)
    market.close(signal.SIGKILL)
    assert until(lambda: processes_of(market.places.root) == [])
    market.open()
    assert market.close() == 0


def test_without_a_terminal_the_demo_says_what_to_do_instead(directory: Path) -> None:
    done = subprocess.run(
        (*DEMO, "--dir", str(directory)),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "--auto" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_terminal_too_small_is_said_in_one_sentence(directory: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            (*DEMO, "--dir", str(directory)),
            cwd=CHECKOUT,
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env={**os.environ, "COLUMNS": "79", "LINES": "24"},
            text=True,
            timeout=30,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert "too small: 79x24" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_path_too_long_for_unix_sockets_is_said_in_one_sentence(directory: Path) -> None:
    done = subprocess.run(
        (*DEMO, "--auto", "--dir", str(directory / ("x" * 80))),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 78
    assert "too long" in done.stderr


@pytest.mark.parametrize("after_s", [0.3, 1.5])
def test_ctrl_c_while_the_market_is_prepared_ends_it_decently(
    directory: Path, after_s: float
) -> None:
    with subprocess.Popen(
        (*DEMO, "--headless", "--dir", str(directory)),
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as demo:
        time.sleep(after_s)
        demo.send_signal(signal.SIGINT)
        _, talk = demo.communicate(timeout=20)
    assert demo.returncode == 130, talk
    assert "Traceback" not in talk
    assert "stopped" in talk
    assert processes_of(directory) == []
