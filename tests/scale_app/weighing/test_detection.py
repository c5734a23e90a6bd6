"""Which protocol is it? Strict decoders decide, and what they cannot decide is told."""

import re
from decimal import Decimal

import pytest

from scale_app.weighing.catalogue import FAMILIES
from scale_app.weighing.detection import (
    PROBES,
    as_good_as_the_best,
    candidates,
    confirmed,
    handshakes,
    parity_of,
    settings_of,
    unasked,
)
from scale_app.weighing.protocols.family import Line
from tests.scale_app.weighing.captures import Frame, frames

LINE = Line(9600)


def with_parity(text: bytes, *, odd: bool) -> bytes:
    return bytes(byte | (((byte.bit_count() & 1) ^ odd) << 7) for byte in text)


def found(heard: bytes) -> list[tuple[str, dict[str, str]]]:
    best = as_good_as_the_best(candidates([heard], LINE))
    return [(one.profile.protocol, settings_of(one)) for one in best]


WHOLE = [frame for frame in frames() if frame.meaning.get("weight") is not None]


@pytest.mark.parametrize("frame", WHOLE, ids=lambda frame: frame.source)
def test_a_stream_of_other_peoples_frames_names_its_protocol(frame: Frame) -> None:
    names = [one.profile.protocol for one in candidates([frame.raw * 6], LINE)]
    assert frame.profile.protocol in names


def test_two_frames_are_not_enough_and_noise_is_nothing() -> None:
    assert found(b"ST,GS,+  1.235kg\r\n" * 2) == []
    assert found(bytes(range(256)) * 4) == []
    assert found(b"") == []


def test_a_capture_may_begin_and_end_in_the_middle_of_a_frame() -> None:
    heard = (b"ST,GS,+  1.235kg\r\n" * 6)[7:-5]
    assert {name for name, _ in found(heard)} == {"st-gs"}


def test_parity_in_the_eighth_bit_gives_the_settings_of_the_line() -> None:
    plain = b"ST,GS,+  1.235kg\r\n" * 5
    for odd, line in ((False, "9600 7E1"), (True, "9600 7O1")):
        heard = with_parity(plain, odd=odd)
        assert parity_of(heard) == line[6]
        best = candidates([heard], LINE)[0]
        assert (best.profile.protocol, best.profile.line.text()) == ("st-gs", line)
    assert parity_of(plain) == "N"


def test_only_a_known_weight_tells_the_two_orders_of_digits() -> None:
    best = as_good_as_the_best(candidates([b"=532.1000" * 8], LINE))
    orders = {settings_of(one)["digits"]: one.weight for one in best}
    assert orders["reversed"] == Decimal("1.235")
    sure = confirmed(best, Decimal("1.235"))
    assert {settings_of(one)["digits"] for one in sure} == {"reversed"}
    assert confirmed(best, Decimal("3.0")) == []


def test_no_probe_can_tare_zero_clear_print_reset_or_set_a_price() -> None:
    for probe in PROBES:
        assert not re.search(rb"[TZCP@0-9]", probe.sent)
        assert set(probe.families) <= set(FAMILIES)


def test_a_scale_that_only_acknowledges_is_asked_on_in_each_familys_way() -> None:
    ways = handshakes(["oem-block", "cas-pd2", "digi-b", "prix"], b"\x06")
    assert [(one.protocol, one.keys.get("dialect")) for one in ways] == [
        ("oem-block", None),
        ("cas-pd2", "cas"),
        ("cas-pd2", "ohaus"),
    ]
    assert handshakes(["oem-block", "prix"], b"noise") == []


def test_families_that_are_never_asked_are_named() -> None:
    assert {"dialog-06", "dibal-98", "adam-azextra"} <= set(unasked())
    assert not {"st-gs", "mt-sics", "oem-block"} & set(unasked())
