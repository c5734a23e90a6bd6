"""Purse keys inside a real token compute what published arithmetic computes."""

import pkcs11
import pytest
from pkcs11 import Attribute

from card import mac
from card.errors import KeyMissing
from card.keyring import Keyring, create_office_token, open_keyring
from card.keyring.ring import find
from card.keys import PurseMaster
from tests.card.changsha import KEYS
from tests.card.conftest import OFFICE_PIN

SERIAL = bytes.fromhex("00004100000089999985")
CITY = bytes.fromhex("4100FF0000000000")
BLOCK = bytes.fromhex("9AC8750300000001")


@pytest.fixture
def known(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """An office whose purchase master is known: a published card key."""
    folder = tmp_path_factory.mktemp("known")
    create_office_token(folder, OFFICE_PIN)
    keyring = open_keyring(folder, OFFICE_PIN, label="steelyard-office")
    with keyring.session() as session:
        find(session, PurseMaster.PURCHASE).destroy()
        session.create_object(
            {
                Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY,
                Attribute.KEY_TYPE: pkcs11.KeyType.DES2,
                Attribute.VALUE: KEYS["purchase"],
                Attribute.LABEL: "purchase-1",
                Attribute.DERIVE: True,
                Attribute.ENCRYPT: True,
                Attribute.TOKEN: True,
            }
        )
    return keyring


def test_the_token_derives_as_the_published_rule(known: Keyring) -> None:
    one = mac.diversified(KEYS["purchase"], SERIAL)
    two = mac.diversified(one, CITY)
    assert known.des_card_key(PurseMaster.PURCHASE, [SERIAL]) == one
    assert known.des_card_key(PurseMaster.PURCHASE, [SERIAL, CITY]) == two
    for factors, key in (([SERIAL], one), ([SERIAL, CITY], two)):
        made = known.des_session_key(PurseMaster.PURCHASE, factors, BLOCK)
        assert made == mac.session_key(key, BLOCK)


def test_the_session_key_of_a_real_purchase_comes_out_of_the_token(known: Keyring) -> None:
    session = known.des_session_key(PurseMaster.PURCHASE, [], BLOCK)
    assert mac.purchase_mac2(session, 0x1C37).hex() == "350ac480"


def test_a_till_makes_the_same_session_key_and_no_card_key(office: Keyring, till: Keyring) -> None:
    made = till.des_session_key(PurseMaster.PURCHASE, [SERIAL], BLOCK)
    assert made == office.des_session_key(PurseMaster.PURCHASE, [SERIAL], BLOCK)
    with pytest.raises(KeyMissing):
        till.des_card_key(PurseMaster.PURCHASE, [SERIAL])


@pytest.mark.parametrize("master", [one for one in PurseMaster if one != "purchase"])
def test_a_till_holds_no_load_tac_or_issuing_key(
    office: Keyring, till: Keyring, master: PurseMaster
) -> None:
    assert len(office.des_card_key(master, [SERIAL])) == 16
    with pytest.raises(KeyMissing):
        till.des_session_key(master, [SERIAL], BLOCK)


def test_nothing_derived_stays_in_the_token(till: Keyring) -> None:
    with till.session() as session:
        before = len(list(session.get_objects()))
        till.des_session_key(PurseMaster.PURCHASE, [SERIAL, CITY], BLOCK)
        assert len(list(session.get_objects())) == before
