"""No bytes crash a decoder, grow its memory, or turn damage into another weight."""

import os
import random
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import xor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.scales import KINDS
from fixtures.scales.kind import Shown
from scale_app.weighing import catalogue
from scale_app.weighing.protocols.family import Profile, StableBy
from scale_app.weighing.protocols.framing import OWED
from scale_app.weighing.reading import Fault, Reading
from tests.scale_app.weighing.captures import frames

SETTINGS: Mapping[str, Mapping[str, str]] = {
    "st-gs": {},
    "st-gs form=10": {"form": "10"},
    "st-gs form=short": {"form": "short"},
    "st-gs form=19": {"form": "19"},
    "toledo-continuous": {},
    "toledo-continuous checksum=no": {"checksum": "no"},
    "toledo-continuous form=short": {"form": "short"},
    "mt-8217": {},
    "mt-8217 lb": {"unit": "lb", "bit5": "always-one"},
    "oem-block": {},
    "oem-block bcc=none": {"bcc": "none"},
    "cas-pd2": {},
    "cas-pd2 dialect=ohaus": {"dialect": "ohaus"},
    "yaohua-stx": {},
    "yaohua-stx mode=command": {"mode": "command"},
    "yaohua-eq digits=reversed": {"digits": "reversed"},
    "yaohua-eq digits=forward": {"digits": "forward"},
    "yaohua-eq form=price": {"digits": "forward", "form": "price"},
    "yaohua-a12": {},
    "mt-sics": {},
    "digi-b": {},
    "digi-b form=35": {"form": "35"},
    "sma": {},
    "dialog-02": {},
    "dialog-04": {},
    "dialog-06": {},
    "nci": {},
    "nci width=6": {"width": "6"},
    "dibal-98": {},
    "prix": {},
    "prix form=25": {"form": "25"},
    "prix form=acs": {"form": "acs"},
    "sartorius-sbi": {},
    "radwag": {},
    "radwag form=22": {"form": "22"},
    "adam-azextra": {},
}
PROFILES = {
    name: catalogue.profile(name.split(maxsplit=1)[0], keys) for name, keys in SETTINGS.items()
}
BUFFERS = int(os.environ.get("STEELYARD_FUZZ", "2000"))
"""Quick in the suite; STEELYARD_FUZZ=1000000 for a night."""
ALPHABET = (
    b"\x02\x02\x0d\x0a STUSOLGN,.+-0123456789?=NkglbW\x41\x60\x82\x8d\xc5\x00\x01\x03\x04;wnDI"
)


each_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))


def material(profile: Profile) -> list[bytes]:
    """Real frames of this protocol, to be cut and glued."""
    found = [frame.raw for frame in frames() if frame.profile.protocol == profile.protocol]
    kind, options = KINDS[profile.protocol], dict(profile.keys)
    found += [kind.frame(Shown(grams), options) for grams in (0, 1235, 15000)]
    # A short frame has no way to say 15 kg: then the scale is silent.
    return [raw for raw in found if raw]


def fuzzed(profile: Profile, dice: random.Random) -> bytes:
    """Random bytes, bytes that look like frames, and frames cut, glued and flipped."""
    pieces: list[bytes] = []
    for _ in range(dice.randint(1, 6)):
        choice = dice.random()
        frame = bytearray(dice.choice(material_of[profile.protocol]))
        if choice < 0.2:
            pieces.append(dice.randbytes(dice.randint(0, 40)))
        elif choice < 0.4:
            pieces.append(bytes(dice.choices(ALPHABET, k=dice.randint(0, 40))))
        elif choice < 0.7:
            start = dice.randrange(len(frame))
            pieces.append(bytes(frame[start:] if dice.random() < 0.5 else frame[:start]))
        else:
            frame[dice.randrange(len(frame))] ^= 1 << dice.randrange(8)
            pieces.append(bytes(frame))
    return b"".join(pieces)


material_of = {profile.protocol: material(profile) for profile in PROFILES.values()}


def counted_over(first: int, last: int, check: int) -> Callable[[bytes], bool]:
    """An exclusive or of the bytes `first:last` stands at `check`."""
    return lambda raw: reduce(xor, raw[first:last]) == raw[check]


IS_COVERED: Mapping[str, Callable[[bytes], bool]] = {
    "toledo-continuous": lambda raw: sum(byte & 0x7F for byte in raw) & 0x7F == 0,
    "toledo-continuous form=short": lambda raw: sum(byte & 0x7F for byte in raw) & 0x7F == 0,
    "oem-block": counted_over(2, -3, -3),
    "cas-pd2": counted_over(1, 7, 7),
    "yaohua-stx": lambda raw: b"%02X" % reduce(xor, raw[1:9]) == raw[9:11].upper(),
}
"""The checksums once more, written from the manuals: what a weight must be covered by."""


@each_profile
@pytest.mark.timeout(120 + BUFFERS // 500)
def test_fuzzed_bytes_never_crash_and_are_never_hoarded(
    profile: Profile, request: pytest.FixtureRequest
) -> None:
    dice = random.Random(len(profile.keys))
    decoder = profile.decoder()
    is_covered = IS_COVERED.get(request.node.callspec.id, bool)
    for _ in range(BUFFERS):
        for reading in decoder.feed(fuzzed(profile, dice)):
            assert reading.weight is None or reading.fault is None
            assert reading.weight is None or is_covered(reading.raw)
        assert decoder.waiting < profile.family.longest
    decoder.expire()
    assert decoder.waiting == 0
    assert len(decoder.replies()) <= OWED


@each_profile
def test_any_split_of_any_bytes_gives_the_same_readings(profile: Profile) -> None:
    dice = random.Random(7)
    for _ in range(300):
        text = fuzzed(profile, dice)
        whole = profile.decoder().feed(text)
        decoder = profile.decoder()
        split: list[Reading] = []
        at = 0
        while at < len(text):
            size = dice.randint(1, 5)
            split += decoder.feed(text[at : at + size])
            at += size
        assert split == whole


@each_profile
@settings(max_examples=60)
@given(text=st.binary(max_size=120), cuts=st.lists(st.integers(0, 120), max_size=8))
def test_hypothesis_finds_no_split_that_matters(
    profile: Profile, text: bytes, cuts: list[int]
) -> None:
    whole = profile.decoder().feed(text)
    decoder = profile.decoder()
    edges = [0, *sorted(cuts), len(text)]
    split = [reading for start, end in pairwise(edges) for reading in decoder.feed(text[start:end])]
    assert split == whole


@each_profile
def test_a_flood_of_noise_costs_linear_time_and_no_memory(profile: Profile) -> None:
    noise = (b"\x02" * 31 + b"ST,GS,\x02?0" + b"\xff" * 7) * 4000
    decoder = profile.decoder()
    started = time.process_time()
    readings = decoder.feed(noise)
    seconds = time.process_time() - started
    assert all(reading.weight is None for reading in readings)
    assert decoder.waiting < profile.family.longest
    # 190 kB is 200 s of a 9600 baud line.
    assert seconds < 5


def test_with_a_checksum_no_flipped_bit_becomes_another_weight() -> None:
    profile = PROFILES["toledo-continuous"]
    for grams in (0, 5, 1235, 14995):
        frame = KINDS["toledo-continuous"].frame(Shown(grams), {})
        right = profile.decoder().feed(frame)[0].weight
        for at in range(len(frame)):
            for bit in range(8):
                broken = bytearray(frame)
                broken[at] ^= 1 << bit
                decoder = profile.decoder()
                for reading in decoder.feed(bytes(broken)) + decoder.expire():
                    assert reading.weight in (None, right), (at, bit)


@each_profile
def test_where_one_bit_can_make_another_weight_two_equal_readings_are_asked_for(
    profile: Profile,
) -> None:
    frame = KINDS[profile.protocol].frame(Shown(1235), dict(profile.keys))
    weights = set()
    for place in range(8 * len(frame)):
        broken = bytearray(frame)
        broken[place // 8] ^= 1 << place % 8
        weights |= {reading.weight for reading in profile.decoder().feed(bytes(broken))}
    believed_at_once = profile.stable_by in (StableBy.FLAG, StableBy.SOFTWARE)
    assert not believed_at_once or weights <= {None, Decimal("1.235")}


def test_a_wrong_checksum_has_its_own_name() -> None:
    kind = KINDS["toledo-continuous"]
    readings = (
        PROFILES["toledo-continuous"]
        .decoder()
        .feed(kind.spoil(kind.frame(Shown(1235), {})) + kind.frame(Shown(1240), {}))
    )
    assert [reading.fault for reading in readings] == [Fault.BAD_CHECKSUM, None]


def test_silence_in_the_middle_of_a_frame_is_one_incomplete_reading() -> None:
    for profile in PROFILES.values():
        decoder = profile.decoder()
        frame = KINDS[profile.protocol].frame(Shown(1235), dict(profile.keys))
        assert decoder.feed(frame[: len(frame) // 2]) == []
        assert [reading.fault for reading in decoder.expire()] == [Fault.INCOMPLETE]
        assert decoder.expire() == []
        assert decoder.feed(frame)[0].weight is not None


@each_profile
def test_replies_that_nobody_fetches_do_not_pile_up(profile: Profile) -> None:
    """Each kept byte would be copied for every reply more: work that grows with its square."""
    decoder = profile.decoder()
    for raw in (b"\x06", b"\x05", b"\x15", *material_of[profile.protocol]):
        for _ in range(2 * OWED):
            decoder.feed(raw)
    assert len(decoder.replies()) <= OWED
    assert decoder.replies() == b""
