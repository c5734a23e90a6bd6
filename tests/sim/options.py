"""The options of a seed: which faults are on and how hard they hit (swarm testing)."""

from dataclasses import asdict, dataclass, fields, replace
from random import Random
from typing import Any

FAULTS = (
    "loss", "double", "slow", "stale", "partition", "silent", "broker", "till_power",
    "office_power", "full", "broken", "office_broken", "clock", "blocked", "prices", "clones",
    "torn", "forged", "restored", "swapped", "scale",
)  # fmt: skip
"""Every kind of fault; a seed has a random half of them."""


WIRED = 0.2
"""So many seeds have an office that collects."""


@dataclass(frozen=True, slots=True)
class Options:
    """One seed's world; every field can be read off the output of a failing run."""

    tills: int
    cards: int
    purses: int
    """Cards that have their money on the chip."""
    weighed: int
    """Percent of the goods that are weighed."""
    offline: bool
    """Stores let their scales sell to known cards without an answer."""
    card_share: int
    """Percent of customers who want to pay by card."""
    pace_ms: int
    """Between two customers of a till."""
    faults: tuple[str, ...]
    loss: int
    """Frames lost, per thousand."""
    double: int
    stale: int
    fault_every_ms: int
    """Mean time between two blows (power, partition, disk ...)."""
    replay: bool = False
    """Everything that was ever sent is sent again at the end, shuffled."""
    wired: bool = False
    """What tills sell waits until the office collects it."""

    def has(self, fault: str) -> bool:
        """True when that kind of fault is on."""
        return fault in self.faults

    def as_json(self) -> dict[str, Any]:
        """For the report of a run."""
        return asdict(self)

    def in_words(self) -> str:
        """One line."""
        return " ".join(f"{f.name}={getattr(self, f.name)}" for f in fields(self))


def drawn(chance: Random) -> Options:
    """A random half of the faults, each with its own strength."""
    faults = tuple(name for name in FAULTS if chance.random() < 0.5)
    made = Options(
        tills=chance.choice((1, 2, 2, 3, 3, 4)),
        cards=chance.choice((2, 5, 12)),
        purses=chance.choice((0, 1, 2, 4)),
        weighed=chance.choice((0, 0, 20, 60)),
        offline=chance.random() < 0.7,
        card_share=chance.choice((30, 60, 90)),
        pace_ms=chance.choice((1_000, 5_000, 20_000)),
        faults=faults,
        loss=chance.choice((5, 30, 150)) if "loss" in faults else 0,
        double=chance.choice((5, 50)) if "double" in faults else 0,
        stale=chance.choice((2, 10)) if "stale" in faults else 0,
        fault_every_ms=chance.choice((20_000, 60_000, 240_000)),
        replay=chance.random() < 0.15,
    )
    # Drawn of the rest, so that a seed's other options stay what they were.
    return replace(made, wired=Random(f"collect {made.in_words()}").random() < WIRED)
