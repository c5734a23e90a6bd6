"""kill -9 of till, back-office and broker at random moments while sales go on.

10 kills of each; STEELYARD_KILLS=100 for the long run. What was shown as paid is in the books
exactly once, the ledger sums to zero, and the scale has nothing left to send.
"""

import contextlib
import itertools
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from fixtures.agreement import sales_in_books
from fixtures.commands import CommandFailed, Office
from fixtures.feed import NotSeen
from fixtures.orders import OrderRefused
from fixtures.roll import pid_of
from fixtures.stall import Stall
from tests.journeys.open_market import OpenMarket, market_directory

KILLS = int(os.environ.get("STEELYARD_KILLS", "10"))
SEED = int(os.environ.get("STEELYARD_SEED", "20261124"))
VICTIMS = ("till", "office", "broker")
BACK_WITHIN_S = 20.0
PIECES = itertools.cycle("897j")
"""Piece goods in turn: the same key twice within moments counts as one press."""
OPEN = ("selling", "paid", "refused")


@pytest.fixture
def market() -> Iterator[OpenMarket]:
    with market_directory() as directory:
        it = OpenMarket(directory)
        try:
            it.open()
            yield it
        finally:
            it.close()


class Killer(threading.Thread):
    """Kills each victim so many times, at random moments, one at a time."""

    def __init__(self, market: OpenMarket) -> None:
        super().__init__(name="killer", daemon=True)
        self.places = market.places
        self.chance = random.Random(SEED)
        self.victims = list(VICTIMS) * KILLS
        self.chance.shuffle(self.victims)
        self.killed = 0
        self.trouble = ""

    def run(self) -> None:
        for victim in self.victims:
            time.sleep(self.chance.uniform(0.1, 1.2))
            pid = pid_of(self.places, victim)
            if not pid:
                self.trouble = f"{victim} was not running"
                return
            os.kill(pid, signal.SIGKILL)
            self.killed += 1
            if not self._is_back(victim, pid):
                self.trouble = f"{victim} did not come back"
                return

    def _is_back(self, victim: str, old: int) -> bool:
        end = time.monotonic() + BACK_WITHIN_S
        while pid_of(self.places, victim) in (0, old):
            if time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True


def try_one_sale(stall: Stall, chance: random.Random) -> None:
    """Something by the piece for cash or by card; whatever a kill makes of it."""
    stall.wait(lambda view: view["stage"] in OPEN, "a till that can sell", wait_s=BACK_WITHIN_S)
    before = stall.feed.view.get("receipt_number", 0)
    stall.keys(next(PIECES))
    stall.wait(lambda view: view["stage"] == "selling" and view["lines"], "a line", wait_s=2)
    if chance.random() < 0.5:
        stall.tap(chance.choice(("stored", "both")))
        with contextlib.suppress(NotSeen):
            stall.wait(
                lambda view: view["stage"] == "paid" and view["receipt_number"] > before,
                "paid by card",
                wait_s=2,
            )
            return
    stall.keys("Enter")
    stall.wait(lambda view: view["receipt_number"] > before, "paid in cash", wait_s=2)


@pytest.mark.timeout(60 + 12 * KILLS)
def test_nothing_is_lost_or_doubled_when_till_office_and_broker_are_killed(
    market: OpenMarket,
) -> None:
    stall = Stall(market.places)
    chance = random.Random(SEED + 1)
    killer = Killer(market)
    try:
        stall.wait(lambda view: view["stage"] == "selling", "the till", wait_s=30)
        killer.start()
        while killer.is_alive():
            with contextlib.suppress(NotSeen, OrderRefused):
                try_one_sale(stall, chance)
            with contextlib.suppress(OrderRefused):
                stall.pull()
        assert killer.trouble == ""
        assert killer.killed == len(VICTIMS) * KILLS
        stall.wait(
            lambda view: (
                view["stage"] in OPEN
                and view["links"]["net"] == "ok"
                and view["links"]["unsent"] == 0
            ),
            "everything to be sent",
            wait_s=60,
        )
        compare_books(market, stall)
    finally:
        stall.close()


def compare_books(market: OpenMarket, stall: Stall) -> None:
    booked = sales_in_books(market.places)
    receipts = [receipt for receipt, _total in booked]
    assert len(receipts) == len(set(receipts)), "a receipt is booked twice"
    assert receipts == list(range(1, len(receipts) + 1)), "receipt numbers have gaps"
    totals = dict(booked)
    for receipt, total in stall.feed.receipts.items():
        assert totals.get(receipt) == Decimal(total), f"receipt {receipt} was shown as paid"
    try:
        Office(market.places).run("report", "check")
    except CommandFailed as failed:
        pytest.fail(str(failed))
    assert len(receipts) >= KILLS, "hardly anything was sold: the journey proves nothing"
