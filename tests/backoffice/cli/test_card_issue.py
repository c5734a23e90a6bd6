"""`card issue` at a real pcscd with a pretend card: written, pulled half way, refused."""

import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice.cli.card_recover import SENTENCES
from card.keyring import TILL_LABEL, open_keyring
from card.layout import COUNTER_START, SlotState
from card.read import read_card
from card.value_block import Value, decode, encode
from card.verdict import Reason
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendMifare, foreign_card
from fixtures.private_pcscd import PrivatePcscd
from tests.backoffice.cli.test_commands import BACKOFFICE, Desk
from tests.backoffice.world import MARKET

LOOK_S = 0.9
"""pcscd looks at its readers every 0.4 s."""

BECAME = ("done", "not-done", "review")
UID = bytes.fromhex("04A1B2C3D4E5F6")
READ_BACK_WITHOUT_A_WRITE_LEFT = 20
"""An APDU well inside the writing of a card: some sectors are ours, some are not."""


class IssuingDesk(Desk):
    """An office with a reader; `env` names the private pcscd."""

    def __init__(self, folder: Path, pcscd: PrivatePcscd) -> None:
        super().__init__(folder)
        self.pcscd = pcscd

    def issue(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD")}
        settings = ["--config", str(self.config), "--state", str(self.folder / "state")]
        wishes = ["--kind", "both", "--level", "1", "--balance", "50.00", "--wait", "3", "--json"]
        return subprocess.run(
            [str(BACKOFFICE), *settings, "card", "issue", *wishes, *words],
            capture_output=True, text=True, timeout=60, check=False,
            env={**environment, **self.pcscd.env},
        )  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IssuingDesk]:
    with PrivatePcscd(tmp_path_factory.mktemp("pcscd")) as pcscd:
        made = IssuingDesk(tmp_path_factory.mktemp("office"), pcscd)
        market = made.folder / "market.toml"
        market.write_text(MARKET, "utf-8")
        made.out("apply", str(market))
        made.out("terminal", "enrol", "S03-12", "--out", str(made.folder / "till"))
        yield made


def put(desk: IssuingDesk, card: PretendMifare) -> None:
    desk.pcscd.slots[0].swap(card)
    time.sleep(LOOK_S)


def test_an_issued_card_is_read_by_the_till_it_was_issued_for(desk: IssuingDesk) -> None:
    card = PretendMifare(UID)
    put(desk, card)
    done = desk.issue()
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["balance"], made["level"], made["state"]) == (5_000, 1, "active")
    assert "token" not in made
    pin = (desk.folder / "till" / "token.pin").read_text()
    with open_keyring(desk.folder / "till" / "token", pin, label=TILL_LABEL) as keys:
        tapped = read_card(InProcess(card), keys)
    assert (tapped.number, tapped.level, tapped.token_seq) == (made["number"], 1, 1)
    assert tapped.is_member
    assert tapped.has_purse
    again = desk.issue()
    assert (again.returncode, again.stdout) == (1, "")
    assert "in our books already" in again.stderr


def test_a_card_pulled_half_way_is_finished_by_the_same_command(desk: IssuingDesk) -> None:
    uid = bytes.fromhex("04000000000002")
    faults = Faults(pull_at=READ_BACK_WITHOUT_A_WRITE_LEFT)
    card = PretendMifare(uid, faults=faults)
    put(desk, card)
    done = desk.issue()
    assert (done.returncode, done.stdout) == (69, "")
    assert "put the same card back" in done.stderr
    [stock] = [row for row in in_stock(desk) if row["chip"] == uid.hex()]
    put(desk, card)
    again = desk.issue()
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["number"] == stock["number"]
    assert in_stock(desk) == []


def in_stock(desk: IssuingDesk) -> list[dict[str, object]]:
    with sqlite3.connect(desk.folder / "state" / "office.db") as books:
        rows = books.execute("SELECT number, hex(chip) FROM card WHERE state = 0").fetchall()
    return [{"number": number, "chip": chip.lower()} for number, chip in rows]


def test_a_card_of_another_system_is_left_alone(desk: IssuingDesk) -> None:
    put(desk, foreign_card(bytes.fromhex("04000000000003")))
    done = desk.issue()
    assert done.returncode == 1
    assert "belongs to another system" in done.stderr


def test_without_a_card_it_waits_and_then_says_so(desk: IssuingDesk) -> None:
    desk.pcscd.slots[0].remove()
    time.sleep(LOOK_S)
    done = desk.issue("--wait", "1")
    assert done.returncode == 69
    assert done.stderr.count("\n") == 2


def test_a_member_cards_slots_are_told_in_words(desk: IssuingDesk) -> None:
    card = PretendMifare(bytes.fromhex("04000000000009"))
    put(desk, card)
    assert desk.issue().returncode == 0
    assert told(desk) == [
        "Its first token slot holds token 1.",
        "Its second token slot is empty.",
        "It is the token that the books gave last.",
        "There is nothing to do.",
    ]
    card.blocks[8] = bytes(range(16))
    assert told(desk)[0].startswith("Its first token slot is torn")
    assert told(desk)[2:] == [
        "No slot stands: the card carries no token.",
        "The next payment with the network gives it a new one.",
    ]


def test_a_card_with_a_counter_is_issued_and_an_old_state_is_refused(desk: IssuingDesk) -> None:
    card = PretendMifare(bytes.fromhex("0400000000000B"))
    put(desk, card)
    done = desk.issue("--counter")
    assert done.returncode == 0, done.stderr
    assert decode(card.blocks[10]).number == COUNTER_START - 1
    card.blocks[10] = encode(Value(COUNTER_START - 5, 10))
    settings = ["--config", str(desk.config), "--state", str(desk.folder / "state")]
    read = subprocess.run(
        [str(BACKOFFICE), *settings, "card", "read", "--wait", "3"],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, **desk.pcscd.env},
    )  # fmt: skip
    assert read.returncode == 1
    assert "An old state was written back" in read.stderr


def test_a_trace_is_shown_when_it_is_asked_for_in_a_box_and_without_keys(
    desk: IssuingDesk,
) -> None:
    card = PretendMifare(bytes.fromhex("0400000000000A"))
    put(desk, card)
    done = desk.issue("--trace")
    assert done.returncode == 0
    assert "| CARD TRAFFIC IS BEING LOGGED." in done.stderr
    assert "> FF CA 00 00 00" in done.stderr
    assert "> FF 82 00 00 06 .. .. .. .. .. .." in done.stderr
    for sector in (1, 2):
        assert card.blocks[4 * sector + 3][:6].hex(" ").upper() not in done.stderr
        assert card.blocks[4 * sector + 3][10:].hex(" ").upper() not in done.stderr


def told(desk: IssuingDesk) -> list[str]:
    settings = ["--config", str(desk.config), "--state", str(desk.folder / "state")]
    done = subprocess.run(
        [str(BACKOFFICE), *settings, "card", "recover", "--wait", "3"],
        capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, **desk.pcscd.env},
    )  # fmt: skip
    return done.stdout.splitlines()


def test_every_step_of_an_explanation_has_a_sentence() -> None:
    spelled = {f"because_{reason}" for reason in Reason} | {f"books_{one}" for one in BECAME}
    spelled |= {f"slot_{slot}_{state}" for slot in "ab" for state in SlotState}
    assert spelled - set(SENTENCES) == set()
