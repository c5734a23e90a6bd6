"""Goods snatched from the pan: what they were sold by stays for a second, on both screens."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from scale_app.config import ScaleTable, Settings
from scale_app.events import Key, KeyPressed
from scale_app.terminal.happened import ReadingCame
from scale_app.view import Stage, TillView, WeightState
from scale_app.weighing.reading import Fault, Mode, Reading
from tests.scale_app.terminal import stall as stalls
from tests.scale_app.terminal.stall import MARKET, Stall

APPLES = MARKET + (
    '[[product]]\nplu = 1\nname_zh = "苹果"\nname_en = "Apple"\nbase = "kg"\n'
    'prices = ["6.80"]\nkey = "1"\n'
    '[[product]]\nplu = 2\nname_zh = "梨"\nname_en = "Pear"\nbase = "kg"\n'
    'prices = ["5.00"]\nkey = "2"\n'
)


class Counter(Stall):
    """A stall whose scale is told its readings."""

    def shows(self, grams: int, *, stable: bool = True) -> TillView:
        """One reading, a tenth of a second later."""
        self.wait(0.1)
        weight = Decimal(grams).scaleb(-3)
        self._read(Reading(weight=weight, stable=stable, mode=Mode.GROSS, t_mono=self.mono))
        return self.view

    def fails(self) -> TillView:
        """A fault of the scale."""
        self._read(Reading(fault=Fault.DEVICE_FAULT, t_mono=self.mono))
        return self.view

    def _read(self, reading: Reading) -> None:
        self.queue.append(ReadingCame(reading))
        self.pump()

    def sells(self, key: str = "1") -> TillView:
        """An empty pan, 1.235 kg on it, its key; sold at once."""
        for grams in (0, 0, 0, 0, 0, 1235):
            self.shows(grams)
        self.queue.append(KeyPressed(Key.ITEM, key))
        self.pump()
        view = self.shows(1235)
        assert figures(view) == ("1.235", "6.80", "8.40")
        assert len(view.lines) == 1
        return view


def figures(view: TillView) -> tuple[str | None, str | None, str | None]:
    return view.weight, view.unit_price, view.amount


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    plain = stalls.settings

    def with_scale(folder: Path, tap: str) -> Settings:
        scale = ScaleTable(port=str(folder / "nothing"), protocol="toledo-continuous")
        return msgspec.structs.replace(plain(folder, tap), scale=scale)

    monkeypatch.setattr(stalls, "MARKET", APPLES)
    monkeypatch.setattr(stalls, "settings", with_scale)
    return Counter(tmp_path)


SOLD = ("1.235", "6.80", "8.40")


def test_figures_stay_for_a_second_when_the_goods_are_snatched_away(counter: Counter) -> None:
    counter.sells()
    for grams, stable in ((600, False), (0, True), (0, True)):
        view = counter.shows(grams, stable=stable)
        assert (figures(view), view.weight_state) == (SOLD, WeightState.SOLD)
    counter.wait(0.9)
    view = counter.shows(0)
    assert (view.weight, view.weight_state) == ("0.000", WeightState.EMPTY)


def test_while_the_load_is_on_it_is_the_scale_that_is_shown(counter: Counter) -> None:
    for _ in range(15):
        view = counter.sells() if not counter.view.lines else counter.shows(1235)
        assert (figures(view), view.weight_state) == (SOLD, WeightState.STABLE)


def test_a_new_load_is_shown_at_once(counter: Counter) -> None:
    counter.sells()
    for grams in (0, 0, 0, 0):
        counter.shows(grams)
    view = counter.shows(300, stable=False)
    assert (view.weight, view.weight_state) == ("0.300", WeightState.MOVING)
    view = counter.shows(0)
    assert view.weight == "0.000"


def test_more_on_top_of_what_was_sold_is_shown_at_once(counter: Counter) -> None:
    counter.sells()
    view = counter.shows(1400, stable=False)
    assert (view.weight, view.weight_state) == ("1.400", WeightState.MOVING)


def test_a_fault_is_shown_at_once(counter: Counter) -> None:
    counter.sells()
    view = counter.fails()
    assert (figures(view)[0], view.weight_state) == (None, WeightState.FAULT)


def test_goods_that_are_chosen_next_take_the_place(counter: Counter) -> None:
    counter.sells()
    for grams in (0, 0, 0, 0):
        counter.shows(grams)
    counter.queue.append(KeyPressed(Key.ITEM, "2"))
    counter.pump()
    view = counter.shows(0)
    assert (view.product, view.weight, view.unit_price) == ("Pear", "0.000", "5.00")


def test_a_line_that_is_deleted_takes_its_figures_along(counter: Counter) -> None:
    counter.sells()
    counter.shows(0)
    for _ in range(2):
        counter.queue.append(KeyPressed(Key.DELETE_LINE))
        counter.pump()
    assert not counter.view.lines
    assert counter.view.weight_state is WeightState.EMPTY


def test_figures_stay_when_the_sale_is_paid_within_the_second(counter: Counter) -> None:
    counter.sells()
    counter.shows(0)
    counter.queue.append(KeyPressed(Key.ENTER))
    counter.pump()
    view = counter.shows(0)
    assert view.stage is Stage.PAID
    assert (figures(view), view.weight_state) == (SOLD, WeightState.SOLD)
