"""Every planted bug is found by the simulator, and its seed holds without the bug."""

import pytest

from tests.sim.mutants import MUTANTS
from tests.sim.run import caught, run_seed, shown_by
from tests.sim.world import Wish


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_is_found(name: str) -> None:
    found = caught(name, sales=100, seeds=range(1, 300))
    assert found is not None
    without = run_seed(shown_by(Wish(found.seed, 100), name))
    assert without.broken == [], "without the bug the same market holds"
