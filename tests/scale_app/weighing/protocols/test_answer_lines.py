"""MT-SICS and SMA: answers in lines, given bytes, variants, refusals, damage."""

import pytest

from tests.scale_app.weighing.protocols.said import decoded, weights_and_faults


@pytest.mark.parametrize(
    ("line", "weight", "unit", "stable"),
    [
        (b"S S      1.235 kg\r\n", "1.235", "kg", True),
        (b"S D      1.235 kg\r\n", "1.235", "kg", False),
        (b"SI S      1.235 kg\r\n", "1.235", "kg", True),
        (b"SIR D      1.235 kg\r\n", "1.235", "kg", False),
        (b"S S     -0.150 kg\r\n", "-0.150", "kg", True),
        (b"S S     -0.000 kg\r\n", "0.000", "kg", True),
        (b"S S    1235.00 g\r\n", "1235.00", "g", True),
        (b"S S       1235 g\r\n", "1235", "g", True),
        (b"S S 1.235 kg\r\n", "1.235", "kg", True),
        (b"S S      1.235 KG\r\n", "1.235", "kg", True),
        (b"S S      1.235 kg\n", "1.235", "kg", True),
        (b"S S      1.235 kg\r", "1.235", "kg", True),
        (b"S S      2.723 lb\r\n", "2.723", "lb", True),
        # As a balance of 1504.50 g answered (service note), and as tests of two public drivers pad.
        (b"S S       2.15 g\r\n", "2.15", "g", True),
        (b"S S      123.45 g\r\n", "123.45", "g", True),
        (b"S S      10.234 g\r\n", "10.234", "g", True),
    ],
)
def test_sics_weights_as_sent(line: bytes, weight: str, unit: str, stable: bool) -> None:
    (said,) = decoded("mt-sics", line)
    assert (said["weight"], said["unit"], said["stable"]) == (weight, unit, stable)
    assert (said["fault"], said["mode"], said["tare"], said["zero"]) == (None, None, None, None)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"S I\r\n", "not_ready"),
        (b"S +\r\n", "overload"),
        (b"S -\r\n", "underload"),
        (b"SI +\r\n", "overload"),
        (b"SI I\r\n", "not_ready"),
        (b"T I\r\n", "not_ready"),
        (b"ZI -\r\n", "underload"),
        (b"TA L\r\n", "device_fault"),
        (b"ES\r\n", "device_fault"),
        (b"ET\r\n", "device_fault"),
        (b"EL\r\n", "device_fault"),
        (b"S S Error 10b\r\n", "device_fault"),
        (b"S S     1.235 kg\r\n", "bad_frame"),
        (b"S S         1.235 kg\r\n", "bad_frame"),
        (b"S S      1.2X5 kg\r\n", "bad_frame"),
        (b"S S      1.235\r\n", "bad_frame"),
        (b"S S      1 235 kg\r\n", "bad_frame"),
        (b"S X      1.235 kg\r\n", "bad_frame"),
        (b"S S            kg\r\n", "bad_frame"),
        (b"S S      1.235 kx\r\n", "bad_frame"),
    ],
)
def test_sics_refusals_and_damage_carry_no_weight(line: bytes, fault: str) -> None:
    assert weights_and_faults("mt-sics", line + b"S S      1.235 kg\r\n") == [fault, "1.235"]


def test_sics_columns_of_its_own_are_kept_by_a_scale() -> None:
    """A lost or doubled digit shows in the columns alone."""

    def said(raw: bytes) -> list[str | None]:
        return weights_and_faults("mt-sics", raw, columns="any")

    ten, nine, eleven = (b"S S " + b"1.235".rjust(width) + b" kg\r\n" for width in (10, 9, 11))
    assert said(nine) == said(ten) == said(eleven) == ["1.235"]
    assert said(ten + nine + ten + eleven) == ["1.235", "bad_frame"] * 2
    assert said(nine + ten * 4) == ["1.235"] + ["bad_frame"] * 3 + ["1.235"]
    assert said(ten + b"T S     0.150 kg\r\n") == ["1.235", "bad_frame"]


@pytest.mark.parametrize(
    ("line", "tare", "note"),
    [
        (b"Z A\r\n", None, "zero taken"),
        (b"T S      0.150 kg\r\n", "0.150", "tare taken"),
        (b"TI D      0.150 kg\r\n", "0.150", "tare taken"),
        (b"TA A      0.150 kg\r\n", "0.150", "tare"),
        (b"TAC A\r\n", None, "tare cleared"),
        (b'I4 A "0123456789"\r\n', None, 'I4 A "0123456789"'),
        (b'I0 B 0 "I0"\r\n', None, 'I0 B 0 "I0"'),
    ],
)
def test_sics_status_answers_have_neither_weight_nor_fault(
    line: bytes, tare: str | None, note: str
) -> None:
    (said,) = decoded("mt-sics", line)
    assert (said["weight"], said["fault"]) == (None, None)
    assert (said["tare"], said["note"]) == (tare, note)


def test_sics_a_count_is_no_weight() -> None:
    (said,) = decoded("mt-sics", b"S S         12 PCS\r\n")
    assert (said["weight"], said["fault"], said["note"]) == (None, None, "count 12")


def test_sics_noise_costs_no_line() -> None:
    line = b"S S      1.235 kg\r\n"
    assert weights_and_faults("mt-sics", b"\x00\xff" + line) == ["1.235"]
    assert weights_and_faults("mt-sics", b"12;.garbage" + line) == ["1.235"]
    assert weights_and_faults("mt-sics", line[:9] + line) == ["incomplete", "1.235"]
    assert weights_and_faults("mt-sics", b"\r\n\r\n" + line * 3) == ["1.235"] * 3
    assert weights_and_faults("mt-sics", line + line[:9]) == ["1.235", "incomplete"]
    assert weights_and_faults("mt-sics", line[:9] + b"\xff" + line) == ["bad_frame", "1.235"]
    assert weights_and_faults("mt-sics", b"x" * 500 + b"\r\n" + line) == ["1.235"]


def sma(text: str) -> bytes:
    return b"\n" + text.encode("ascii") + b"\r"


@pytest.mark.parametrize(
    ("text", "weight", "unit", "stable", "mode", "zero"),
    [
        (" 1G       1.235kg ", "1.235", "kg", True, "gross", False),
        (" 1GM      1.235kg ", "1.235", "kg", False, "gross", False),
        ("Z1G       0.000kg ", "0.000", "kg", True, "gross", True),
        (" 1N      -0.150kg ", "-0.150", "kg", True, "net", False),
        (" 1N       1.085lb ", "1.085", "lb", True, "net", False),
        (" 2G      12.350kg ", "12.350", "kg", True, "gross", False),
        (" 1G    1235.000g  ", "1235.000", "g", True, "gross", False),
        (" 1G  0001.23500kg ", "1.23500", "kg", True, "gross", False),
        (" 1G       1.235 kg", "1.235", "kg", True, "gross", False),
        (" 1G       1.235KG ", "1.235", "kg", True, "gross", False),
        (" 1G       1.235kg", "1.235", "kg", True, "gross", False),
    ],
)
def test_sma_weights_as_sent(
    text: str, weight: str, unit: str, stable: bool, mode: str, zero: bool
) -> None:
    (said,) = decoded("sma", sma(text))
    assert (said["weight"], said["unit"], said["stable"]) == (weight, unit, stable)
    assert (said["mode"], said["zero"], said["fault"]) == (mode, zero, None)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("O1G      15.100kg ", "overload"),
        ("U1G      -0.150kg ", "underload"),
        ("E1G  ----------kg ", "device_fault"),
        ("I1G  ----------kg ", "not_ready"),
        ("T1N  ----------kg ", "device_fault"),
        ("e1G  ----------kg ", "not_ready"),
        (" 1G  ----------   ", "not_ready"),
        ("?", "device_fault"),
        ("X1G       1.235kg ", "bad_frame"),
        (" 1G      1.235kg ", "bad_frame"),
        (" 1G       1.2X5kg ", "bad_frame"),
        (" 1G            kg ", "bad_frame"),
        (" 1G       1.235xyz", "bad_frame"),
        (" 1G       1 235kg ", "bad_frame"),
    ],
)
def test_sma_faults_and_damage_carry_no_weight(text: str, fault: str) -> None:
    good = sma(" 1G       1.235kg ")
    assert weights_and_faults("sma", sma(text) + good) == [fault, "1.235"]


def test_sma_tare_fine_figures_and_talk_about_itself() -> None:
    (tare,) = decoded("sma", sma(" 1T       0.150kg "))
    assert (tare["weight"], tare["tare"], tare["fault"]) == (None, "0.150", None)
    (fine,) = decoded("sma", sma(" 1g      1.2350kg "))
    assert (fine["weight"], fine["note"]) == ("1.2350", "ten times expanded, not for trade")
    assert decoded("sma", sma("MFG:Pretend"))[0]["note"] == "MFG:Pretend"
    assert decoded("sma", sma("    "))[0]["note"] == "self-test passed"
    assert decoded("sma", sma("R   "))[0]["fault"] == "device_fault"


def test_sma_halves_and_noise_cost_no_frame() -> None:
    good = sma(" 1G       1.235kg ")
    assert weights_and_faults("sma", b"\xff\x00xyz" + good) == ["1.235"]
    assert weights_and_faults("sma", good[:9] + good) == ["incomplete", "1.235"]
    assert weights_and_faults("sma", good + good[:9]) == ["1.235", "incomplete"]
    assert weights_and_faults("sma", good[:9] + b"\x00" + good) == ["bad_frame", "1.235"]
    assert weights_and_faults("sma", b"\n\n" + good) == ["1.235"]
