"""The feed of the customer's screen."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scale_app.display import MAX_READERS, DisplayFeed, view_of
from scale_app.view import Stage, TillView


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[DisplayFeed]:
    found = DisplayFeed(tmp_path / "display.sock")
    found.open()
    yield found
    found.close()


def reader(feed: DisplayFeed) -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    found.settimeout(3)
    found.connect(str(feed._path))
    return found


def line(found: socket.socket) -> TillView:
    text = b""
    while not text.endswith(b"\n"):
        text += found.recv(1 << 16)
    return view_of(text)


def test_a_screen_that_comes_late_gets_the_last_view_at_once(feed: DisplayFeed) -> None:
    view = TillView(stage=Stage.PAID, total="15.80", product="苹果")
    feed.publish(view)
    with reader(feed) as screen:
        assert line(screen) == view
        feed.publish(TillView(total="1.00"))
        assert line(screen).total == "1.00"


def test_a_screen_that_does_not_read_is_dropped_and_nobody_waits(feed: DisplayFeed) -> None:
    view = TillView(receipt=("x" * 900,) * 100)
    feed.publish(view)
    with reader(feed) as asleep, reader(feed) as awake:
        time.sleep(0.1)
        line(awake)
        began = time.monotonic()
        for _ in range(30):
            feed.publish(view)
            line(awake)
        assert time.monotonic() - began < 3
        assert feed.dropped == 1
        assert asleep.fileno() >= 0


def test_the_number_of_screens_is_bounded(feed: DisplayFeed) -> None:
    feed.publish(TillView())
    screens = [reader(feed) for _ in range(MAX_READERS)]
    for screen in screens:
        line(screen)
    with reader(feed) as one_more:
        assert one_more.recv(1) == b""
    for screen in screens:
        screen.close()


def test_a_socket_left_by_a_killed_till_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "display.sock"
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    left.bind(str(path))
    left.close()
    feed = DisplayFeed(path)
    feed.open()
    feed.publish(TillView(total="2.00"))
    with reader(feed) as screen:
        assert line(screen).total == "2.00"
    feed.close()
    assert not path.exists()


def test_what_is_no_view_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        view_of(b"nonsense\n")
