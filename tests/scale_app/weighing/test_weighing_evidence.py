"""Every weighed line has a record of its weighing, and only that one fits its hash."""

import hashlib
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scale_app.weighing.evidence import (
    Circumstances,
    Evidence,
    evidence_of,
    hash_of,
    packed,
    unpacked,
)
from scale_app.weighing.reading import Mode
from scale_app.weighing.snapshot import Weighed
from tests.scale_app.weighing.bench import Bench

AROUND = Circumstances(at_ms=1_795_484_645_000, operator=7, software=bytes(range(32)))


def sold(raw: bytes = b"\x02frame\r") -> Weighed:
    bench = Bench()
    bench.empty()
    assert bench.scale.type_tare(Decimal("0.050"), bench.now) is None
    bench.show(1235, stable=False)
    bench.say(weight=Decimal("1.235"), stable=True, mode=Mode.GROSS, raw=raw)
    bench.now += 0.25
    weighed = bench.sell()
    assert isinstance(weighed, Weighed)
    return weighed


def test_the_record_says_how_the_weight_came_about() -> None:
    assert evidence_of(sold(), AROUND) == Evidence(
        at=1_795_484_645_000, gross=1235, tare=50, tare_kind="typed", net=1185, unit=0, e="0.005",
        stable_by="flag", protocol="toledo-continuous", raw=b"\x02frame\r", age_ms=250,
        rounding="once, half away from zero, to 1 minor unit", software=bytes(range(32)),
        operator=7, below_minimum=False, tare_kinds=("typed",),
    )  # fmt: skip


def test_the_record_says_to_which_price_interval_was_rounded() -> None:
    by_tenths = replace(AROUND, interval=10)
    assert evidence_of(sold(), by_tenths).rounding == (
        "once, half away from zero, to 10 minor units"
    )


def test_the_hash_is_the_first_eight_bytes_of_sha_256() -> None:
    record = packed(evidence_of(sold(), AROUND))
    assert hash_of(record) == hashlib.sha256(record).digest()[:8]
    assert unpacked(record) == evidence_of(sold(), AROUND)


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_another_frame_is_another_hash(one: bytes, other: bytes) -> None:
    hashes = [hash_of(packed(evidence_of(sold(raw), AROUND))) for raw in (one, other)]
    assert (hashes[0] == hashes[1]) == (one == other)
