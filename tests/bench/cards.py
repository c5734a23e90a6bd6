"""A tap on M1 and a purchase from a purse, through a real pcscd and its virtual readers.

Beside each, in the same run: the very same commands sent raw by pyscard's thin layer, and as many
bare SQLite commits with synchronous=FULL as the conversation waits for. Also when a card that was
put down is seen, and how many commands each conversation costs.
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

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
from fixtures.private_pcscd import PrivatePcscd
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
    """Seconds of each round, and the commands of one."""

    name: str
    ours: list[float]
    raw: list[float]
    apdus: list[bytes]
    commits: int

    def ratio(self, commit_s: float) -> float:
        """Our median beside raw commands plus bare commits."""
        return median(self.ours) / (median(self.raw) + self.commits * commit_s)

    def show(self, commit_s: float) -> None:
        """Prints one line of the table."""
        bare = median(self.raw) + self.commits * commit_s
        print(
            f"{self.name:<34}{len(self.apdus):>6}{1000 * median(self.ours):>9.2f}"
            f"{quantile_ms(self.ours, 0.95):>9.2f}{1000 * bare:>9.2f}{self.ratio(commit_s):>8.2f}"
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


def sent_raw(reader: str, apdus: list[bytes], rounds: int) -> list[float]:
    """The commands of one conversation through pyscard's thin layer, connected once."""
    from smartcard import scard  # type: ignore[import-untyped]  # noqa: PLC0415

    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    shared, either = scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    _, handle, protocol = scard.SCardConnect(context, reader, shared, either)

    def one(_round: int) -> None:
        for apdu in apdus:
            scard.SCardTransmit(handle, protocol, list(apdu))

    taken = seconds(rounds, one)
    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
    scard.SCardReleaseContext(context)
    return taken


def m1_tap(pcscd: PrivatePcscd, keys: tuple[Keyring, Keyring], root: Path, rounds: int) -> Row:
    """Read, intent saved, outcome saved, next token written and read back."""
    office, till = keys
    chip = issued(office, SOMEBODY)
    desk = Desk(pcscd.reader_names[0])
    pcscd.slots[0].insert(chip)
    tap = desk.tapped().tap
    books = journal(root / "m1.db")
    ours = []
    for number in range(1, rounds + 1):
        before, begun = len(chip.apdus), time.perf_counter()
        card = desk.value(lambda link: read_card(link, till), tap=tap)
        books.save_intent(subject(number), sale(500, CARD))
        books.save_paid(subject(number), 4500)
        desk.value(_token_writer(till, card, number), tap=tap)
        ours.append(time.perf_counter() - begun)
    sent = chip.apdus[before:]
    desk.door.stop()
    raw = sent_raw(pcscd.reader_names[0], sent, rounds)
    pcscd.slots[0].remove()
    wait_until_empty(pcscd)
    return Row("M1: read, pay, token and read back", ours, raw, sent, 2)


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
    ours = seconds(
        rounds, lambda _n: desk.value(lambda link: pay(link, sam, 10, journal=books), tap=tap)
    )
    sent = chip.apdus[-(len(chip.apdus) // rounds) :]
    desk.door.stop()
    raw = sent_raw(pcscd.reader_names[0], sent, rounds)
    pcscd.slots[0].remove()
    wait_until_empty(pcscd)
    return Row("purse: select, initialise, debit", ours, raw, sent, 1)


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
    with tempfile.TemporaryDirectory(prefix="steelyard-bench-") as place:
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
                    m1_tap(pcscd, (office, till), root, rounds),
                    purse_purchase(pcscd, commit, rounds),
                ]
            waits = seen(pcscd, 10 if quick else 40)
    print(f"yardstick: bare SQLite commit, FULL  {1000 * commit_s:.2f} ms")
    print(f"\n{'':<34} APDUs   p50 ms   p95 ms  bare ms   ratio")
    for row in rows:
        row.show(commit_s)
    p50, worst, poll = (1000 * wait for wait in (median(waits), max(waits), PCSCD_POLL_S))
    print(f"\na card put down is seen after {p50:.0f} ms (p50), {worst:.0f} ms (worst)")
    print(f"pcscd looks every {poll:.0f} ms")
    return 1 if any(row.ratio(commit_s) > GOAL for row in rows) else 0
