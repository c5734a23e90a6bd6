"""Each pretend scale behind a real pty, read through the real port: the right weight, no other."""

import threading
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from queue import Empty, Queue
from time import monotonic

import pytest

from fixtures.scale_on_pty import ScaleOnPty
from fixtures.scales import KINDS
from fixtures.scales.kind import Key, Shown
from fixtures.scales.pan import SETTLE_S
from scale_app.weighing import catalogue
from scale_app.weighing.port import ScalePort
from scale_app.weighing.reading import DAMAGE, Fault, Reading
from scale_app.weighing.report import fields

CASES: Mapping[str, Mapping[str, str]] = {
    "oem-block": {},
    "oem-block bcc=stx-unit": {"bcc": "stx-unit"},
    "oem-block bcc=none": {"bcc": "none"},
    "cas-pd2": {},
    "cas-pd2 dialect=ohaus": {"dialect": "ohaus"},
    "yaohua-stx": {},
    "yaohua-stx mode=command": {"mode": "command", "address": "C"},
    "yaohua-eq digits=reversed": {"digits": "reversed"},
    "yaohua-eq digits=forward": {"digits": "forward"},
    "yaohua-eq form=price": {"digits": "forward", "form": "price"},
    "yaohua-a12": {},
    "mt-sics": {},
    "digi-b": {},
    "digi-b form=35": {"form": "35"},
    "sma": {},
    "dialog-02": {},
    "dialog-04": {},
    "dialog-06": {},
    "nci": {},
    "nci width=6": {"width": "6"},
    "dibal-98": {},
    "prix": {},
    "prix form=25": {"form": "25"},
    "prix form=acs": {"form": "acs"},
    "sartorius-sbi": {},
    "radwag": {},
    "radwag form=22": {"form": "22"},
    "radwag form=18": {"form": "18"},
    "adam-azextra": {},
}
BYTES_ON_THE_WAY_S = 0.7
each_case = pytest.mark.parametrize("case", CASES)


def family(case: str) -> str:
    return case.split(maxsplit=1)[0]


def until(said: "Queue[Reading]", wanted: Decimal, seconds: float) -> list[Reading]:
    """All readings up to the first stable-or-unsaid one of this weight."""
    seen: list[Reading] = []
    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        try:
            seen.append(said.get(timeout=left))
        except Empty:
            break
        if seen[-1].weight == wanted and seen[-1].stable is not False:
            return seen
    raise AssertionError(f"no {wanted} in {[fields(reading) for reading in seen[-4:]]}")


@each_case
def test_goods_on_the_pan_arrive_as_their_weight(case: str, tmp_path: Path) -> None:
    keys = CASES[case]
    said: Queue[Reading] = Queue()
    profile = catalogue.profile(family(case), {**keys, "line": "9600 8N1"})
    with ScaleOnPty(family(case), tmp_path / "scale", options=keys) as scale:
        port = ScalePort(str(scale.link), profile, said.put)
        port.start()
        try:
            until(said, Decimal(0), 2.0)
            scale.noise(b"\x00\xff noise")
            scale.half_frame()
            scale.one_byte_at_a_time(True)
            scale.put(1235)
            seen = until(said, Decimal("1.235"), SETTLE_S + BYTES_ON_THE_WAY_S + 1)
        finally:
            port.stop()
    settled = {reading.weight for reading in seen if reading.stable}
    assert settled <= {Decimal("0.000"), Decimal("1.235")}
    assert port.counters().bad_checksum == 0
    assert not [thread for thread in threading.enumerate() if thread.name == "scale-port"]


def shown(case: str, what: Shown) -> list[dict[str, str | bool | None]]:
    keys = CASES[case]
    kind, decoder = KINDS[family(case)], catalogue.profile(family(case), keys).decoder()
    return [fields(reading) for reading in decoder.feed(kind.frame(what, dict(keys)))]


@each_case
def test_what_the_indicator_shows_is_what_is_read(case: str) -> None:
    for grams in (0, 5, 1235, 9995):
        (said,) = shown(case, Shown(grams, zero=grams == 0))
        assert said["weight"] == f"{Decimal(grams).scaleb(-3):f}"
        assert said["stable"] in (True, None)
        assert said["fault"] is None
    (tared,) = shown(case, Shown(1085, tare_g=150))
    assert (tared["weight"], tared["mode"] != "gross") == ("1.085", True)


@each_case
def test_moving_goods_are_never_a_stable_weight(case: str) -> None:
    (said,) = shown(case, Shown(1235, stable=False))
    assert said["stable"] is not True


SAYS_OUT_OF_RANGE = (
    "oem-block",
    "yaohua-a12",
    "mt-sics",
    "digi-b",
    "sma",
    "nci",
    "sartorius-sbi",
    "radwag",
)


@pytest.mark.parametrize("name", SAYS_OUT_OF_RANGE)
def test_out_of_range_is_its_own_fault_and_no_weight(name: str) -> None:
    (over,) = shown(name, Shown(20000, over=True))
    (under,) = shown(name, Shown(-500, under=True))
    assert (over["weight"], over["fault"]) == (None, "overload")
    assert (under["weight"], under["fault"]) == (None, "underload")


@pytest.mark.parametrize("case", [case for case in CASES if "bcc=none" not in case])
def test_a_spoilt_frame_is_damage_and_the_next_is_read(case: str) -> None:
    keys = dict(CASES[case])
    kind, decoder = KINDS[family(case)], catalogue.profile(family(case), keys).decoder()
    frame = kind.frame(Shown(1235), keys)
    readings = decoder.feed(kind.spoil(frame) + frame + frame)
    assert readings[-1].weight == Decimal("1.235")
    assert all(reading.weight in (None, Decimal("1.235")) for reading in readings)
    assert [reading.fault for reading in readings if reading.fault in DAMAGE]


CHECKED = ("oem-block", "oem-block bcc=stx-unit", "cas-pd2", "yaohua-stx", "yaohua-a12")


@pytest.mark.parametrize("case", CHECKED)
def test_with_a_checksum_no_flipped_bit_becomes_another_weight(case: str) -> None:
    keys = {**CASES[case], "form": "checked"}
    profile = catalogue.profile(family(case), CASES[case])
    named: set[Fault | None] = set()
    for grams in (0, 1235, 14995):
        frame = KINDS[family(case)].frame(Shown(grams), keys)
        right = profile.decoder().feed(frame)[0].weight
        for place in range(len(frame) * 8):
            broken = bytearray(frame)
            broken[place // 8] ^= 1 << place % 8
            decoder = profile.decoder()
            for reading in decoder.feed(bytes(broken)) + decoder.expire():
                assert reading.weight in (None, right), (grams, place)
                named.add(reading.fault)
    assert Fault.BAD_CHECKSUM in named


def test_requests_of_the_host_press_the_scales_keys() -> None:
    pan = Shown(150)
    assert KINDS["mt-sics"].answer(b"T\r\n", pan, {}).key is Key.TARE
    assert KINDS["mt-sics"].answer(b"Z\r\n", pan, {}).reply == b"Z A\r\n"
    assert KINDS["mt-sics"].answer(b"TA\r\n", Shown(0, tare_g=150), {}).reply == (
        b"TA A      0.150 kg\r\n"
    )
    assert KINDS["mt-sics"].answer(b"S", pan, {}).used == 0
    assert KINDS["sma"].answer(b"\nT\r", pan, {}).key is Key.TARE
    assert KINDS["sma"].answer(b"\nX\r", pan, {}).reply == b"\n?\r"
    assert KINDS["yaohua-stx"].answer(b"\x02AB03\x03", pan, {"mode": "command"}).reply == (
        b"\x02AB+00015031F\x03"
    )
