"""What is older than the days that are kept goes, behind a checkpoint, and nothing else does."""

import contextlib
import sqlite3
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from broker.heads import HeadKey
from broker.messages import ReverseReason, TenderSum, ZReport
from scale_app.errors import JournalDamaged
from scale_app.journal import let_go
from scale_app.journal.compared import Verdict
from scale_app.journal.database import Disk
from scale_app.journal.entries import Subject
from scale_app.journal.kept import Undo
from scale_app.journal.rescue import renew
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import AT, CARD, TERMINAL, WELCOME, journal, sale
from tests.sim.disk import Memory, PowerCut, power_cut

KEY = HeadKey(bytes(range(32)))
DAY_MS = 86_400_000
Z = ZReport(1, 20261124, 7, AT, 1, 1, 0, 0, [TenderSum(1, 0, 0)], 1, 1)


def subject(number: int, day: int) -> Subject:
    return Subject(number.to_bytes(16, "big"), 1, AT + day * DAY_MS + number)


class Shifts:
    """A journal of three sales a day, each day closed; the office has it all and agrees."""

    def __init__(self, file: Path, days: int) -> None:
        self.books, self.number = journal(file, KEY), 0
        for day in range(days):
            self.day(day)

    def day(self, day: int, *, agrees: bool = True, receipted: bool = True) -> None:
        books = self.books
        self.number += 1
        books.save_cash(subject(self.number, day), replace(sale(self.number), shift=day + 1))
        self.number += 1
        books.save_intent(subject(self.number, day), sale(self.number, CARD))
        books.save_paid(subject(self.number, day), 0)
        self.number += 1
        books.save_intent(subject(self.number, day), sale(self.number, CARD))
        books.save_reversing(subject(self.number, day), ReverseReason.NO_ANSWER)
        books.save_reversed(subject(self.number, day), 1)
        z = subject(1000 + self.number, day)
        books.close_shift(z, replace(Z, shift=books.standing().shift))
        if receipted:
            books.keep_receipt(books.standing().epoch, books.standing().last_seq)
        closed = books.compared.waiting()
        if agrees and closed:
            books.compared.keep(closed, Verdict((), ()), z.at)

    def count(self, table: str) -> int:
        return int(self.books._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def clear(self, before_day: int) -> int:
        """Everything from before that day, step by step; how many entries went."""
        gone = 0
        while count := self.books.let_go.step(AT + before_day * DAY_MS):
            gone += count
            self.books.verify()
        return gone


EACH = 7
"""Entries a day."""


@pytest.fixture
def shifts(tmp_path: Path) -> Shifts:
    return Shifts(tmp_path / "journal.db", days=10)


def test_days_go_with_their_sales_and_tenders_and_the_rest_is_proved_from_the_checkpoint(
    shifts: Shifts,
) -> None:
    books = shifts.books
    last = books.standing()
    assert shifts.clear(before_day=4) == 4 * EACH
    assert books.verify() == 6 * EACH
    assert books.standing() == last
    checkpoint = books.let_go.checkpoint(1)
    assert checkpoint is not None
    assert checkpoint.seq == 4 * EACH
    assert [one.receipt for one in books.last_sales(100)] == list(range(20, 8, -1))
    assert (shifts.count("tender"), shifts.count("signature")) == (12, 6)
    assert (shifts.count("closed_shift"), shifts.count("z_verdict")) == (10, 10)
    assert shifts.clear(before_day=4) == 0


def test_the_chain_goes_on_after_everything_has_gone(shifts: Shifts) -> None:
    shifts.clear(before_day=100)
    assert shifts.books.verify() == 0
    assert shifts.books.signatures.uncovered() == 0
    shifts.day(10)
    assert shifts.books.verify() == EACH
    assert shifts.books.last_sales(1)[0].receipt == 22


def test_a_step_may_end_between_any_two_entries(
    shifts: Shifts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(let_go, "STEP", 1)
    assert shifts.clear(before_day=4) == 4 * EACH
    assert [one.receipt for one in shifts.books.last_sales(100)] == list(range(20, 8, -1))
    assert shifts.count("tender") == 12


def test_a_step_is_small(shifts: Shifts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(let_go, "STEP", 5)
    assert shifts.books.let_go.step(AT + 4 * DAY_MS) == 5
    assert shifts.books.verify() == 65
    assert shifts.clear(before_day=4) == 23
    assert shifts.books.verify() == 6 * EACH


@pytest.mark.parametrize(
    ("agrees", "receipted"), [(False, True), (True, False)], ids=["not compared", "not receipted"]
)
def test_what_the_office_has_not_confirmed_stays(
    tmp_path: Path, agrees: bool, receipted: bool
) -> None:
    shifts = Shifts(tmp_path / "journal.db", days=2)
    shifts.day(2, agrees=agrees, receipted=receipted)
    assert shifts.clear(before_day=100) == 2 * EACH


def test_a_shift_that_differs_stays_and_all_after_it(tmp_path: Path) -> None:
    shifts = Shifts(tmp_path / "journal.db", days=2)
    shifts.day(2, agrees=False)
    closed = shifts.books.compared.waiting()
    assert closed is not None
    shifts.books.compared.keep(closed, Verdict((), (15,)), AT)
    shifts.day(3)
    assert shifts.clear(before_day=100) == 2 * EACH


def test_a_reversal_that_is_still_open_stays(tmp_path: Path) -> None:
    shifts = Shifts(tmp_path / "journal.db", days=1)
    books = shifts.books
    books.save_intent(subject(500, 1), sale(500, CARD))
    books.save_reversing(subject(500, 1), ReverseReason.NO_ANSWER)
    shifts.day(1)
    assert shifts.clear(before_day=100) == EACH + 1
    assert [one.op for one in books.open_undos()] == [subject(500, 1).op]


def test_without_a_key_nothing_goes(tmp_path: Path) -> None:
    shifts = Shifts(tmp_path / "journal.db", days=3)
    shifts.books.close()
    shifts.books = journal(tmp_path / "journal.db")
    assert shifts.clear(before_day=100) == 0


def test_an_ended_epoch_goes_before_the_one_in_hand(shifts: Shifts) -> None:
    books = shifts.books
    books.save_cash(subject(900, 10), sale(900))
    books.keep_welcome(replace(WELCOME, epoch=2))
    assert shifts.clear(before_day=100) == 0, "nothing of the new epoch is old enough to prove it"
    shifts.day(11)
    assert shifts.clear(before_day=100) == 10 * EACH + 1 + 1 + EACH
    assert books.verify() == 0
    assert [one.op for one in books.last_sales(5)] == []


def test_a_sale_that_was_entered_again_goes_with_its_later_entry(shifts: Shifts) -> None:
    books = shifts.books
    books.save_cash(subject(900, 10), sale(900))
    books.keep_welcome(replace(WELCOME, epoch=2))
    shifts.day(11)
    shifts.day(12)
    while books.let_go.checkpoint(2) is None:
        assert books.let_go.step(AT + 11 * DAY_MS + DAY_MS // 2)
        books.verify()
        if books.let_go.checkpoint(2) is None:
            assert subject(900, 10).op in {one.op for one in books.last_sales(100)}
    assert books.verify() == EACH
    assert subject(900, 10).op not in {one.op for one in books.last_sales(100)}


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entry WHERE seq = 29", "DELETE FROM entry", "DELETE FROM signature",
        "UPDATE checkpoint SET seq = 27", "DELETE FROM checkpoint",
        "UPDATE checkpoint SET epoch = 2", "UPDATE entry SET body = x'00'",
    ],
)  # fmt: skip
def test_nothing_else_may_go(shifts: Shifts, statement: str) -> None:
    shifts.clear(before_day=4)
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        shifts.books._db.execute(statement)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE checkpoint SET head = zeroblob(16)", "checkpoint of epoch 1 is damaged"),
        ("UPDATE checkpoint SET signature = zeroblob(64)", "checkpoint of epoch 1 is damaged"),
        ("UPDATE checkpoint SET seq = 27", "checkpoint of epoch 1 is damaged"),
        ("DELETE FROM checkpoint", "entry 1/1 is missing"),
        ("DELETE FROM entry WHERE seq = 29", "entry 1/29 is missing"),
    ],
)
def test_a_start_finds_what_went_wrongly_and_a_rescue_goes_on(
    tmp_path: Path, damage: str, told: str
) -> None:
    file = tmp_path / "journal.db"
    shifts = Shifts(file, days=10)
    shifts.clear(before_day=4)
    shifts.books.save_cash(subject(900, 10), sale(900))
    shifts.books.close()
    with contextlib.closing(sqlite3.connect(file)) as db:
        for (name,) in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(damage)
        db.commit()
    spoilt = Journal(file, TERMINAL, AT, key=KEY)
    with contextlib.closing(spoilt), pytest.raises(JournalDamaged, match=told):
        spoilt.verify()
    assert renew(file, TERMINAL, AT).carried == 1
    with contextlib.closing(Journal(file, TERMINAL, AT, key=KEY)) as books:
        assert (books.verify(), books.standing().epoch) == (1, 2)


def test_a_shift_after_the_checkpoint_is_compared_from_there(shifts: Shifts) -> None:
    shifts.clear(before_day=100)
    shifts.day(10, agrees=False)
    waiting = shifts.books.compared.waiting()
    assert waiting is not None
    assert (waiting.first, waiting.seq) == (10 * EACH + 1, 11 * EACH)


def test_a_mark_below_the_checkpoint_is_taken_from_there(shifts: Shifts) -> None:
    shifts.clear(before_day=4)
    books = shifts.books
    books.keep_welcome(replace(WELCOME, upto=5))
    assert books.standing().upto == 4 * EACH
    assert books.unsent(4 * EACH, 1)[0][0] == 4 * EACH + 1
    checkpoint = books.let_go.checkpoint(1)
    assert checkpoint is not None
    assert books.compared.other_head(1, checkpoint.seq, checkpoint.head) is None
    assert books.compared.other_head(1, checkpoint.seq, bytes(16)) == checkpoint.head
    assert books.compared.other_head(1, 5, bytes(16)) is None


class CutDisk(Disk):
    """A disk whose power can go at any statement."""

    def connect(self, file: Path) -> sqlite3.Connection:
        return sqlite3.connect(file, isolation_level=None, factory=Memory)


@pytest.mark.parametrize("instead", [True, False], ids=["before", "after"])
def test_a_kill_at_any_statement_of_a_step_leaves_all_of_it_or_nothing(
    tmp_path: Path, instead: bool
) -> None:
    file = tmp_path / "journal.db"
    shifts = Shifts(file, days=10)
    shifts.books.close()
    left = set()
    for number in range(1, 100):
        books = Journal(file, TERMINAL, AT, disk=CutDisk(), key=KEY)
        db = books._db
        assert isinstance(db, Memory)
        db.at_statement(number, power_cut, instead=instead)
        with contextlib.suppress(PowerCut):
            books.let_go.step(AT + 4 * DAY_MS)
            db.disarm()
        if db.in_transaction:
            db.rollback()
        left.add(books.verify())
        db.discard()
        if left == {10 * EACH, 6 * EACH}:
            break
    assert left == {10 * EACH, 6 * EACH}
    assert number > 8, "hardly a statement was looked at"


class Life:
    """Whatever a till may write, in any order, over epochs; some of it grows old."""

    def __init__(self, file: Path, seed: int) -> None:
        self.books, self.chance, self.number, self.now = journal(file, KEY), Random(seed), 0, 0

    def subject(self) -> Subject:
        self.number += 1
        self.now += 3_600_000
        return Subject(self.number.to_bytes(16, "big"), 1, AT + self.now)

    def cash(self) -> None:
        self.books.save_cash(self.subject(), sale(self.number))

    def card(self) -> None:
        it = self.subject()
        self.books.save_intent(it, sale(self.number, CARD))
        how = self.chance.randrange(4)
        if how == 0:
            self.books.save_paid(it, 0)
        elif how == 1:
            self.books.save_declined(it, 10)
        elif how == 2:
            self.books.save_reversing(it, ReverseReason.NO_ANSWER)
        else:
            self.books.save_cash(it, sale(self.number), Undo(1, ReverseReason.CANCELLED))

    def undone(self) -> None:
        for one in self.books.open_undos()[: self.chance.randrange(3)]:
            self.books.save_reversed(Subject(one.op, one.attempt, AT + self.now), 1)

    def receipt(self) -> None:
        now = self.books.standing()
        self.books.keep_receipt(now.epoch, self.chance.randint(now.upto, now.last_seq))

    def z(self) -> None:
        shift = self.books.standing().shift
        self.books.close_shift(self.subject(), replace(Z, shift=shift))

    def compared(self) -> None:
        now, closed = self.books.standing(), self.books.compared.waiting()
        if closed and closed.seq <= now.upto:
            self.books.compared.keep(closed, Verdict((), ()), AT + self.now)

    def epoch(self) -> None:
        if self.chance.random() < 0.1:
            epoch = self.books.standing().epoch + 1
            self.books.keep_welcome(replace(WELCOME, epoch=epoch))

    def clear(self) -> None:
        for _ in range(self.chance.randrange(6)):
            self.books.let_go.step(AT + self.now - 20 * 3_600_000)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_was_written_what_is_left_is_proved(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(let_go, "STEP", 3)
    life = Life(tmp_path / "journal.db", seed)
    acts = [life.cash, life.card, life.undone, life.receipt, life.receipt, life.z, life.compared]
    acts += [life.compared, life.epoch, life.clear]
    for _ in range(300):
        life.chance.choice(acts)()
        life.books.verify()
    assert life.books.let_go.has_begun()
