"""Points of the manuals of checkout and counter scales that need a word of their own."""

from decimal import Decimal

import pytest

from scale_app.weighing import catalogue
from scale_app.weighing.protocols import dialog, dialog_checksums
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.reading import Fault, Mode, Reading
from tests.scale_app.weighing.protocols.said import decoded

RESULT = b"\x0202\x1b3\x1b01235\x1b000300\x1b000371\x03"
STATUS_OK = b"\n00\r\x03"


def read(protocol: str, raw: bytes, **keys: str) -> list[Reading]:
    decoder = catalogue.profile(protocol, keys).decoder()
    return decoder.feed(raw) + decoder.expire()


def one(protocol: str, raw: bytes, **keys: str) -> tuple[str | None, str | None]:
    """Weight as sent and name of the fault of the only reading."""
    (reading,) = read(protocol, raw, **keys)
    return told(reading)


def told(reading: Reading) -> tuple[str | None, str | None]:
    weight = None if reading.weight is None else f"{reading.weight:f}"
    return weight, reading.fault.value if reading.fault else None


def with_parity(raw: bytes, ones: int) -> bytes:
    return bytes(byte | (0x80 if byte.bit_count() % 2 != ones else 0) for byte in raw)


def xored(text: bytes) -> bytes:
    check = 0
    for byte in text:
        check ^= byte
    return text + bytes([check]) + b"\r\n"


class Till:
    """A till that knows two values; no real ones."""

    def checksums(self) -> tuple[int, int]:
        return 0x1234, 0x8001


def test_the_three_dialogs_differ_in_their_line_only() -> None:
    lines = [catalogue.profile(f"dialog-{number}").line.text() for number in ("02", "04", "06")]
    assert lines == ["2400 7O1", "4800 7O1", "9600 7O1"]
    for number in ("02", "04", "06"):
        assert one(f"dialog-{number}", RESULT) == ("1.235", None)


def test_dialog_is_answered_step_by_step() -> None:
    decoder = catalogue.profile("dialog-06").decoder()
    assert decoder.feed(b"\x06") == []
    assert decoder.replies() == b"\x04\x05"
    assert decoder.feed(b"\x15")[0].fault is Fault.NOT_READY
    assert decoder.replies() == b"\x04\x0208\x03"
    assert decoder.feed(b"\x0209\x1b20\x03")[0].fault is Fault.MOTION
    assert decoder.replies() == b"\x04"
    decoder.feed(RESULT)
    assert decoder.replies() == b"\x04"


def test_dialog_without_provider_tells_that_checksums_are_wanted() -> None:
    decoder = catalogue.profile("dialog-06").decoder()
    (reading,) = decoder.feed(b"\x0211\x1b2A7\x03")
    assert (reading.fault, reading.note) == (Fault.NOT_READY, "checksums wanted")
    assert decoder.replies() == b"\x04"


def test_dialog_answers_record_11_through_a_provider() -> None:
    # 1234h turned left by 10 is D048h, 8001h turned right by 7 is 0300h.
    family = dialog.with_checksums(dialog.DIALOG_06, Till())
    decoder = family.make({"strip_parity": ""})
    decoder.feed(b"\x0211\x1b2A7\x03")
    assert decoder.replies() == b"\x04\x0210\x1bD0480300\x03"
    decoder.feed(b"\x0211\x1b1\x03")
    assert decoder.replies() == b"\x04\x05"


@pytest.mark.parametrize(
    ("digits", "number"), [(b";2", 0xB2), (b"B2", 0xB2), (b"b2", 0xB2), (b"07", 7), (b"G0", None)]
)
def test_dialog_random_numbers_come_in_two_spellings(digits: bytes, number: int | None) -> None:
    assert dialog_checksums.random_number(digits) == number


def test_turning_left_is_turning_by_sixteen_bits() -> None:
    assert dialog_checksums.turned_left(0x8001, 1) == 0x0003
    assert dialog_checksums.turned_left(0x8001, 16) == 0x8001


@pytest.mark.parametrize(
    ("raw", "weight", "fault"),
    [
        (RESULT.replace(b"371", b"370"), None, "price_mismatch"),
        (RESULT.replace(b"01235", b"01236"), "1.236", None),
        (RESULT.replace(b"01235", b"01239"), None, "price_mismatch"),
        (RESULT.replace(b"01235", b" 1235"), "1.235", None),
        (RESULT.replace(b"01235", b"1235 "), None, "bad_frame"),
        (RESULT.replace(b"01235", b"1235"), None, "bad_frame"),
        (RESULT.replace(b"000371", b"00371"), None, "bad_frame"),
        (RESULT.replace(b"000300", b"00300"), "1.235", None),
        (RESULT.replace(b"01235", b"0123\x00"), None, "bad_frame"),
        (RESULT.replace(b"\x1b3\x1b", b"\x1b0\x1b"), None, "device_fault"),
        (RESULT.replace(b"\x1b3\x1b", b"\x1b4\x1b"), None, "bad_frame"),
        (RESULT[:-1], None, "incomplete"),
        (b"\x0209\x1b77\x03", None, "device_fault"),
        (b"\x0212\x1b00\x03", None, "bad_frame"),
    ],
)
def test_dialog_takes_a_weight_only_if_the_amount_fits(
    raw: bytes, weight: str | None, fault: str | None
) -> None:
    assert told(read("dialog-06", raw)[0]) == (weight, fault)


def test_dialog_parity_over_an_eight_bit_line() -> None:
    odd = with_parity(RESULT, ones=1)
    assert one("dialog-06", odd) == ("1.235", None)
    assert one("dialog-06", odd, strip_parity="even")[0] is None
    broken = odd[:9] + bytes([odd[9] ^ 0x80]) + odd[10:]
    assert one("dialog-06", broken) == (None, "bad_frame")


def test_a_half_record_before_a_whole_one_costs_only_itself() -> None:
    readings = read("dialog-06", RESULT[:12] + RESULT)
    assert [told(reading) for reading in readings] == [(None, "incomplete"), ("1.235", None)]


@pytest.mark.parametrize(
    ("raw", "weight", "fault"),
    [
        (b"\n0001.25LB\r\n00\r\x03", "1.25", None),
        (b"\n  01.250kg\r\nS00\r\x03", "1.250", None),
        (b"\n-00.050KG\r\n00\r\x03", "-0.050", None),
        (b"\n 52.60 oz \r\n00\r\x03", "52.60", None),
        (b"\nS10\r\x03", None, "motion"),
        (b"\nS02\r\x03", None, "overload"),
        (b"\n0001.25LB\r\n02\r\x03", None, "overload"),
        (b"\n0001.25LB\r\n01\r\x03", None, "underload"),
        (b"\n0001.25LB\r\n04\r\x03", None, "device_fault"),
        (b"\n0001.2.5LB\r\n00\r\x03", None, "bad_frame"),
        (b"\n0001 25LB\r\n00\r\x03", None, "bad_frame"),
        (b"\n0001.25XX\r\n00\r\x03", None, "bad_frame"),
        (b"\n0001.25LB\r\n0\r\x03", None, "bad_frame"),
        (b"\n0001.25LB\r\n0p\r\x03", None, "bad_frame"),
        (b"\n0001.25LB\r\n0p0p\r\x03", "1.25", None),
        (b"\n0001.25LB\r\n00\r", None, "incomplete"),
    ],
)
def test_nci_answers(raw: bytes, weight: str | None, fault: str | None) -> None:
    assert one("nci", raw) == (weight, fault)


def test_nci_a_moving_weight_is_sent_and_flagged() -> None:
    (reading,) = read("nci", b"\n0001.25LB\r\n10\r\x03")
    assert (reading.weight, reading.stable, reading.unit) == (Decimal("1.25"), False, "lb")


def test_nci_net_and_zero_stand_in_the_status_bytes() -> None:
    (reading,) = read("nci", b"\n0000.00LB\r\n2p4\r\x03")
    assert (reading.mode, reading.zero) == (Mode.NET, True)
    assert read("nci", b"\n0000.00LB\r\n00\r\x03")[0].mode is Mode.UNKNOWN


def test_nci_with_even_parity_over_an_eight_bit_line_is_read_and_checked() -> None:
    frame = with_parity(b"\n0001.25LB\r\n00\r\x03", ones=0)
    assert one("nci", frame) == ("1.25", None)
    assert one("nci", frame[:4] + bytes([frame[4] ^ 0x01]) + frame[5:]) == (None, "bad_frame")
    assert one("nci", frame, strip_parity="odd") == (None, "bad_frame")


def test_nci_with_a_set_width_sees_a_lost_digit() -> None:
    assert one("nci", b"\n001.25LB\r\n00\r\x03", width="7") == (None, "bad_frame")
    assert one("nci", b"\n0001.25LB\r\n00\r\x03", width="7") == ("1.25", None)
    assert one("nci", b"\n01.234KG\r\nS00\r\x03", width="6") == ("1.234", None)


def test_nci_a_second_answer_inside_means_the_first_was_cut() -> None:
    for cut in (b"\n0001", b"\n0001.25LB\r\n0"):
        readings = read("nci", cut + b"\n0001.30LB\r\n00\r\x03")
        assert [told(reading) for reading in readings] == [(None, "incomplete"), ("1.30", None)]


@pytest.mark.parametrize(
    ("raw", "weight", "fault"),
    [
        (xored(b"990012350000000"), "1.235", None),
        (xored(b"9901.2350000000"), "1.235", None),
        (xored(b"990  5320000000"), "0.532", None),
        (xored(b"990012351000000"), "1.235", None),
        (xored(b"991012351000000"), None, "motion"),
        (xored(b"991     1000000"), None, "not_ready"),
        (xored(b"990     0000000"), None, "bad_frame"),
        (xored(b"992012350000000"), None, "bad_frame"),
        (xored(b"990012350000000")[:-3] + b"x\r\n", None, "bad_checksum"),
        (xored(b"990012350000000").replace(b"1235", b"1236"), None, "bad_checksum"),
        (xored(b"990012350000000")[:-2] + b"\n", None, "bad_frame"),
        (xored(b"9900123500000000"), None, "bad_frame"),
        (b"990012", None, "incomplete"),
        (b"\x15", None, "not_ready"),
    ],
)
def test_dibal_lines(raw: bytes, weight: str | None, fault: str | None) -> None:
    assert one("dibal-98", raw) == (weight, fault)


def test_dibal_no_single_flipped_bit_becomes_another_weight() -> None:
    frame = xored(b"990012350000000")
    for at in range(len(frame)):
        for bit in range(8):
            broken = frame[:at] + bytes([frame[at] ^ 1 << bit]) + frame[at + 1 :]
            weights = {reading.weight for reading in read("dibal-98", broken)}
            assert weights <= {None, Decimal("1.235")}, (at, bit)


def test_dibal_after_a_wrong_checksum_the_next_line_is_read() -> None:
    readings = read("dibal-98", b"990012350000000?\r\n" + xored(b"990005000000000"))
    assert [told(reading) for reading in readings] == [(None, "bad_checksum"), ("0.500", None)]


@pytest.mark.parametrize(
    ("raw", "form", "weight", "fault"),
    [
        (b"\x0200532\x03", "7", "0.532", None),
        (b"\x02  532\x03", "7", "0.532", None),
        (b"\x02IIIII\x03", "7", None, "motion"),
        (b"\x02NNNNN\x03", "7", None, "under_zero"),
        (b"\x02SSSSS\x03", "7", None, "overload"),
        (b"\x02IINII\x03", "7", None, "bad_frame"),
        (b"\x02     \x03", "7", None, "bad_frame"),
        (b"\x020053\x03", "7", None, "bad_frame"),
        (b"\x0200532", "7", None, "incomplete"),
        (b"\x0200012300532002000001064\x03", "25", "0.532", None),
        (b"\x0200012300532002000001065\x03", "25", None, "price_mismatch"),
        (b"\x02000123IIIII002000000000\x03", "25", None, "motion"),
        (b"\x02SSSSS\x03", "25", None, "overload"),
        (b"\x0200532\x03", "25", None, "bad_frame"),
        (b"\r 0532", "acs", "0.532", None),
        (b"\r 05x2", "acs", None, "bad_frame"),
        (b"\r 05", "acs", None, "incomplete"),
    ],
)
def test_prix_and_acs_frames(raw: bytes, form: str, weight: str | None, fault: str | None) -> None:
    assert one("prix", raw, form=form) == (weight, fault)


def test_prix_names_no_unit_so_the_profile_does() -> None:
    assert read("prix", b"\x0200532\x03", unit="lb")[0].unit == "lb"


def test_who_judges_stability_and_what_is_asked_follows_the_form() -> None:
    assert catalogue.profile("prix").stable_by is StableBy.FLAG_TWICE
    assert catalogue.profile("prix", {"form": "acs"}).stable_by is StableBy.SOFTWARE_TWICE
    assert catalogue.profile("prix").poll == b"\x05"
    assert catalogue.profile("prix", {"form": "acs"}).poll == b"$"
    assert catalogue.profile("dibal-98").stable_by is StableBy.FLAG
    assert catalogue.profile("adam-azextra").stable_by is StableBy.SOFTWARE_TWICE


def test_the_request_of_dibal_carries_a_fitting_check_character() -> None:
    assert catalogue.profile("dibal-98").poll == xored(b"9800000")


@pytest.mark.parametrize(
    ("protocol", "keys", "raw"),
    [
        ("dialog-06", {}, b"\x0202\x1b3\x1b01235\x1b000680\x1b000841\x03"),
        ("prix", {"form": "25"}, b"\x0200012301235000680000841\x03"),
        ("dibal-98", {}, b"9B0012350006800000841M\r\n"),
    ],
)
def test_a_price_that_does_not_fit_is_told_without_a_weight(
    protocol: str, keys: dict[str, str], raw: bytes
) -> None:
    (said,) = decoded(protocol, raw, **keys)
    assert (said["weight"], said["fault"]) == (None, "price_mismatch")
    assert (said["unit_price"], said["amount"]) == ("6.80", "8.41")
