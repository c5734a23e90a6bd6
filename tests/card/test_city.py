"""City cards read without a key, and debited with their operator's module."""

import pytest

from card.city import honest_balance
from card.errors import WrongCard
from card.keyring import Keyring
from card.psam import open_psam
from card.purse import debit
from card.read import TappedCard, read_card
from fixtures.card_in_process import InProcess
from fixtures.city_card import CITIES, CITY_MASTER, CityCard, city_card
from fixtures.psam_card import PretendPsam
from tests.card.purses import NOON, Journal


def read(card: CityCard, till: Keyring) -> TappedCard:
    return read_card(InProcess(card), till)


@pytest.mark.parametrize("name", CITIES)
def test_a_city_card_tells_number_validity_balance_and_records(name: str, till: Keyring) -> None:
    card = read(city_card(name), till)
    city = CITIES[name]
    assert card.is_city
    assert card.purse is not None
    assert (card.number, card.purse.balance_fen) == (city.number, city.fen)
    assert card.valid_to == city.valid_to
    assert [record.amount for record in card.purse.records] == [200, 200, 200]
    assert card.purse.records[0].moment.hex() == "20261103081500"
    assert not card.is_member
    assert not card.carries_token


def test_ten_records_at_most_and_none_of_an_empty_log(till: Keyring) -> None:
    many, none = read(city_card("xian", lines=30), till), read(city_card("xian", lines=0), till)
    assert many.purse is not None
    assert none.purse is not None
    assert (len(many.purse.records), len(none.purse.records)) == (10, 0)


@pytest.mark.parametrize(
    ("raw", "fen"),
    [
        (0, 0),
        (7223, 7223),
        (0x80001C37, 7223),
        (0xFFFFFF6A, -150),
        (1_000_000, 1_000_000),
    ],
)
def test_the_balances_top_bit_is_a_sign_or_garbage(raw: int, fen: int) -> None:
    assert honest_balance(raw) == fen


@pytest.mark.parametrize("name", ["changsha", "xian"])
def test_a_city_card_pays_with_its_operators_module(name: str, till: Keyring) -> None:
    card = city_card(name)
    chip = PretendPsam(CITY_MASTER)
    chip.code = CITIES[name].code
    tapped = read(card, till)
    assert tapped.purse is not None
    module = open_psam(InProcess(chip), application=0xDF01)
    proof = debit(
        InProcess(card),
        module,
        200,
        card=tapped.purse,
        when=NOON,
        before_commit=Journal().write,
        uid=tapped.uid,
    )
    assert proof.mac2_checked
    assert card.memory.purses[2].balance == CITIES[name].fen - 200


def test_a_card_of_no_known_city_is_refused_with_a_name(till: Keyring) -> None:
    card = city_card("xian")
    card.memory.name = b"\xa0\x00\x00\x03\x33\x01\x01"
    with pytest.raises(WrongCard) as wrong:
        read(card, till)
    assert wrong.value.params == {"reason": "family", "name": "processor card"}
    card.memory.name = b"2PAY.SYS.DDF01"
    with pytest.raises(WrongCard) as wrong:
        read(card, till)
    assert wrong.value.params["name"] == "bank card"
