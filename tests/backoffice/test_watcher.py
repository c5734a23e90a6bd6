"""A program with the watcher's certificate hears alerts at a real broker, and nothing else."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.client import Arrived, Link, LinkSettings
from tests.backoffice.wire_scale import WireScale
from tests.backoffice.world import cash_sale, new_op
from tests.running import RunningOffice

WAIT_S = 30


@pytest.fixture
def office(tmp_path: Path) -> Iterator[RunningOffice]:
    with RunningOffice(tmp_path, terminals=1) as made:
        yield made


def test_the_watcher_hears_an_alert_and_no_sales(office: RunningOffice, tmp_path: Path) -> None:
    folder = tmp_path / "watcher"
    office.command("broker", "watcher", "--out", str(folder))
    heard: queue.Queue[Arrived] = queue.Queue()
    up = threading.Event()
    link = Link(
        LinkSettings(
            "127.0.0.1", office.port, "watcher", folder / "ca.pem", folder / "watcher.pem",
            folder / "watcher.key", (("e/a", 1), ("u/#", 1), ("d/#", 1)),
        ),
        heard.put,
        lambda is_up, _why: up.set() if is_up else None,
    )  # fmt: skip
    link.start()
    assert up.wait(WAIT_S)
    scale = WireScale(office.enrolment(office.names[0]), office.port, office.names[0])
    scale.sign_on()
    scale.publish("s", scale.book.paid(new_op(), cash_sale()))
    scale.told("k")
    scale.book.prev = bytes(range(16))
    scale.publish("s", scale.book.paid(new_op(), cash_sale()))
    scale.told("k")
    end = time.monotonic() + WAIT_S
    topics: set[str] = set()
    words: list[str] = []
    while not words:
        one = heard.get(timeout=max(0.1, end - time.monotonic()))
        topics.add(one.topic)
        if one.topic == "e/a":
            words.append(json.loads(one.payload)["word"])
    assert words == ["chain-broken"]
    assert topics == {"e/a"}, "neither sales nor receipts reach the watcher"
    scale.stop()
    link.stop()
