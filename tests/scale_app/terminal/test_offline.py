"""Cards while nobody can be asked: four limits, the denied cards, and what the books make of it."""

from pathlib import Path

import pytest

from backoffice.commands.table import run_command
from backoffice.handlers.desk import Batch
from broker.messages import Kind
from scale_app.view import Stage
from tests.scale_app.terminal.stall import MARKET, PretendCard, Stall, drop, sales

K = Kind
OFFLINE = """
[store.offline]
per_payment = "10.00"
per_card = "15.00"
per_till = "20.00"
max_age_h = 24
"""
WITH_LIMITS = MARKET.replace('name = "Store three"\n', f'name = "Store three"\n{OFFLINE}')


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    found = Stall(tmp_path)
    command(found, "apply", text=WITH_LIMITS)
    return found


def command(stall: Stall, name: str, **said: object) -> None:
    """An office command whose frames reach the till, when the wire is up."""
    batch = Batch()
    run_command(stall.office.desk, name, said, batch, now=stall.office.now)
    stall.office.desk.forget()
    for frame in batch.frames:
        if stall.wire.is_up:
            stall.wire.deliver(frame.topic, frame.payload)
    stall.pump()


def buy(stall: Stall, card: PretendCard, keys: str) -> str:
    """Items, then the tap; the code of what the till says."""
    stall.keys(keys)
    stall.tap(card)
    return stall.said


def known(stall: Stall, yuan: int = 100) -> PretendCard:
    """A card that has paid 0.90 here once, online."""
    card = stall.issue(yuan)
    assert buy(stall, card, "9") == "paid-card"
    return card


def test_a_known_card_pays_offline_and_the_books_have_it_afterwards(stall: Stall) -> None:
    card = known(stall)
    stall.cut()
    assert buy(stall, card, "8") == "paid-offline"
    assert stall.view.stage is Stage.PAID
    assert any("PAID OFFLINE" in row for row in stall.view.receipt)
    assert stall.balance(card) == "99.10"
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("94.10", 2)
    assert stall.kinds() == [K.INTENT, K.PAID, K.INTENT, K.PAID]
    assert stall.office.alerts() == []


def test_a_card_that_nobody_has_seen_here_does_not_pay_offline(stall: Stall) -> None:
    card = stall.issue()
    stall.cut()
    assert buy(stall, card, "8") == "offline-unknown-card"
    assert stall.kinds() == []
    stall.keys("=")
    assert stall.said == "paid-cash"


def test_each_limit_holds_and_the_sentence_names_what_is_left(stall: Stall) -> None:
    first, second = known(stall), known(stall)
    stall.cut()
    assert buy(stall, first, "888") == "offline-too-much"
    assert stall.view.message is not None
    assert stall.view.message.params["limit"] == "10.00"
    stall.keys("=")
    assert buy(stall, first, "88") == "paid-offline"
    assert buy(stall, first, "88") == "offline-too-much"
    assert stall.view.message is not None
    assert stall.view.message.params["limit"] == "5.00"
    stall.keys("=")
    assert buy(stall, second, "88") == "paid-offline"
    assert buy(stall, second, "9") == "offline-too-much", "the till's limit is used up"


def test_the_limits_are_free_again_when_the_office_has_confirmed(stall: Stall) -> None:
    card = known(stall)
    stall.cut()
    assert buy(stall, card, "88") == "paid-offline"
    assert buy(stall, card, "88") == "offline-too-much"
    stall.keys("=")
    stall.settle()
    stall.cut()
    assert buy(stall, card, "88") == "paid-offline"


def test_a_restart_forgets_neither_limits_nor_what_was_sold(stall: Stall) -> None:
    card = known(stall)
    stall.cut()
    assert buy(stall, card, "88") == "paid-offline"
    stall.kill()
    stall.start()
    stall.cut()
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("89.10", 2)
    stall.cut()
    stall.kill()
    stall.wire.up = stall.wire.down = drop
    stall.start()
    stall.cut()
    assert buy(stall, card, "88") == "paid-offline"
    assert buy(stall, card, "88") == "offline-too-much"


def test_a_blocked_card_is_denied_as_soon_as_the_list_is_here(stall: Stall) -> None:
    card = known(stall)
    command(stall, "card.block", number=card.number, blocked=True)
    stall.cut()
    assert buy(stall, card, "8") == "card-blocked"
    stall.keys("=")
    command(stall, "card.block", number=card.number, blocked=False)
    assert buy(stall, card, "8") == "card-blocked", "the till cannot know yet"
    stall.settle()
    stall.cut()
    assert buy(stall, card, "") == "paid-offline"


def test_a_list_that_never_came_comes_with_the_next_heartbeat(stall: Stall) -> None:
    card = known(stall)
    stall.wire.down = drop
    command(stall, "card.block", number=card.number, blocked=True)
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(61)
    stall.cut()
    assert buy(stall, card, "8") == "card-blocked"


def test_after_a_day_without_the_office_no_card_pays(stall: Stall) -> None:
    card = known(stall)
    stall.cut()
    stall.mono += 24 * 3600 + 1
    stall.office.now += (24 * 3600 + 1) * 1000
    assert buy(stall, card, "8") == "offline-too-long"


def test_a_clock_set_back_does_not_make_the_list_young(stall: Stall) -> None:
    card = known(stall)
    stall.cut()
    stall.mono += 24 * 3600 + 1
    assert buy(stall, card, "8") == "offline-too-long"
    stall.kill()
    stall.office.now -= 3600_000
    stall.wire.up = stall.wire.down = drop
    stall.start()
    stall.cut()
    assert buy(stall, card, "") == "offline-too-long"


def test_silence_of_the_office_ends_in_a_sale_within_the_limits(stall: Stall) -> None:
    card = known(stall)
    stall.wire.down = stall.wire.hold
    stall.keys("8")
    stall.tap(card)
    assert stall.balance(card) == "94.10", "the office has booked it"
    stall.wait(6.5)
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-offline")
    stall.wire.release()
    stall.pump()
    assert stall.said == "paid-offline", "a late approval changes nothing"
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("94.10", 2)
    assert buy(stall, card, "9") == "paid-card", "the token before the last is good"


def test_a_card_that_overdrew_offline_owes_it_and_is_denied_until_topped_up(stall: Stall) -> None:
    card = known(stall, yuan=4)
    stall.cut()
    assert buy(stall, card, "8") == "paid-offline"
    stall.settle()
    assert stall.balance(card) == "-1.90"
    assert stall.office.alerts() == ["card-in-debt"]
    stall.cut()
    assert buy(stall, card, "9") == "card-blocked"
    stall.keys("=")
    stall.settle()
    command(stall, "card.topup", number=card.number, amount=5000, op="ab" * 16)
    stall.cut()
    assert buy(stall, card, "9") == "paid-offline"


def test_terms_of_another_till_or_without_the_signature_are_refused(stall: Stall) -> None:
    stand_ins = stall.core._open_books.office.stand_ins
    before = stand_ins.version
    assert before > 0
    batch = Batch()
    run_command(stall.office.desk, "apply", {"text": MARKET}, batch, now=stall.office.now + 9000)
    [frame] = [one for one in batch.frames if one.topic.endswith("/p")][-1:]
    spoilt = bytearray(frame.payload)
    spoilt[-40] ^= 1
    stall.wire.deliver(frame.topic, bytes(spoilt))
    stall.pump()
    assert stand_ins.version == before
    stall.wire.deliver(frame.topic, frame.payload)
    stall.pump()
    assert stand_ins.version > before
