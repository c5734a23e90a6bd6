"""Cards through a real pcscd and a virtual reader."""

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, TypeVar

import pytest
from smartcard import scard

from card.connection import Connection
from card.errors import CardError, CardGone, CardSilent, JobFailed, ReaderGone, WrongCard
from card.keyring import Keyring
from card.layout import CardIdentity, CardKind, card_number
from card.pcsc import (
    TRACE_LEVEL,
    CardDoor,
    CardEvent,
    CardRemoved,
    CardTapped,
    JobDone,
    ReaderFound,
    ReaderLost,
    list_readers,
    run_on_card,
)
from card.personalise import personalise
from card.read import TappedCard, read_card, write_token
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendMifare, Torn, blank_card, foreign_card
from fixtures.private_pcscd import PrivatePcscd

T = TypeVar("T")
WANG = CardIdentity(card_number(6200, 1), CardKind.MEMBER, 1, 20260101, 20301231)
LI = CardIdentity(card_number(6200, 2), CardKind.STORED_VALUE, 0, 20260101, 20301231)
WANGS_UID, LIS_UID = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("9A3C5571")
TOKEN = b"token-01"
EVENT_S = 4.0


class Desk:
    """A door and its queue, asked in a straight line."""

    def __init__(self, name: str, **settings: Any) -> None:
        self.events: SimpleQueue[CardEvent] = SimpleQueue()
        self.door = CardDoor(name, self.events.put, **settings)
        self.door.start()

    def next(self) -> CardEvent:
        return self.events.get(timeout=EVENT_S)

    def tapped(self) -> CardTapped:
        while not isinstance(event := self.next(), CardTapped):
            pass
        return event

    def done(
        self, job: Callable[[Connection], T], *, tap: int | None = None, **limits: float
    ) -> JobDone[T]:
        answers: SimpleQueue[JobDone[T]] = SimpleQueue()
        self.door.run(job, answers.put, tap=tap, **limits)
        return answers.get(timeout=10)

    def value(self, job: Callable[[Connection], T], *, tap: int | None = None) -> T:
        done = self.done(job, tap=tap)
        if done.error is not None:
            raise done.error
        assert done.value is not None
        return done.value


@pytest.fixture
def desk(pcscd: PrivatePcscd) -> Iterator[Desk]:
    desk = Desk(pcscd.reader_names[0])
    assert desk.next() == ReaderFound(pcscd.reader_names[0])
    yield desk
    desk.door.stop()


def issued(office: Keyring, identity: CardIdentity = WANG, uid: bytes = WANGS_UID) -> PretendMifare:
    card = blank_card(uid)
    personalise(InProcess(card), office, identity, seq=1, token=TOKEN)
    return card


def pulled_after(card: PretendMifare, apdus: int) -> PretendMifare:
    card.faults = Faults(pull_at=len(card.apdus) + apdus)
    return card


def test_a_card_is_issued_tapped_given_a_token_and_taken_away(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    card = blank_card(WANGS_UID)
    pcscd.slots[0].insert(card)
    tap = desk.tapped()
    assert (tap.atr, tap.reader) == (card.atr, pcscd.reader_names[0])
    desk.value(lambda link: personalise(link, office, WANG, seq=1, token=TOKEN), tap=tap.tap)
    read = desk.value(lambda link: read_card(link, till), tap=tap.tap)
    assert (read.number, read.token) == (WANG.number, TOKEN)
    desk.value(lambda link: write_token(link, till, read, seq=2, token=b"token-02"), tap=tap.tap)
    assert desk.value(lambda link: read_card(link, till), tap=tap.tap).token == b"token-02"
    pcscd.slots[0].remove()
    assert desk.next() == CardRemoved(tap.tap)


def test_two_cards_in_turn_are_two_taps(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    first, second = issued(office), issued(office, LI, LIS_UID)
    pcscd.slots[0].insert(first)
    wang = desk.tapped()
    assert desk.value(lambda link: read_card(link, till), tap=wang.tap).number == WANG.number
    pcscd.slots[0].swap(second)
    assert desk.next() == CardRemoved(wang.tap)
    li = desk.next()
    assert isinstance(li, CardTapped)
    assert li.tap != wang.tap
    assert desk.value(lambda link: read_card(link, till), tap=li.tap).number == LI.number
    late = desk.done(lambda link: read_card(link, till), tap=wang.tap)
    assert isinstance(late.error, CardGone)


def test_a_token_meant_for_the_first_card_never_reaches_the_second(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    first, second = issued(office), issued(office, LI, LIS_UID)
    pcscd.slots[0].insert(first)
    wang = desk.value(lambda link: read_card(link, till), tap=desk.tapped().tap)
    pcscd.slots[0].swap(second)
    desk.tapped()
    before = list(second.blocks)
    done = desk.done(lambda link: write_token(link, till, wang, seq=2, token=b"token-02"))
    assert isinstance(done.error, CardGone)
    assert second.blocks == before


def test_a_card_that_lay_there_before_the_start_is_tapped(
    pcscd: PrivatePcscd, office: Keyring
) -> None:
    pcscd.slots[0].insert(issued(office))
    early = Desk(pcscd.reader_names[0])
    early.tapped()
    early.door.stop()
    late = Desk(pcscd.reader_names[0])
    assert isinstance(late.next(), ReaderFound)
    assert isinstance(late.next(), CardTapped)
    late.door.stop()


def test_the_slots_are_two_readers(pcscd: PrivatePcscd, desk: Desk, till: Keyring) -> None:
    other = Desk(pcscd.reader_names[1])
    assert other.next() == ReaderFound(pcscd.reader_names[1])
    pcscd.slots[1].insert(foreign_card(LIS_UID))
    tap = other.tapped()
    with pytest.raises(WrongCard):
        other.value(lambda link: read_card(link, till), tap=tap.tap)
    assert desk.events.empty()
    other.door.stop()


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


def test_a_command_line_waits_for_a_card_and_gets_its_answer(
    pcscd: PrivatePcscd, office: Keyring, till: Keyring
) -> None:
    with pytest.raises(CardGone):
        run_on_card(pcscd.reader_names[0], lambda link: link.atr, wait_s=0.3)
    late = threading.Timer(0.3, pcscd.slots[0].insert, [issued(office)])
    late.start()
    card = run_on_card(pcscd.reader_names[0], lambda link: read_card(link, till))
    assert card.number == WANG.number
    late.join()


def test_the_trace_is_boxed_and_shows_no_key(
    pcscd: PrivatePcscd, office: Keyring, till: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    card = issued(office)
    pcscd.slots[0].insert(card)
    with caplog.at_level(TRACE_LEVEL, logger="card.apdu"):
        run_on_card(pcscd.reader_names[0], lambda link: read_card(link, till))
    assert "CARD TRAFFIC IS BEING LOGGED" in caplog.text
    assert "> FF CA 00 00 00" in caplog.text
    assert "> FF 82 00 00 06 .. .. .. .. .. .." in caplog.text
    assert card.blocks[7][:6].hex(" ").upper() not in caplog.text


def test_without_the_trace_nothing_is_logged(
    pcscd: PrivatePcscd, office: Keyring, till: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    pcscd.slots[0].insert(issued(office))
    with caplog.at_level(logging.DEBUG):
        run_on_card(pcscd.reader_names[0], lambda link: read_card(link, till))
    assert caplog.text == ""


def test_a_tap_costs_little_on_the_real_stack(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring
) -> None:
    pcscd.slots[0].insert(issued(office))
    tap = desk.tapped()
    taken: list[float] = []
    for _ in range(40):
        began = time.perf_counter()
        desk.value(lambda link: read_card(link, till), tap=tap.tap)
        taken.append(time.perf_counter() - began)
    # 1.4 ms measured; 44 ms and more an APDU if the acknowledgements are delayed.
    assert sorted(taken)[20] < 0.1


def test_stopping_is_quick_and_leaves_no_thread(pcscd: PrivatePcscd, office: Keyring) -> None:
    before = set(threading.enumerate())
    desk = Desk(pcscd.reader_names[0])
    pcscd.slots[0].insert(issued(office))
    desk.value(lambda link: link.atr, tap=desk.tapped().tap)
    began = time.monotonic()
    desk.door.stop()
    assert time.monotonic() - began < 1
    left = [t for t in set(threading.enumerate()) - before if t.name.startswith("card-")]
    assert left == []


def test_a_stopped_pcscd_leaves_no_process_and_no_socket(tmp_path_factory: Any) -> None:
    with PrivatePcscd(tmp_path_factory.mktemp("other")) as daemon:
        pid, socket_path = daemon.pid, daemon.socket_path
        assert socket_path.exists()
    assert not socket_path.exists()
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        raise AssertionError("pcscd still runs")


def test_every_card_error_has_a_code_of_its_own() -> None:
    kinds = [*CardError.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds)
