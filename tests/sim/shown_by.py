"""What a seldom bug needs to show: faults and people that its markets have beside their own.

A bug in the taking back of a lost office shows in markets that lose their office. Named here, it is
looked for where it can show, whatever else becomes of a seed.
"""

from dataclasses import replace
from random import Random
from typing import Any

from tests.sim.options import Options, drawn

OFTEN_MS = 20_000
TORN: dict[str, Any] = {"faults": ("torn",), "purses": 4, "card_share": 90}
SHOWN_BY: dict[str, dict[str, Any]] = {
    "answers-before-commit": {"faults": ("office_power", "office_broken"), "card_share": 90},
    "boot-forgets": {"faults": ("till_power", "slow"), "card_share": 90},
    "cash-ends-the-doubt": TORN,
    "denied-pays": {
        "faults": ("blocked", "partition"), "offline": True, "card_share": 90, "cards": 2
    },
    "doubts-forgotten": TORN,
    "no-second-journal": {"faults": ("restored",)},
    "no-tombstone": {"faults": ("slow", "stale", "loss"), "loss": 150, "stale": 10},
    "outbox-apart": {"faults": ("till_power",), "card_share": 30},
    "rewind-ignored": {"faults": ("restored",), "wired": False},
    "sells-before-sign-on": {"faults": ("loss", "restored"), "loss": 150},
    "sent-is-delivered": {"faults": ("loss",), "loss": 150, "wired": False},
    "spoilt-decides": {"faults": ("forged",), "card_share": 90},
    "torn-is-refused": TORN,
    "unsealed": {"faults": ("forged",), "card_share": 90},
}  # fmt: skip
"""Mutant -> options; faults come to those that the seed has, and strike often."""


def options_of(seed: int, mutant: str) -> Options | None:
    """The options of a seed in which the mutant can show; None: the seed's own."""
    wanted = SHOWN_BY.get(mutant)
    if wanted is None:
        return None
    own = drawn(Random(seed))
    faults = tuple(sorted({*own.faults, *wanted["faults"]}))
    return replace(own, **{**wanted, "faults": faults, "fault_every_ms": OFTEN_MS})
