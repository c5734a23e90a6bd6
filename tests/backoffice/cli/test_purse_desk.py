"""The desk's commands for a purse on a chip at a real pcscd: top up, block, replace, refund."""

import json
import sqlite3
import time
from collections.abc import Iterator

import pytest

from fixtures.blank_purse import BlankPurse
from fixtures.private_pcscd import PrivatePcscd
from fixtures.purse_card import PurseFaults
from tests.backoffice.cli.test_card_batch import at_the_desk, started
from tests.backoffice.cli.test_card_issue import LOOK_S, IssuingDesk
from tests.backoffice.world import MARKET


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IssuingDesk]:
    with PrivatePcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        made = IssuingDesk(tmp_path_factory.mktemp("office"), pcscd)
        market = made.folder / "market.toml"
        market.write_text(MARKET, "utf-8")
        made.out("apply", str(market))
        yield made


def on_reader(desk: IssuingDesk, card: BlankPurse) -> None:
    desk.pcscd.slots[0].remove()
    time.sleep(LOOK_S)
    card.faults = PurseFaults()
    desk.pcscd.slots[0].insert(card)
    time.sleep(LOOK_S)


def done(desk: IssuingDesk, *words: str) -> tuple[int, str, str]:
    heard: list[str] = []
    code, out = at_the_desk(started(desk, *words, "--wait", "5"), heard.append)
    return code, out.strip(), "".join(heard)


def balance(card: BlankPurse) -> int:
    return card.memory.purses[2].balance


def assert_explained(desk: IssuingDesk) -> None:
    code, told, _ = done(desk, "recover")
    assert code == 0
    assert told.splitlines() == [
        "The chip held 75.00 when it was told to take 10.00 on; the answer is owed.",
        "Now it holds 85.00 (+10.00).",
        "Loads and refunds since, by its own counter: 1.",
        told.splitlines()[3],
        "So the money moved: balance, counter and proof fit.",
        "Run the same command again: it books the sum once and tells the card nothing.",
    ]
    assert told.splitlines()[3].startswith("It shows a proof of the movement")


def test_a_purse_is_topped_up_blocked_replaced_and_refunded_at_the_reader(
    desk: IssuingDesk,
) -> None:
    card = BlankPurse(b"\x04\x0a\x01\x01\x01\x01\x01")
    on_reader(desk, card)
    made = json.loads(desk.issue("--family", "cpu").stdout)
    number = str(made["number"])
    assert done(desk, "topup", number, "20.00", "--bonus", "5.00")[:2] == (0, "75.00")
    assert balance(card) == 7_500

    card.faults = PurseFaults(lose_after=len(card.apdus) + 6)
    code, out, heard = done(desk, "topup", number, "10.00")
    assert (code, out, balance(card)) == (69, "", 8_500)
    assert "put the same card back" in heard
    [doubt] = json.loads(desk.out("card", "doubts", "--json"))
    assert (doubt["amount"], doubt["state"]) == (1_000, "told")
    assert number in desk.out("card", "doubts")
    on_reader(desk, card)
    assert_explained(desk)
    assert balance(card) == 8_500
    assert done(desk, "topup", number, "10.00")[:2] == (0, "85.00")
    assert done(desk, "recover")[1].splitlines()[0] == "In the books nothing is open for this card."
    assert balance(card) == 8_500
    assert json.loads(desk.out("card", "doubts", "--json")) == []

    assert done(desk, "block", number, "--chip", "--reason", "found")[0] == 0
    assert card.memory.blocked == "for now"
    assert "is blocked; free it with" in done(desk, "recover")[2]
    assert done(desk, "read")[0] == 1
    assert done(desk, "unblock", number, "--chip")[0] == 0
    assert card.memory.blocked == ""
    assert done(desk, "read")[0] == 0

    new = BlankPurse(b"\x04\x0a\x01\x01\x01\x01\x02")
    on_reader(desk, new)
    code, out, _ = done(desk, "replace", number, "--exposure", "5.00", "--reason", "cracked")
    assert (code, balance(new)) == (0, 8_000)
    assert out != number
    again = done(desk, "refund", out, "--reference", "R-1", "--json")
    assert (again[0], json.loads(again[1])["amount"], balance(new)) == (0, 7_500, 0)
    desk.out("report", "check")
    events = json.loads(desk.out("card", "audit", out, "--json"))
    assert [one["kind"] for one in events["proofs"]] == [2, 3]
    assert [one["verdict"] for one in events["proofs"]] == ["genuine"] * 2
    assert json.loads(desk.out("card", "audit", "--json")) == []
    with sqlite3.connect(desk.folder / "state" / "office.db") as books:
        columns = "org, card, zeroblob(16), attempt, kind, counter + 7, amount, balance_after"
        rest = "terminal, terminal_serial, moment, tac, verdict, at"
        books.execute(f"INSERT INTO purse_record SELECT {columns}, {rest} FROM purse_record "
                      "WHERE kind = 3")  # fmt: skip
    books.close()
    listed = desk.run("card", "audit")
    assert (listed.returncode, listed.stdout.split()[:2]) == (1, [out, "gap"])


class PulledAtItsLoad(BlankPurse):
    """Leaves the reader once, at the command that moves money, before it obeys."""

    left = False

    def answer(self, apdu: bytes) -> bytes:
        if apdu[1] == 0x52 and not self.left:
            self.left = True
            self.faults = PurseFaults(lose_before=len(self.apdus) + 1)
        return super().answer(apdu)


def test_a_replacement_pulled_before_its_money_is_on_it_is_finished_by_the_same_command(
    desk: IssuingDesk,
) -> None:
    old = BlankPurse(b"\x04\x0b\x01\x01\x01\x01\x01")
    on_reader(desk, old)
    number = str(json.loads(desk.issue("--family", "cpu").stdout)["number"])
    new = PulledAtItsLoad(b"\x04\x0b\x01\x01\x01\x01\x02")
    on_reader(desk, new)
    code, _, heard = done(desk, "replace", number)
    assert (code, balance(new)) == (69, 0), heard
    assert "put the same card back" in heard
    on_reader(desk, new)
    code, out, heard = done(desk, "replace", number)
    assert (code, balance(new)) == (0, 5_000), heard
    assert json.loads(desk.out("card", "show", out, "--json"))["replaces"] == int(number)
    assert json.loads(desk.out("card", "doubts", "--json")) == []
    desk.out("report", "check")


def test_a_person_decides_for_a_card_that_never_comes_back(desk: IssuingDesk) -> None:
    card = BlankPurse(b"\x04\x0c\x01\x01\x01\x01\x01")
    on_reader(desk, card)
    number = str(json.loads(desk.issue("--family", "cpu").stdout)["number"])
    assert desk.run("card", "settle", number, "--moved").returncode == 1
    card.faults = PurseFaults(lose_after=len(card.apdus) + 6)
    assert done(desk, "topup", number, "10.00")[0] == 69
    assert desk.run("card", "settle", number).returncode == 2
    assert desk.out("card", "settle", number, "--moved", "--by", "li").strip() == "60.00"
    assert json.loads(desk.out("card", "doubts", "--json")) == []
