"""The back-office is restored from the backup taken when the market opened; nothing is missing."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from fixtures.commands import Office
from fixtures.market import wares
from fixtures.roll import pid_of
from fixtures.stall import Stall
from tests.journeys.aftermath import balance_of, books_agree, money_is_right
from tests.journeys.open_market import OpenMarket, market_directory
from tests.journeys.test_bad_input_market import card_number

BAG = wares()[9]


@pytest.fixture
def stall() -> Iterator[Stall]:
    with market_directory() as directory:
        market = OpenMarket(directory)
        try:
            market.open()
            made = Stall(market.places)
            try:
                yield made
            finally:
                made.close()
        finally:
            market.close()


def restored(stall: Stall, backup: str) -> None:
    """`backoffice restore` while the supervisor starts the killed server again and again."""
    words = Office(stall.places).words("restore", backup)
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as restore:
        end = time.monotonic() + 60
        while restore.poll() is None and time.monotonic() < end:
            pid = pid_of(stall.places, "office")
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)
        said = restore.stderr.read() if restore.stderr else ""
        assert restore.wait(1) == 0, said


def close_shift(stall: Stall) -> None:
    """The Z, by three keys."""
    stall.keys("F8")
    stall.says("x-shown")
    stall.keys("F8")
    stall.says("close-shift")
    stall.keys("Enter")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("is_cut", [True, False])
def test_an_old_backup_is_restored_and_money_is_right_to_the_fen(
    stall: Stall, is_cut: bool
) -> None:
    office = Office(stall.places)
    backup = str(stall.places.root / "began.db")
    stall.wait(lambda view: view["stage"] == "selling", "the till", wait_s=30)
    stall.pieces(BAG, 1)
    stall.pay_cash()
    money_is_right(stall)
    office.run("backup", backup)

    stall.pieces(BAG, 2)
    stall.pay_card("stored")
    stall.pull()
    number = card_number(stall, "stored")
    before = balance_of(stall.places, number)
    office.run("card", "topup", number, "7.00")
    if is_cut:
        stall.devices.ask("net", to="cut")
    for count in range(1, 6):
        stall.pieces(BAG, count)
        if count % 2:
            stall.pay_cash()
        else:
            stall.pay_card("purse")
    restored(stall, backup)
    if is_cut:
        stall.devices.ask("net", to="restore")
    else:
        # The link never broke: the next sale shows the till that the office forgot.
        stall.pieces(BAG, 1)
        stall.pay_cash()
    stall.until(lambda: balance_of(stall.places, number) == before + Decimal(7), "the balance")
    stall.until(
        lambda: len(stall.feed.receipts) == int(office.ask("report", "check")["counted"]["sales"]),
        "all sales in the books",
    )
    money_is_right(stall, wait_s=60)
    books_agree(stall.places)
    office.run("audit")
    close_shift(stall)
    stall.says("shift-agrees", wait_s=30)
    money_is_right(stall)
