"""One byte lost, doubled, put in or turned, in every published frame: no crash, no wrong weight."""

from collections.abc import Iterator

import pytest

from scale_app.weighing.protocols.family import Profile
from scale_app.weighing.reading import Reading
from tests.scale_app.weighing.captures import Frame, frames
from tests.scale_app.weighing.protocols.said import weights_and_faults

BYTES = b"\x00\x02\x03\r\n 05.-+NF\x80\xff"
FIXED = frozenset(
    {"toledo-continuous", "oem-block", "cas-pd2", "yaohua-stx", "digi-b", "sma", "dibal-98",
     "sartorius-sbi"}
)  # fmt: skip
"""Families where a byte too few or too many shows in the length or the checksum of every form."""


def read(profile: Profile, raw: bytes) -> list[Reading]:
    decoder = profile.decoder()
    return decoder.feed(raw) + decoder.expire()


def damaged(raw: bytes) -> Iterator[bytes]:
    for at in range(len(raw)):
        for byte in BYTES:
            yield raw[:at] + bytes([byte]) + raw[at:]
            yield raw[:at] + bytes([byte]) + raw[at + 1 :]


def lost_or_doubled(raw: bytes) -> Iterator[bytes]:
    for at in range(len(raw)):
        yield raw[:at] + raw[at + 1 :]
        yield raw[: at + 1] + raw[at:]


@pytest.mark.parametrize("frame", frames(), ids=lambda frame: frame.raw.hex())
def test_no_damaged_byte_crashes_a_decoder(frame: Frame) -> None:
    for raw in damaged(frame.raw):
        for reading in read(frame.profile, raw):
            assert reading.weight is None or reading.fault is None


@pytest.mark.parametrize(
    "frame",
    [frame for frame in frames() if frame.profile.protocol in FIXED],
    ids=lambda frame: frame.raw.hex(),
)
def test_where_the_length_is_fixed_a_byte_lost_or_doubled_is_never_another_weight(
    frame: Frame,
) -> None:
    right = [(one.weight, one.unit) for one in read(frame.profile, frame.raw)]
    for raw in lost_or_doubled(frame.raw):
        for reading in read(frame.profile, raw):
            assert reading.weight is None or (reading.weight, reading.unit) in right, raw


def test_a_blank_inside_a_weight_in_pounds_is_damage() -> None:
    assert weights_and_faults("mt-8217", b"\x020 1.23\r", unit="lb") == ["bad_frame"]
    assert weights_and_faults("mt-8217", b"\x02 1.23\r", unit="lb") == ["1.23"]
    assert weights_and_faults("mt-8217", b"\x02001.23\r", unit="lb") == ["1.23"]


@pytest.mark.parametrize(
    ("protocol", "raw"),
    [
        ("st-gs", b"ST,+0000123   g\r\n"),
        ("st-gs", b"ST,+00123.4   g\r\n"),
        ("st-gs", b"ST,OK,+0000123   g\r\n"),
        ("sma", b"\n 1G        100 kg \r"),
        ("sma", b"\n 1G       1.23 kg \r"),
    ],
)
def test_a_last_digit_that_became_a_blank_is_damage(protocol: str, raw: bytes) -> None:
    """One flipped bit turns 0 (30h) into a blank (20h): 1230 g would be 123 g."""
    assert weights_and_faults(protocol, raw) == ["bad_frame"]
