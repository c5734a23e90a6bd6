"""kill -9 of the till or the office at a piece of their talk: real processes, each its own.

A piece that the till has sent is carried on although the till is dead, as a network would; the
office dies before it gets the piece, or just after it has answered. The first pieces in every run,
every piece of a sale with STEELYARD_KILLS=100 or more.
"""

import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fixtures.feed import NotSeen
from tests.backoffice.test_live import rows
from tests.scale_app.test_whole_till import Stall, paid

ALL = int(os.environ.get("STEELYARD_KILLS", "0")) >= 100
PIECES = {"till": range(1, 40) if ALL else (1, 2), "office": range(1, 40) if ALL else (2,)}
EGG = 98
READY_S = 3.0


@pytest.fixture(scope="module")
def stall() -> Iterator[Stall]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = Stall(Path(folder))
        try:
            yield found
        finally:
            found.close()


class Killer:
    """Kills a process at the nth piece, in the thread that carries it."""

    def __init__(self, pid: int, at: int) -> None:
        self.pid, self.left, self.was_up = pid, at, False

    def __call__(self, is_up: bool) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(self.pid, signal.SIGKILL)
            self.was_up = is_up

    @property
    def has_killed(self) -> bool:
        return self.left <= 0


def booked(stall: Stall) -> dict[int, int]:
    """Totals of the sales in the books, by receipt number."""
    found = rows(stall.office, "SELECT receipt, total FROM sale ORDER BY receipt")
    assert len({number for number, _ in found}) == len(found), "a receipt is booked twice"
    return dict(found)  # type: ignore[arg-type]


def sell_by_card(stall: Stall) -> None:
    """One piece by card, as far as it goes while somebody dies."""
    with contextlib.suppress(NotSeen, AssertionError, OSError):
        stall.key("item 9")
        stall.feed.wait(lambda v: v["stage"] == "selling" and v["lines"], "a line", wait_s=2)
        stall.tap()
        stall.feed.wait(paid, "paid", wait_s=2)
        stall.feed.wait(lambda v: v["links"]["unsent"] == 0, "sent", wait_s=2)


def again(stall: Stall, victim: str) -> float:
    """Whoever died is started; what was begun is ended for cash; everything is sent.

    Returns:
        Seconds from the start of the process to a till that sells, or an office that serves.
    """
    begun = time.monotonic()
    if victim == "till":
        stall.till.wait(5)
        stall.start()
    else:
        stall.office.kill_office()
        stall.office.start_office()
    stall.feed.wait(lambda v: v["stage"] in ("selling", "paid", "refused"), "the till", wait_s=20)
    ready_s = time.monotonic() - begun
    stall.pull()
    if stall.feed.view["lines"] and stall.feed.view["stage"] != "paid":
        stall.key("enter")
        stall.feed.wait(paid, "paid in cash", wait_s=5)
    stall.feed.wait(
        lambda v: v["links"]["net"] == "ok" and v["links"]["unsent"] == 0, "all sent", wait_s=40
    )
    return ready_s


@pytest.mark.timeout(600)
@pytest.mark.parametrize("victim", PIECES)
def test_a_kill_at_a_piece_of_the_talk_loses_nothing_and_charges_nobody_twice(
    stall: Stall, victim: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ready: list[float] = []
    for at in PIECES[victim]:
        stall.ready()
        before, balance = booked(stall), stall.balance()
        killer = Killer(stall.till.pid if victim == "till" else stall.office.office_pid, at)
        stall.link.on_piece = killer
        sell_by_card(stall)
        stall.link.on_piece = None
        if not killer.has_killed:
            break
        ready.append(again(stall, victim))
        after = booked(stall)
        assert len(after) == len(before) + 1, f"{victim} at {at}: the egg was sold once"
        by_card = balance - stall.balance()
        [(cash,)] = rows(
            stall.office, "SELECT coalesce(sum(amount), 0) FROM sale_tender WHERE kind = 1"
        )
        assert isinstance(cash, int)
        assert by_card in (0, EGG), f"{victim} at {at}"
        assert sum(after.values()) == cash + 5000 - stall.balance(), f"{victim} at {at}"
        for number, total in stall.feed.receipts.items():
            assert after[number] == Decimal(total) * 100, f"receipt {number} was shown as paid"
        stall.office.command("report", "check")
    assert ready, "nobody was killed: this proves nothing"
    if ALL:
        with capsys.disabled():
            sys.stdout.write(f"\n{victim}: {len(ready)} kills, ready after {max(ready):.1f} s\n")
        assert max(ready) < READY_S
