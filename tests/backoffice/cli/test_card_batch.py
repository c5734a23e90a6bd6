"""`card issue --batch` and the reader's other commands at a real pcscd with pretend cards."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from card.keyring import TILL_LABEL, open_keyring
from card.read import TappedCard, read_card
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendCard, PretendMifare, foreign_card
from fixtures.private_pcscd import PrivatePcscd
from tests.backoffice.cli.test_card_issue import LOOK_S, IssuingDesk
from tests.backoffice.cli.test_commands import BACKOFFICE
from tests.backoffice.world import MARKET

NEXT, BACK = "Put the next card", "put the same card back"
LOOKING_IS_OVER = 12
"""APDUs of the look at a blank card; what comes after them is the writing."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IssuingDesk]:
    with PrivatePcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        made = IssuingDesk(tmp_path_factory.mktemp("office"), pcscd)
        market = made.folder / "market.toml"
        market.write_text(MARKET, "utf-8")
        made.out("apply", str(market))
        made.out("terminal", "enrol", "S03-12", "--out", str(made.folder / "till"))
        yield made


@pytest.fixture(autouse=True)
def empty_reader(desk: IssuingDesk) -> Iterator[None]:
    yield
    desk.pcscd.slots[0].remove()
    time.sleep(LOOK_S)


def started(desk: IssuingDesk, *words: str) -> subprocess.Popen[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD")}
    settings = ["--config", str(desk.config), "--state", str(desk.folder / "state")]
    return subprocess.Popen(
        [str(BACKOFFICE), *settings, "card", *words], text=True, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**environment, **desk.pcscd.env},
    )  # fmt: skip


def at_the_desk(running: subprocess.Popen[str], hear: Callable[[str], None]) -> tuple[int, str]:
    """Does what the talk asks for; exit code and standard output."""
    assert running.stdout is not None
    assert running.stderr is not None
    for line in running.stderr:
        assert "Traceback" not in line
        hear(line)
    out = running.stdout.read()
    return running.wait(30), out


class Person:
    """Puts one card after another on the reader, and one that was pulled back again."""

    def __init__(self, desk: IssuingDesk, cards: Sequence[PretendCard]) -> None:
        self.desk, self.waiting = desk, list(cards)
        self.last: PretendCard | None = None
        self.heard: list[str] = []

    def hear(self, line: str) -> None:
        self.heard.append(line.strip())
        if BACK in line and self.last is not None:
            self.waiting.insert(0, self.last)
        elif NEXT in line and self.waiting:
            self.last = self.waiting.pop(0)
            self.desk.pcscd.slots[0].swap(self.last)


def uid(batch: int, number: int) -> bytes:
    return bytes((4, batch, 0, 0, 0, 0, number))


def file_of(desk: IssuingDesk, name: str, lines: list[str]) -> Path:
    path = desk.folder / name
    path.write_text("\n".join(["kind,level,balance,holder", *lines]) + "\n", "utf-8")
    return path


def on_chip(desk: IssuingDesk, card: PretendCard) -> TappedCard:
    pin = (desk.folder / "till" / "token.pin").read_text()
    with open_keyring(desk.folder / "till" / "token", pin, label=TILL_LABEL) as keys:
        return read_card(InProcess(card), keys)


def books(desk: IssuingDesk, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(desk.folder / "state" / "office.db") as connection:
        return connection.execute(sql).fetchall()


def test_a_batch_of_20_with_three_pulled_half_way_ends_with_20_good_cards(
    desk: IssuingDesk,
) -> None:
    pulls = {3: LOOKING_IS_OVER + 8, 9: LOOKING_IS_OVER + 20, 16: LOOKING_IS_OVER + 33}
    cards = [
        PretendMifare(uid(1, n), faults=Faults(pull_at=pulls[n]) if n in pulls else None)
        for n in range(20)
    ]
    path = file_of(desk, "cards.csv", [f"both,1,{n}.50,file {n}" for n in range(20)])
    person = Person(desk, cards)
    words = ["issue", "--batch", "20", str(path), "--wait", "10", "--by", "wang"]
    code, out = at_the_desk(started(desk, *words), person.hear)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0, person.heard
    assert [(row["line"], row["outcome"]) for row in rows] == [
        (str(n + 2), "issued") for n in range(20)
    ]
    assert [n for n, row in enumerate(rows) if row["pulled"] == "1"] == sorted(pulls)
    assert [str(on_chip(desk, card).number) for card in cards] == [row["number"] for row in rows]
    assert len({row["number"] for row in rows}) == 20
    assert books(desk, "SELECT count(*), sum(state) FROM card") == [(20, 20)]
    sums = books(desk, "SELECT sum(balance) FROM account WHERE code LIKE 'card/%'")
    assert sums == [(sum(n * 100 + 50 for n in range(20)),)]
    desk.out("report", "check")
    again = started(desk, *words)
    code, out = at_the_desk(again, person.hear)
    assert code == 0
    assert {row["outcome"] for row in csv.DictReader(io.StringIO(out))} == {"before"}


def test_a_batch_that_was_stopped_goes_on_and_a_pulled_card_may_come_last(
    desk: IssuingDesk,
) -> None:
    path = file_of(desk, "more.csv", ["stored,0,1.00,"] * 3)
    pulled = PretendMifare(uid(2, 0), faults=Faults(pull_at=LOOKING_IS_OVER + 30))
    words = ["issue", "--batch", "3", str(path), "--wait", "10", "--json"]
    first = started(desk, *words)

    def stop_at_the_pull(line: str) -> None:
        if NEXT in line:
            desk.pcscd.slots[0].swap(pulled)
        if BACK in line:
            first.send_signal(signal.SIGINT)

    code, out = at_the_desk(first, stop_at_the_pull)
    assert code == 130
    assert [row["outcome"] for row in json.loads(out)] == ["waiting"] * 3
    cards = [PretendMifare(uid(2, 1)), PretendMifare(uid(2, 2)), pulled]
    person = Person(desk, cards)
    code, out = at_the_desk(started(desk, *words), person.hear)
    rows = json.loads(out)
    assert code == 0, person.heard
    assert {row["outcome"] for row in rows} == {"issued"}
    assert {row["number"] for row in rows} == {on_chip(desk, card).number for card in cards}
    living = books(desk, "SELECT count(*) FROM card WHERE state = 1 AND opening = 100")
    assert living == [(3,)]


def test_a_card_of_another_system_uses_up_no_number_and_the_row_waits(desk: IssuingDesk) -> None:
    before = books(desk, "SELECT next_serial FROM organisation")
    path = file_of(desk, "foreign.csv", ["member,2,,"])
    desk.pcscd.slots[0].swap(foreign_card(uid(3, 0)))
    running = started(desk, "issue", "--batch", "1", str(path), "--wait", "2", "--json")
    code, out = at_the_desk(running, lambda _line: None)
    [row] = json.loads(out)
    assert (code, row["outcome"]) == (1, "waiting")
    assert "belongs to another system" in row["said"]
    assert books(desk, "SELECT next_serial FROM organisation") == before


@pytest.mark.parametrize(
    ("text", "why"),
    [("kind,colour\nmember,red\n", "names the columns"), ("level\n1\n", "kind must be there"),
     ("kind,level\nmember\n", "Line 2"), ("kind\nemperor\n", "Line 2"), ("kind\n", "1 to 10000"),
     ("kind,balance\nstored,1.005\n", "at most 2 decimals"),
     ("kind,valid_to\nstored,soon\n", "Line 2"), ("", "names the columns")],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_is_refused_before_any_card(
    desk: IssuingDesk, text: str, why: str
) -> None:
    path = desk.folder / "bad.csv"
    path.write_text(text, "utf-8")
    done = desk.run("card", "issue", "--batch", "5", str(path))
    assert done.returncode == 2
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_card_is_read_beside_the_books_and_replaced(desk: IssuingDesk) -> None:
    card, new = PretendMifare(uid(4, 0)), PretendMifare(uid(4, 1))
    desk.pcscd.slots[0].swap(card)
    code, out = at_the_desk(
        started(desk, "issue", "--kind", "both", "--level", "1", "--balance", "9.00"),
        lambda _line: None,
    )
    assert code == 0
    number = int(out)
    code, out = at_the_desk(started(desk, "read", "--json"), lambda _line: None)
    told = json.loads(out)
    assert (code, told["differs"], told["chip"]["number"]) == (0, [], number)
    with sqlite3.connect(desk.folder / "state" / "office.db") as connection:
        connection.execute("UPDATE card SET level = 0 WHERE number = ?", [number])
    code, out = at_the_desk(started(desk, "read"), lambda _line: None)
    assert code == 1
    assert [line.split()[-2:] for line in out.splitlines() if line.startswith("!=")] == [
        ["Price", "level"]
    ]
    desk.pcscd.slots[0].swap(new)
    time.sleep(LOOK_S)
    code, out = at_the_desk(
        started(desk, "replace", str(number), "--reason", "broken", "--by", "li"),
        lambda _line: None,
    )
    assert code == 0
    assert on_chip(desk, new).number == int(out)
    shown = json.loads(desk.out("card", "show", out.strip(), "--json"))
    assert (shown["balance"], shown["replaces"]) == (900, number)
    history = json.loads(desk.out("card", "audit", str(number), "--json"))
    [last] = history["events"][-1:]
    assert (last["word"], last["person"], last["reason"]) == ("replaced", "li", "broken")
