"""Bad input at the stall, over the real programs: scale, cards, line, back-office and fingers.

One open market for all; each test leaves the stall idle, and what was shown as paid is in the books
exactly once (`money_is_right`). docs/bad-input.md is the list.
"""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from fixtures.market import wares
from fixtures.prepare import remembered
from fixtures.roll import pid_of
from fixtures.stall import Stall
from tests.journeys.aftermath import all_sent, balance_of, books_agree, money_is_right
from tests.journeys.open_market import OpenMarket, market_directory

GOODS = wares()
APPLE, EGG, BAG = GOODS[1], GOODS[8], GOODS[9]
READ_APDUS, TOKEN_APDUS = 9, 4


@pytest.fixture(scope="module")
def market() -> Iterator[OpenMarket]:
    with market_directory() as directory:
        it = OpenMarket(directory)
        try:
            it.open()
            yield it
        finally:
            it.close()


@pytest.fixture(scope="module")
def at_the_stall(market: OpenMarket) -> Iterator[Stall]:
    stall = Stall(market.places)
    stall.wait(all_sent, "the till", wait_s=30)
    yield stall
    stall.close()
    books_agree(market.places)


@pytest.fixture
def stall(at_the_stall: Stall) -> Iterator[Stall]:
    yield at_the_stall
    at_the_stall.devices.ask("net", to="restore")
    money_is_right(at_the_stall)


def card_number(stall: Stall, name: str) -> str:
    market = remembered(stall.places)
    assert market
    return market.cards[name]


# The scale.


def test_noise_half_frames_and_damaged_frames_change_no_price(stall: Stall) -> None:
    stall.put(1235)
    for _ in range(5):
        stall.devices.ask("noise")
        time.sleep(0.05)
    stall.call(APPLE)
    stall.line_taken(APPLE, Decimal(1235))
    stall.devices.ask("noise")
    stall.empty_pan()
    stall.pay_cash()


def test_a_scale_unplugged_under_a_load_sells_no_weight_until_it_is_back(stall: Stall) -> None:
    stall.put(500)
    stall.devices.ask("unplug")
    stall.wait(lambda view: view["weight_state"] == "lost", "the scale to be missed")
    assert stall.feed.view["weight"] is None
    stall.call(APPLE)
    stall.says("scale-lost")
    assert stall.feed.view["lines"] == []
    stall.pieces(BAG, 2)
    stall.devices.ask("replug")
    stall.wait(lambda view: view["weight_state"] == "stable", "the scale again")
    stall.call(APPLE)
    stall.line_taken(APPLE, Decimal(500))
    stall.call(APPLE)
    stall.says("same-load")
    stall.empty_pan()
    stall.pay_cash()


# Cards.


@pytest.mark.parametrize("at", range(1, READ_APDUS + 1))
def test_a_card_pulled_while_it_is_read_is_not_charged_and_pays_at_the_next_tap(
    stall: Stall, at: int
) -> None:
    before = balance_of(stall.places, card_number(stall, "stored"))
    stall.pieces(BAG, 1)
    stall.devices.ask("tap", card="stored", pull_at=at)
    stall.says("card-gone")
    sold = stall.pay_card("stored")
    stall.wait(all_sent, "the sale to be sent")
    assert balance_of(stall.places, card_number(stall, "stored")) == before - sold.total


@pytest.mark.parametrize("at", range(READ_APDUS + 1, READ_APDUS + TOKEN_APDUS + 1))
def test_a_card_pulled_while_its_token_is_written_has_paid_once_and_pays_again(
    stall: Stall, at: int
) -> None:
    before = balance_of(stall.places, card_number(stall, "stored"))
    stall.pieces(BAG, 1)
    stall.devices.ask("tap", card="stored", pull_at=at)
    first = stall._paid("stored", 0)
    stall.pieces(BAG, 1)
    second = stall.pay_card("stored")
    stall.wait(all_sent, "the sales to be sent")
    spent = first.total + second.total
    assert balance_of(stall.places, card_number(stall, "stored")) == before - spent


def test_a_card_with_other_keys_is_told_as_foreign_and_the_basket_stands(stall: Stall) -> None:
    stall.pieces(BAG, 1)
    stall.refused("foreign", "card-foreign")
    stall.pay_cash()


def test_a_card_the_office_does_not_know_is_refused_and_the_basket_stands(stall: Stall) -> None:
    number = int(card_number(stall, "both"))
    with sqlite3.connect(stall.places.office / "office.db", timeout=5) as books:
        books.execute("DROP TRIGGER card_is_fixed")
        books.execute("UPDATE card SET number = number + 1 WHERE number = ?", (number,))
    try:
        stall.pieces(BAG, 1)
        stall.refused("both", "card-unknown")
    finally:
        with sqlite3.connect(stall.places.office / "office.db", timeout=5) as books:
            books.execute("UPDATE card SET number = ? WHERE number = ?", (number, number + 1))
    stall.keys("Escape")
    stall.pay_cash(level=2 if stall.feed.view["shelf_total"] else 0)


def test_two_cards_in_turn_while_the_line_is_slow_charge_the_first_one_once(stall: Stall) -> None:
    numbers = [card_number(stall, name) for name in ("stored", "both")]
    before = [balance_of(stall.places, number) for number in numbers]
    stall.pieces(BAG, 1)
    stall.devices.ask("net", to="slow", seconds=0.8)
    stall.tap("stored")
    stall.wait(lambda view: view["stage"] == "asking", "the office to be asked")
    stall.tap("both")
    sold = stall._paid("stored", 0)
    stall.devices.ask("net", to="restore")
    stall.pull()
    stall.wait(all_sent, "the sale to be sent", wait_s=20)
    after = [balance_of(stall.places, number) for number in numbers]
    assert after == [before[0] - sold.total, before[1]]
    # The token of that payment went to its card or to nobody: both pay once more, one by one.
    for place, name in ((1, "both"), (0, "stored")):
        stall.pieces(BAG, 1)
        paid = stall.pay_card(name)
        after[place] -= paid.total
        assert [balance_of(stall.places, number) for number in numbers] == after


# Fingers.


def test_keys_pressed_twice_are_one_piece_and_one_sale(stall: Stall) -> None:
    stall.keys("8", "8")
    stall.line_taken(EGG, Decimal(1))
    receipt = stall.feed.view["receipt_number"]
    stall.keys("Enter", "Enter", "Enter")
    sold = stall._paid("", 0)
    time.sleep(0.3)
    assert sold.receipt == stall.feed.view["receipt_number"]
    assert sold.receipt >= receipt + 1
    assert stall.feed.view["stage"] == "paid"


# The line.


def test_no_broker_at_the_start_means_cash_and_all_is_sent_when_it_is_back(stall: Stall) -> None:
    stall.devices.ask("net", to="cut")
    old = pid_of(stall.places, "till")
    os.kill(old, signal.SIGKILL)
    stall.until(lambda: pid_of(stall.places, "till") not in (0, old), "a new till")
    stall.wait(lambda view: view["stage"] in ("selling", "paid"), "the till to be ready")
    stall.pieces(BAG, 1)
    stall.refused("stored", "card-offline")
    stall.pay_cash()
    assert stall.feed.view["links"]["net"] == "off"
    assert stall.feed.view["links"]["unsent"] > 0
    stall.devices.ask("net", to="restore")
    stall.wait(all_sent, "everything to be sent", wait_s=20)


def test_a_broker_killed_in_the_middle_of_a_question_charges_once_or_not_at_all(
    stall: Stall,
) -> None:
    number = card_number(stall, "stored")
    before = balance_of(stall.places, number)
    stall.pieces(BAG, 1)
    stall.devices.ask("net", to="slow", seconds=0.4)
    stall.tap("stored")
    stall.wait(lambda view: view["stage"] == "asking", "the office to be asked")
    os.kill(pid_of(stall.places, "broker"), signal.SIGKILL)
    stall.devices.ask("net", to="restore")
    view = stall.wait(
        lambda view: view["stage"] in ("paid", "refused"), "an end of the question", wait_s=20
    )
    stall.pull()
    spent = Decimal(0)
    if view["stage"] == "paid":
        spent = stall._paid("stored", 0).total
    else:
        assert view["message"]["code"] == "not-charged"
        stall.pay_cash()
    stall.wait(all_sent, "everything to be sent", wait_s=30)
    assert balance_of(stall.places, number) == before - spent


def test_an_answer_that_never_comes_is_taken_back_and_cash_works(stall: Stall) -> None:
    number = card_number(stall, "stored")
    before = balance_of(stall.places, number)
    stall.pieces(BAG, 1)
    stall.devices.ask("net", to="stall")
    stall.tap("stored")
    stall.says("asking-slow")
    stall.keys("Enter")
    stall._paid("", 0)
    stall.pull()
    stall.devices.ask("net", to="restore")
    stall.wait(all_sent, "everything to be sent", wait_s=30)
    assert balance_of(stall.places, number) == before


def test_an_office_killed_between_receiving_and_answering_books_once(stall: Stall) -> None:
    number = card_number(stall, "stored")
    before = balance_of(stall.places, number)
    office = pid_of(stall.places, "office")
    stall.pieces(BAG, 1)
    os.kill(office, signal.SIGSTOP)  # the question reaches it, and no answer leaves it
    stall.tap("stored")
    stall.wait(lambda view: view["stage"] == "asking", "the office to be asked")
    time.sleep(0.3)
    os.kill(office, signal.SIGKILL)
    sold = stall._paid("stored", 0, wait_s=20)
    stall.pull()
    stall.wait(all_sent, "everything to be sent", wait_s=20)
    assert balance_of(stall.places, number) == before - sold.total


BAD_ANSWERS = {
    "empty": b"",
    "huge": b"\x9a" * 100_000,
    "not UTF-8": b'[1,100,"\xff\xfe"]\n' + b"0" * 32,
    "noise": bytes(range(256)) * 4,
    "wrong types": b'[1,100,"a",[],{},null,"x",0]\n' + b"0" * 32,
    "version 0": b"[0,100]\n" + b"0" * 32,
    "version 9": b"[9,100]\n" + b"0" * 32,
    "deep": b"[" * 60_000,
}


def test_whatever_arrives_on_its_topics_the_till_sells_on(stall: Stall) -> None:
    """Sent with the back-office's own certificate: only the seal is left to refuse it."""
    prices, office = stall.feed.view["items"], pid_of(stall.places, "office")
    # One certificate is one connection: the real office must not take it back meanwhile.
    os.kill(office, signal.SIGSTOP)
    for channel in "akp":
        for payload in BAD_ANSWERS.values():
            publish_as_office(stall, f"d/{stall.feed.view['terminal']}/{channel}", payload)
    os.kill(office, signal.SIGCONT)
    stall.wait(all_sent, "the office to be back", wait_s=20)
    assert stall.feed.view["items"] == prices
    stall.pieces(BAG, 1)
    stall.pay_card("stored")


def publish_as_office(stall: Stall, topic: str, payload: bytes) -> None:
    market, keys = remembered(stall.places), stall.places.office / "pki"
    assert market
    words = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(market.broker_port), "-V", "5"]
    words += ["--cafile", str(keys / "ca.pem"), "--cert", str(keys / "office.pem")]
    words += ["--key", str(keys / "office.key"), "-q", "1", "-t", topic]
    words += ["-s"] if payload else ["-n"]
    done = subprocess.run(words, input=payload, check=False, capture_output=True, timeout=10)
    assert done.returncode == 0, done.stderr
