"""Sartorius, Radwag and Adam: lines of text, their places, their noise."""

import pytest

from scale_app.weighing import catalogue
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

STABLE = b"+   123.45 g  \r\n"
ANSWER = b"SI ?       18.5 kg \r\n"


def read(protocol: str, raw: bytes, **keys: str) -> list[Reading]:
    decoder = catalogue.profile(protocol, keys).decoder()
    return decoder.feed(raw) + decoder.expire()


def told(reading: Reading) -> tuple[str | None, bool | None, str | None]:
    weight = None if reading.weight is None else f"{reading.weight:f}"
    return weight, reading.stable, reading.fault.value if reading.fault else None


@pytest.mark.parametrize(
    ("line", "weight", "stable", "fault"),
    [
        (b"+   123.45 g  ", "123.45", True, None),
        (b"-   123.45 g  ", "-123.45", True, None),
        (b"    123.45 g  ", "123.45", True, None),
        (b"+   123.45    ", "123.45", False, None),
        (b"+000123.45 g  ", "123.45", True, None),
        (b"N     +   123.45 g  ", "123.45", True, None),
        (b"+      0.0 g  ", "0.0", True, None),
        (b"+   12 .45 g  ", None, None, "bad_frame"),
        (b"+   123.4 g   ", None, None, "bad_frame"),
        (b"+   123.45 zz ", None, None, "bad_frame"),
        (b"+   123.45 g", None, None, "bad_frame"),
        (b"xx+   123.45 g  ", None, None, "bad_frame"),
        (b"       HH     ", None, None, "overload"),
        (b"     High     ", None, None, "overload"),
        (b"     Low      ", None, None, "underload"),
        (b"     Cal.     ", None, None, "not_ready"),
        (b"Stat      ERR 101   ", None, None, "device_fault"),
        (b"Stat                ", None, None, None),
    ],
)
def test_sartorius_lines(
    line: bytes, weight: str | None, stable: bool | None, fault: str | None
) -> None:
    (reading,) = read("sartorius-sbi", line + b"\r\n")
    assert told(reading) == (weight, stable, fault)


def test_sartorius_keeps_the_unit_named_last_while_the_weight_moves() -> None:
    decoder = catalogue.profile("sartorius-sbi").decoder()
    moving = b"+   123.45    \r\n"
    assert decoder.feed(moving)[0].unit == "kg"
    decoder.feed(STABLE)
    assert decoder.feed(moving)[0].unit == "g"


def test_sartorius_a_figure_that_is_no_weight_never_looks_like_one() -> None:
    for line in (b"Qnt   +       12 pcs", b"Prc   +     12.5 %  ", b"T1    +    0.150 kg "):
        assert read("sartorius-sbi", line + b"\r\n")[0].weight is None
    (tare,) = read("sartorius-sbi", b"T     +    0.150 kg \r\n")
    assert (f"{tare.tare}", tare.tare_kind) == ("0.150", TareKind.SCALE)


def test_sartorius_a_bracketed_digit_is_not_for_trade() -> None:
    (reading,) = read("sartorius-sbi", b"+ 123.5[6] g  \r\n")
    assert told(reading) == ("123.56", True, None)
    assert not reading.for_trade


def test_sartorius_parity_bits_over_an_eight_bit_line() -> None:
    odd = bytes(byte | (0x80 if byte.bit_count() % 2 == 0 else 0) for byte in STABLE)
    assert told(read("sartorius-sbi", odd)[0]) == ("123.45", True, None)
    assert read("sartorius-sbi", odd, strip_parity="even")[0].weight is None
    assert read("sartorius-sbi", odd, strip_parity="no")[0].weight is None


@pytest.mark.parametrize("protocol", ["sartorius-sbi", "radwag", "adam-azextra"])
def test_noise_glued_before_a_line_costs_it_not(protocol: str) -> None:
    line = {"sartorius-sbi": STABLE, "radwag": ANSWER, "adam-azextra": b"G + 2.00 kg\r\n"}[protocol]
    right = told(read(protocol, line)[0])
    for noise in (
        b"\xff\xfe",
        b"\xa5",
        b"\xff\x00",
        b"\xa5\xfe\x02",
        b"\x00ab\r\x01",
        b"\r\n\r\n",
        b"1.2\r",
        b" \n",
    ):
        assert told(read(protocol, noise + line)[-1]) == right, noise


@pytest.mark.parametrize("protocol", ["sartorius-sbi", "radwag", "adam-azextra"])
def test_a_damaged_line_is_one_bad_frame_and_the_next_is_read(protocol: str) -> None:
    line = {"sartorius-sbi": STABLE, "radwag": ANSWER, "adam-azextra": b"G + 2.00 kg\r\n"}[protocol]
    damaged = line.replace(b".", b"\x00")
    faults = [reading.fault for reading in read(protocol, damaged + line)]
    assert faults == [Fault.BAD_FRAME, None]


def test_a_first_byte_that_was_hit_makes_no_other_weight_and_no_weight_of_a_tare() -> None:
    for line in (b"12.34 kg\r\n", b"-2.34 kg\r\n", b" 2.34kg\r\n"):
        assert read("adam-azextra", b"\x00" + line[1:])[0].weight is None
    tare = b"T1    +    0.150 kg \r\n"
    for at in range(6):
        hit = tare[:at] + b"\x00" + tare[at + 1 :]
        assert all(reading.weight is None for reading in read("sartorius-sbi", hit)), at


def test_lines_may_end_in_cr_only_or_lf_only() -> None:
    for end in (b"\r", b"\n", b"\r\n"):
        readings = read("radwag", ANSWER.strip(b"\r\n") + end + ANSWER.strip(b"\r\n") + end)
        assert [told(reading) for reading in readings] == [("18.5", False, None)] * 2, end


def test_a_line_without_end_is_incomplete_and_one_too_long_is_read_nowhere() -> None:
    assert [reading.fault for reading in read("radwag", ANSWER[:-2])] == [Fault.INCOMPLETE]
    readings = read("radwag", b"x" * 90 + ANSWER + ANSWER)
    assert [reading.weight for reading in readings[:-1]] == [None] * (len(readings) - 1)
    assert told(readings[-1]) == ("18.5", False, None)


@pytest.mark.parametrize(
    ("line", "weight", "stable", "fault"),
    [
        (b"SI         18.5 kg ", "18.5", True, None),
        (b"SUI? -   58.237 kg ", "-58.237", False, None),
        (b"SI  ? -   58.237 kg ", "-58.237", False, None),
        (b"      18.500 kg ", "18.500", True, None),
        (b"?     18.500 kg ", "18.500", False, None),
        (b"SI ^      999.9 kg ", None, None, "overload"),
        (b"SI v            kg ", None, None, "underload"),
        (b"SI ?       18.x kg ", None, None, "bad_frame"),
        (b"SI ?      18.5  kg ", None, None, "bad_frame"),
        (b"SI ?       18.5 zz ", None, None, "bad_frame"),
        (b"SI ?      18.5 kg ", None, None, "bad_frame"),
        (b"SI A", None, None, None),
        (b"SI I", None, None, "not_ready"),
        (b"SI E", None, None, "not_ready"),
        (b"SI ^", None, None, "overload"),
        (b"SI v", None, None, "underload"),
        (b"ES", None, None, "device_fault"),
        (b"Z OK", None, None, None),
    ],
)
def test_radwag_lines(
    line: bytes, weight: str | None, stable: bool | None, fault: str | None
) -> None:
    (reading,) = read("radwag", line + b"\r\n")
    assert told(reading) == (weight, stable, fault)


def test_radwag_with_its_form_set_no_lost_byte_goes_unnoticed() -> None:
    frame = b"SI        58.237 kg \r\n"
    for form, whole in (("21", frame[:2] + frame[3:]), ("22", frame)):
        assert told(read("radwag", whole, form=form)[0]) == ("58.237", True, None)
        for lost in range(len(whole) - 2):
            readings = read("radwag", whole[:lost] + whole[lost + 1 :], form=form)
            assert all(reading.weight is None for reading in readings), (form, lost)


def test_radwag_a_verified_balance_prints_eleven_places() -> None:
    line = b"    123.45[6] g  "
    (reading,) = read("radwag", line[:3] + b" " * 2 + line[4:] + b"\r\n", form="20")
    assert (told(reading), reading.for_trade) == (("123.456", True, None), False)


def test_radwag_a_force_is_no_weight() -> None:
    (reading,) = read("radwag", b"SU   -  172.135 N  \r\n")
    assert (reading.weight, reading.note) == (None, "force -172.135")


@pytest.mark.parametrize(
    ("line", "weight", "mode"),
    [
        (b"  1.234kg", "1.234", Mode.UNKNOWN),
        (b"1.234 KG", "1.234", Mode.UNKNOWN),
        (b"G + 2.00 kg", "2.00", Mode.GROSS),
        (b"N -  0.05 kg", "-0.05", Mode.NET),
        (b"Net Wt.   1.234 kg", "1.234", Mode.NET),
        (b"Gross Wt 1.234 Kg", "1.234", Mode.GROSS),
    ],
)
def test_adam_lines(line: bytes, weight: str, mode: Mode) -> None:
    (reading,) = read("adam-azextra", line + b"\r\n")
    assert (told(reading)[0], reading.stable, reading.mode) == (weight, None, mode)


def test_adam_passes_over_the_other_lines_of_a_printout() -> None:
    printout = (
        b"Date 12/09/2006\r\n14:56:27\r\n\r\nNet Wt.  1.234 kg\r\nUnit Wt. 123 g\r\nPCS 10 pcs\r\n"
        b"U/P 3.00 /kg\r\nTotal 3.70\r\n"
    )
    assert [told(reading)[0] for reading in read("adam-azextra", printout)] == ["1.234"]


@pytest.mark.parametrize("line", [b"1.2x4kg", b"+ 2..00 kg", b"G + 2.00", b"1.234", b"N 1.2 3 kg"])
def test_adam_a_damaged_figure_is_a_bad_frame(line: bytes) -> None:
    (reading,) = read("adam-azextra", line + b"\r\n")
    assert reading.fault is Fault.BAD_FRAME


def test_radwag_by_itself_believes_no_shorter_answer_after_a_longer_one_nor_the_reverse() -> None:
    moving = b"SI  ? -   58.237 kg \r\n"
    lost_its_mark = b"SI   -   58.237 kg \r\n"
    assert told(read("radwag", lost_its_mark)[0]) == ("-58.237", True, None)
    readings = read("radwag", moving + lost_its_mark + moving)
    moves, bad = ("-58.237", False, None), (None, None, "bad_frame")
    assert [told(reading) for reading in readings] == [moves, bad, moves]
    still = ("18.5", False, None)
    readings = read("radwag", ANSWER + moving + ANSWER)
    assert [told(reading) for reading in readings] == [still, bad, still]


def test_radwag_whose_first_answer_was_the_damaged_one_is_read_after_three_more() -> None:
    readings = read("radwag", b"SI   -   58.237 kg \r\n" + b"SI  ? -   58.237 kg \r\n" * 5)
    faults = [reading.fault for reading in readings]
    assert faults == [None, *[Fault.BAD_FRAME] * 3, None, None]


@pytest.mark.parametrize(
    ("protocol", "line"),
    [
        ("radwag", ANSWER),
        ("sartorius-sbi", b"N     +   123.45 g  \r\n"),
        ("adam-azextra", b"N + 2.00 kg\r\n"),
    ],
)
def test_text_among_the_noise_costs_no_line_that_names_what_it_is(
    protocol: str, line: bytes
) -> None:
    right = told(read(protocol, line)[0])
    for noise in (b"ab\x00", b"5\x0b", b"+12.3\x00", b"T\xff"):
        assert told(read(protocol, noise + line)[-1]) == right, noise


def test_noise_in_the_head_of_a_tare_makes_no_weight_of_it() -> None:
    tare = b"T1    +   123.45 g  \r\n"
    for hit in range(len(tare) - 2):
        hurt = tare[:hit] + b"\x00" + tare[hit + 1 :]
        assert all(reading.weight is None for reading in read("sartorius-sbi", hurt)), hit
        assert all(reading.weight is None for reading in read("adam-azextra", hurt)), hit
