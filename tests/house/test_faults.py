"""docs/faults.md is whole and true: every fault has a row, every test named in it exists."""

import re
from dataclasses import dataclass

import pytest

from tests.house.test_metrology import is_test
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "faults.md"
FAULTS = 50
NAME = re.compile(r"`([^`]+)`")
NEEDS = {
    "tested": (True, False),
    "partly": (True, True),
    "open": (False, True),
}
"""Whether a row of that state names tests, and whether it names what is missing."""


@dataclass(frozen=True)
class Row:
    """One fault."""

    number: str
    what: str
    state: str
    answer: str
    tests: tuple[str, ...]
    missing: str


def row_of(line: str) -> Row:
    """A row of the table; its cells hold no bar."""
    number, what, state, answer, tests, missing = (
        cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")
    )
    return Row(number, what, state, answer, tuple(NAME.findall(tests)), missing)


def rows() -> list[Row]:
    text = PAGE.read_text(encoding="utf-8")
    return [row_of(line) for line in text.splitlines() if line.startswith("| F")]


def fits_its_state(row: Row) -> bool:
    """Its state is one of four, and the row names what that state asks for."""
    if row.state == "cannot":
        return bool(row.answer) and not row.missing
    return NEEDS.get(row.state) == (bool(row.tests), bool(row.missing))


def test_every_fault_has_one_row() -> None:
    assert [row.number for row in rows()] == [f"F{n:02}" for n in range(1, FAULTS + 1)]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.number)
def test_a_row_says_what_its_state_asks_and_names_tests_that_exist(row: Row) -> None:
    assert row.what
    assert row.answer
    assert fits_its_state(row)
    assert [node for node in row.tests if not is_test(node)] == []


def test_a_row_that_claims_too_much_is_seen() -> None:
    assert not fits_its_state(row_of("| F01 | it dies | tested | we go on | | |"))
    assert not fits_its_state(row_of("| F01 | it dies | tested | we go on | `a` | half |"))
    assert not fits_its_state(row_of("| F01 | it dies | partly | we go on | `a` | |"))
    assert not fits_its_state(row_of("| F01 | it dies | cannot | | | |"))
    assert not fits_its_state(row_of("| F01 | it dies | fine | we go on | `a` | |"))
