"""Pricing, sums, business day, topics, ids and requests."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import business_day, topics, uid
from broker.errors import SumMismatch
from broker.pricelist import Product
from broker.pricing import WrongUnit, price_line, repriced
from broker.requests import Requests
from broker.sale import LineFlag, Rounding, checked, faults_of, saving_of
from broker.tally import tally
from broker.units import PriceBase, Weight, WeightUnit
from tests.broker.samples import APPLE, card_sale


def test_a_members_line_keeps_both_prices() -> None:
    line = price_line(APPLE, Weight(1235), level=1)
    assert (line.unit_price, line.shelf_price, line.amount) == (646, 680, 798)
    assert line.flags & LineFlag.MEMBER_PRICE
    assert saving_of(line) == 840 - 798


def test_a_level_the_product_does_not_have_sells_at_its_last_price() -> None:
    assert price_line(APPLE, Weight(1000), level=5).amount == 646


def test_repricing_keeps_the_goods_and_goes_back_exactly() -> None:
    shelf = price_line(APPLE, Weight(1235), level=0, tare=Weight(12))
    member = repriced(shelf, APPLE, 1)
    assert (member.quantity, member.tare) == (1235, 12)
    assert repriced(member, APPLE, 0) == shelf


def test_pieces_are_not_weighed_and_weight_is_not_counted() -> None:
    eggs = Product(9, "鸡蛋", "Eggs", PriceBase.PIECE, [98])
    assert price_line(eggs, Weight(6, WeightUnit.PIECE), level=0).amount == 588
    with pytest.raises(WrongUnit):
        price_line(eggs, Weight(500), level=0)
    with pytest.raises(WrongUnit):
        price_line(APPLE, Weight(2, WeightUnit.PIECE), level=0)


def test_a_sale_that_adds_up_has_no_faults() -> None:
    assert faults_of(card_sale()) == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"total": 799}, "total-is-not-lines"),
        ({"rounding": [Rounding(1, -8)]}, "total-is-not-lines"),
        ({"tenders": [msgspec.structs.replace(card_sale().tenders[0], amount=1)]}, "total-is-not"),
        ({"lines": [msgspec.structs.replace(card_sale().lines[0], amount=799)]}, "line-1-amount"),
    ],
)
def test_each_sum_that_is_off_is_named(change: dict[str, object], fault: str) -> None:
    sale = msgspec.structs.replace(card_sale(), **change)
    assert any(one.startswith(fault) for one in faults_of(sale))
    with pytest.raises(SumMismatch):
        checked(sale)


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 10**9, "unit_price": 10**12},
        {"unit": int(WeightUnit.PIECE)},
        {"unit_price": -1},
    ],
)
def test_a_price_that_cannot_be_is_a_fault_and_no_crash(change: dict[str, int]) -> None:
    line = msgspec.structs.replace(card_sale().lines[0], **change)
    assert "line-1-price" in faults_of(msgspec.structs.replace(card_sale(), lines=[line]))
    assert isinstance(saving_of(line), int)


def test_a_unit_from_a_later_version_is_no_fault() -> None:
    line = msgspec.structs.replace(card_sale().lines[0], unit=55)
    assert faults_of(msgspec.structs.replace(card_sale(), lines=[line])) == ()


def test_a_tally_adds_what_was_sold() -> None:
    totals = tally([(11, card_sale()), (12, card_sale())])
    assert (totals.sales, totals.total, totals.saving) == (2, 1596, 84)
    assert [(x.kind, x.count, x.amount) for x in totals.tenders] == [(2, 2, 1596)]
    assert (totals.first_receipt, totals.last_receipt) == (11, 12)


@pytest.mark.parametrize(
    ("utc", "zone", "cutoff", "day"),
    [
        ("2026-11-24T02:00", "Asia/Shanghai", 4, 20261124),
        ("2026-11-23T18:30", "Asia/Shanghai", 4, 20261123),
        ("2026-11-23T20:00", "Asia/Shanghai", 4, 20261124),
        ("2026-03-29T01:30", "Europe/Berlin", 4, 20260328),
        ("2026-12-31T23:59", "UTC", 0, 20261231),
        ("2027-01-01T03:59", "UTC", 4, 20261231),
    ],
)
def test_the_business_day_ends_at_the_cut_off_in_the_stores_zone(
    utc: str, zone: str, cutoff: int, day: int
) -> None:
    at_ms = int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp()) * 1000
    assert business_day.business_day(at_ms, zone, cutoff) == day


def test_days_and_hours_are_what_the_calendar_says_minute_by_minute() -> None:
    """Over a change of the clocks in Berlin: what is remembered of a minute holds for it alone."""
    zone = ZoneInfo("Europe/Berlin")
    began = int(datetime(2026, 3, 28, 23, 58, tzinfo=UTC).timestamp())
    for second in (began + 60 * minute + part for minute in range(300) for part in (0, 59)):
        local = datetime.fromtimestamp(second, tz=zone)
        day = local.date() - timedelta(days=local.hour < 4)
        assert business_day.business_day(second * 1000 + 999, zone.key, 4) == int(f"{day:%Y%m%d}")
        assert business_day.local_hour(second * 1000 + 999, zone.key) == local.hour
        utc = datetime.fromtimestamp(second, tz=UTC)
        assert business_day.utc_day(second * 1000 + 999) == int(f"{utc:%Y%m%d}")


def test_a_ulid_is_written_as_its_specification_writes_it() -> None:
    # github.com/ulid/javascript README: encodeTime(1469918176385, 10) is 01ARYZ6S41.
    made = uid.new_uid(1469918176385, bytes(10))
    assert uid.uid_text(made).startswith("01ARYZ6S41")
    assert len(uid.uid_text(made)) == 26


@pytest.mark.parametrize("name", ["", "s03", "S03/12", "S03+", "#", "TOO-LONG-1", "1S", "S\n"])
def test_a_terminal_id_has_no_character_that_means_something_in_a_topic(name: str) -> None:
    assert not topics.is_terminal(name)
    assert topics.sender(f"u/{name}/s") is None


def test_the_sender_stands_in_the_topic() -> None:
    assert topics.sender(topics.up("S03-12", topics.Channel.SALES)) == ("S03-12", "s")
    assert topics.sender("d/S03-12/a") is None
    assert topics.sender("u/S03-12/a/b") is None


def test_a_question_is_sent_three_times_and_then_given_up() -> None:
    requests = Requests()
    requests.ask(b"r", 1, b"frame", 0.0)
    assert requests.due(1.9) == ([], [])
    assert requests.due(2.0) == ([b"frame"], [])
    assert requests.due(4.0) == ([b"frame"], [])
    again, gone = requests.due(6.0)
    assert again == []
    assert [x.rid for x in gone] == [b"r"]
    assert requests.answered(b"r", 1) is None


@given(st.lists(st.sampled_from(["answer", "tick"]), max_size=12))
def test_only_the_first_answer_counts(steps: list[str]) -> None:
    requests = Requests()
    requests.ask(b"r", 1, b"frame", 0.0)
    now, taken = 0.0, 0
    for step in steps:
        now += 1.5
        taken += step == "answer" and requests.answered(b"r", 1) is not None
        requests.due(now)
    assert taken <= 1
