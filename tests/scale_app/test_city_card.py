"""City cards at a whole till: what they tell, and paying with the operator's security module."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.city_card import CITIES, CITY_MASTER, CityCard, city_card
from fixtures.feed import View
from fixtures.mifare_card import PretendCpuCard
from fixtures.psam_card import PretendPsam
from tests.scale_app.test_whole_till import Stall, paid
from tests.scale_app.torn import tearing

EGG = 98


class CityStall(Stall):
    """A stall with a module for MOHURD cards in its second slot."""

    def more_settings(self) -> str:
        self.module = PretendPsam(CITY_MASTER)
        self.pcscd.slots[1].insert(self.module)
        return (
            "trace = true\n"
            f'[module]\nreader = "{self.pcscd.reader_names[1]}"\napplication = "DF01"\n'
            'schemes = ["mohurd"]\ntell_code = "80DC0000"\n'
        )

    def put_down(self, card: CityCard) -> None:
        self.pcscd.slots[0].insert(card)

    def egg(self) -> None:
        self.key("item 9")
        self.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)


@pytest.fixture(scope="module")
def stall() -> Iterator[CityStall]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = CityStall(Path(folder))
        yield found
        found.close()


@pytest.mark.parametrize("name", CITIES)
def test_a_tap_shows_number_validity_balance_and_the_last_ten(stall: CityStall, name: str) -> None:
    stall.ready()
    city, card = CITIES[name], city_card(name, lines=12)
    stall.put_down(card)
    began = time.monotonic()
    view = stall.wait("what the card tells", lambda v: bool(v["receipt"]))
    took = time.monotonic() - began
    text = "\n".join(view["receipt"])
    sign, fen = "-" if city.fen < 0 else "", abs(city.fen)
    assert f"{sign}{fen // 100}.{fen % 100:02d}" in text
    assert f"****{city.number % 10_000:04d}" in text
    assert f"{str(city.valid_to)[:4]}-{str(city.valid_to)[4:6]}-{str(city.valid_to)[6:]}" in text
    assert sum("2026-11-" in row for row in view["receipt"]) == 10
    assert city.number < 10_000 or str(city.number) not in text
    assert took < 2, "pcscd's own turn of 0.4 s and then the card"
    stall.pull()
    stall.key("back")
    stall.wait("the rows gone", lambda v: not v["receipt"])


@pytest.mark.parametrize("name", ["changsha", "xian"])
def test_with_its_module_it_pays_and_the_operator_owes_the_sum(stall: CityStall, name: str) -> None:
    stall.ready()
    stall.egg()
    card = city_card(name)
    stall.put_down(card)
    view = stall.wait("paid", paid)
    assert card.memory.purses[2].balance == CITIES[name].fen - EGG
    assert view["card"]["balance"] == f"{(CITIES[name].fen - EGG) / 100:.2f}"
    stall.pull()
    stall.ready()
    stall.agree()


def test_the_books_hold_it_apart_and_no_alert_is_raised(stall: CityStall) -> None:
    told = stall.office.json("report", "by-tender")
    assert isinstance(told, dict)
    assert [(row["tender"], row["amount"]) for row in told["rows"]] == [("city card", 2 * EGG)]
    assert stall.office.json("alerts") == []


class BankCard(PretendCpuCard):
    """Knows its payment directory and nothing else."""

    def answer(self, apdu: bytes) -> bytes:
        return b"\x90\x00" if b"2PAY.SYS.DDF01" in apdu else super().answer(apdu)


@pytest.mark.parametrize(
    ("card", "name"), [(BankCard(), "bank card"), (PretendCpuCard(), "processor card")]
)
def test_a_card_that_is_no_tender_is_refused_with_its_name(
    stall: CityStall, card: PretendCpuCard, name: str
) -> None:
    stall.ready()
    stall.pcscd.slots[0].insert(card)
    stall.wait(
        "another kind",
        lambda v: said(v) == "card-other-kind" and v["message"]["params"] == {"reason": name},
    )
    stall.pull()


def test_a_card_of_another_family_is_refused_with_its_name(stall: CityStall) -> None:
    stall.ready()
    stall.egg()
    stall.put_down(city_card("shenzhen"))
    view = stall.wait(
        "no module", lambda v: bool(v["message"]) and v["message"]["code"] == "city-no-module"
    )
    assert view["message"]["params"] == {"name": "shenzhen"}
    stall.pull()


def test_a_module_that_is_gone_refuses_in_words_and_cash_pays(stall: CityStall) -> None:
    stall.pcscd.slots[1].remove()
    time.sleep(0.6)
    card = city_card("changsha")
    stall.put_down(card)
    stall.wait(
        "no module",
        lambda v: bool(v["message"]) and v["message"]["params"] == {"name": "mohurd"},
    )
    assert card.memory.purses[2].balance == CITIES["changsha"].fen
    stall.pull()
    stall.key("enter")
    stall.wait("paid in cash", paid)
    stall.agree()


def in_doubt(stall: CityStall, card: CityCard) -> None:
    stall.ready()
    stall.egg()
    stall.put_down(card)
    stall.wait("in doubt", lambda v: said(v) == "put-same-card-back")
    time.sleep(0.6)  # pcscd's own turn: the slot is empty


def said(view: View) -> str:
    return view["message"]["code"] if view["message"] else ""


def test_a_torn_card_is_paid_once_its_module_has_checked_the_proof(stall: CityStall) -> None:
    stall.pcscd.slots[1].insert(stall.module)
    time.sleep(0.6)
    card = tearing(city_card("changsha"), moves=True)
    in_doubt(stall, card)
    asked = len(stall.module.apdus)
    stall.put_down(card)
    stall.wait("paid", paid)
    assert [apdu[:2].hex() for apdu in stall.module.apdus[asked:]] == ["8072"]
    assert card.memory.purses[2].balance == CITIES["changsha"].fen - EGG
    stall.pull()
    stall.ready()
    stall.agree()


def test_a_torn_card_that_comes_back_with_a_made_up_proof_does_not_pay(stall: CityStall) -> None:
    card = tearing(city_card("changsha"), moves=True)
    in_doubt(stall, card)
    proof = card.memory.proof
    assert proof is not None
    card.memory.proof = (*proof[:2], b"\x11\x22\x33\x44", proof[3])
    stall.put_down(card)
    stall.wait("for review", lambda v: said(v) == "doubt-review")
    assert not paid(stall.feed.view)
    stall.pull()
    stall.key("enter")
    stall.wait("paid in cash", paid)


def test_after_a_torn_card_the_module_serves_the_next_customer(stall: CityStall) -> None:
    in_doubt(stall, tearing(city_card("changsha"), moves=False))
    stall.key("back")
    stall.wait("parked", lambda v: said(v) == "doubt-parked")
    stall.ready()
    stall.egg()
    stall.put_down(city_card("xian"))
    stall.wait("paid", paid)
    stall.pull()


def test_the_trace_says_what_was_said_to_card_and_module_in_a_box(stall: CityStall) -> None:
    log = (stall.root / "till" / "till.log").read_text("utf-8")
    assert "| CARD TRAFFIC IS BEING LOGGED." in log
    assert "> 80 54 01 00 0F" in log
    assert "> 80 70 00 00" in log
    assert CITY_MASTER.hex(" ").upper() not in log
