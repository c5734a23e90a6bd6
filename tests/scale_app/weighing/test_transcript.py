"""Bytes from hex, and from files that are captures or raw."""

import pytest

from scale_app.weighing.transcript import BadHex, entry, reads_of_file, reads_of_hex


def test_hex_gives_one_chunk_a_read() -> None:
    assert reads_of_hex("02 30|31 0D") == [b"\x020", b"1\r"]
    assert reads_of_hex("") == [b""]


@pytest.mark.parametrize("text", ["0", "0g", "0x02", "02,30"])
def test_what_is_not_hex_in_pairs_is_refused(text: str) -> None:
    with pytest.raises(BadHex, match=text):
        reads_of_hex(text)


def test_a_written_capture_reads_back_as_the_reads_it_was_made_of() -> None:
    reads = [b"ST,GS,", b"\x00\xff\r\n"]
    lines = ["# origin: a test", "@ st-gs", *entry("W", b"W", 0.1)]
    for number, read in enumerate(reads):
        lines += entry("R", read, 0.2 + number)
    assert reads_of_file("\n".join(lines).encode()) == reads


@pytest.mark.parametrize(
    ("content", "reads"),
    [
        (b"02 30 31\n0d\n", [b"\x0201", b"\r"]),
        (b"0230310d0230310D\n", [b"\x0201\r\x0201\r"]),
        (b"02 30|31 0d", [b"\x020", b"1\r"]),
    ],
)
def test_hex_in_a_file_gives_a_read_a_line_or_bar(content: bytes, reads: list[bytes]) -> None:
    assert reads_of_file(content) == reads


@pytest.mark.parametrize(
    "content", [b"\r 1234\r 5678", b"      12\r\n", b"12 345\r\n", b"00012345\r\n"]
)
def test_figures_of_a_scale_are_not_taken_for_hex(content: bytes) -> None:
    assert reads_of_file(content) == [content]


@pytest.mark.parametrize(
    "content", [b"", b"ST,GS,  1.235kg\r\n", b"\x02R 30\r\n", b"R zz\n", b"R 30\nother words\n"]
)
def test_what_is_no_capture_is_one_read_of_raw_bytes(content: bytes) -> None:
    assert reads_of_file(content) == [content]
