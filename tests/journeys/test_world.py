"""The devices' process: real pty, real pcscd, real sockets; nothing of it stays."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.orders import OrderLine, OrderRefused, State
from fixtures.places import Places
from tests.journeys.open_market import CHECKOUT, market_directory, processes_of


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with market_directory() as directory:
        words = (sys.executable, "-m", "fixtures", "world", str(directory), "9", "0")
        with subprocess.Popen(words, cwd=CHECKOUT, stdin=subprocess.DEVNULL) as world:
            yield Places(directory)
            world.terminate()
            assert world.wait(10) == 0
        assert processes_of(directory) == []
        assert not Places(directory).world_socket.exists()
        assert not Places(directory).scale.is_symlink()


@pytest.fixture
def line(places: Places) -> Iterator[OrderLine]:
    with OrderLine(places.world_socket) as it:
        yield it


def comes(line: OrderLine, is_so: Callable[[State], bool]) -> bool:
    """True when the devices get there within five seconds."""
    end = time.monotonic() + 5
    while not is_so(line.ask("state")):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_goods_add_up_on_the_pan_until_they_are_taken_off(line: OrderLine) -> None:
    assert line.ask("put", g=500)["pan_g"] == 500
    assert line.ask("put", g=735)["pan_g"] == 1235
    assert line.ask("take_off")["pan_g"] == 0


def test_an_unplugged_scale_has_no_port_until_it_is_plugged_in(
    line: OrderLine, places: Places
) -> None:
    assert places.scale.exists()
    assert line.ask("unplug")["plugged"] is False
    assert not places.scale.exists()
    assert line.ask("replug")["plugged"] is True
    assert places.scale.exists()


def test_a_card_lies_on_the_reader_until_it_is_pulled(line: OrderLine) -> None:
    assert line.ask("tap", card="member")["card"] == "member"
    assert line.ask("pull")["card"] == ""


def test_a_short_tap_ends_by_itself(line: OrderLine) -> None:
    line.ask("tap", card="stored", hold_s=0.2)
    assert comes(line, lambda state: state["card"] == "")


def test_a_killed_card_daemon_comes_back(line: OrderLine) -> None:
    first = line.ask("state")["pcscd"]
    line.ask("kill_reader")
    assert comes(line, lambda state: state["pcscd"] not in (0, first))
    assert line.ask("tap", card="member")["card"] == "member"
    line.ask("pull")


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"do": "put"}, "grams"),
        ({"do": "put", "g": 1.5}, "grams"),
        ({"do": "put", "g": True}, "grams"),
        ({"do": "put", "g": 10**9}, "grams"),
        ({"do": "wobble", "seconds": -1}, "seconds"),
        ({"do": "tap", "card": "nobody's"}, "no card"),
        ({"do": "tap", "card": ["member"]}, "no card"),
        ({"do": "net", "to": "moon"}, "restore"),
        ({"do": "dance"}, "unknown order"),
        ({"do": ["put"]}, "unknown order"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_in_a_sentence(
    line: OrderLine, order: dict[str, object], word: str
) -> None:
    words = dict(order)
    with pytest.raises(OrderRefused, match=word):
        line.ask(words.pop("do"), **words)  # type: ignore[arg-type]
    assert line.ask("state")["pan_g"] == 0


def test_the_card_files_lie_in_the_markets_own_directory(places: Places, line: OrderLine) -> None:
    line.ask("tap", card="member")
    line.ask("pull")  # puts the cards away, too
    written = {path.suffix for path in Path(places.cards).iterdir()}
    assert written - {".new"} == {".hex"}, "a .new is on its way to a .hex"
