"""OEM block, CAS PD-II and DIGI B: given bytes, damage, and what a host owes the scale."""

import pytest

from scale_app.weighing import catalogue
from scale_app.weighing.protocols.family import StableBy
from tests.scale_app.weighing.protocols.said import decoded, sealed, weights_and_faults


def block(body: bytes, *, start: int = 0) -> bytes:
    return b"\x01\x02" + body + bytes([sealed(body, start=start)]) + b"\x03\x04"


def cas(text: bytes, *, start: int = 0) -> bytes:
    return b"\x02" + text + bytes([sealed(text, start=start)]) + b"\x03"


def digi(
    net: bytes = b"01.235",
    tare: bytes = b"00.000",
    price: bytes = b"009.80",
    total: bytes = b"0012.10",
    flags: bytes = b"\x40\x42",
) -> bytes:
    return flags + b"\r0" + net + b"\r4" + tare + b"\rU" + price + b"\rT" + total + b"\r\n"


@pytest.mark.parametrize(
    ("body", "weight", "unit", "stable"),
    [
        (b"S  1.235kg", "1.235", "kg", True),
        (b"U  1.235kg", "1.235", "kg", False),
        (b"S 01.235KG", "1.235", "kg", True),
        (b"S- 0.150kg", "-0.150", "kg", True),
        (b"S- 0.000kg", "0.000", "kg", True),
        (b"S   235g", "235", "g", True),
        (b"S 001235g ", "1235", "g", True),
        (b"S 12.345LB", "12.345", "lb", True),
        (b"S  2.470SJ", "2.470", "sj", True),
        (b"S 1.235kg", "1.235", "kg", True),
        (b"S   123.7g ", "123.7", "g", True),
        (b"U 012.345kg", "12.345", "kg", False),
    ],
)
def test_oem_weights_as_sent(body: bytes, weight: str, unit: str, stable: bool) -> None:
    (said,) = decoded("oem-block", block(body))
    assert (said["weight"], said["unit"], said["stable"]) == (weight, unit, stable)
    assert (said["fault"], said["mode"], said["zero"], said["tare"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"FFFFFFFFkg", "overload"),
        (b"F FFFFFFkg", "overload"),
        (b"F-FFFFFFkg", "underload"),
        (b"UF 0.000kg", "overload"),
        (b"F  1.235kg", "device_fault"),
        (b"S  1.2X5kg", "bad_frame"),
        (b"S       kg", "bad_frame"),
        (b"S  1 235kg", "bad_frame"),
        (b"X  1.235kg", "bad_frame"),
        (b"S  1.235xx", "bad_frame"),
    ],
)
def test_oem_faults_carry_no_weight(body: bytes, fault: str) -> None:
    (said,) = decoded("oem-block", block(body))
    assert (said["weight"], said["fault"]) == (None, fault)


def test_oem_check_byte_follows_the_profile_and_is_never_learned() -> None:
    plain, with_stx = block(b"S  1.235kg"), block(b"S  1.235kg", start=2)
    stx = {"bcc": "stx-unit"}
    assert weights_and_faults("oem-block", plain) == ["1.235"]
    assert weights_and_faults("oem-block", with_stx * 3 + plain) == ["bad_checksum"] * 3 + ["1.235"]
    assert weights_and_faults("oem-block", with_stx, **stx) == ["1.235"]
    assert weights_and_faults("oem-block", plain, **stx) == ["bad_checksum"]
    unchecked = plain[:-3] + b"\x00" + plain[-2:]
    assert weights_and_faults("oem-block", unchecked, bcc="none") == ["1.235"]
    assert weights_and_faults("oem-block", plain[:-3] + plain[-2:], bcc="none") == ["1.235"]
    for byte in range(256):
        grams = b"\x01\x02S   235g" + bytes([byte]) + b"\x03\x04"
        (said,) = decoded("oem-block", grams, bcc="none")
        assert (said["weight"], said["unit"]) == ("235", "g"), byte


def test_oem_a_check_byte_that_looks_like_a_control_does_not_break_the_stream() -> None:
    frames = [
        block(b"S %6.3fkg" % (grams / 1000) if grams % 2 else b"U %6.3fkg" % (grams / 1000))
        for grams in range(0, 15000, 5)
    ]
    checks = {frame[-3] for frame in frames}
    assert len(checks) > 8
    said = weights_and_faults("oem-block", b"".join(frames))
    assert len(said) == len(frames)
    assert "bad_checksum" not in said


def test_oem_noise_halves_and_damage_cost_one_reading_each() -> None:
    good = block(b"S  1.235kg")
    damaged = good[:8] + bytes([good[8] ^ 1]) + good[9:]
    assert weights_and_faults("oem-block", b"\xffgarbage\x00" + good) == ["1.235"]
    assert weights_and_faults("oem-block", good[:7] + good) == ["incomplete", "1.235"]
    assert weights_and_faults("oem-block", damaged + good) == ["bad_checksum", "1.235"]
    assert weights_and_faults("oem-block", good + good[:9]) == ["1.235", "incomplete"]
    assert weights_and_faults("oem-block", good[:-1] + b"\x00" + good) == ["bad_frame", "1.235"]


def test_oem_the_host_answers_ack_with_dc1() -> None:
    decoder = catalogue.profile("oem-block").decoder()
    assert decoder.feed(b"\x06") == []
    assert decoder.replies() == b"\x11"
    assert len(decoder.feed(block(b"S  1.235kg"))) == 1
    assert decoder.replies() == b""


def test_cas_pd2_weights_damage_and_refusals() -> None:
    good = cas(b"001234")
    assert decoded("cas-pd2", good)[0]["stable"] is True
    assert weights_and_faults("cas-pd2", good) == ["1.234"]
    assert weights_and_faults("cas-pd2", cas(b"000000")) == ["0.000"]
    assert weights_and_faults("cas-pd2", cas(b"0  500")) == ["0.500"]
    assert weights_and_faults("cas-pd2", cas(b"00 5 0")) == ["bad_frame"]
    assert weights_and_faults("cas-pd2", cas(b"0     ")) == ["bad_frame"]
    assert weights_and_faults("cas-pd2", good[:4] + b"9" + good[5:] + good) == [
        "bad_checksum",
        "1.234",
    ]
    assert weights_and_faults("cas-pd2", good[:5]) == ["incomplete"]
    assert weights_and_faults("cas-pd2", b"\x15") == ["not_ready"]
    assert decoded("cas-pd2", good, unit="lb")[0]["unit"] == "lb"
    with_stx = cas(b"001234", start=2)
    assert weights_and_faults("cas-pd2", with_stx) == ["bad_checksum"]
    assert weights_and_faults("cas-pd2", with_stx, bcc="stx-weight") == ["1.234"]


def test_cas_pd2_a_refusal_is_not_ready_and_costs_no_block() -> None:
    block = cas(b"001235")
    assert weights_and_faults("cas-pd2", b"\x15" + block) == ["not_ready", "1.235"]
    assert weights_and_faults("cas-pd2", b"\x18\x00" + block) == ["1.235"]
    assert weights_and_faults("cas-pd2", b"\x00\x18\x15" + block * 2, dialect="ohaus") == [
        *["not_ready"] * 3,
        "1.235",
    ]


def test_cas_pd2_the_ohaus_dialect_wants_two_equal_blocks() -> None:
    one, other = cas(b"001234"), cas(b"001239")
    decoder = catalogue.profile("cas-pd2", {"dialect": "ohaus"}).decoder()
    assert decoder.feed(b"\x06") == []
    assert decoder.replies() == b"\x11"
    assert len(decoder.feed(one + one)) == 1
    assert decoder.replies() == b"\r"
    assert weights_and_faults("cas-pd2", one + other, dialect="ohaus") == [
        "bad_frame",
        "incomplete",
    ]


def test_digi_says_weight_tare_prices_and_lamps() -> None:
    (said,) = decoded("digi-b", digi())
    assert said == {
        **said,
        "weight": "1.235",
        "unit": "kg",
        "stable": True,
        "mode": "gross",
        "tare": None,
        "zero": False,
        "fault": None,
        "unit_price": "9.80",
        "amount": "12.10",
    }
    (net,) = decoded("digi-b", digi(tare=b"00.150", flags=b"\x42\x40"))
    assert (net["mode"], net["tare"], net["stable"]) == ("net", "0.150", False)


@pytest.mark.parametrize(
    ("frame", "fault"),
    [
        (digi(flags=b"\x40\x48"), "overload"),
        (digi(net=b"OF    ", total=b"       "), "overload"),
        (digi(net=b"    OF", total=b"       "), "overload"),
        (digi(flags=b"\x40\x50"), "underload"),
        (digi(net=b"UF    ", total=b"       "), "underload"),
        (digi(net=b"      ", total=b"       "), "not_ready"),
        (digi(total=b"0012.11"), "price_mismatch"),
        (digi(flags=b"\x48\x42"), "price_mismatch"),
        (digi(net=b"01.2X5"), "bad_frame"),
        (digi(net=b"01 235"), "bad_frame"),
        (digi(net=b"01.235", flags=b"\x40\x46"), "bad_frame"),
        (digi().replace(b"\r4", b"\r9"), "bad_frame"),
    ],
)
def test_digi_faults_carry_no_weight(frame: bytes, fault: str) -> None:
    assert weights_and_faults("digi-b", frame + digi()) == [fault, "1.235"]


def test_digi_price_bases_are_part_of_the_arithmetic() -> None:
    per_100_g = digi(price=b"000.98", total=b"0012.10", flags=b"\x48\x42")
    per_lb = digi(flags=b"\x50\x42")
    per_quarter = digi(price=b"002.45", flags=b"\x58\x42")
    assert [decoded("digi-b", frame)[0]["unit"] for frame in (per_100_g, per_lb, per_quarter)] == [
        "kg",
        "lb",
        "lb",
    ]
    for frame in (per_100_g, per_lb, per_quarter):
        assert weights_and_faults("digi-b", frame) == ["1.235"]


def test_digi_blank_or_overflowing_prices_are_no_prices() -> None:
    (said,) = decoded("digi-b", digi(price=b"      ", total=b"       "))
    assert (said["weight"], said["unit_price"], said["amount"]) == ("1.235", None, None)
    (said,) = decoded("digi-b", digi(total=b"       ", flags=b"\x44\x42"))
    assert (said["weight"], said["amount"], said["note"]) == ("1.235", None, "total price overflow")


def test_digi_a_parity_byte_belongs_to_its_frame() -> None:
    with_parity = digi(flags=b"\x41\x42") + b"\x1d"
    assert weights_and_faults("digi-b", with_parity + with_parity + digi()) == ["1.235"] * 3
    assert weights_and_faults("digi-b", with_parity[:-1]) == ["incomplete"]


def test_digi_the_form_without_flags_leaves_stability_open() -> None:
    bare = digi()[2:]
    assert len(bare) == 35
    (said,) = decoded("digi-b", bare, form="35")
    assert (said["weight"], said["stable"], said["zero"], said["mode"]) == (
        "1.235",
        None,
        None,
        None,
    )
    assert weights_and_faults("digi-b", bare[:20] + bare, form="35") == ["incomplete", "1.235"]
    assert weights_and_faults("digi-b", b"noise" + digi()[:30] + digi()) == ["incomplete", "1.235"]
    assert catalogue.profile("digi-b", {"form": "35"}).stable_by is StableBy.SOFTWARE_TWICE
