"""A tap on M1 and a purchase from a purse, through a real pcscd and its virtual readers.

Beside each, in the same round: the very same commands sent raw by pyscard's thin layer, and as many
bare SQLite commits with synchronous=FULL as the conversation waits for. The ratio is the median of
the rounds' own, so a busy machine slows both sides of each. Also when a card that was put down is
seen, and how many commands each conversation costs.
"""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from card.connection import Connection
from card.intent import DebitIntent, LoadIntent
from card.keyring import (
    OFFICE_LABEL,
    TILL_LABEL,
    Keyring,
    create_office_token,
    open_keyring,
    share_with_till,
)
from card.layout import CardIdentity, CardKind, card_number
from card.read import TappedCard, read_card, write_token
from fixtures.mifare_card import PretendMifare
from fixtures.private_pcscd import PrivatePcscd
from fixtures.purse_card import PretendPurse
from tests.bench.sale import quantile_ms
from tests.card.purses import Journal, pay, purse, soft_sam
from tests.doors.conftest import wait_until_empty
from tests.doors.desk import Desk, issued
from tests.scale_app.journal.books import CARD, journal, sale, subject

GOAL = 2.0
PCSCD_POLL_S = 0.4
"""pcscd 1.9 asks a reader without interrupts every 0.4 s whether a card is there."""
PIN = "24681357"
SOMEBODY = CardIdentity(card_number(6200, 7), CardKind.STORED_VALUE, 0, 20260101, 20301231)


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds of each round, ours and bare (raw commands and commits), and the commands of one."""

    name: str
    ours: list[float]
    bare: list[float]
    apdus: list[bytes]

    @property
    def ratio(self) -> float:
        """Median over the rounds of ours beside bare."""
        return median(our / bare for our, bare in zip(self.ours, self.bare, strict=True))

    def show(self) -> None:
        """Prints one line of the table."""
        print(
            f"{self.name:<34}{len(self.apdus):>6}{1000 * median(self.ours):>9.2f}"
            f"{quantile_ms(self.ours, 0.95):>9.2f}{1000 * median(self.bare):>9.2f}"
            f"{self.ratio:>8.2f}"
        )
        print(f"  {', '.join(apdu[:4].hex(' ').upper() for apdu in self.apdus)}")


@contextmanager
def bare_commits(root: Path) -> Iterator[Callable[[], None]]:
    """A commit of one small row, WAL and synchronous=FULL."""
    db = sqlite3.connect(root / "bare.db", isolation_level=None, check_same_thread=False)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    db.execute("create table entry (id integer primary key, body blob) strict")
    body = os.urandom(170)

    def one() -> None:
        db.execute("begin immediate")
        db.execute("insert into entry (body) values (?)", (body,))
        db.execute("commit")

    yield one
    db.close()


def seconds(rounds: int, work: Callable[[int], object]) -> list[float]:
    """How long each round took."""
    taken = []
    for number in range(rounds):
        begun = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - begun)
    return taken


@contextmanager
def raw_link(reader: str) -> Iterator[Callable[[list[bytes]], None]]:
    """The commands of one conversation through pyscard's thin layer, connected once."""
    from smartcard import scard  # type: ignore[import-untyped]  # noqa: PLC0415

    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    shared, either = scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    _, handle, protocol = scard.SCardConnect(context, reader, shared, either)

    def send(apdus: list[bytes]) -> None:
        for apdu in apdus:
            scard.SCardTransmit(handle, protocol, list(apdu))

    yield send
    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)


def bare_of(
    send: Callable[[list[bytes]], None], commit: Callable[[], None], commits: int
) -> Callable[[list[bytes]], None]:
    """The commands, and so many commits."""

    def bare(apdus: list[bytes]) -> None:
        send(apdus)
        for _ in range(commits):
            commit()

    return bare


def side_by_side(
    rounds: int, chip: PretendMifare | PretendPurse, ours: Callable[[int], object],
    bare: Callable[[list[bytes]], object],
) -> tuple[list[float], list[float], list[bytes]]:  # fmt: skip
    """Seconds of each round, ours and bare in turn, and the commands of the last round."""
    both: tuple[list[float], list[float]] = ([], [])
    sent: list[bytes] = []
    for number in range(1, rounds + 1):
        before, begun = len(chip.apdus), time.perf_counter()
        ours(number)
        both[0].append(time.perf_counter() - begun)
        sent, begun = chip.apdus[before:], time.perf_counter()
        bare(sent)
        both[1].append(time.perf_counter() - begun)
    return *both, sent


def m1_tap(
    pcscd: PrivatePcscd, keys: tuple[Keyring, Keyring], commit: Callable[[], None], rounds: int
) -> Row:
    """Read, intent saved, outcome saved, next token written and read back."""
    office, till = keys
    chip = issued(office, SOMEBODY)
    desk = Desk(pcscd.reader_names[0])
    pcscd.slots[0].insert(chip)
    tap = desk.tapped().tap
    with TemporaryDirectory(prefix="steelyard-bench-") as place:
        books = journal(Path(place) / "m1.db")

        def one(number: int) -> None:
            card = desk.value(lambda link: read_card(link, till), tap=tap)
            books.save_intent(subject(number), sale(500, CARD))
            books.save_paid(subject(number), 4500)
            desk.value(_token_writer(till, card, number), tap=tap)

        with raw_link(pcscd.reader_names[0]) as send:
            row = Row(
                "M1: read, pay, token and read back",
                *side_by_side(rounds, chip, one, bare_of(send, commit, 2)),
            )
    desk.door.stop()
    pcscd.slots[0].remove()
    wait_until_empty(pcscd)
    return row


def _token_writer(
    keys: Keyring, card: TappedCard, number: int
) -> Callable[[Connection], TappedCard]:
    token = number.to_bytes(8, "big")
    seq = (card.token_seq + 1) & 0xFFFF
    return lambda link: write_token(link, keys, card, seq=seq, token=token)


class Durable(Journal):
    """An intent that costs a commit, as it does on the till."""

    def __init__(self, commit: Callable[[], None]) -> None:
        super().__init__()
        self._commit = commit

    def write(self, intent: DebitIntent | LoadIntent) -> None:
        """Commits; what is in the row does not matter here."""
        del intent
        self._commit()


def purse_purchase(pcscd: PrivatePcscd, commit: Callable[[], None], rounds: int) -> Row:
    """Our purse with the module's keys on the till: initialise, intent saved, debit."""
    chip = purse(balance=1_000_000)
    desk = Desk(pcscd.reader_names[0])
    pcscd.slots[0].insert(chip)
    tap, sam = desk.tapped().tap, soft_sam()
    books = Durable(commit)

    def one(_number: int) -> None:
        desk.value(lambda link: pay(link, sam, 10, journal=books), tap=tap)

    with raw_link(pcscd.reader_names[0]) as send:
        row = Row(
            "purse: select, initialise, debit",
            *side_by_side(rounds, chip, one, bare_of(send, commit, 1)),
        )
    desk.door.stop()
    pcscd.slots[0].remove()
    wait_until_empty(pcscd)
    return row


def seen(pcscd: PrivatePcscd, rounds: int) -> list[float]:
    """From putting a card down to the event of the door."""
    desk = Desk(pcscd.reader_names[0])
    taken = []
    for number in range(rounds):
        begun = time.perf_counter()
        pcscd.slots[0].insert(purse())
        desk.tapped()
        taken.append(time.perf_counter() - begun)
        pcscd.slots[0].remove()
        while desk.next().__class__.__name__ != "CardRemoved":
            pass
        time.sleep(0.037 * (number % 11))  # anywhere in pcscd's own turn
    desk.door.stop()
    return taken


def run(*, quick: bool) -> int:
    """Prints the table; 1 when a conversation costs over twice its bare parts."""
    rounds = 40 if quick else 300
    with TemporaryDirectory(prefix="steelyard-bench-") as place:
        root = Path(place)
        create_office_token(root / "office", PIN)
        (root / "pcscd").mkdir()
        with (
            PrivatePcscd(root / "pcscd") as pcscd,
            bare_commits(root) as commit,
            open_keyring(root / "office", PIN, label=OFFICE_LABEL) as office,
        ):
            os.environ.update(pcscd.env)
            share_with_till(office, root / "till", PIN)
            with open_keyring(root / "till", PIN, label=TILL_LABEL) as till:
                commit_s = median(seconds(rounds, lambda _n: commit()))
                rows = [
                    m1_tap(pcscd, (office, till), commit, rounds),
                    purse_purchase(pcscd, commit, rounds),
                ]
            waits = seen(pcscd, 10 if quick else 40)
    print(f"yardstick: bare SQLite commit, FULL  {1000 * commit_s:.2f} ms")
    print(f"\n{'':<34} APDUs   p50 ms   p95 ms  bare ms   ratio")
    for row in rows:
        row.show()
    p50, worst, poll = (1000 * wait for wait in (median(waits), max(waits), PCSCD_POLL_S))
    print(f"\na card put down is seen after {p50:.0f} ms (p50), {worst:.0f} ms (worst)")
    print(f"pcscd looks every {poll:.0f} ms")
    return 1 if any(row.ratio > GOAL for row in rows) else 0
