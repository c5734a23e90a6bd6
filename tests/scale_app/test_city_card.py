"""City cards at a whole till: what they tell, and paying with the operator's security module."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.city_card import CITIES, CITY_MASTER, CityCard, city_card
from fixtures.psam_card import PretendPsam
from tests.scale_app.test_whole_till import Stall, paid

EGG = 98


class CityStall(Stall):
    """A stall with a module for MOHURD cards in its second slot."""

    def more_settings(self) -> str:
        self.module = PretendPsam(CITY_MASTER)
        self.pcscd.slots[1].insert(self.module)
        return (
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
