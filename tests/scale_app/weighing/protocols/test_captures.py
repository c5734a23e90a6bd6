"""Frames that others wrote mean what their sources say, however they arrive."""

import random
from collections import defaultdict

import pytest

from scale_app.weighing.reading import DAMAGE, Reading
from scale_app.weighing.report import fields
from tests.scale_app.weighing.captures import FOLDER, Frame, frames

ALL = frames()
ENDS_AT_CR = frozenset({"mt-sics", "radwag", "sartorius-sbi", "adam-azextra"})
"""Their lines are whole at CR: the LF after it, and a CR lost before it, change nothing."""
OF_FREE_LENGTH = frozenset({"adam-azextra", "nci"})
"""Nothing in a frame reveals a lost digit: equal readings do, or NCI's key `width`."""
NOISE = (b"\x00\xff\x80\x0d", b"\x02", b"ST,G", b"12.3\r\n", bytes(range(256)))


def names(frame: Frame) -> str:
    return f"{frame.source}-{frame.raw.hex()}"


def meaning(reading: Reading, frame: Frame) -> dict[str, object]:
    found = fields(reading)
    return {key: found[key] for key in frame.meaning}


def good(readings: list[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.fault not in DAMAGE]


@pytest.mark.parametrize("frame", ALL, ids=names)
def test_a_frame_fed_whole_means_what_its_source_says(frame: Frame) -> None:
    readings = frame.profile.decoder().feed(frame.raw)
    assert [meaning(reading, frame) for reading in readings] == [frame.meaning]
    assert readings[0].raw.rstrip(b"\r\n") == frame.raw.rstrip(b"\r\n")


@pytest.mark.parametrize("frame", ALL, ids=names)
def test_a_frame_fed_byte_by_byte_means_the_same(frame: Frame) -> None:
    decoder = frame.profile.decoder()
    readings = [reading for byte in frame.raw for reading in decoder.feed(bytes([byte]))]
    assert [meaning(reading, frame) for reading in readings] == [frame.meaning]
    assert decoder.waiting == 0


@pytest.mark.parametrize("noise", NOISE, ids=lambda noise: noise[:4].hex())
@pytest.mark.parametrize("frame", ALL, ids=names)
def test_noise_before_a_frame_adds_no_weight_and_hides_none(frame: Frame, noise: bytes) -> None:
    # A bare line has no header: glued to printable noise it is a longer line, which is refused.
    readings = frame.profile.decoder().feed(noise + b"\n" + frame.raw)
    assert meaning(readings[-1], frame) == frame.meaning
    assert all(reading.weight is None for reading in readings[:-1])


@pytest.mark.parametrize("frame", ALL, ids=names)
def test_a_tail_after_a_frame_changes_nothing(frame: Frame) -> None:
    readings = frame.profile.decoder().feed(frame.raw + frame.raw[: len(frame.raw) // 2])
    assert [meaning(reading, frame) for reading in readings] == [frame.meaning]


@pytest.mark.parametrize("frame", ALL, ids=names)
def test_a_frame_cut_anywhere_gives_no_weight(frame: Frame) -> None:
    ends_at_cr = frame.profile.protocol in ENDS_AT_CR
    for length in range(len(frame.raw) - ends_at_cr):
        decoder = frame.profile.decoder()
        readings = decoder.feed(frame.raw[:length]) + decoder.expire()
        assert all(reading.weight is None for reading in readings), frame.raw[:length]


@pytest.mark.parametrize("frame", ALL, ids=names)
def test_a_frame_that_lost_a_byte_gives_no_other_weight(frame: Frame) -> None:
    # What may go unnoticed is no digit: a pad, a byte of the end, the letter N of an 8217.
    profile = frame.profile
    if profile.protocol in OF_FREE_LENGTH or profile.keys.get("columns") == "any":
        return
    right = frame.profile.decoder().feed(frame.raw)[0].weight
    for lost in range(len(frame.raw)):
        decoder = frame.profile.decoder()
        readings = decoder.feed(frame.raw[:lost] + frame.raw[lost + 1 :]) + decoder.expire()
        assert all(reading.weight in (None, right) for reading in readings), lost


def test_a_stream_of_one_source_cut_at_random_places_gives_every_frame_in_order() -> None:
    dice = random.Random(82)
    by_source: dict[str, list[Frame]] = defaultdict(list)
    for frame in ALL:
        by_source[frame.source].append(frame)
    for stream in by_source.values():
        text = b"".join(frame.raw for frame in stream)
        decoder = stream[0].profile.decoder()
        readings: list[Reading] = []
        at = 0
        while at < len(text):
            size = dice.randint(1, 7)
            readings += decoder.feed(text[at : at + size])
            at += size
        assert [meaning(*pair) for pair in zip(readings, stream, strict=True)] == [
            frame.meaning for frame in stream
        ]


def test_every_capture_names_its_origin() -> None:
    for path in FOLDER.glob("*.txt"):
        assert path.read_text(encoding="utf-8").startswith("# origin: "), path.name


@pytest.mark.parametrize("frame", ALL, ids=names)
def test_a_byte_that_the_kernel_replaced_by_nul_gives_no_other_weight(frame: Frame) -> None:
    # So the kernel delivers a parity or framing error.
    right = frame.profile.decoder().feed(frame.raw)[0].weight
    for hit in range(len(frame.raw)):
        decoder = frame.profile.decoder()
        readings = decoder.feed(frame.raw[:hit] + b"\0" + frame.raw[hit + 1 :]) + decoder.expire()
        assert all(reading.weight in (None, right) for reading in readings), hit
