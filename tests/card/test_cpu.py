"""Commands of a processor card one by one: bytes as the manual prints them, and what they do."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from card import mac
from card.cpu import access, files, issuing, money
from card.cpu.access import Reply
from card.cpu.chip import Chip
from card.cpu.files import read_binary, read_record, update_binary, update_record
from card.cpu.issuing import KeyRecord, KeyType
from card.cpu.line import LineKey
from card.cpu.select import select_file, select_name
from card.errors import BadAnswer, CardBlocked, CardRefused, PinWrong
from card.keys import PurseMaster
from card.mac import Terms, TransactionType
from card.purse_facts import OURS
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PretendPurse, PurseFaults, Ways
from fixtures.purse_memory import Key
from tests.card.changsha import KEYS, part
from tests.card.purses import MASTERS, PIN, SERIAL, TERMINAL, KnownKeys, purse

pytestmark = pytest.mark.filterwarnings("error")
TERMS = Terms(100, TransactionType.PURCHASE, TERMINAL)


class Told:
    """A card that answers what it is told and remembers what it was asked."""

    atr = b""
    reader = ""

    def __init__(self, *answers: str) -> None:
        self.answers = [bytes.fromhex(one) for one in answers]
        self.asked: list[str] = []

    def transmit(self, apdu: bytes, /) -> tuple[bytes, int]:
        self.asked.append(apdu.hex().upper())
        answer = self.answers.pop(0) if self.answers else b"\x90\x00"
        return answer[:-2], int.from_bytes(answer[-2:])


def opened(card: PretendPurse) -> Chip:
    chip = Chip(InProcess(card))
    select_name(chip, OURS.name)
    return chip


def own(master: PurseMaster) -> bytes:
    return KnownKeys().des_card_key(master, [SERIAL])


Ask = Callable[[Chip], object]
PLAIN: list[tuple[Ask, str, str]] = [
    (lambda c: select_file(c, 0x3F01), "00A40000023F0100", "9000"),
    (lambda c: read_binary(c, 0x15, 30), "00B095001E", "00" * 30 + "9000"),
    (lambda c: read_binary(c, 0x15), "00B0950000", "9000"),
    (lambda c: update_binary(c, 0x16, b"\x01\x02", offset=3), "00D69603020102", "9000"),
    (lambda c: read_record(c, 0x18, 1, 23), "00B201C417", "00" * 23 + "9000"),
    (lambda c: update_record(c, 0x17, 2, b"\x09"), "00DC02BC0109", "9000"),
    (lambda c: files.append_record(c, 0x17, b"\x09"), "00E200BC0109", "9000"),
    (lambda c: access.verify_pin(c, PIN), "0020000003123456", "9000"),
    (
        lambda c: access.internal_authenticate(c, 1, bytes(8), Reply.MAC),
        "0088020108" + "00" * 8 + "04",
        "010203049000",
    ),
    (lambda c: access.change_pin(c, PIN, b"\x99\x88"), "805E010006123456FF9988", "9000"),
    (money.get_balance, "805C000204", "000000019000"),
    (
        lambda c: money.init_for_purchase(c, TERMS, money.Purse.PURSE, 1),
        "805001020B01000000640000000007770F",
        "00" * 15 + "9000",
    ),
    (
        lambda c: money.init_for_purchase(
            c, replace(TERMS, kind=TransactionType.CAPP_PURCHASE), money.Purse.PURSE, 1
        ),
        "805003020B01000000640000000007770F",
        "00" * 15 + "9000",
    ),
    (
        lambda c: money.init_for_purchase(
            c, replace(TERMS, kind=TransactionType.CASH), money.Purse.DEPOSIT, 1
        ),
        "805002010B01000000640000000007770F",
        "00" * 15 + "9000",
    ),
    (
        lambda c: money.init_for_load(c, TERMS, money.Purse.PURSE),
        "805000020B010000006400000000077710",
        "00" * 16 + "9000",
    ),
    (
        lambda c: money.init_for_unload(c, TERMS, money.Purse.DEPOSIT),
        "805005010B010000006400000000077710",
        "00" * 16 + "9000",
    ),
    (
        lambda c: money.debit_for_unload(c, bytes(7), bytes(4)),
        "805403000B" + "00" * 11 + "04",
        "010203049000",
    ),
    (lambda c: money.transaction_proof(c, 6, 8), "805A000602000808", "01020304050607089000"),
    (issuing.erase_directory, "800E000000", "9000"),
    (
        lambda c: issuing.create_directory(c, 0x3F01, b"walletTest", size=0x1500, sfi=0x15),
        "80E03F0112381500F0F095FFFF77616C6C657454657374",
        "9000",
    ),
    (
        lambda c: issuing.create_key_file(c, 0x200, sfi=0x15),
        "80E00000073F020095F0FFFF",
        "9000",
    ),
    (
        lambda c: issuing.create_cyclic(c, 0x18, records=5, length=0x17),
        "80E00018072E0517F0EFFFFF",
        "9000",
    ),
    (lambda c: issuing.create_purse(c, 2, log=0x18), "80E00002072F0208F000FF18", "9000"),
    (
        lambda c: issuing.create_binary(c, 0x15, 30, write_right=0xF0, is_protected=True),
        "80E0001507A8001EF0F0FFFF",
        "9000",
    ),
    (
        lambda c: issuing.add_key(c, 1, KeyRecord(KeyType.PURCHASE, 0xF0, 0x02, 0, 1, bytes(16))),
        "80D40101153EF0020001" + "00" * 16,
        "9000",
    ),
]


@pytest.mark.parametrize(("ask", "sent", "answer"), PLAIN, ids=[one[1][:4] for one in PLAIN])
def test_a_command_goes_out_as_the_manual_prints_it(ask: Ask, sent: str, answer: str) -> None:
    card = Told(answer)
    ask(Chip(card))
    assert card.asked == [sent]


def test_without_le_the_commands_with_data_carry_none() -> None:
    card = Told("00" * 15 + "9000")
    money.init_for_purchase(Chip(card, append_le=False), TERMS, money.Purse.PURSE, 1)
    assert card.asked == ["805001020B0100000064000000000777"]


def test_the_protected_commands_of_a_real_card_are_sent_again_byte_for_byte() -> None:
    spoken = part("made")
    sealed = [(spoken[i - 1], one) for i, one in enumerate(spoken) if len(one.keys) > 0]
    for before, one in sealed:
        card = Told(before.answered.hex(), "9000")
        key, (ins, p1, p2) = KEYS[one.keys[0]], one.asked[1:4]
        chip = Chip(card, append_le=False)
        if ins == 0x82:
            access.external_authenticate(chip, 0, key)
        elif ins == 0xD4:
            plain = bytes.fromhex("01003300") + KEYS[one.keys[1]]
            issuing.replace_key(chip, (p1, p2), plain, key)
        elif ins == 0xD6:
            update_binary(chip, p1 & 0x1F, one.asked[5:-4], line=LineKey(key))
        else:
            update_record(chip, p2 >> 3, p1, one.asked[5:-4], line=LineKey(key))
        assert card.asked == ["0084000004", one.asked.hex().upper()]


def test_a_real_application_is_blocked_and_unblocked_byte_for_byte() -> None:
    blocked, unblocked = Told("1EA2B2E69000"), Told("DBCF515E9000")
    issuing.block_application(Chip(blocked), KEYS["app-block"])
    issuing.unblock_application(Chip(unblocked), KEYS["app-unblock"])
    assert (blocked.asked[1], unblocked.asked[1]) == ("841E000004A86CC6A8", "84180000042BDCFB5E")


def test_a_pin_counts_its_tries_and_can_be_changed_reloaded_and_unblocked() -> None:
    card = purse()
    chip = opened(card)
    with pytest.raises(PinWrong) as wrong:
        access.verify_pin(chip, b"\x00\x00")
    assert wrong.value.tries == 2
    access.change_pin(chip, PIN, b"\x98\x76")
    access.verify_pin(chip, b"\x98\x76")
    access.reload_pin(chip, PIN, own(PurseMaster.PIN_RELOAD))
    for _ in range(3):
        with pytest.raises(PinWrong):
            access.verify_pin(chip, b"\x00\x00")
    with pytest.raises(CardBlocked):
        access.verify_pin(chip, PIN)
    access.unblock_pin(chip, PIN, own(PurseMaster.PIN_UNBLOCK))
    access.verify_pin(chip, PIN)


def test_an_outside_key_is_proven_with_a_challenge_of_its_own() -> None:
    chip = opened(purse())
    access.external_authenticate(chip, 0, own(PurseMaster.CONTROL))
    with pytest.raises(PinWrong):
        access.external_authenticate(chip, 0, bytes(16))


def test_a_protected_file_wants_its_mac_and_gives_one() -> None:
    card = purse()
    line = Key(bytes(range(16)))
    card.memory.guards[0x15] = (line, False)
    chip = opened(card)
    with pytest.raises(CardRefused) as missing:
        update_binary(chip, 0x15, b"\xaa")
    assert missing.value.sw == 0x6987
    update_binary(chip, 0x15, b"\xaa", line=LineKey(line.key))
    told = read_binary(chip, 0x15, 30, line=LineKey(line.key))
    assert told[0] == 0xAA
    with pytest.raises(CardRefused) as wrong:
        update_binary(chip, 0x15, b"\xbb", line=LineKey(bytes(16)))
    assert wrong.value.sw == 0x6988


def test_a_protected_answer_with_a_wrong_mac_is_not_believed() -> None:
    card = Told("010203049000", "AABB" + "00000000" + "9000")
    with pytest.raises(BadAnswer):
        read_binary(Chip(card), 0x15, 2, line=LineKey(bytes(16)))


def test_an_enciphered_file_is_written_in_the_clear_inside() -> None:
    card = purse()
    line = Key(bytes(range(16)))
    card.memory.guards[0x16] = (line, True)
    card.memory.binaries[0x16] = bytes(39)
    chip = opened(card)
    update_binary(chip, 0x16, b"name and more", line=LineKey(line.key, enciphers=True))
    assert card.memory.binaries[0x16].startswith(b"name and more")
    assert not any(b"name" in apdu for apdu in card.apdus)


def test_the_deposit_wants_the_pin_and_cash_too() -> None:
    card = purse()
    card.memory.purses[1].balance = 900
    chip = opened(card)
    with pytest.raises(CardRefused):
        money.get_balance(chip, money.Purse.DEPOSIT)
    access.verify_pin(chip, PIN)
    assert money.get_balance(chip, money.Purse.DEPOSIT) == 900
    terms = replace(TERMS, kind=TransactionType.CASH)
    start = money.init_for_purchase(chip, terms, money.Purse.DEPOSIT, 1)
    block = mac.purchase_block(start.random, start.counter, 9)
    session = mac.session_key(own(PurseMaster.PURCHASE), block)
    seal = mac.purchase_mac1(session, terms, bytes(7))
    done = money.debit_for_purchase(chip, 9, bytes(7), seal)
    assert done.tac == mac.purchase_tac(own(PurseMaster.TAC), terms, 9, bytes(7))
    assert card.memory.purses[1].balance == 800
    with pytest.raises(CardRefused):
        money.get_balance(chip, money.Purse.DEPOSIT)


def test_a_doubtful_answer_is_asked_for_once_more() -> None:
    card = Told("6281", "000000059000")
    assert money.get_balance(Chip(card)) == 5
    assert len(card.asked) == 2
    with pytest.raises(CardRefused):
        money.get_balance(Chip(Told("6281", "6281")))


WRITES: list[Ask] = [
    lambda c: files.append_record(c, 0x17, b"\x09"),
    lambda c: update_binary(c, 0x16, b"\x01"),
    lambda c: access.verify_pin(c, PIN),
    lambda c: money.init_for_purchase(c, TERMS, money.Purse.PURSE, 1),
]


@pytest.mark.parametrize("ask", WRITES)
def test_what_changes_the_card_is_not_sent_again_after_a_doubtful_answer(ask: Ask) -> None:
    card = Told("6281")
    with pytest.raises(CardRefused):
        ask(Chip(card))
    assert len(card.asked) == 1


@pytest.mark.parametrize("sw", ["6281", "6C04", "6988"])
def test_a_protected_command_is_never_sent_twice_under_one_challenge(sw: str) -> None:
    # The second would carry a spent challenge: a wrong MAC, and three of those lock for ever.
    card = Told("1EA2B2E69000", sw)
    with pytest.raises(CardRefused):
        issuing.unblock_application(Chip(card), KEYS["app-unblock"])
    assert len(card.asked) == 2
    card = Told("1EA2B2E69000", sw)
    with pytest.raises(CardRefused):
        read_binary(Chip(card), 0x15, 2, line=LineKey(bytes(16)))
    assert len(card.asked) == 2


def test_an_announced_purchase_is_forgotten_at_the_next_command() -> None:
    card = purse()
    chip = opened(card)
    money.init_for_purchase(chip, TERMS, money.Purse.PURSE, 1)
    money.get_balance(chip)
    assert money.debit_for_purchase(chip, 1, bytes(7), bytes(4)).sw == 0x6901


def test_contact_form_hides_answers_behind_61xx_and_corrects_le() -> None:
    card = purse(ways=Ways(is_contact=True), faults=PurseFaults())
    chip = Chip(InProcess(card), append_le=False)
    assert select_name(chip, OURS.name).name == OURS.name
    assert len(read_binary(chip, 0x15)) == 30
    assert [apdu[1] for apdu in card.apdus] == [0xA4, 0xC0, 0xB0]


def test_the_masters_of_the_tests_differ() -> None:
    assert len(set(MASTERS.values())) == len(PurseMaster)
