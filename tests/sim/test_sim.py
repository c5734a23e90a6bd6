"""The simulator in the size of a check: seeds that must hold.

The promise is 1,000 markets of 200 sales. A sale with all that belongs to it takes some 2.5 ms of a
processor, so that is eight minutes of one, and all checks together have ten minutes of two. The
check runs a twentieth of it, `SEEDS` markets of `SALES`; the whole is one command,

    STEELYARD_SEEDS=1000 ./steelyard test tests/sim/test_sim.py

or, on both processors and with a table of what was looked at, `./steelyard sim --seeds 1..1000
--jobs 2`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sim.__main__ import main, seeds_of
from tests.sim.invariants import CHECKS
from tests.sim.options import FAULTS
from tests.sim.run import added_up, run_seed
from tests.sim.world import Wish

WISHED = os.environ.get("STEELYARD_SEEDS", "")
SEEDS, SALES = (int(WISHED), 200) if WISHED else (100, 100)
BLOCK = 25


@pytest.mark.parametrize("first", range(1, 1 + SEEDS, BLOCK))
def test_every_invariant_holds(first: int) -> None:
    last = min(first + BLOCK - 1, SEEDS)
    outcomes = [run_seed(Wish(seed, SALES)) for seed in range(first, last + 1)]
    assert [text for one in added_up(outcomes) for text in one.broken] == []
    assert all(one.sales >= SALES for one in outcomes)


def test_in_thirty_seeds_every_invariant_is_looked_at_and_every_fault_strikes() -> None:
    outcomes = [run_seed(Wish(seed, 70)) for seed in range(1000, 1030)]
    looked_at = {one.name: one.checked for one in added_up(outcomes)}
    assert [name for name, _, _ in CHECKS if looked_at[name] == 0] == []
    faults = {fault for one in outcomes for fault in one.like["options"]["faults"]}
    assert faults == set(FAULTS)
    assert {one.like["options"]["wired"] for one in outcomes} == {True, False}


def test_the_same_seed_is_the_same_history_in_another_process() -> None:
    here = run_seed(Wish(5, 60)).like["fingerprint"]
    assert run_seed(Wish(5, 60)).like["fingerprint"] == here
    assert run_seed(Wish(6, 60)).like["fingerprint"] != here
    told = subprocess.run(
        [sys.executable, "-m", "tests.sim", "--seed", "5", "--sales", "60", "--json"],
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    [run] = json.loads(told.stdout)["runs"]
    assert run["fingerprint"] == here


def test_a_bug_ends_with_1_and_says_how_to_see_it_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--mutant", "fresh-op-id", "--sales", "60"]) == 1
    told = capsys.readouterr().out
    assert "replay: ./steelyard sim --seed " in told
    assert "--mutant fresh-op-id" in told


def test_a_good_market_ends_with_0_and_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "3", "--sales", "20"]) == 0
    told = capsys.readouterr().out
    assert all(promise in told for _, promise, _ in CHECKS)


def test_a_range_is_both_ends() -> None:
    assert seeds_of("3..5") == range(3, 6)
    assert seeds_of("7") == range(7, 8)
    with pytest.raises(ValueError, match=r"5\.\.3"):
        seeds_of("5..3")
