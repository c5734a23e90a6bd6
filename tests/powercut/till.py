"""A day of a till's journal under the recorder, and what must be there after a power cut."""

import random
from pathlib import Path

import msgspec

from broker.messages import ReverseReason, TenderSum, ZReport
from scale_app.errors import JournalError
from scale_app.journal.kept import Undo
from scale_app.journal.store import Journal
from tests.powercut.recorder import Event, Recorder
from tests.scale_app.journal.books import AT, CARD, TERMINAL, journal, sale, subject

CHECKPOINT_PAGES = 12
"""Small, so that the log is folded in every few sales and not once a day."""

Z = ZReport(1, 20261124, 7, AT, 1, 1, 0, 0, [TenderSum(1, 0, 0)], 1, 1)


class Day:
    """Sells, and says what was saved: the recording has both in their order."""

    def __init__(self, folder: Path, synchronous: str, seed: int) -> None:
        self.file = folder / "journal.db"
        self.recorder = Recorder(folder)
        self.synchronous, self.chance = synchronous, random.Random(seed)
        self.number = self.first = 0

    def open(self) -> Journal:
        """The journal as the till opens it; another `synchronous` is the control."""
        books = journal(self.file)
        if self.synchronous != "FULL":
            books._db.execute(f"PRAGMA synchronous = {self.synchronous}")
        books._db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        return books

    def sell(self, books: Journal) -> None:
        """One sale of one of four ways; its number is said when the journal has it."""
        self.number += 1
        it, way = subject(self.number), self.chance.randrange(4)
        if way == 0:
            books.save_cash(it, sale(self.number))
        else:
            books.save_intent(it, sale(self.number, CARD))
            if way == 3:
                books.save_cash(it, sale(self.number), Undo(1, ReverseReason.CANCELLED))
            else:
                books.save_paid(it, 0)
        self.recorder.say(self.number)

    def around(self, books: Journal) -> None:
        """What happens between sales."""
        what, now = self.chance.randrange(6), books.standing()
        if what == 0 and now.upto < now.last_seq:
            books.keep_receipt(now.epoch, now.last_seq - 1)
        elif what == 1:
            for one in books.open_undos()[:1]:
                books.save_reversed(subject(int.from_bytes(one.op, "big"), one.attempt), 1)
        elif what == 2:
            books.close_shift(subject(0), msgspec.structs.replace(Z, shift=now.shift))

    def run(self, sales: int) -> list[Event]:
        """All of it, with a restart in the middle; the recording."""
        with self.recorder.installed():
            books = self.open()
            for count in range(sales):
                self.sell(books)
                self.around(books)
                if count == sales // 2:
                    books.close()
                    books = self.open()
            books.close()
        return self.recorder.events


def wrong(folder: Path, said: list[object]) -> str:
    """What is not right in a journal after a power cut; "" when all is."""
    try:
        books = Journal(folder / "journal.db", TERMINAL, AT)
    except JournalError as error:
        return f"cannot be opened: {error}"
    try:
        books.verify()
        kept = books.last_sales(100_000)
    except JournalError as error:
        return f"broken: {error}"
    finally:
        books.close()
    numbers = [int.from_bytes(one.op, "big") for one in kept]
    if lost := sorted(set(said) - set(numbers)):  # type: ignore[type-var]
        return f"lost: sales {lost}"
    if numbers != list(range(len(kept), 0, -1)) or len(kept) > len(said) + 1:
        return f"sales {numbers}, said {said}"
    if [one.receipt for one in kept] != numbers or [one.sale.total for one in kept] != numbers:
        return "a sale has another receipt number or another total"
    return ""
