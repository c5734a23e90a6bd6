"""A pan that swings and a noisy indicator: the model in which windows of stability were chosen.

Second-order pan of 6-10 Hz with damping 0.08-0.15, 0.8 g rms of noise at 1 kHz, a converter that
integrates over 1/40 s, mean of 200 ms, e = 5 g, output 10 Hz without a stable flag. Written here
from that description, apart from the program's own code.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from broker.pricelist import Product
from broker.pricing import price_line
from broker.units import PriceBase
from scale_app.weighing import catalogue
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.reading import Reading

STEP_S, SAMPLE_S, OUTPUT_S = 0.001, 0.025, 0.1
NOISE_G, E_G, MEAN_OF = 0.8, 5, 8
BEFORE_S, AT_MOST_S = 1.0, 8.0
WRONG_G = 1.5 * E_G
APPLE = Product(1, "苹果", "Apple", PriceBase.KG, [680])


class Manner(Enum):
    """How the goods come onto the pan."""

    PLACED = "dropped at once"
    HAND = "put down by a hand, 0.1-0.4 s"
    POURED = "poured for 1.5-3 s"


@dataclass(frozen=True)
class Outcome:
    """Seconds from goods at rest to a price, and whether that weight was over 1.5 e off."""

    seconds: float
    is_wrong: bool


def shown_grams(chance: random.Random, grams: float, takes_s: float) -> Iterator[tuple[float, int]]:
    """(seconds since the goods touched the pan, grams shown), ten a second."""
    omega = 2 * math.pi * chance.uniform(6, 10)
    damping = chance.uniform(0.08, 0.15)
    place = speed = 0.0
    samples: list[float] = []
    sum_g, count = 0.0, 0
    offset = chance.randrange(100)
    for tick in range(int((BEFORE_S + AT_MOST_S) / STEP_S)):
        now = tick * STEP_S - BEFORE_S
        share = 0.0 if now < 0 else 1.0 if not takes_s else min(1.0, now / takes_s)
        speed += (omega**2 * (grams * share - place) - 2 * damping * omega * speed) * STEP_S
        place += speed * STEP_S
        sum_g, count = sum_g + place + chance.gauss(0, NOISE_G), count + 1
        if count == round(SAMPLE_S / STEP_S):
            samples.append(sum_g / count)
            sum_g, count = 0.0, 0
        if samples and (tick + offset) % round(OUTPUT_S / STEP_S) == 0:
            mean = sum(samples[-MEAN_OF:]) / len(samples[-MEAN_OF:])
            yield now, math.floor(mean / E_G + 0.5) * E_G


def trial(chance: random.Random, manner: Manner) -> Outcome | None:
    """One load on a scale without a flag, up to its priced line; None when it never settled."""
    grams = chance.uniform(200, 3000)
    spans = {Manner.PLACED: (0.0, 0.0), Manner.HAND: (0.1, 0.4), Manner.POURED: (1.5, 3.0)}
    takes_s = chance.uniform(*spans[manner])
    profile = catalogue.profile("st-gs", {"form": "10"})
    scale = LiveScale(Instrument(), profile)
    scale.pour(manner is Manner.POURED)
    for now, shown in shown_grams(chance, grams, takes_s):
        reading = Reading(weight=Decimal(shown).scaleb(-3), t_mono=now)
        live = scale.feed(reading, now)
        if now > 0 and live.ready and live.net is not None:
            assert price_line(APPLE, live.net, level=0).amount > 0
            return Outcome(now - takes_s, abs(shown - grams) > WRONG_G)
    return None


def trials(manner: Manner, count: int, seed: int = 5) -> list[Outcome | None]:
    """`count` loads, the same for the same seed."""
    chance = random.Random(f"{seed} {manner.name}")
    return [trial(chance, manner) for _ in range(count)]
