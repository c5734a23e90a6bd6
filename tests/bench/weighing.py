"""Weighing: frames a second, bytes in to priced line, garbage, goods down to a price, the screen.

Every figure that depends on the machine stands beside a yardstick of the same run.
"""

import os
import pty
import random
import statistics
import struct
import time
import tty
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import serial

from broker.pricelist import Product
from broker.pricing import price_line
from broker.units import PriceBase
from fixtures.scales import KINDS
from fixtures.scales.kind import Shown
from scale_app.weighing import catalogue
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.protocols.family import Profile
from tests.bench.pan_model import Manner, trials
from tests.bench.screen import stable_frame_to_price_ms

GOAL_FRAMES, GOAL_RATIO, GOAL_DOUBLE = 20_000, 3.0, 2.5
GOAL_MEDIAN_S, GOAL_P95_S = 1.2, 1.6
GOAL_SCREEN_MS = 100
APPLE = Product(1, "苹果", "Apple", PriceBase.KG, [680])
READ_BYTES = 64
E_KG = Decimal("0.005")


def profile_of(name: str) -> Profile:
    """The family with its defaults, and the first value where there is none."""
    family = catalogue.FAMILIES[name]
    return catalogue.profile(name, {key: family.keys[key][0] for key in family.required})


def frames_of(name: str, count: int) -> list[bytes]:
    """Different frames of the pretend scale of that family."""
    options = {k: v for k, v in profile_of(name).keys.items() if v}
    frame = KINDS[name].frame
    return [frame(Shown(1000 + number % 5000 * 2), options) for number in range(count)]


def decode(name: str, stream: bytes) -> tuple[int, float]:
    """(weights, processor seconds) of a stream that comes in reads of 64 bytes."""
    decoder = profile_of(name).decoder()
    began, weights = time.process_time(), 0
    for at in range(0, len(stream), READ_BYTES):
        readings = decoder.feed(stream[at : at + READ_BYTES])
        weights += sum(reading.weight is not None for reading in readings)
    return weights, time.process_time() - began


def decoders(count: int) -> bool:
    """Frames a second of every family; true when all reach the goal."""
    print(f"{'decoder':<20}{'frames/s':>10}{'bytes':>7}{'MB/s':>7}")
    good = True
    for name in catalogue.FAMILIES:
        stream = b"".join(frames_of(name, count))
        weights, seconds = min((decode(name, stream) for _ in range(3)), key=lambda x: x[1])
        rate = weights / seconds
        told = "" if weights == count else f"  only {weights} of {count} were read"
        good = good and rate >= GOAL_FRAMES and not told
        megabytes = len(stream) / seconds / 1e6
        print(f"{name:<20}{rate:>10.0f}{len(stream) // count:>7}{megabytes:>7.2f}{told}")
    print(f"goal: {GOAL_FRAMES} frames/s each: {'reached' if good else 'MISSED'}\n")
    return good


class Wire:
    """A pseudo-terminal with pyserial at one end, as the port opens it."""

    def __init__(self) -> None:
        self.scale, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.host = serial.Serial(os.ttyname(self._slave), timeout=0.2)

    def read(self) -> bytes:
        """As every driver reads: one byte, then the rest."""
        chunk: bytes = self.host.read(1)
        return chunk + self.host.read(self.host.in_waiting)

    def close(self) -> None:
        """Both ends."""
        self.host.close()
        os.close(self.scale)
        os.close(self._slave)


def timed(wire: Wire, frames: list[bytes], work: Callable[[], object]) -> float:
    """Median microseconds that `work` takes for a frame that is there already."""
    spans = []
    for frame in frames:
        os.write(wire.scale, frame)
        began = time.perf_counter()
        work()
        spans.append(time.perf_counter() - began)
    return 1e6 * statistics.median(spans)


def awaited(wire: Wire, frames: list[bytes], work: Callable[[], object]) -> float:
    """The same from the moment when another process sends the frame: `work` waits in its read."""
    receive, send = os.pipe()
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        for frame in frames:
            os.read(wait, 1)
            time.sleep(0.001)
            os.write(send, struct.pack("d", time.perf_counter()))
            os.write(wire.scale, frame)
        os._exit(0)
    spans = []
    for _ in frames:
        os.write(go, b".")
        work()
        now = time.perf_counter()
        sent: float = struct.unpack("d", os.read(receive, 8))[0]
        spans.append(now - sent)
    os.waitpid(child, 0)
    for end in (receive, send, wait, go):
        os.close(end)
    return 1e6 * statistics.median(spans)


def bare(wire: Wire) -> Callable[[], Decimal]:
    """What the shortest driver does: no check, no state, one multiplication."""
    price, fen = Decimal("6.80"), Decimal("0.01")

    def work() -> Decimal:
        text = wire.read()
        while not text.endswith(b"\n"):
            text += wire.read()
        return (Decimal(text[7:14].decode().strip()) * price).quantize(fen, ROUND_HALF_UP)

    return work


def ours(wire: Wire) -> Callable[[], object]:
    """Read, decode, judge, tare, gate and price, as the till does for every frame."""
    profile = profile_of("st-gs")
    decoder, scale = profile.decoder(), LiveScale(Instrument(), profile)
    count = 0

    def work() -> object:
        nonlocal count
        line: object = None
        while line is None:
            for reading in decoder.feed(wire.read()):
                count += 1
                now = time.monotonic()
                live = scale.feed(reading.stamped(now, count), now)
                if live.net is not None:
                    line = price_line(APPLE, live.net, level=0)
        return line

    return work


def lines(count: int) -> bool:
    """Bytes in to priced line out, beside a bare read loop with a Decimal multiplication."""
    frames = frames_of("st-gs", count)
    rows = {
        "sent by another process": (awaited, frames[: count // 3]),
        "there already (work alone)": (timed, frames),
    }
    wire, ratios = Wire(), []
    print(f"{'bytes in to priced line':<28}{'ours us':>9}{'bare us':>9}{'ratio':>7}")
    try:
        for name, (measure, some) in rows.items():
            pairs = [(measure(wire, some, bare(wire)), measure(wire, some, ours(wire)))
                     for _ in range(5)]  # fmt: skip
            their, our = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratios.append(statistics.median(our / their for their, our in pairs))
            print(f"{name:<28}{our:>9.0f}{their:>9.0f}{ratios[-1]:>7.2f}")
    finally:
        wire.close()
    good = ratios[0] <= GOAL_RATIO
    print(f"goal of the first {GOAL_RATIO}: {'reached' if good else 'MISSED'}\n")
    return good


def garbage(name: str, size: int) -> dict[str, bytes]:
    """Noise of three kinds: any bytes, the frame's first half again and again, its first byte."""
    frame = frames_of(name, 1)[0]
    half = frame[: len(frame) // 2]
    return {
        "random": random.Random(size).randbytes(size),
        "half frames": (half * (size // len(half) + 1))[:size],
        "first byte": frame[:1] * size,
    }


def resync(size: int) -> bool:
    """Twice the garbage must take no more than about twice the time, for every family."""
    worst, where = 0.0, ""
    for name in catalogue.FAMILIES:
        for kind in ("random", "half frames", "first byte"):
            once, twice = (
                min(decode(name, garbage(name, n)[kind])[1] for _ in range(3))
                for n in (size, 2 * size)
            )
            if twice / once > worst:
                worst, where = twice / once, f"{name}, {kind}"
    good = worst <= GOAL_DOUBLE
    print(f"garbage of {2 * size} bytes against {size}: at worst {worst:.2f} times ({where})")
    print(f"goal {GOAL_DOUBLE}: {'reached' if good else 'MISSED'}\n")
    return good


def settling(count: int) -> bool:
    """Goods down to a price in the model of the pan, on a scale without a flag."""
    print(f"{'goods':<32}{'median s':>9}{'p95 s':>7}{'wrong':>7}{'never':>7}")
    good = True
    for manner in Manner:
        outcomes = trials(manner, count)
        known = [one for one in outcomes if one is not None]
        seconds = sorted(one.seconds for one in known)
        median, p95 = statistics.median(seconds), seconds[int(0.95 * (len(seconds) - 1))]
        wrong = sum(one.is_wrong for one in known)
        never = count - len(known)
        print(f"{manner.value:<32}{median:>9.2f}{p95:>7.2f}{wrong:>7}{never:>7}")
        good = good and not wrong
        if manner is Manner.HAND:
            good = good and median <= GOAL_MEDIAN_S and p95 <= GOAL_P95_S
    print(f"goal by hand {GOAL_MEDIAN_S} s and {GOAL_P95_S} s, none wrong: "
          f"{'reached' if good else 'MISSED'}\n")  # fmt: skip
    return good


def on_screen(count: int) -> bool:
    """Last byte of a stable frame to the price on a running till's screen."""
    waits = stable_frame_to_price_ms(count)
    p50, p95 = statistics.median(waits), waits[int(len(waits) * 0.95)]
    good = p95 <= GOAL_SCREEN_MS
    print(f"last byte of a stable frame to price on screen: p50 {p50:.1f} ms, p95 {p95:.1f} ms, "
          f"{count} weighings")  # fmt: skip
    print(f"goal p95 {GOAL_SCREEN_MS} ms: {'reached' if good else 'MISSED'}\n")
    return good


def run(*, quick: bool) -> int:
    """Prints the tables; 1 when a goal was missed."""
    share = 10 if quick else 1
    reached = [decoders(20_000 // share), lines(3_000 // share), resync(100_000 // share)]
    reached += [settling(300 // share), on_screen(40 // share)]
    return 0 if all(reached) else 1
