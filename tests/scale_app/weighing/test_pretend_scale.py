"""The pretend scale writes what the manuals print, moves like a pan, and leaves nothing behind."""

import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from fixtures.scale_on_pty import ScaleOnPty
from fixtures.scales import KINDS
from fixtures.scales.kind import Key, Shown
from fixtures.scales.pan import SETTLE_S, Pan
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.stability import settling


def test_its_frames_are_those_of_the_manuals() -> None:
    kilogram = Shown(1235)
    lines = KINDS["st-gs"].frame
    assert lines(kilogram, {}) == b"ST,GS,+  1.235kg\r\n"
    assert lines(kilogram, {"form": "17"}) == b"ST,+0001.235 kg\r\n"
    assert lines(kilogram, {"form": "22"}) == b"ST,GS,1\xc4,   1.235 kg\r\n"
    assert lines(Shown(-5, stable=False), {"form": "10"}) == b"-  0.005\r\n"
    assert lines(Shown(0, over=True), {}).startswith(b"OL,GS,+")
    polled = KINDS["mt-8217"]
    assert polled.answer(b"W", kilogram, {}).reply == b"\x0201.235\r"
    assert polled.answer(b"W", Shown(1085, tare_g=150), {}).reply == b"\x0201.085N\r"
    assert polled.answer(b"W", Shown(1235, stable=False), {}).reply == b"\x02?\x41\r"
    assert polled.answer(b"T\r", kilogram, {}).key is Key.TARE
    frame = KINDS["toledo-continuous"].frame(kilogram, {})
    assert frame[:-1] == b"\x02\x3d\x30\x20001235000000\r"
    assert sum(frame) % 128 == 0


def test_goods_swing_before_they_rest() -> None:
    pan = Pan().put(1235, now=0.0)
    swing = {pan.shown(step / 100).grams for step in range(70)}
    assert len(swing) > 10
    assert not any(pan.shown(step / 100).stable for step in range(70))
    rest = pan.shown(SETTLE_S)
    assert (rest.grams, rest.stable, rest.zero) == (1235, True, False)


def test_a_pour_rises_and_a_wobble_is_not_stable() -> None:
    pan = Pan().pour(800, now=0.0, seconds=2.0)
    weights = [pan.shown(step / 10).grams for step in range(21)]
    assert weights == sorted(weights)
    assert not pan.shown(2.0).stable
    assert pan.shown(2.5).stable
    assert not pan.wobble(3.0, 1.0).shown(3.5).stable


@pytest.mark.parametrize("g_per_s", [12, 15, 25])
@pytest.mark.parametrize("start", [0.0, 0.013, 0.05, 0.081])
def test_poured_goods_that_still_trickle_are_never_stable(g_per_s: int, start: float) -> None:
    """A scale without a flag, ten figures a second, the window of `poured` goods."""
    judge = settling(StableBy.SOFTWARE, lambda _load: Decimal("0.005"), pour=True)
    seconds = 300 / g_per_s
    pan = Pan().pour(300, now=0.0, seconds=seconds)
    for step in range(int(seconds * 10)):
        now = start + step / 10
        figure = Decimal(pan.shown(now).grams).scaleb(-3)
        assert not judge.feed(figure, None, now) or now > seconds, now


def test_a_trickle_is_a_slow_pour(tmp_path: Path) -> None:
    with ScaleOnPty("st-gs", tmp_path / "scale") as scale:
        scale.trickle(300, g_per_s=100)
        started = time.monotonic()
        while scale.shown().grams < 300:
            assert time.monotonic() - started < 20
            time.sleep(0.05)
        assert time.monotonic() - started > 2


def test_the_keys_of_the_scale_tare_and_zero_it() -> None:
    pan = Pan().put(150, now=0.0).press_tare(1.0)
    assert (pan.shown(1.0).grams, pan.shown(1.0).tare_g) == (0, 150)
    assert pan.put(-150, now=2.0).shown(3.0).grams == -150
    assert Pan().put(20, now=0.0).press_zero(1.0).shown(1.0).zero


def test_it_leaves_no_thread_no_file_and_no_path(tmp_path: Path) -> None:
    files = len(list(Path("/proc/self/fd").iterdir()))
    with ScaleOnPty("st-gs", tmp_path / "scale") as scale:
        scale.unplug()
        assert not scale.link.exists()
        scale.replug()
        assert scale.link.is_char_device()
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == files
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("scale ")]
