"""Runs seeds, alone or on several processors, and adds up what was looked at."""

import contextlib
import functools
import gc
import logging
import multiprocessing
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import structlog

from broker.pins import stretched
from scale_app.terminal import second_person
from tests.sim.evidence import Found
from tests.sim.invariants import CHECKS, looked_through
from tests.sim.mutants import MUTANTS
from tests.sim.shown_by import options_of
from tests.sim.world import Wish, World, as_json, run_world

HUNTED_MS = 900_000
"""What is stuck for a quarter of an hour is found out; nobody waits the whole of it."""

Told = Callable[[int, int], None]
"""Of so many, so many are done."""

_stretched_once = functools.lru_cache(stretched)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one seed came to."""

    seed: int
    sales: int
    found: tuple[Found, ...]
    like: dict[str, Any]
    """Options, number of events, fingerprint."""

    @property
    def broken(self) -> list[Found]:
        """Invariants that did not hold."""
        return [one for one in self.found if one.broken]


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The programs' logs are silent, and a PIN is made slow once in a process."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    gc.disable()  # a seed is over before what it leaves lying about matters
    try:
        with patch.object(second_person, "stretched", _stretched_once):
            yield
    finally:
        gc.enable()
        structlog.reset_defaults()
        logging.disable(logging.NOTSET)


def shown_by(wish: Wish, mutant: str) -> Wish:
    """The market of that seed in which the mutant can show."""
    return replace(wish, options=wish.options or options_of(wish.seed, mutant))


def run_seed(wish: Wish, mutant: str = "", told: Told = lambda _all, _done: None) -> Outcome:
    """One seed; an error of the simulator itself is a result too, for it names its seed."""
    wish = shown_by(wish, mutant)
    with quiet(), MUTANTS[mutant].planted() if mutant else contextlib.nullcontext():
        try:
            world = run_world(wish, told)
            found = looked_through(world)
        except Exception:  # noqa: BLE001  whatever it is, it is told with its seed
            text = traceback.format_exc(limit=-6)
            return Outcome(wish.seed, 0, (Found("run", "the run ends", 1, (text,)),), {})
        return Outcome(wish.seed, world.sold, tuple(found), _like(world))


def _like(world: World) -> dict[str, Any]:
    return as_json(world)


def _of_pool(work: tuple[Wish, str]) -> Outcome:
    return run_seed(*work)


def run_seeds(wishes: Iterable[Wish], *, jobs: int, mutant: str = "") -> Iterator[Outcome]:
    """Outcomes as they come."""
    work = [(wish, mutant) for wish in wishes]
    if jobs <= 1:
        yield from map(_of_pool, work)
        return
    with multiprocessing.Pool(jobs) as pool:
        yield from pool.imap_unordered(_of_pool, work, chunksize=2)


def added_up(outcomes: Iterable[Outcome]) -> list[Found]:
    """The invariants over all seeds; each broken one tells the seed."""
    sums = {name: Found(name, promise, 0, ()) for name, promise, _ in CHECKS}
    for outcome in outcomes:
        for one in outcome.found:
            before = sums.get(one.name, replace(one, checked=0, broken=()))
            told = tuple(f"seed {outcome.seed}: {text}" for text in one.broken)
            sums[one.name] = replace(
                before, checked=before.checked + one.checked, broken=before.broken + told
            )
    return list(sums.values())


def caught(mutant: str, *, sales: int, seeds: range) -> Outcome | None:
    """The first seed in which the planted bug breaks an invariant."""
    for seed in seeds:
        outcome = run_seed(Wish(seed, sales, patience_ms=HUNTED_MS), mutant)
        if outcome.broken:
            return outcome
    return None
