"""The scale as the core uses it: the plate from the settings, containers, pouring, release."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from broker.sale import LineFlag
from scale_app.checkout.desk import Goods
from scale_app.config import (
    Enrolment,
    EnrolmentBroker,
    RangeTable,
    ReaderTable,
    ScaleTable,
    Settings,
    TerminalFile,
    TillTable,
)
from scale_app.errors import BadSettings
from scale_app.terminal.devices import Scale
from scale_app.weighing.evidence import Circumstances, hash_of, unpacked
from scale_app.weighing.reading import Mode, Reading

AROUND = Circumstances(at_ms=1_795_484_645_000, operator=7, software=bytes(32))


def settings(**scale: Any) -> Settings:
    terminal = TerminalFile(
        terminal="S03-12", organisation="Market", store="S03", stall="Stall", currency="CNY",
        exponent=2, zone="Asia/Shanghai", cutoff_hour=4, key_number=1,
        broker=EnrolmentBroker(host="127.0.0.1", port=18883),
    )  # fmt: skip
    return Settings(
        till=TillTable(enrolment="enrolment"),
        scale=ScaleTable(**{"port": "/dev/null", "protocol": "toledo-continuous", **scale}),
        reader=ReaderTable(), host="127.0.0.1", port=18883,
        enrolment=Enrolment(terminal=terminal, directory=Path()), state_directory=Path(),
    )  # fmt: skip


class OnTheCounter:
    """A scale that is told its readings, ten a second."""

    def __init__(self, **scale: Any) -> None:
        self.scale, self.now = Scale(settings(**scale)), 100.0

    def show(self, grams: int, *, times: int = 5) -> None:
        for _ in range(times):
            self.now += 0.1
            weight = Decimal(grams).scaleb(-3)
            reading = Reading(weight=weight, stable=True, mode=Mode.GROSS, t_mono=self.now)
            self.scale.feed(reading, self.now)

    def show_unjudged(self, grams: int, *, times: int) -> None:
        """A scale that sends no flag."""
        for _ in range(times):
            self.now += 0.1
            reading = Reading(weight=Decimal(grams).scaleb(-3), t_mono=self.now)
            self.scale.feed(reading, self.now)

    def take(self) -> Goods | str:
        seq = self.scale.pan().seq
        return self.scale.take(seq, self.now, AROUND, below_minimum_ok=False)


def test_a_container_is_taken_by_its_number_and_other_tares_by_their_weight() -> None:
    counter = OnTheCounter(containers={"3": 120})
    counter.show(0)
    assert counter.scale.type_tare(Decimal(3), counter.now) == ""
    assert counter.scale.tare_text() == "0.120"
    counter.show(1120)
    goods = counter.take()
    assert isinstance(goods, Goods)
    assert (goods.net.value, goods.flags) == (1000, LineFlag.TARE_CONTAINER)
    counter.show(0)
    assert counter.scale.type_tare(Decimal("3.0"), counter.now) == ""
    assert counter.scale.tare_text() == "3.000"


def test_a_share_in_percent_comes_and_goes_with_its_product_and_is_named_in_the_line() -> None:
    counter = OnTheCounter(percent_tare={"12": "2.5"})
    counter.show(0)
    counter.scale.product_tare(0, 12, counter.now)
    counter.show(1005)
    goods = counter.take()
    assert isinstance(goods, Goods)
    assert (goods.net.value, goods.flags) == (980, LineFlag.TARE_PERCENT)
    assert unpacked(counter.scale.evidence).tare_kind == "percent"
    counter.show(0)
    counter.scale.product_tare(0, 0, counter.now)
    counter.show(1005)
    goods = counter.take()
    assert isinstance(goods, Goods)
    assert (goods.net.value, goods.flags) == (1005, 0)


def test_a_tare_of_several_parts_names_each_of_them() -> None:
    counter = OnTheCounter(percent_tare={"12": "10"}, containers={"3": 120})
    counter.show(0)
    counter.scale.type_tare(Decimal(3), counter.now)
    counter.scale.product_tare(8, 12, counter.now)
    counter.show(1130)
    goods = counter.take()
    assert isinstance(goods, Goods)
    flags = LineFlag.TARE_CONTAINER | LineFlag.TARE_PRODUCT | LineFlag.TARE_PERCENT
    assert (goods.net.value, goods.flags) == (900, flags)
    record = unpacked(counter.scale.evidence)
    assert record.tare_kind == "combined"
    assert record.tare_kinds == ("container", "product", "percent")


@pytest.mark.parametrize(
    "share", ["0", "0.00", "100", "-1", "2,5", "1e1", "2.555", "", "2.5\n", 2.5]
)
def test_a_share_that_is_not_between_nothing_and_everything_is_no_setting(share: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"port": "p", "protocol": "q", "percent_tare": {"12": share}}, ScaleTable)


def test_what_was_taken_leaves_its_evidence_under_the_hash_of_the_line() -> None:
    counter = OnTheCounter()
    counter.show(0)
    counter.show(1235)
    goods = counter.take()
    assert isinstance(goods, Goods)
    assert goods.evidence == hash_of(counter.scale.evidence)
    record = unpacked(counter.scale.evidence)
    assert (record.net, record.operator, record.protocol) == (1235, 7, "toledo-continuous")


@pytest.mark.parametrize(("release", "sells"), [("zero", False), ("changed", True)])
def test_the_settings_say_what_releases_a_sold_load(release: str, sells: bool) -> None:
    counter = OnTheCounter(release=release)
    counter.show(0)
    counter.show(1000)
    assert isinstance(counter.take(), Goods)
    counter.show(1500)
    assert isinstance(counter.take(), Goods) == sells


def test_the_settings_say_min_and_the_ranges() -> None:
    counter = OnTheCounter(
        e_g=2, max_g=15_000, min_g=60, ranges=[RangeTable(above_g=6000, e_g=5)]
    )  # fmt: skip
    counter.show(0)
    counter.show(58)
    assert counter.scale.pan().refusal == "below-minimum"
    counter.show(60)
    assert counter.scale.pan().ready
    counter.show(15_045)
    assert counter.scale.pan().refusal != "overload"
    counter.show(15_050)
    assert counter.scale.pan().refusal == "overload"


@pytest.mark.parametrize(
    "ranges", [[(6000, 1)], [(6000, 2)], [(15_000, 5)], [(9000, 5), (6000, 10)]]
)
def test_ranges_that_do_not_rise_are_refused_with_a_sentence(
    ranges: list[tuple[int, int]],
) -> None:
    table = [RangeTable(above_g=above, e_g=e) for above, e in ranges]
    with pytest.raises(BadSettings, match="must rise"):
        Scale(settings(e_g=2, ranges=table))


@pytest.mark.parametrize(("plu", "settles_after"), [(12, 9), (11, 6)])
def test_a_poured_product_is_watched_for_longer(plu: int, settles_after: int) -> None:
    counter = OnTheCounter(poured=[12], options={"form": "10"}, protocol="st-gs")
    counter.scale.product_tare(0, plu, counter.now)
    counter.show_unjudged(0, times=12)
    shown = 0
    while not counter.scale.pan().ready:
        counter.show_unjudged(800, times=1)
        shown += 1
    assert shown == settles_after
