"""TACs under keys that live in a real PKCS#11 token, recomputed here with another library."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from backoffice.purse import PurseRecord, Verdict
from backoffice.tac import TacJudge, judged
from card.keyring import OFFICE_LABEL, Keyring, create_office_token, open_keyring
from card.keys import PurseMaster

PIN = "24681357"
SERIAL = bytes.fromhex("62000000000000000013")
PAID = PurseRecord(6, 7, 840, 9_160, bytes.fromhex("000000000012"), 33, 20261124132000, bytes(4))


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys") / "token"
    create_office_token(folder, PIN)
    return folder


@pytest.fixture
def keys(token: Path) -> Iterator[Keyring]:
    with open_keyring(token, PIN, label=OFFICE_LABEL) as opened:
        yield opened


def sworn(keys: Keyring, told: PurseRecord, serial: bytes = SERIAL) -> PurseRecord:
    """The same with the TAC that the card computes: PBOC 3.0, by hand."""
    key = keys.des_card_key(PurseMaster.TAC, [serial[-8:]])
    single = bytes(left ^ right for left, right in zip(key[:8], key[8:], strict=True))
    text = told.amount.to_bytes(4) + bytes((told.kind,)) + told.terminal
    if told.is_load:
        text = told.balance_after.to_bytes(4) + told.counter.to_bytes(2) + text
    else:
        text += told.terminal_serial.to_bytes(4)
    text += bytes.fromhex(str(told.moment)) + b"\x80"
    text += bytes(-len(text) % 8)
    cbc = Cipher(TripleDES(single * 3), modes.CBC(bytes(8))).encryptor()
    return replace(told, tac=(cbc.update(text) + cbc.finalize())[-8:-4])


def test_the_cards_own_tac_is_genuine_and_any_other_is_not(keys: Keyring) -> None:
    told = sworn(keys, PAID)
    assert judged(keys, SERIAL, told) is Verdict.GENUINE
    for other in (
        replace(told, amount=841), replace(told, terminal_serial=34), replace(told, kind=9),
        replace(told, moment=told.moment + 1), replace(told, terminal=bytes(6)), PAID,
    ):  # fmt: skip
        assert judged(keys, SERIAL, other) is Verdict.WRONG
    assert judged(keys, SERIAL[:-1] + b"\x14", told) is Verdict.WRONG


def test_a_load_is_sworn_to_with_balance_and_counter(keys: Keyring) -> None:
    told = sworn(keys, replace(PAID, kind=2))
    assert judged(keys, SERIAL, told) is Verdict.GENUINE
    assert judged(keys, SERIAL, replace(told, balance_after=9_161)) is Verdict.WRONG
    assert judged(keys, SERIAL, replace(told, counter=8)) is Verdict.WRONG


def test_the_judge_opens_the_token_at_the_first_proof(token: Path, keys: Keyring) -> None:
    told = sworn(keys, PAID)
    judge = TacJudge(token, lambda: PIN)
    assert judge(SERIAL, told) is Verdict.GENUINE
    assert judge(SERIAL, PAID) is Verdict.WRONG
    assert judge(b"\x04\xa1\xb2\xc3", told) is Verdict.WRONG
    judge.close()


def test_without_a_token_that_opens_nothing_is_checked(token: Path, tmp_path: Path) -> None:
    assert TacJudge(tmp_path / "none", lambda: PIN)(SERIAL, PAID) is Verdict.UNCHECKED
    assert TacJudge(token, lambda: "00000000")(SERIAL, PAID) is Verdict.UNCHECKED
