"""What the commands about collecting say: which way a store has, what waits, what is wrong."""

import json
import sqlite3

import pytest

from tests.backoffice.cli.test_commands import Desk, desk, refusal
from tests.backoffice.world import NOW

__all__ = ["desk"]


def heard(desk: Desk, *, upload: int, unsent: int) -> None:
    """As after a heartbeat of S03-12, long ago."""
    with sqlite3.connect(desk.folder / "state" / "office.db") as books:
        books.execute(
            "UPDATE terminal SET key_number = 1, seen_at = ?, seen_state = 1, upload = ?,"
            " unsent = ?, waits_since = ? WHERE code = 'S03-12'",
            (NOW - 4 * 10**12, upload, unsent, 1),
        )


def test_a_store_is_told_how_its_tills_send(desk: Desk) -> None:
    desk.out("store", "set", "S03", "--upload", "asked")
    [store] = json.loads(desk.out("store", "list", "--json"))
    assert store["upload"] == "asked"
    desk.out("apply", str(desk.folder / "market.toml"))
    [store] = json.loads(desk.out("store", "list", "--json"))
    assert store["upload"] == "asked", "a market file that does not speak of it changes nothing"
    assert desk.run("store", "set", "S03", "--upload", "later").returncode == 2


def test_a_market_file_may_say_it(desk: Desk) -> None:
    market = desk.folder / "market.toml"
    market.write_text(market.read_text().replace('id = "S03"\n', 'id = "S03"\nupload = "asked"\n'))
    desk.out("apply", str(market))
    [store] = json.loads(desk.out("store", "list", "--json"))
    assert store["upload"] == "asked"


def test_the_list_of_tills_says_what_waits_to_be_collected(desk: Desk) -> None:
    heard(desk, upload=1, unsent=321)
    shown = desk.out("terminal", "list")
    assert "collected when asked: 321 records wait, the oldest for " in shown.splitlines()[0]
    assert "collected" not in shown.splitlines()[1]
    row = json.loads(desk.out("terminal", "list", "--json"))[0]
    assert (row["upload"], row["unsent"], row["waits_since"]) == (1, 321, 1)


@pytest.mark.parametrize(("upload", "is_well"), [(1, True), (0, False)])
def test_what_waits_to_be_collected_is_no_fault(desk: Desk, upload: int, is_well: bool) -> None:
    heard(desk, upload=upload, unsent=321)
    found = json.loads(desk.run("doctor", "--json").stdout)
    [scales] = [row for row in found if row["name"] == "scales"]
    assert scales["well"] is is_well
    assert ("321 to be collected" in scales["text"]) is is_well


@pytest.mark.parametrize("words", [(), ("--all", "--store", "S03")])
def test_one_has_to_say_what_is_to_be_collected(desk: Desk, words: tuple[str, ...]) -> None:
    code, said = refusal(desk.run("collect", *words))
    assert (code, "--store, --terminal or --all" in said) == (2, True)


@pytest.mark.parametrize("times", ['["25:00"]', '"21:30"', "[2130]", '["9:00"]'])
def test_a_timetable_that_cannot_be_read_is_one_sentence(desk: Desk, times: str) -> None:
    desk.config.write_text(f"{desk.config.read_text()}[collect]\nat = {times}\n")
    code, _ = refusal(desk.run("store", "list"))
    assert code == 78
