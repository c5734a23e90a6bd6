"""Planted bugs about weights and their prices; see `tests.sim.mutants`."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from broker import units
from scale_app.journal.store import Journal
from scale_app.weighing import gate
from scale_app.weighing.live import LiveScale


def _load_sold_twice() -> list[Any]:
    return [patch.object(gate, "commit", lambda before, _pan: before)]


def _moving_is_sold() -> list[Any]:
    """What is shown counts as settled while it still moves."""
    read = LiveScale._read

    def settled(self: LiveScale, reading: Any) -> Any:
        figures = read(self, reading)
        return figures and replace(figures, stable=True)

    return [patch.object(LiveScale, "_read", settled)]


def _rounded_down() -> list[Any]:
    return [patch.object(units, "round_half_away", lambda above, below: above // below)]


def _no_evidence() -> list[Any]:
    keep = Journal.keep_basket

    def kept(self: Journal, basket: Any, _evidence: bytes = b"") -> None:
        keep(self, basket, b"")

    return [patch.object(Journal, "keep_basket", kept)]


GOODS = (
    ("load-sold-twice", "goods that stay on the pan can be sold again", _load_sold_twice),
    ("moving-is-sold", "a weight counts while it moves", _moving_is_sold),
    ("rounded-down", "half a fen is let go", _rounded_down),
    ("no-evidence", "what a weight was taken from is not kept", _no_evidence),
)
"""Name, story, patches."""
