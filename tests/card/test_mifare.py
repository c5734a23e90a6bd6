"""The portable MIFARE commands, byte by byte, and what a 63 00 leads to."""

import pytest

from card.diversify import KeySide
from card.errors import CardGone, CardRefused, NotAuthenticated, TornWrite
from card.mifare import MifareCard
from card.readers import ReaderProfile
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendMifare, Torn, blank_card
from tests.card.world import SHORT_UID, UID

KEY = b"\xff" * 6
BLOCK = bytes(range(16))


def opened(card: PretendMifare) -> MifareCard:
    chip = MifareCard(InProcess(card))
    chip.open_sector(4, KEY, KeySide.A)
    return chip


def sent(card: PretendMifare) -> list[str]:
    return [apdu.hex().upper() for apdu in card.apdus]


@pytest.mark.parametrize("uid", [SHORT_UID, UID])
def test_a_serial_of_four_or_seven_bytes_is_read(uid: bytes) -> None:
    assert MifareCard(InProcess(blank_card(uid))).uid() == uid


def test_commands_are_sent_as_pcsc_part_3_has_them() -> None:
    card = blank_card(UID)
    chip = opened(card)
    chip.write(4, BLOCK)
    assert chip.read(4) == BLOCK
    assert sent(card) == [
        "FF82000006FFFFFFFFFFFF",
        "FF860000050100046000",
        "FFD6000410" + BLOCK.hex().upper(),
        "FFB0000410",
        "FFB0000410",
    ]


def test_a_readers_profile_says_where_its_keys_go() -> None:
    card = blank_card(UID)
    chip = MifareCard(InProcess(card), profile=ReaderProfile(slot=1))
    chip.open_sector(4, KEY, KeySide.B)
    assert sent(card) == ["FF82000106FFFFFFFFFFFF", "FF860000050100046101"]


def test_a_readers_name_says_where_its_keys_go() -> None:
    card = blank_card(UID)
    chip = MifareCard(InProcess(card, "HID Global OMNIKEY 5022 Smart Card Reader 00 00"))
    with pytest.raises(NotAuthenticated):  # the pretend reader is an ACR122U, which takes 00 only
        chip.open_sector(4, KEY, KeySide.B)
    assert sent(card)[0] == "FF82200006FFFFFFFFFFFF"


class OtherMemory(InProcess):
    """A reader that has only the other kind of key memory, and says so."""

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        if apdu[1] != 0x82:
            return super().transmit(apdu)
        if apdu[2] != 0x20:
            self.card.apdus.append(apdu)  # type: ignore[attr-defined]
            return b"", 0x6986
        return super().transmit(bytes((*apdu[:2], 0x00, *apdu[3:])))


def test_a_reader_without_volatile_memory_is_found_out_once() -> None:
    card = blank_card(UID)
    chip = MifareCard(OtherMemory(card))
    chip.open_sector(4, KEY, KeySide.A)
    chip._loaded = None
    chip.open_sector(8, KEY, KeySide.A)
    assert [apdu[:4] for apdu in sent(card)] == ["FF82", "FF82", "FF86", "FF82", "FF86"]


def test_a_key_already_loaded_is_not_loaded_again() -> None:
    card = blank_card(UID)
    chip = opened(card)
    chip.open_sector(8, KEY, KeySide.A)
    assert sent(card)[2:] == ["FF860000050100086000"]


def test_an_older_reader_is_asked_with_ff_88_from_then_on() -> None:
    card = PretendMifare(UID, old_reader=True)
    chip = opened(card)
    chip.open_sector(8, KEY, KeySide.A)
    assert sent(card)[1:] == ["FF860000050100046000", "FF8800046000", "FF8800086000"]


def test_a_wrong_key_is_tried_twice_and_then_named() -> None:
    card = blank_card(UID)
    chip = MifareCard(InProcess(card))
    with pytest.raises(NotAuthenticated) as refused:
        chip.open_sector(4, bytes(6), KeySide.A)
    assert refused.value.block == 4
    assert [apdu[:4] for apdu in sent(card)].count("FF86") == 2


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_read_survives_a_card_let_go_by_its_reader(at: int) -> None:
    card = PretendMifare(UID, faults=Faults(hiccup_at=at))
    chip = MifareCard(InProcess(card))
    chip.open_sector(4, KEY, KeySide.A)
    assert chip.read(4) == bytes(16)


def test_a_denied_read_is_asked_twice_at_most() -> None:
    card = blank_card(UID)
    chip = opened(card)
    with pytest.raises(CardRefused) as refused:
        chip.read(8)
    assert refused.value.sw == 0x6300
    assert sent(card).count("FFB0000810") == 2


def test_a_write_is_never_sent_twice() -> None:
    card = PretendMifare(UID, faults=Faults(hiccup_at=3))
    chip = opened(card)
    with pytest.raises(CardRefused):
        chip.write(4, BLOCK)
    assert sum(apdu.startswith("FFD6") for apdu in sent(card)) == 1
    assert card.blocks[4] == bytes(16)


def test_a_write_whose_answer_was_lost_is_found_done_by_reading() -> None:
    card = PretendMifare(UID, faults=Faults(tear_write_at=1, torn=Torn.new, stay_after_tear=True))
    opened(card).write(4, BLOCK)
    assert card.blocks[4] == BLOCK


class LyingReader(InProcess):
    """Answers 90 00 to every write, whatever the card did."""

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        answer = super().transmit(apdu)
        return (b"", 0x9000) if apdu[1] == 0xD6 else answer


def test_a_write_that_left_something_else_is_torn() -> None:
    card = PretendMifare(UID, faults=Faults(tear_write_at=1, stay_after_tear=True))
    chip = MifareCard(LyingReader(card))
    chip.open_sector(4, KEY, KeySide.A)
    with pytest.raises(TornWrite) as torn:
        chip.write(4, BLOCK)
    assert torn.value.block == 4


def test_another_card_under_way_is_noticed_by_its_serial() -> None:
    link = InProcess(PretendMifare(UID, faults=Faults(hiccup_at=4)))
    chip = MifareCard(link)
    chip.uid()
    chip.open_sector(4, KEY, KeySide.A)
    link.card.uid = SHORT_UID  # type: ignore[attr-defined]
    with pytest.raises(CardGone):
        chip.read(4)


def test_no_answer_to_the_serial_means_the_card_is_gone() -> None:
    with pytest.raises(CardGone):
        MifareCard(InProcess(PretendMifare(UID, faults=Faults(hiccup_at=1)))).uid()
