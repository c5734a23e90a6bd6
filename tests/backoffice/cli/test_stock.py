"""`backoffice stock ...` and `backoffice member ...` as a person types them."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.backoffice.cli.test_commands import Desk, desk, refusal

__all__ = ["desk"]


def table(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_goods_in_waste_and_a_count_on_the_command_line(desk: Desk) -> None:
    where = ("--place", "S03-12")
    assert desk.out("stock", "in", "1", "120.5", "--price", "4.20", *where) == "1\n"
    desk.out("stock", "waste", "1", "0.5", "--reason", "spoiled", *where)
    desk.out("stock", "count", "1", "119", *where)
    [row] = json.loads(desk.out("stock", "show", "--json"))
    assert (row["on_hand"], row["value"], row["cost_per"]) == (119_000, 49_980, 420)
    shown = desk.out("stock", "show").splitlines()
    assert shown[1].split()[:-1] == ["S03/1", "1", "Apple", "119.000", "kg", "499.80", "4.20"]
    [lost] = list(
        csv.DictReader(io.StringIO(desk.out("stock", "shrinkage", "--csv").lstrip("\ufeff")))
    )
    assert (lost["Counted difference"], lost["Shrinkage"]) == ("-1.000 kg", "6.30")
    desk.out("stock", "undo", "2", "--reason", "mistyped")
    moves = json.loads(desk.out("stock", "moves", "--json"))
    assert [one["word"] for one in moves] == ["waste", "count", "waste", "in"]


def test_a_delivery_is_imported_once(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "delivery.csv"
    file.write_bytes("编码,数量,进价,供应商\n1,10,4.00,王\n1,5,4.60,李\n".encode("gb18030"))
    for _ in range(2):
        done = desk.run("stock", "import", "in", str(file), "--place", "S03")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "2 rows.")
    [row] = json.loads(desk.out("stock", "show", "--json"))
    assert (row["on_hand"], row["value"]) == (15_000, 6_300)
    code, said = refusal(desk.run("stock", "import", "in", str(file)))
    assert (code, said) == (2, "backoffice: Say where: --place, or a column place in every row.")


def test_a_member_on_the_command_line(desk: Desk) -> None:
    number = desk.out("member", "add", "Wang Fang", "--phone", "13800138000", "--level", "1")
    assert number == "1\n"
    card = desk.out(
        "card", "issue", "--kind", "both", "--balance", "20", "--no-chip", "--member", "1"
    )
    shown = json.loads(desk.out("card", "show", card.strip(), "--json"))
    assert (shown["member"], shown["level"], shown["life"]) == (1, 1, "sold")
    found = json.loads(desk.out("member", "find", "+86 138 0013 8000"[4:], "--json"))
    assert (found["name"], found["phone"], found["cards"]) == ("Wang Fang", "8000", [int(card)])
    desk.out("member", "set-level", "1", "0", "--reason", "a year without a visit")
    assert json.loads(desk.out("card", "show", card.strip(), "--json"))["level"] == 0
    desk.out("member", "forget", "1", "--yes")
    assert "Wang" not in desk.out("member", "list", "--json") + desk.out("member", "show", "1")
    assert refusal(desk.run("member", "find", "13800138000"))[0] == 1


def test_a_card_for_the_shelf_its_statement_and_its_order(desk: Desk) -> None:
    number = desk.out(
        "card", "issue", "--kind", "stored", "--balance", "30", "--no-chip", "--shelf"
    ).strip()
    assert "stock" in desk.out("card", "show", number)
    assert desk.out("card", "sell", number, "--cash", "S03-12") == "30.00\n"
    desk.out("card", "bonus", "add", "100", "10")
    assert desk.out("card", "topup", number, "100") == "140.00\n"
    desk.out("card", "order", "set", number, "--below", "20", "--amount", "50", "--mandate", "M1")
    assert json.loads(desk.out("card", "order", "list", "--json"))[0]["mandate"] == "M1"
    told = json.loads(desk.out("card", "statement", number, "--json"))
    assert told["opening"]["balance"] == 0
    assert [one["reason"] for one in told["moves"]] == ["issue", "top_up"]
    assert told["closing"] == {"principal": 13_000, "bonus": 1_000, "balance": 14_000}
    rows = list(
        csv.reader(io.StringIO(desk.out("card", "statement", number, "--csv").lstrip("\ufeff")))
    )
    assert rows[-1][-3:] == ["130.00", "10.00", "140.00"]
    desk.out("card", "lost", number, "--reason", "bus")
    assert refusal(desk.run("card", "topup", number, "1"))[1].endswith("unblock it first.")
    desk.out("card", "found", number)


@pytest.mark.parametrize(
    "words", [("member", "show", "9"), ("card", "statement", "9"), ("stock", "undo", "9")]
)
def test_what_is_not_there_is_said_in_one_line(desk: Desk, words: tuple[str, ...]) -> None:
    code, said = refusal(desk.run(*words))
    assert (code, len(said.splitlines())) == (1, 1)
