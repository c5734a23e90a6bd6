"""What a real pcscd does when cards, readers, programs and it itself misbehave."""

import threading
import time

import pytest
from smartcard import scard  # type: ignore[import-untyped]

from card.connection import Connection
from card.errors import CardGone, CardSilent, JobFailed, ReaderGone
from card.keyring import Keyring
from card.pcsc import (
    CardRemoved,
    CardTapped,
    ReaderFound,
    ReaderLost,
    list_readers,
    run_on_card,
)
from card.personalise import personalise
from card.read import TappedCard, read_card, write_token
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendMifare, Torn, blank_card
from fixtures.private_pcscd import PrivatePcscd
from tests.doors.desk import LI, LIS_UID, TOKEN, WANG, WANGS_UID, Desk, issued


def pulled_after(card: PretendMifare, apdus: int) -> PretendMifare:
    card.faults = Faults(pull_at=len(card.apdus) + apdus)
    return card


@pytest.mark.parametrize("at", [1, 3, 9])
def test_a_card_pulled_in_the_middle_is_gone_and_reads_when_put_back(
    pcscd: PrivatePcscd, desk: Desk, keyrings: tuple[Keyring, Keyring], at: int
) -> None:
    office, till = keyrings
    card = pulled_after(issued(office), at)
    pcscd.slots[0].insert(card)
    tap = desk.tapped()
    done = desk.done(lambda link: read_card(link, till), tap=tap.tap)
    assert isinstance(done.error, CardGone)
    assert desk.next() == CardRemoved(tap.tap)
    pcscd.slots[0].insert(card)
    again = desk.tapped()
    assert desk.value(lambda link: read_card(link, till), tap=again.tap).token == TOKEN


def test_a_card_lifted_and_put_back_unseen_is_told_as_a_new_stay(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    pcscd.slots[0].insert(issued(office))
    tap = desk.tapped()

    def lifted_half_way(link: Connection) -> TappedCard:
        link.transmit(bytes.fromhex("FFCA000000"))
        pcscd.slots[0].swap(issued(office, LI, LIS_UID))
        return read_card(link, till)

    assert isinstance(desk.done(lifted_half_way, tap=tap.tap).error, CardGone)
    assert isinstance(desk.done(lambda link: read_card(link, till)).error, CardGone)
    assert desk.next() == CardRemoved(tap.tap)
    again = desk.next()
    assert isinstance(again, CardTapped)
    assert desk.value(lambda link: read_card(link, till), tap=again.tap).number == LI.number


def test_a_token_torn_on_the_real_stack_leaves_the_old_one(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    card = issued(office)
    card.faults = Faults(tear_write_at=card.writes + 1, torn=Torn.garbage)
    pcscd.slots[0].insert(card)
    read = desk.value(lambda link: read_card(link, till), tap=desk.tapped().tap)
    done = desk.done(lambda link: write_token(link, till, read, seq=2, token=b"token-02"))
    assert isinstance(done.error, CardGone)
    pcscd.slots[0].insert(card)
    assert desk.value(lambda link: read_card(link, till), tap=desk.tapped().tap).token == TOKEN


def test_no_card_means_card_gone(desk: Desk, till: Keyring) -> None:
    assert isinstance(desk.done(lambda link: read_card(link, till)).error, CardGone)


def test_pcscd_killed_and_started_again_is_found_within_three_seconds(
    pcscd: PrivatePcscd,
    desk: Desk,
    keyrings: tuple[Keyring, Keyring],
    capfd: pytest.CaptureFixture[str],
) -> None:
    office, till = keyrings
    card = issued(office)
    pcscd.slots[0].insert(card)
    tap = desk.tapped()
    desk.value(lambda link: read_card(link, till), tap=tap.tap)
    pcscd.kill()
    assert [desk.next(), desk.next()] == [CardRemoved(tap.tap), ReaderLost()]
    assert isinstance(desk.done(lambda link: read_card(link, till)).error, CardGone)
    back = time.monotonic()
    pcscd.start()
    pcscd.slots[0].insert(card)
    assert desk.next() == ReaderFound(pcscd.reader_names[0])
    again = desk.tapped()
    assert desk.value(lambda link: read_card(link, till), tap=again.tap).number == WANG.number
    assert time.monotonic() - back < 3
    assert capfd.readouterr() == ("", "")


def test_pcscd_killed_in_the_middle_of_a_conversation_ends_it(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    pcscd.slots[0].insert(issued(office))
    tap = desk.tapped()

    def killed_half_way(link: Connection) -> TappedCard:
        link.transmit(bytes.fromhex("FFCA000000"))
        pcscd.kill()
        return read_card(link, till)

    done = desk.done(killed_half_way, tap=tap.tap)
    assert isinstance(done.error, (ReaderGone, CardGone))
    pcscd.start()
    pcscd.slots[0].insert(issued(office))
    assert desk.value(lambda link: read_card(link, till), tap=desk.tapped().tap).token == TOKEN


class HangingCard(PretendMifare):
    """Gives no answer while `hangs` is set."""

    def __init__(self, uid: bytes) -> None:
        super().__init__(uid)
        self.goes_on = threading.Event()
        self.goes_on.set()

    def answer(self, apdu: bytes) -> bytes:
        self.goes_on.wait(5)
        return super().answer(apdu)


def test_a_silent_card_is_given_up_in_time_and_hears_nothing_more(
    pcscd: PrivatePcscd, desk: Desk, keyrings: tuple[Keyring, Keyring]
) -> None:
    office, till = keyrings
    card = HangingCard(WANGS_UID)
    personalise(InProcess(card), office, WANG, seq=1, token=TOKEN)
    pcscd.slots[0].insert(card)
    tap = desk.tapped()
    card.goes_on.clear()
    heard, asked = len(card.apdus), time.monotonic()
    done = desk.done(lambda link: read_card(link, till), tap=tap.tap, time_limit_s=0.3)
    assert isinstance(done.error, CardSilent)
    assert time.monotonic() - asked < 1.0
    assert isinstance(desk.done(lambda link: read_card(link, till)).error, CardSilent)
    card.goes_on.set()
    time.sleep(0.3)
    assert len(card.apdus) == heard + 1
    assert desk.value(lambda link: read_card(link, till), tap=tap.tap).token == TOKEN


def test_a_fault_of_our_own_in_a_job_ends_only_that_job(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    pcscd.slots[0].insert(issued(office))
    tap = desk.tapped()

    def faulty(_link: Connection) -> int:
        return 1 // 0

    done = desk.done(faulty, tap=tap.tap)
    assert isinstance(done.error, JobFailed)
    assert done.error.params == {"reason": "ZeroDivisionError"}
    assert desk.value(lambda link: read_card(link, till), tap=tap.tap).token == TOKEN


def test_a_keyring_that_fails_inside_a_job_is_told_by_its_code(
    pcscd: PrivatePcscd, desk: Desk, till: Keyring
) -> None:
    pcscd.slots[0].insert(blank_card(WANGS_UID))
    tap = desk.tapped()
    done = desk.done(lambda link: personalise(link, till, WANG, seq=1, token=TOKEN), tap=tap.tap)
    assert isinstance(done.error, JobFailed)
    assert done.error.params == {"reason": "key_missing"}


def test_a_connection_kept_beyond_its_job_is_dead(pcscd: PrivatePcscd, desk: Desk) -> None:
    pcscd.slots[0].insert(blank_card(WANGS_UID))
    tap = desk.tapped()
    kept = desk.value(lambda link: link, tap=tap.tap)
    with pytest.raises(CardSilent):
        kept.transmit(bytes.fromhex("FFCA000000"))


def test_another_program_that_resets_the_card_does_no_harm(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    pcscd.slots[0].insert(issued(office))
    tap = desk.tapped()
    desk.value(lambda link: read_card(link, till), tap=tap.tap)
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, other, _ = scard.SCardConnect(context, tap.reader, scard.SCARD_SHARE_SHARED, 3)
    scard.SCardDisconnect(other, scard.SCARD_RESET_CARD)
    scard.SCardReleaseContext(context)
    assert desk.value(lambda link: read_card(link, till), tap=tap.tap).token == TOKEN


def test_a_reader_that_is_not_there_is_told_first(pcscd: PrivatePcscd) -> None:
    assert list_readers() == list(pcscd.reader_names)
    lost = Desk("no such reader")
    assert lost.next() == ReaderLost()
    assert isinstance(lost.done(lambda link: link.atr).error, CardGone)
    lost.door.stop()
    with pytest.raises(ReaderGone):
        run_on_card("no such reader", lambda link: link.atr, wait_s=2)
