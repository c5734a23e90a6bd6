"""The chain as its owner types it: added, changed, shown as a tree; nonsense in a sentence."""

import json

import pytest

from tests.backoffice.cli.test_commands import Desk
from tests.backoffice.world import MARKET


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("places")
    made = Desk(folder)
    (folder / "market.toml").write_text(MARKET, "utf-8")
    made.out("apply", str(folder / "market.toml"))
    return made


def test_a_chain_is_built_word_by_word(desk: Desk) -> None:
    desk.out("agent", "add", "A1", "Li & Sons")
    desk.out("market", "add", "M1", "Riverside")
    said = desk.run("store", "add", "S04", "--name", "Hilltop", "--agent", "A1", "--market", "M1",
                    "--zone", "Asia/Urumqi", "--cutoff-hour", "3")  # fmt: skip
    assert said.stderr == "S04: Hilltop  Asia/Urumqi  3:00\n"
    desk.out("stall", "add", "S04", "Wang's fruit", "--code", "S04/fruit")
    desk.out("terminal", "add", "S04-1", "--store", "S04", "--stall", "S04/fruit")
    desk.out("terminal", "move", "S03-13", "--store", "S03", "--stall", "New one")
    desk.out("cashier", "add", "9", "王五", "--store", "S04")
    desk.out("cashier", "set", "9", "--name", "王六")
    assert desk.out("tree") == (
        "Riverside Market\n"
        "  -\n"
        "    S03 河边市场  Asia/Shanghai 4:00\n"
        "      S03/1 Zhang\n        S03-12\n      S03/2 Li\n      S03/3 New one\n        S03-13\n"
        "  A1 Li & Sons\n"
        "    S04 Hilltop  Asia/Urumqi 3:00\n"
        "      S04/fruit Wang's fruit\n        S04-1\n"
        "       7 张三\n       9 王六  S04\n"
    )
    desk.out("cashier", "remove", "9")
    found = json.loads(desk.out("tree", "--json"))
    assert [one["number"] for one in found["cashiers"]] == [7]
    [listed] = [one for one in json.loads(desk.out("store", "list", "--json"))
                if one["code"] == "S04"]  # fmt: skip
    assert listed == {"code": "S04", "name": "Hilltop", "agent": "A1", "market": "M1",
                      "zone": "Asia/Urumqi", "cutoff_hour": 3, "upload": "at-once"}  # fmt: skip
    desk.out("store", "set", "S04", "--zone", "", "--cutoff-hour", "-1")
    assert "Asia/Shanghai" in desk.out("store", "list")


NONSENSE = (
    ("store add S03 --name x", "S03 is there already; change it with `set`."),
    ("store set S99 --name x", "There is no S99; make it with `add`."),
    ("store add ../x --name x", "A code is up to 16 letters"),
    ("store add S05", "A name has 1 to 40 characters"),
    ("store set S03 --zone Mars/Olympus", "S03 zone 'Mars/Olympus' is not a time zone."),
    ("store set S03 --agent A9", "There is no agent A9; add it first."),
    ("stall add S99 x", "There is no store S99."),
    ("stall add S03 Zhang", "S03 has a stall of that name already."),
    ("terminal add s1 --store S03", "The id of a scale is 1 to 8"),
    ("terminal add S03-12 --store S03", "S03-12 is there already"),
    ("terminal move S99-1 --store S03", "There is no S99-1"),
    ("cashier add 0 x", "A cashier has a number from 1"),
    ("cashier set 77 --name x", "There is no 77"),
    ("cashier remove 77", "There is no cashier 77."),
    ("agent set A9 x", "There is no A9"),
)


def test_nonsense_is_a_sentence_and_changes_nothing(desk: Desk) -> None:
    before = desk.out("tree", "--json")
    for words, says in NONSENSE:
        done = desk.run(*words.split())
        assert done.returncode in (1, 2), words
        assert (done.stdout, "Traceback" in done.stderr) == ("", False)
        assert says in done.stderr, words
    assert desk.out("tree", "--json") == before
