"""A change answers a program in JSON alone, and ends as it would without."""

import json

from tests.backoffice.cli.test_commands import Desk, desk

__all__ = ["desk"]


def answer(desk: Desk, *words: str) -> dict[str, object]:
    told: dict[str, object] = json.loads(desk.out(*words, "--json"))
    return told


def test_a_change_prints_what_the_books_answered(desk: Desk) -> None:
    assert answer(desk, "stock", "in", "1", "2", "--cost", "4", "--place", "S03") == {
        "moves": 1, "first": 1,
    }  # fmt: skip
    assert answer(desk, "terminal", "suspend", "S03-12") == {
        "terminal": "S03-12", "suspended": True,
    }  # fmt: skip
    card = answer(desk, "card", "issue", "--kind", "stored", "--no-chip")["number"]
    assert answer(desk, "card", "block", str(card)) == {"number": card, "state": "blocked"}


def test_a_refused_change_prints_no_data(desk: Desk) -> None:
    done = desk.run("card", "block", "17", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no such card" in done.stderr


def test_what_only_writes_files_answers_with_nothing(desk: Desk) -> None:
    config = answer(desk, "broker", "config", "--out", str(desk.folder / "broker"))
    assert config == {}
