"""Yaohua's three ways of telling a weight: given bytes, variants of the field, damage."""

from decimal import Decimal

import pytest

from scale_app.weighing import catalogue
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.reading import Mode
from tests.scale_app.weighing.protocols.said import decoded, sealed, weights_and_faults


def stx(body: bytes) -> bytes:
    return b"\x02" + body + b"%02X\x03" % sealed(body)


def a12e(text: bytes) -> bytes:
    return text + b"%02X\r\n" % sealed(text)


@pytest.mark.parametrize(
    ("body", "weight"),
    [
        (b"+0012353", "1.235"),
        (b"+0001500", "150"),
        (b"-0001503", "-0.150"),
        (b"-0000003", "0.000"),
        (b"+   1503", "0.150"),
        (b"+1234564", "12.3456"),
        (b"+0000001", "0.0"),
    ],
)
def test_stx_weights_as_sent(body: bytes, weight: str) -> None:
    (said,) = decoded("yaohua-stx", stx(body))
    assert (said["weight"], said["stable"], said["mode"], said["fault"]) == (
        weight,
        None,
        None,
        None,
    )


def test_stx_the_unit_is_the_profiles() -> None:
    assert decoded("yaohua-stx", stx(b"+0012353"), unit="lb")[0]["unit"] == "lb"


def test_stx_small_hex_letters_are_the_same_checksum() -> None:
    frame = stx(b"+0000000")
    assert frame[-3:-1] == b"1B"
    assert weights_and_faults("yaohua-stx", frame.replace(b"1B", b"1b")) == ["0"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x02+0012353ZZ\x03", "bad_checksum"),
        (stx(b"+0012353").replace(b"5", b"6", 1), "bad_checksum"),
        (stx(b"+0012359"), "bad_frame"),
        (stx(b"*0012353"), "bad_frame"),
        (stx(b"+00 2353"), "bad_frame"),
        (stx(b"+001235"), "bad_frame"),
        (stx(b"+0012353").replace(b"\x03", b"\x00"), "bad_frame"),
    ],
)
def test_stx_damage_has_its_name_and_costs_no_frame(raw: bytes, said: str) -> None:
    good = stx(b"+0005003")
    assert weights_and_faults("yaohua-stx", raw + good) == [said, "0.500"]
    assert weights_and_faults("yaohua-stx", b"\xff\x00=12" + good) == ["0.500"]
    assert weights_and_faults("yaohua-stx", good[:6] + good + good[:4]) == [
        "incomplete",
        "0.500",
        "incomplete",
    ]


def test_commands_are_answered_by_name() -> None:
    command = {"mode": "command"}
    (gross,) = decoded("yaohua-stx", stx(b"AB+0012353"), **command)
    assert (gross["weight"], gross["mode"]) == ("1.235", "gross")
    (tare,) = decoded("yaohua-stx", stx(b"AC+0001503"), **command)
    assert (tare["weight"], tare["tare"], tare["fault"]) == (None, "0.150", None)
    (net,) = decoded("yaohua-stx", stx(b"AD+0010853"), **command)
    assert (net["weight"], net["mode"], net["tare"]) == ("1.085", "net", None)
    (price,) = decoded("yaohua-stx", stx(b"AE+0009802"), **command)
    assert (price["weight"], price["unit_price"]) == (None, "9.80")
    (amount,) = decoded("yaohua-stx", stx(b"AF+0012102"), **command)
    assert (amount["weight"], amount["amount"]) == (None, "12.10")
    (lorry,) = decoded("yaohua-stx", stx(b"AE12345"), **command)
    assert (lorry["weight"], lorry["fault"], lorry["note"]) == (None, None, "number")
    (hands,) = decoded("yaohua-stx", stx(b"AA"), **command)
    assert (hands["weight"], hands["fault"], hands["note"]) == (None, None, "handshake")


def test_net_is_asked_upon_the_tare_and_tells_it() -> None:
    decoder = catalogue.profile("yaohua-stx", {"mode": "command", "address": "B"}).decoder()
    (tare,) = decoder.feed(stx(b"BC+0001503"))
    assert (tare.weight, tare.tare, decoder.replies()) == (None, Decimal("0.150"), stx(b"BD"))
    (net,) = decoder.feed(stx(b"BD+0010853"))
    assert (net.mode, net.tare, net.gross) == (Mode.NET, Decimal("0.150"), Decimal("1.235"))
    decoder.feed(stx(b"BC+0000003"))
    (gross,) = decoder.feed(stx(b"BD+0012353"))
    assert (gross.mode, gross.tare, gross.gross) == (Mode.GROSS, None, Decimal("1.235"))
    (unasked,) = decoder.feed(stx(b"BD+0012353"))
    assert (unasked.mode, unasked.gross) == (Mode.NET, None)


def test_another_indicators_answer_is_not_ours() -> None:
    for_b = stx(b"BB+0012353")
    assert weights_and_faults("yaohua-stx", for_b, mode="command") == ["bad_frame"]
    assert weights_and_faults("yaohua-stx", for_b, mode="command", address="B") == ["1.235"]
    damaged = for_b.replace(b"5", b"7", 1)
    assert weights_and_faults("yaohua-stx", damaged, mode="command", address="B") == [
        "bad_checksum"
    ]


def test_a_continuous_frame_is_no_answer_and_an_answer_no_continuous_frame() -> None:
    assert weights_and_faults("yaohua-stx", stx(b"+0012353"), mode="command") == ["bad_frame"]
    answer = stx(b"AB+0012353")
    assert not [word for word in weights_and_faults("yaohua-stx", answer) if word == "1.235"]


@pytest.mark.parametrize(
    ("raw", "digits", "weight"),
    [
        (b"=000.3000", "reversed", "3.000"),
        (b"=00.1000-", "reversed", "-1.00"),
        (b"=532.1000", "reversed", "1.235"),
        (b"=000.0000", "reversed", "0.000"),
        (b"=.0653000", "reversed", "3560"),
        (b"=532.1  0", "reversed", "1.235"),
        (b"=0003.000", "forward", "3.000"),
        (b"=-0001.00", "forward", "-1.00"),
        (b"=0001.235", "forward", "1.235"),
        (b"=0003560.", "forward", "3560"),
        (b"=0  1.235", "forward", "1.235"),
        (b"=00001235", "forward", "1235"),
    ],
)
def test_eq_weights_by_the_order_of_the_profile(raw: bytes, digits: str, weight: str) -> None:
    assert weights_and_faults("yaohua-eq", raw * 2, digits=digits) == [weight] * 2


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"=00.3000=000.3000", ["incomplete", "3.000"]),
        (b"=000.300X=000.3000", ["bad_frame", "3.000"]),
        (b"=000.3005=000.3000", ["bad_frame", "3.000"]),
        (b"=00..3000=000.3000", ["bad_frame", "3.000"]),
        (b"=       0=000.3000", ["bad_frame", "3.000"]),
        (b"\x00.30=000.3000\r\n=000.3000\r\n", ["3.000", "3.000"]),
        (b"=000.300", ["incomplete"]),
    ],
)
def test_eq_damage_is_named_and_costs_no_frame(raw: bytes, said: list[str]) -> None:
    assert weights_and_faults("yaohua-eq", raw, digits="reversed") == said


def test_eq_prices_must_fit_the_weight() -> None:
    def price(raw: bytes) -> list[str | None]:
        return weights_and_faults("yaohua-eq", raw, digits="forward", form="price")

    assert price(b"=0001.235kg;0009.80;0012.10") == ["1.235"]
    assert price(b"=0001.235;0009.80;0012.10=0001.235;0009.80;0012.10") == ["1.235"] * 2
    assert price(b"=0001.235lb;0009.80;0012.10") == ["1.235"]
    assert price(b"=0001.235kg;0009.80;0012.11=0000.000kg;0009.80;0000.00") == [
        "price_mismatch",
        "0.000",
    ]
    assert price(b"=-000.150kg;0009.80;0000.00") == ["-0.150"]
    assert price(b"=0001.235xx;0009.80;0012.10") == ["bad_frame"]
    assert price(b"=0001.235kg;0009.80;0012") == ["incomplete"]
    (said,) = decoded("yaohua-eq", b"=0001.235kg;0009.80;0012.10", digits="forward", form="price")
    assert (said["unit"], said["unit_price"], said["amount"]) == ("kg", "9.80", "12.10")
    (count,) = decoded("yaohua-eq", b"=0000003.pc;0002.00;0006.00", digits="forward", form="price")
    assert (count["weight"], count["fault"], count["note"]) == (None, None, "count 3")


@pytest.mark.parametrize(
    ("raw", "weight", "mode"),
    [
        (b"ww001.235kg", "1.235", "gross"),
        (b"wn001.085kg\r\n", "1.085", "net"),
        (b"ww-00.150kg\r\n", "-0.150", "gross"),
        (b"wn-000.150kg\r\n", "-0.150", "net"),
        (b"ww  1.235kg\r\n", "1.235", "gross"),
        (b"ww000123 kg\r\n", "123", "gross"),
        (b"ww001.235KG\r\n", "1.235", "gross"),
        (a12e(b"WG004.139kg"), "4.139", "gross"),
        (a12e(b"WN-00.150kg"), "-0.150", "net"),
        (a12e(b"WG000123 kg"), "123", "gross"),
    ],
)
def test_a12_weights_as_sent(raw: bytes, weight: str, mode: str) -> None:
    for said in decoded("yaohua-a12", raw * 2):
        assert (said["weight"], said["mode"], said["stable"]) == (weight, mode, None)
    assert len(decoded("yaohua-a12", raw * 2)) == 2


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (a12e(b"WG004.139kg").replace(b"4", b"5", 1), ["bad_checksum"]),
        (b" " * 9 + b"OL23\r\n", ["overload"]),
        (b" " * 9 + b"LO23\r\n", ["underload"]),
        (b" " * 9 + b"OL24\r\n", ["bad_checksum"]),
        (b"ww01.235kg\r\n", ["bad_frame"]),
        (b"ww001.2X5kg\r\n", ["bad_frame"]),
        (b"ww00.1.235k\r\n", ["bad_frame"]),
        (b"ww001.235", ["incomplete"]),
        (b"ww001.2ww001.235kg", ["incomplete", "1.235"]),
        (b"\xff\x00junk ww001.235kg\r\n", ["1.235"]),
        (b"wt000.150kg\r\n", [None]),
    ],
)
def test_a12_damage_and_what_is_no_weight(raw: bytes, said: list[str | None]) -> None:
    assert weights_and_faults("yaohua-a12", raw) == said
    assert weights_and_faults("yaohua-a12", raw + b"ww000.500kg")[-1] == "0.500" or len(raw) < 10


def test_a12_figures_have_the_length_of_the_profile() -> None:
    def said(**keys: str) -> list[str | None]:
        raw = b"ww001.235kg\r\nww0001.236kg\r\nww-001.237kg\r\n"
        return weights_and_faults("yaohua-a12", raw, **keys)

    assert said() == ["1.235", "bad_frame", "-1.237"]
    assert said(width="8") == ["bad_frame", "1.236", "-1.237"]


def test_without_a_flag_time_says_when_the_pan_is_at_rest() -> None:
    """A frame that carries no check digit is believed at its second equal reading only."""
    for protocol, keys, judge in (
        ("yaohua-stx", {}, StableBy.SOFTWARE),
        ("yaohua-eq", {"digits": "reversed"}, StableBy.SOFTWARE_TWICE),
        ("yaohua-a12", {}, StableBy.SOFTWARE_TWICE),
    ):
        assert catalogue.profile(protocol, keys).stable_by is judge
