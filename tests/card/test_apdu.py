"""Commands and answers as bytes (ISO 7816-4, short form)."""

import pytest

from card.apdu import Command, as_hex, for_t0, parse, shown, split_answer
from card.errors import BadAnswer

CASES = [
    ("FFCA000000", Command(0xFF, 0xCA, 0, 0, le=256)),
    ("FFB0000410", Command(0xFF, 0xB0, 0, 4, le=16)),
    ("FF860000050100046000", Command(0xFF, 0x86, 0, 0, bytes.fromhex("0100046000"))),
    ("00840000", Command(0x00, 0x84, 0, 0)),
    (
        "00A4040008A00000038698070100",
        Command(0, 0xA4, 4, 0, bytes.fromhex("A000000386980701"), 256),
    ),
]


@pytest.mark.parametrize(("raw", "command"), CASES)
def test_a_command_is_written_as_the_manuals_print_it(raw: str, command: Command) -> None:
    assert bytes(command).hex().upper() == raw


@pytest.mark.parametrize(("raw", "command"), CASES)
def test_a_command_is_read_back(raw: str, command: Command) -> None:
    assert parse(bytes.fromhex(raw)) == command


@pytest.mark.parametrize("raw", ["", "FF", "FFCA00", "FFD60004020A", "FFD6000400AABB"])
def test_lengths_that_do_not_fit_are_refused(raw: str) -> None:
    with pytest.raises(BadAnswer):
        parse(bytes.fromhex(raw))


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        ("00840000", "0084000000"),
        ("00B0950000", "00B0950000"),
        ("8054030003010203", "8054030003010203"),
        ("805403000301020304", "8054030003010203"),
        ("00A4040000", "00A4040000"),
    ],
)
def test_t0_has_no_le_behind_data(raw: str, sent: str) -> None:
    assert for_t0(bytes.fromhex(raw)) == bytes.fromhex(sent)


def test_an_answer_is_split_into_data_and_status() -> None:
    assert split_answer(bytes.fromhex("04A1B2C39000")) == (bytes.fromhex("04A1B2C3"), 0x9000)
    assert split_answer(bytes.fromhex("6300")) == (b"", 0x6300)


@pytest.mark.parametrize("raw", [b"", b"\x90"])
def test_an_answer_without_a_status_is_refused(raw: bytes) -> None:
    with pytest.raises(BadAnswer):
        split_answer(raw)


def test_a_log_never_shows_a_key() -> None:
    load = bytes.fromhex("FF82000006A0A1A2A3A4A5")
    trailer = bytes.fromhex("FFD6000710") + bytes.fromhex("A0A1A2A3A4A5787788C1B0B1B2B3B4B5")
    assert shown(load) == "FF 82 00 00 06 .. .. .. .. .. .."
    assert "A0" not in shown(trailer)
    assert "B5" not in shown(trailer)


def test_a_log_shows_everything_else() -> None:
    write = bytes.fromhex("FFD6000810") + bytes(range(16))
    assert shown(write) == as_hex(write) == "FF D6 00 08 10 " + bytes(range(16)).hex(" ").upper()


def test_a_pin_and_a_purse_key_are_masked_under_any_class() -> None:
    for raw in ("0020000003123456", "805E010006123456FF9988", "84D43E0108AABBCCDD11223344"):
        told = shown(bytes.fromhex(raw))
        assert told.startswith(as_hex(bytes.fromhex(raw)[:5]))
        assert "12 34" not in told
        assert "AA BB" not in told
    assert shown(bytes.fromhex("805C000204")) == "80 5C 00 02 04"
