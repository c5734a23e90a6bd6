"""The operation's protocol as a model for SPIN: exhaustively right, and wrong with each mutant.

The model (`operation.pml`) knows nothing of Python; it is the argument that the tables of till and
office fit together under any network, where the simulator tries very many histories of the code.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

MODEL = Path(__file__).with_name("operation.pml")
MUTANTS = sorted(set(re.findall(r"#ifn?def ([A-Z_]{8,})", MODEL.read_text())))


def checked(folder: Path, *defines: str) -> str:
    """What SPIN's checker says of all states that can be reached."""
    spin = shutil.which("spin")
    assert spin is not None, "Debian's package spin is installed by ./steelyard test"
    spun = [spin, "-a", *(f"-D{one}" for one in defines), str(MODEL)]
    subprocess.run(spun, cwd=folder, check=True, capture_output=True, timeout=60)
    compiled = ["gcc", "-O0", "-w", "-DSAFETY", "-o", "pan", "pan.c"]
    subprocess.run(compiled, cwd=folder, check=True, capture_output=True, timeout=60)
    told = subprocess.run(
        ["./pan", "-m1000000"], cwd=folder, check=False, capture_output=True, text=True, timeout=100
    )
    return told.stdout


@pytest.mark.parametrize("size", [("TILLS=1", "SALES=2"), ("TILLS=2", "SALES=1")])
def test_the_protocol_holds_in_every_state_that_can_be_reached(
    tmp_path: Path, size: tuple[str, str]
) -> None:
    told = checked(tmp_path, *size)
    assert "errors: 0" in told, told
    assert "Search not completed" not in told
    states = re.search(r"(\d+) states, stored", told)
    assert states is not None
    assert int(states[1]) > 1000, "a model that goes nowhere proves nothing"
    left_out = re.findall(r"operation\.pml:\d+, state \d+, \"(.+)\"", told)
    assert [one for one in left_out if one != "-end-"] == [], "every line of the model was run"


@pytest.mark.parametrize("mutant", MUTANTS)
def test_each_mutant_of_the_protocol_has_a_counterexample(tmp_path: Path, mutant: str) -> None:
    told = checked(tmp_path, mutant)
    assert "assertion violated" in told
    assert (tmp_path / "operation.pml.trail").exists()


def test_there_are_as_many_mutants_as_the_protocol_has_rules() -> None:
    assert len(MUTANTS) >= 11
    assert "FRESH_ID" in MUTANTS
