"""`card issue` of processor cards at a real pcscd, alone and mixed with M1 in a batch."""

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.blank_purse import BlankPurse
from fixtures.mifare_card import Faults, PretendCard, PretendMifare
from fixtures.private_pcscd import PrivatePcscd
from fixtures.purse_card import PurseFaults
from tests.backoffice.cli.test_card_batch import (
    LOOKING_IS_OVER,
    Person,
    at_the_desk,
    books,
    on_chip,
    started,
)
from tests.backoffice.cli.test_card_issue import LOOK_S, IssuingDesk
from tests.backoffice.world import MARKET

CREDIT = 40
"""Which command loads the opening sum, counted from the look at a blank chip."""


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


def uid(batch: int, number: int) -> bytes:
    return bytes((4, batch, 9, 0, 0, 0, number))


def test_a_purse_is_issued_with_its_opening_sum_on_the_chip(desk: IssuingDesk) -> None:
    card = BlankPurse(uid(1, 0))
    desk.pcscd.slots[0].swap(card)
    time.sleep(LOOK_S)
    done = desk.issue("--family", "cpu")
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    assert (made["balance"], made["state"], made["token_seq"]) == (5_000, "active", 0)
    seen = on_chip(desk, card)
    assert seen.purse is not None
    assert (seen.number, seen.purse.balance_fen) == (made["number"], 5_000)
    assert made["chip"] == seen.purse.serial.hex()
    code, out = at_the_desk(started(desk, "read", "--json"), lambda _line: None)
    assert (code, json.loads(out)["differs"]) == (0, [])
    again = desk.issue()
    assert (again.returncode, again.stdout) == (1, "")
    assert "issued already" in again.stderr


def test_the_opening_sum_is_loaded_once_wherever_the_card_is_pulled(desk: IssuingDesk) -> None:
    for n, faults in enumerate((PurseFaults(lose_before=CREDIT), PurseFaults(lose_after=CREDIT))):
        card = BlankPurse(uid(2, n), faults=faults)
        desk.pcscd.slots[0].swap(card)
        time.sleep(LOOK_S)
        first = desk.issue()
        assert first.returncode == 69, first.stderr
        assert "put the same card back" in first.stderr
        assert card.memory.purses[2].balance == 5_000 * n
        desk.pcscd.slots[0].swap(card)
        time.sleep(LOOK_S)
        assert desk.issue().returncode == 0
        assert card.memory.purses[2].balance == 5_000
    assert books(desk, "SELECT count(*) FROM card WHERE state = 0") == [(0,)]
    desk.out("report", "check")


class TidyPerson(Person):
    """Takes a card away before one of the other kind comes: pcscd keeps the ATR otherwise."""

    def hear(self, line: str) -> None:
        before = self.last
        if "Put the next card" in line and self.waiting and before is not None:
            changes = isinstance(before, BlankPurse) != isinstance(self.waiting[0], BlankPurse)
            if changes:
                self.desk.pcscd.slots[0].remove()
                time.sleep(LOOK_S)
        super().hear(line)


def test_a_batch_of_both_kinds_with_three_pulled_half_way_ends_with_20_good_cards(
    desk: IssuingDesk, tmp_path: Path
) -> None:
    before = len(books(desk, "SELECT number FROM card"))
    plain: list[PretendMifare] = [PretendMifare(uid(3, n)) for n in range(10)]
    plain[4] = PretendMifare(uid(3, 4), faults=Faults(pull_at=LOOKING_IS_OVER + 20))
    purses = [BlankPurse(uid(4, n)) for n in range(10)]
    purses[1] = BlankPurse(uid(4, 1), faults=PurseFaults(lose_after=25))
    purses[8] = BlankPurse(uid(4, 8), faults=PurseFaults(lose_before=CREDIT))
    path = tmp_path / "mixed.csv"
    kinds = [f"both,1,{n}.50,{'cpu' if n % 2 else 'm1'}" for n in range(20)]
    path.write_text("\n".join(["kind,level,balance,family", *kinds]) + "\n", "utf-8")
    cards: list[PretendCard] = [*plain, *purses]
    person = TidyPerson(desk, cards)
    running = started(desk, "issue", "--batch", "20", str(path), "--wait", "10")
    code, out = at_the_desk(running, person.hear)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0, person.heard
    assert [row["outcome"] for row in rows] == ["issued"] * 20
    assert [n for n, row in enumerate(rows) if row["pulled"] == "1"] == [3, 8, 17]
    written = [str(on_chip(desk, card).number) for card in cards]
    assert written == [row["number"] for row in (*rows[::2], *rows[1::2])]
    loaded = [card.memory.purses[2].balance for card in purses]
    assert loaded == [n * 100 + 50 for n in range(1, 20, 2)]
    assert len(books(desk, "SELECT number FROM card WHERE state = 1")) == before + 20
    assert any("[20/20]" in line for line in person.heard)
    desk.out("report", "check")
