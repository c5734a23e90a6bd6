"""Master keys in real PKCS#11 tokens."""

import shutil
import threading
from pathlib import Path

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from card.errors import KeyMissing, KeyringBroken, KeyringLocked, KeyringMissing
from card.keyring import (
    OFFICE_LABEL,
    TILL_LABEL,
    Keyring,
    create_office_token,
    has_token,
    open_keyring,
    share_with_till,
)
from card.keys import TILL_MASTERS, Master
from tests.card.conftest import OFFICE_PIN, TILL_PIN


def secrets_in(keyring: Keyring) -> dict[str, pkcs11.SecretKey]:
    with keyring.session() as session:
        found = session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        return {key.label: key for key in found}


# RFC 4493 section 4, examples 1 to 4.
RFC_4493_KEY = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C")
RFC_4493_MESSAGE = bytes.fromhex(
    "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
    "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710"
)


@pytest.mark.parametrize(
    ("length", "mac"),
    [
        (16, "070A16B46B4D4144F79BDD9DD04A287C"),
        (40, "DFA66747DE9AE63030CA32611497C827"),
        (64, "51F0BEBF7E3B9D92FC49741779363CFE"),
    ],
)
def test_the_token_computes_the_published_cmac(tmp_path: Path, length: int, mac: str) -> None:
    create_office_token(tmp_path / "office", OFFICE_PIN)
    with open_keyring(tmp_path / "office", OFFICE_PIN, label=OFFICE_LABEL) as keyring:
        with keyring.session() as session:
            secrets_in(keyring)["token-1"].destroy()
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.SECRET_KEY,
                    Attribute.KEY_TYPE: pkcs11.KeyType.AES,
                    Attribute.VALUE: RFC_4493_KEY,
                    Attribute.LABEL: "token-1",
                    Attribute.SIGN: True,
                    Attribute.TOKEN: True,
                }
            )
        assert keyring.cmac(Master.TOKEN, RFC_4493_MESSAGE[:length]).hex().upper() == mac


@pytest.mark.parametrize("master", TILL_MASTERS)
def test_a_till_computes_what_the_office_computes(
    office: Keyring, till: Keyring, master: Master
) -> None:
    assert till.cmac(master, b"the same card") == office.cmac(master, b"the same card")


def test_the_masters_differ(office: Keyring) -> None:
    assert len({office.cmac(master, b"the same card") for master in Master}) == len(Master)


def test_a_till_cannot_issue(office: Keyring, till: Keyring) -> None:
    assert office.can_issue
    assert not till.can_issue
    with pytest.raises(KeyMissing) as missing:
        till.cmac(Master.ISSUING, b"a card")
    assert missing.value.label == "issuing"


def test_no_token_hands_out_a_master(office: Keyring, till: Keyring) -> None:
    for keyring, count in ((office, 12), (till, 4)):
        keys = secrets_in(keyring)
        assert len(keys) == count
        for key in keys.values():
            with pytest.raises(pkcs11.AttributeSensitive):
                key[Attribute.VALUE]


def test_only_what_a_till_needs_can_ever_be_wrapped(office: Keyring, till: Keyring) -> None:
    leaves = {label for label, key in secrets_in(office).items() if key[Attribute.EXTRACTABLE]}
    assert leaves == {"card-read-1", "token-1", "identity-1", "purchase-1"}
    assert not any(key[Attribute.EXTRACTABLE] for key in secrets_in(till).values())


def test_the_transport_key_does_not_stay(till: Keyring) -> None:
    with till.session() as session:
        kinds = {found.object_class for found in session.get_objects()}
    assert kinds == {ObjectClass.SECRET_KEY}


def test_two_houses_have_different_masters(tmp_path: Path, office: Keyring) -> None:
    create_office_token(tmp_path / "other", OFFICE_PIN)
    with open_keyring(tmp_path / "other", OFFICE_PIN, label=OFFICE_LABEL) as other:
        assert other.cmac(Master.TOKEN, b"x") != office.cmac(Master.TOKEN, b"x")


def test_a_wrong_pin_is_told_even_while_the_token_is_open(key_folder: Path, till: Keyring) -> None:
    till.cmac(Master.TOKEN, b"x")
    with pytest.raises(KeyringLocked):
        open_keyring(key_folder / "till", "11111111", label=TILL_LABEL)
    assert till.cmac(Master.TOKEN, b"x")


def test_a_folder_without_a_token_is_told(tmp_path: Path, key_folder: Path) -> None:
    with pytest.raises(KeyringMissing):
        open_keyring(tmp_path, TILL_PIN, label=TILL_LABEL)
    with pytest.raises(KeyringMissing):
        open_keyring(key_folder / "till", TILL_PIN, label="another label")
    with pytest.raises(KeyringMissing) as missing:
        open_keyring(key_folder / "till", TILL_PIN, label=TILL_LABEL, module=tmp_path / "no.so")
    assert missing.value.params == {"module": "no.so"}


def test_a_token_is_never_made_over_another(tmp_path: Path) -> None:
    assert not has_token(tmp_path)
    create_office_token(tmp_path, OFFICE_PIN)
    assert has_token(tmp_path)
    assert {found.name for found in tmp_path.iterdir()} == {"tokens", "softhsm2.conf"}
    with pytest.raises(KeyringBroken):
        create_office_token(tmp_path, OFFICE_PIN)


def test_a_till_cannot_share_its_masters_and_nothing_is_left(
    tmp_path: Path, office: Keyring, till: Keyring
) -> None:
    with pytest.raises(KeyringBroken):
        share_with_till(till, tmp_path / "second", TILL_PIN)
    assert list((tmp_path / "second").iterdir()) == []
    share_with_till(office, tmp_path / "second", TILL_PIN)
    with open_keyring(tmp_path / "second", TILL_PIN, label=TILL_LABEL) as second:
        assert second.cmac(Master.TOKEN, b"x") == till.cmac(Master.TOKEN, b"x")


def test_a_token_left_half_made_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "unfinished" / "tokens" / "half").mkdir(parents=True)
    with pytest.raises(KeyringMissing):
        open_keyring(tmp_path, OFFICE_PIN, label=OFFICE_LABEL)
    create_office_token(tmp_path, OFFICE_PIN)
    with open_keyring(tmp_path, OFFICE_PIN, label=OFFICE_LABEL) as office:
        assert office.can_issue


def test_a_folder_carried_to_another_place_opens_there(
    tmp_path: Path, key_folder: Path, till: Keyring
) -> None:
    shutil.copytree(key_folder / "till", tmp_path / "carried")
    with open_keyring(tmp_path / "carried", TILL_PIN, label=TILL_LABEL) as carried:
        assert carried.cmac(Master.TOKEN, b"x") == till.cmac(Master.TOKEN, b"x")
    assert str(tmp_path) in (tmp_path / "carried" / "softhsm2.conf").read_text()


def test_threads_take_turns(office: Keyring, till: Keyring) -> None:
    right = office.cmac(Master.CARD_READ, b"card")
    wrong: list[bytes] = []

    def ask(keyring: Keyring) -> None:
        for _ in range(50):
            answer = keyring.cmac(Master.CARD_READ, b"card")
            if answer != right:
                wrong.append(answer)

    threads = [threading.Thread(target=ask, args=(k,)) for k in (office, till, office)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
