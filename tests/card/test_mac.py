"""Sums of the purse, byte for byte as real cards and other people's programs have them."""

import itertools
import warnings

import pytest

from card import mac
from card.mac import Terms, TransactionType
from tests.card.changsha import KEYS, Exchange, part

pytestmark = pytest.mark.filterwarnings("error")
LOADED_AT = bytes.fromhex("20140825103100")
LOAD = Terms(0x1C37, TransactionType.LOAD, bytes.fromhex("000001000050"))
BOUGHT_AT = bytes.fromhex("20110919204812")
BOUGHT = Terms(0x1C37, TransactionType.CAPP_PURCHASE, bytes.fromhex("000000000001"))
CODE = bytes.fromhex("8588D32B7688D32B76")
FF = b"\xff" * 16
NOUGHT = "20161028" + "00" * 5 + "010001" + "00" * 14


def load_session() -> bytes:
    block = mac.online_block(bytes.fromhex("CDEF4F20"), 0)
    return mac.session_key(KEYS["load"], block)


def purchase_session() -> bytes:
    block = mac.purchase_block(bytes.fromhex("9AC87503"), 0, 1)
    return mac.session_key(KEYS["purchase"], block)


def test_the_load_of_a_real_card() -> None:
    session = load_session()
    assert mac.load_mac1(session, 0, LOAD).hex() == "06b1bef5"
    assert mac.load_mac2(session, LOAD, LOADED_AT).hex() == "0641dcd8"
    assert mac.load_tac(KEYS["tac"], 0x1C37, 0, (LOAD, LOADED_AT)).hex() == "ed0f8755"


def test_the_compound_purchase_of_a_real_card() -> None:
    session = purchase_session()
    assert mac.purchase_mac1(session, BOUGHT, BOUGHT_AT, CODE).hex() == "303d735d"
    assert mac.purchase_mac2(session, 0x1C37).hex() == "350ac480"
    assert mac.purchase_tac(KEYS["tac"], BOUGHT, 1, BOUGHT_AT).hex() == "44a8e04a"


def test_without_the_city_code_mac1_is_another() -> None:
    assert mac.purchase_mac1(purchase_session(), BOUGHT, BOUGHT_AT).hex() != "303d735d"


def sealed() -> list[tuple[bytes, Exchange]]:
    """Each protected command of the log with the challenge before it."""
    spoken = [*part("made"), *part("blocked"), *part("unblocked")]
    pairs = itertools.pairwise(spoken)
    return [(before.answered[:-2], one) for before, one in pairs if one.keys]


@pytest.mark.parametrize(("challenge", "sent"), sealed(), ids=lambda part: "")
def test_every_protected_command_of_a_real_card(challenge: bytes, sent: Exchange) -> None:
    key = KEYS[sent.keys[0]]
    if sent.asked[1] == 0x82:
        assert sent.asked[5:] == mac.answer_to_challenge(key, challenge)
        return
    assert sent.asked[-4:] == mac.line_mac(key, challenge, sent.asked[:-4])
    if len(sent.keys) == 2:
        plain = bytes.fromhex("01003300") + KEYS[sent.keys[1]]
        assert sent.asked[5:-4] == mac.line_cipher(key, plain)


def test_the_log_protects_enough_commands() -> None:
    assert len(sealed()) == 25


# examples/test_mac.py of klks/fmcos-python, whose author read them from an FM1208.
@pytest.mark.parametrize(
    ("key", "challenge", "text", "seal"),
    [
        (FF, "44A47DEB", "04D60000141122334455667788 9900AABBCCDDEEFF", "f2f62231"),
        (FF, "D0FE4FB9", "112233445566778899 00AABBCCDDEEFF", "8d318577"),
        (FF, "D0FE4FB9", "04B0000004", "f09c8a19"),
        (
            b"\x36" * 16,
            "A3BBCFC8",
            "04D6950022000122000001FFFF0101000022000000000000062016010120501231 0000",
            "96e32ef1",
        ),
        (
            FF,
            "88BBE4E3",
            f"04D6850034000122000001FFFF22000000000000060001{NOUGHT}20501231",
            "ae8d8774",
        ),
    ],
)
def test_line_macs_of_another_program(key: bytes, challenge: str, text: str, seal: str) -> None:
    assert mac.line_mac(key, bytes.fromhex(challenge), bytes.fromhex(text)).hex() == seal


def test_weak_and_equal_half_keys_work_without_a_word() -> None:
    weak = bytes.fromhex("0101010101010101"), bytes.fromhex("FEFEFEFEFEFEFEFE")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for key in (*weak, weak[0] + weak[1], weak[0] * 2, FF, bytes(16)):
            assert len(mac.mac(key, b"anything")) == 4
            assert len(mac.line_cipher(key, b"anything")) == 16


def test_a_mac_is_padded_even_when_whole_and_a_cipher_is_not() -> None:
    assert mac.padded(bytes(8)) == bytes(8) + b"\x80" + bytes(7)
    assert len(mac.line_cipher(FF, bytes(7))) == 8
    assert len(mac.line_cipher(FF, bytes(8))) == 16


def test_one_level_of_diversification_is_the_published_rule() -> None:
    master = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
    factor = bytes.fromhex("00004100000089999985")
    # 3DES of F and of not F under the master, computed with OpenSSL 3 (des-ede, no padding).
    assert mac.diversified(master, factor).hex() == "0610ad547095d6e5f71af6ce813ad844"


def test_an_equal_mac_is_right_and_another_is_not() -> None:
    assert mac.is_right(b"\x01\x02\x03\x04", b"\x01\x02\x03\x04")
    assert not mac.is_right(b"\x01\x02\x03\x04", b"\x01\x02\x03\x05")
