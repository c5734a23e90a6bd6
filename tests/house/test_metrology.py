"""docs/metrology.md is whole and true: every rule has a row, every name in it exists."""

import ast
import importlib
import re
from dataclasses import dataclass

import pytest

from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "metrology.md"
RULES = 36
WHO = {"ours", "instrument", "not built"}
NAME = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Row:
    """One rule."""

    number: int
    who: str
    why: str
    places: tuple[str, ...]
    tests: tuple[str, ...]


def rows() -> list[Row]:
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or not cells[0].isdigit():
            continue
        number, _, who, why, places, tests = cells
        found.append(
            Row(int(number), who, why, tuple(NAME.findall(places)), tuple(NAME.findall(tests)))
        )
    return found


def exists(place: str) -> bool:
    """`package.module.name[.name]` is there."""
    parts = place.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            thing = getattr(thing, part, None)
        return thing is not None
    return False


def is_test(node: str) -> bool:
    """`tests/file.py::name` is a function or a case of that file, so pytest collects it."""
    path, _, name = node.partition("::")
    if not (ROOT / path).is_file() or not name.lower().startswith("test"):
        return False
    names: set[str] = set()
    for part in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            names.add(part.name)
        elif isinstance(part, ast.Assign):
            names |= {target.id for target in part.targets if isinstance(target, ast.Name)}
    return name in names


def test_every_rule_has_one_row_that_says_whose_it_is() -> None:
    assert [row.number for row in rows()] == list(range(1, RULES + 1))
    assert {row.who for row in rows()} <= WHO
    assert all(row.why for row in rows())


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"rule {row.number}")
def test_what_is_ours_names_a_place_and_a_test_that_exist(row: Row) -> None:
    assert bool(row.places and row.tests) == (row.who == "ours")
    assert [place for place in row.places if not exists(place)] == []
    assert [node for node in row.tests if not is_test(node)] == []


def test_a_name_that_is_not_there_is_seen() -> None:
    assert not exists("scale_app.weighing.gate.nothing")
    assert not exists("nowhere.at_all")
    assert not is_test("tests/house/test_metrology.py::test_nothing")
    assert is_test("tests/house/test_metrology.py::test_a_name_that_is_not_there_is_seen")
