"""The pretend card against published facts, so that it may judge the code that talks with it."""

import pytest

from fixtures.mifare_card import (
    ATR_1K,
    ATR_4K,
    ATR_CPU,
    Faults,
    PretendMifare,
    Pulled,
    Torn,
    blank_card,
    foreign_card,
)

UID = bytes.fromhex("9A3C5571")
OK, FAILED = bytes.fromhex("9000"), bytes.fromhex("6300")
KEY = "FFFFFFFFFFFF"
TRAILER_READ = bytes(6) + bytes.fromhex("FF078069") + b"\xff" * 6


def ask(card: PretendMifare, apdu: str) -> bytes:
    return card.answer(bytes.fromhex(apdu))


def open_sector(card: PretendMifare, block: int, side: str = "60", key: str = KEY) -> bytes:
    ask(card, f"FF82000006{key}")
    return ask(card, f"FF860000050100{block:02X}{side}00")


@pytest.mark.parametrize("atr", [ATR_1K, ATR_4K, ATR_CPU])
def test_an_atr_ends_in_the_checksum_of_iso_7816_3(atr: bytes) -> None:
    total = 0
    for byte in atr[1:]:
        total ^= byte
    assert total == 0


def test_the_1k_atr_is_the_one_of_the_acr122u_manual() -> None:
    assert ATR_1K.hex().upper() == "3B8F8001804F0CA000000306030001000000006A"


def test_the_serial_is_asked_with_ff_ca() -> None:
    assert ask(blank_card(UID), "FFCA000000") == UID + OK


def test_block_nought_holds_serial_and_its_checksum() -> None:
    card = blank_card(UID)
    assert open_sector(card, 0) == OK
    block = ask(card, "FFB0000010")
    assert block[:4] == UID
    assert block[4] == 0x9A ^ 0x3C ^ 0x55 ^ 0x71


def test_block_nought_cannot_be_written() -> None:
    card = blank_card(UID)
    open_sector(card, 0)
    assert ask(card, "FFD6000010" + "00" * 16) == FAILED


def test_a_transport_trailer_hides_key_a_and_shows_key_b() -> None:
    card = blank_card(UID)
    open_sector(card, 4)
    assert ask(card, "FFB0000710") == TRAILER_READ + OK


def test_a_readable_key_b_opens_but_may_do_nothing() -> None:
    card = blank_card(UID)
    assert open_sector(card, 4, "61") == OK
    assert ask(card, "FFB0000410") == FAILED


def test_nothing_is_read_before_a_sector_is_open() -> None:
    assert ask(blank_card(UID), "FFB0000410") == FAILED


def test_a_failing_authentication_closes_the_open_sector() -> None:
    card = blank_card(UID)
    open_sector(card, 4)
    assert open_sector(card, 4, key="000000000000") == FAILED
    assert ask(card, "FFB0000410") == FAILED


def test_only_one_sector_is_open_at_a_time() -> None:
    card = blank_card(UID)
    open_sector(card, 4)
    open_sector(card, 8)
    assert ask(card, "FFB0000410") == FAILED
    assert ask(card, "FFB0000810") == bytes(16) + OK


def with_trailer(access: str) -> PretendMifare:
    card = blank_card(UID)
    card.blocks[7] = b"\xaa" * 6 + bytes.fromhex(access) + b"\x69" + b"\xbb" * 6
    return card


@pytest.mark.parametrize(
    # NXP MF1S50YYX tables 7 and 8. Access bytes of NXP AN1304 and of condition 010 / 110.
    ("access", "a_reads", "a_writes", "b_reads", "b_writes"),
    [
        ("787788", True, False, True, True),
        ("7F0788", True, True, True, True),
        ("0F07 8F", True, False, True, False),
    ],
)
def test_access_bits_say_who_reads_and_writes(
    access: str, *, a_reads: bool, a_writes: bool, b_reads: bool, b_writes: bool
) -> None:
    for side, key, reads, writes in (
        ("60", "AA" * 6, a_reads, a_writes),
        ("61", "BB" * 6, b_reads, b_writes),
    ):
        card = with_trailer(access)
        assert open_sector(card, 4, side, key) == OK
        assert (ask(card, "FFB0000410")[-2:] == OK) is reads
        assert (ask(card, "FFD6000410" + "01" * 16) == OK) is writes


def test_trailer_011_is_written_with_key_b_only() -> None:
    card = with_trailer("787788")
    trailer = "CC" * 6 + "787788C1" + "DD" * 6
    open_sector(card, 4, "60", "AA" * 6)
    assert ask(card, "FFD6000710" + trailer) == FAILED
    open_sector(card, 4, "61", "BB" * 6)
    assert ask(card, "FFD6000710" + trailer) == OK
    assert card.blocks[7].hex().upper() == trailer


def test_a_trailer_whose_copies_differ_locks_the_sector_for_ever() -> None:
    card = with_trailer("787789")
    assert open_sector(card, 4, "60", "AA" * 6) == FAILED
    assert open_sector(card, 4, "61", "BB" * 6) == FAILED


def test_a_reader_forgets_its_keys_when_the_card_is_put_on_again() -> None:
    card = blank_card(UID)
    open_sector(card, 4)
    card.power_on()
    assert ask(card, "FF860000050100046000") == FAILED


def test_an_old_reader_knows_only_the_old_authenticate() -> None:
    card = PretendMifare(UID, old_reader=True)
    ask(card, f"FF82000006{KEY}")
    assert ask(card, "FF860000050100046000").hex() == "6d00"
    assert ask(card, "FF8800046000") == OK
    assert ask(card, "FFB0000410") == bytes(16) + OK


def test_a_pulled_card_never_answers_until_it_is_put_on_again() -> None:
    card = PretendMifare(UID, faults=Faults(pull_at=1))
    for _ in range(2):
        with pytest.raises(Pulled):
            ask(card, "FFCA000000")
    card.power_on()
    assert ask(card, "FFCA000000") == UID + OK


@pytest.mark.parametrize("torn", [Torn.old, Torn.new, Torn.garbage])
def test_a_torn_write_leaves_what_it_was_told_to(torn: object) -> None:
    card = PretendMifare(UID, faults=Faults(tear_write_at=1, torn=torn))  # type: ignore[arg-type]
    open_sector(card, 4)
    with pytest.raises(Pulled):
        ask(card, "FFD6000410" + "5B" * 16)
    old, new = bytes(16), b"\x5b" * 16
    expected = {Torn.old: {old}, Torn.new: {new}}.get(torn)  # type: ignore[call-overload]
    held = card.blocks[4]
    assert held in expected if expected else held not in (old, new)


def test_a_card_let_go_by_the_reader_wakes_with_ff_ca() -> None:
    card = PretendMifare(UID, faults=Faults(hiccup_at=3))
    open_sector(card, 4)
    assert ask(card, "FFB0000410") == FAILED
    assert ask(card, f"FF82000006{KEY}") == FAILED
    assert ask(card, "FFCA000000") == UID + OK
    assert open_sector(card, 4) == OK


def test_a_foreign_card_opens_with_no_transport_key() -> None:
    card = foreign_card(UID)
    assert all(open_sector(card, sector * 4) == FAILED for sector in range(16))


@pytest.mark.parametrize("apdu", ["FF", "00A40400", "FF010000", "FFB00004", "FF82000005AABBCCDDEE"])
def test_nonsense_is_answered_and_never_crashes(apdu: str) -> None:
    assert len(ask(blank_card(UID), apdu)) == 2
