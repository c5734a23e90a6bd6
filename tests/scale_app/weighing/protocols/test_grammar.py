"""Points of the manuals that need a word of their own."""

from decimal import Decimal

import pytest

from scale_app.weighing import catalogue
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind


def read(protocol: str, raw: bytes, **keys: str) -> list[Reading]:
    decoder = catalogue.profile(protocol, keys).decoder()
    return decoder.feed(raw)


def toledo(*status: int, weight: bytes = b"001235", tare: bytes = b"000150") -> bytes:
    """Written by the rule of the manual: low seven bits of the whole sum to 0 modulo 128."""
    body = bytes([2, *status]) + weight + tare + b"\r"
    return body + bytes([-sum(byte & 0x7F for byte in body) & 0x7F])


def with_even_parity(raw: bytes) -> bytes:
    return bytes(byte | (0x80 if byte.bit_count() % 2 else 0) for byte in raw)


@pytest.mark.parametrize(
    ("code", "weight"),
    [(0, "123500"), (1, "12350"), (2, "1235"), (3, "123.5"), (5, "1.235"), (7, "0.01235")],
)
def test_toledo_decimals_stand_in_status_word_a(code: int, weight: str) -> None:
    (reading,) = read("toledo-continuous", toledo(0x20 | code, 0x30, 0x20, tare=b"000000"))
    assert reading.weight is not None
    assert f"{reading.weight:f}" == weight


def test_toledo_minus_is_a_one() -> None:
    (reading,) = read("toledo-continuous", toledo(0x3D, 0x32, 0x20))
    assert reading.weight == Decimal("-1.235")


def test_toledo_net_tells_its_tare_and_whether_it_was_typed() -> None:
    (weighed,) = read("toledo-continuous", toledo(0x3D, 0x31, 0x20))
    assert (weighed.mode, weighed.tare, weighed.tare_kind) == (
        Mode.NET,
        Decimal("0.150"),
        TareKind.SCALE,
    )
    assert weighed.gross == Decimal("1.385")
    (typed,) = read("toledo-continuous", toledo(0x3D, 0x31, 0x60))
    assert typed.tare_kind is TareKind.PRESET


def test_toledo_motion_is_a_weight_that_is_not_stable() -> None:
    (reading,) = read("toledo-continuous", toledo(0x3D, 0x38, 0x20))
    assert (reading.weight, reading.stable) == (Decimal("1.235"), False)


@pytest.mark.parametrize(
    ("status", "fault"),
    [(0x34, Fault.OVERLOAD), (0x36, Fault.UNDERLOAD), (0x70, Fault.NOT_READY)],
)
def test_toledo_faults_carry_no_weight(status: int, fault: Fault) -> None:
    (reading,) = read("toledo-continuous", toledo(0x3D, status, 0x20))
    assert (reading.weight, reading.fault) == (None, fault)


def test_toledo_over_capacity_may_blank_the_digits() -> None:
    (reading,) = read("toledo-continuous", toledo(0x3D, 0x34, 0x20, weight=b"      "))
    assert reading.fault is Fault.OVERLOAD


def test_toledo_blank_digits_in_range_are_damage_not_zero() -> None:
    (reading,) = read("toledo-continuous", toledo(0x3D, 0x30, 0x20, weight=b"      "))
    assert reading.fault is Fault.BAD_FRAME


def test_toledo_expanded_figures_are_not_for_trade() -> None:
    (reading,) = read("toledo-continuous", toledo(0x3D, 0x30, 0x30))
    assert not reading.for_trade


@pytest.mark.parametrize("check", [0x02, 0x0D])
def test_toledo_checksums_that_look_like_stx_or_cr_do_not_break_the_stream(check: int) -> None:
    wanted = [
        frame
        for grams in range(0, 100_000, 7)
        if (frame := toledo(0x3D, 0x30, 0x20, weight=b"%06d" % grams))[-1] == check
    ]
    assert len(wanted) > 5
    readings = read("toledo-continuous", b"".join(wanted))
    assert [reading.fault for reading in readings] == [None] * len(wanted)


def test_toledo_with_parity_bits_over_an_eight_bit_line_is_read_and_checked() -> None:
    frame = with_even_parity(toledo(0x3D, 0x30, 0x20))
    assert read("toledo-continuous", frame)[0].weight == Decimal("1.235")
    assert read("toledo-continuous", frame, strip_parity="even")[0].weight == Decimal("1.235")
    assert read("toledo-continuous", frame, strip_parity="odd")[0].weight is None
    assert read("toledo-continuous", frame, strip_parity="no")[0].weight is None


def test_8217_parity_bits_are_stripped_and_one_wrong_bit_is_damage() -> None:
    frame = with_even_parity(b"\x0201.250\r")
    assert read("mt-8217", frame)[0].weight == Decimal("1.250")
    assert read("mt-8217", frame, strip_parity="no")[0].fault is Fault.BAD_FRAME
    broken = frame[:2] + bytes([frame[2] ^ 0x01]) + frame[3:]
    assert read("mt-8217", broken)[0].fault is Fault.BAD_FRAME


def test_8217_bit_five_is_net_only_where_the_profile_says_so() -> None:
    assert read("mt-8217", b"\x02?\x60\r")[0].mode is Mode.NET
    assert read("mt-8217", b"\x02?\x60\r", bit5="always-one")[0].mode is Mode.UNKNOWN


def test_8217_centre_of_zero_and_the_always_one_bit_are_no_faults() -> None:
    (reading,) = read("mt-8217", b"\x02?\x50\r")
    assert (reading.weight, reading.fault, reading.zero) == (None, None, True)


def test_8217_pounds_on_a_kilogram_profile_are_damage() -> None:
    assert read("mt-8217", b"\x0201.25\r")[0].fault is Fault.BAD_FRAME
    assert read("mt-8217", b"\x02001.25\r", unit="lb")[0].weight == Decimal("1.25")


def test_8217_ten_times_finer_figures_are_not_for_trade() -> None:
    (reading,) = read("mt-8217", b"\x0201.2505\r")
    assert (reading.weight, reading.for_trade) == (Decimal("1.2505"), False)


def test_st_gs_a_second_header_inside_a_line_means_the_first_was_cut() -> None:
    readings = read("st-gs", b"ST,GS,+ 1ST,GS,+  1.500kg\r\n")
    assert [reading.fault for reading in readings] == [Fault.INCOMPLETE, None]


def test_st_gs_a_device_error_line_is_a_device_fault() -> None:
    (reading,) = read("st-gs", b"ERR 24\r\n")
    assert (reading.fault, reading.note) == (Fault.DEVICE_FAULT, "ERR 24")


def test_st_gs_the_scales_tare_is_told_without_a_weight() -> None:
    (reading,) = read("st-gs", b"ST,TR,+  0.150kg\r\n")
    assert (reading.weight, reading.tare, reading.fault) == (None, Decimal("0.150"), None)


def test_st_gs_minus_zero_is_zero() -> None:
    (reading,) = read("st-gs", b"ST,GS,-  0.000kg\r\n")
    assert reading.weight is not None
    assert f"{reading.weight:f}" == "0.000"


def test_st_gs_bare_lines_are_never_read_from_their_middle() -> None:
    readings = read("st-gs", b"9   1.235\r\n   1.235\r\n", form="10")
    assert [reading.weight for reading in readings] == [None, Decimal("1.235")]


def test_who_judges_stability_follows_checksum_and_flag() -> None:
    assert catalogue.profile("toledo-continuous").stable_by is StableBy.FLAG
    no_checksum = catalogue.profile("toledo-continuous", {"checksum": "no"})
    assert no_checksum.stable_by is StableBy.FLAG_TWICE
    assert catalogue.profile("st-gs").stable_by is StableBy.FLAG_TWICE
    assert catalogue.profile("st-gs", {"form": "10"}).stable_by is StableBy.SOFTWARE_TWICE


def test_8217_a_status_byte_may_carry_its_parity_where_the_frame_has_none() -> None:
    # Bit 7 of the status byte is even parity by the manual (DIVA, p. 51).
    (reading,) = read("mt-8217", b"\x02?\xd1\r")
    assert (reading.fault, reading.weight) == (Fault.MOTION, None)
    (odd,) = read("mt-8217", b"\x02?\xd0\r")
    assert odd.fault is Fault.BAD_FRAME
    (strict,) = read("mt-8217", b"\x02?\xd1\r", strip_parity="no")
    assert strict.fault is Fault.BAD_FRAME


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"OL,GS,\r\n", Fault.OVERLOAD),
        (b"OL,GS,   \r\n", Fault.OVERLOAD),
        (b"OL,GS,+999999kg\r\n", Fault.OVERLOAD),
        (b"OL,GS,+            \r\n", Fault.OVERLOAD),
        (b"OL,GS,- 99.999kg\r\n", Fault.UNDERLOAD),
        (b"OL,--,+ 99.999kg\r\n", Fault.OVERLOAD),
    ],
)
def test_st_gs_out_of_range_is_told_whatever_its_figures_are(line: bytes, fault: Fault) -> None:
    # Frames of the tests of four public parsers; the second is one of a blank field.
    (reading,) = read("st-gs", line)
    assert (reading.fault, reading.weight) == (fault, None)


def test_st_gs_half_an_out_of_range_line_is_damage() -> None:
    readings = read("st-gs", b"OL,GS,+99ST,GS,+  1.234kg\r\n")
    assert [reading.fault for reading in readings] == [Fault.INCOMPLETE, None]
