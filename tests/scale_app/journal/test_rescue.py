"""What a new journal takes over from a damaged one, entry by entry."""

import contextlib
import sqlite3
from pathlib import Path

import msgspec
import pytest

from broker.codec import decode
from broker.messages import Entry, Kind, Paid, ReverseReason
from broker.sale import SaleKind
from scale_app.errors import JournalBroken, JournalDamaged
from scale_app.journal.rescue import Rescued, renew
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import AT, CARD, TERMINAL, journal, sale, subject


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One sale receipted, then a card given up, a card asked, a cash sale; nothing of it sent."""
    books = journal(tmp_path / "journal.db")
    books.save_cash(subject(1), sale(1))
    books.keep_receipt(1, 1)
    books.save_intent(subject(2), sale(2, CARD))
    books.save_reversing(subject(2), ReverseReason.NO_ANSWER)
    books.save_intent(subject(3), sale(3, CARD))
    books.save_cash(subject(4), sale(4))
    books.close()
    return tmp_path / "journal.db"


def change(file: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as db:
        for name in ("entry_stays", "entry_is_kept"):
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        db.commit()


def kinds(books: Journal) -> list[int]:
    found = [decode(body) for _, body in books.unsent(0, 100)]
    return [one.kind for one in found if isinstance(one, Entry)]


def after(file: Path) -> tuple[Rescued, Journal]:
    rescued = renew(file, TERMINAL, AT)
    books = Journal(file, TERMINAL, AT)
    books.verify()
    return rescued, books


def test_everything_unsent_goes_into_the_next_epoch_in_order(file: Path) -> None:
    rescued, books = after(file)
    assert (rescued.carried, rescued.lost) == (4, 0)
    assert kinds(books) == [Kind.INTENT, Kind.REVERSING, Kind.INTENT, Kind.PAID]
    standing = books.standing()
    assert (standing.epoch, standing.last_seq, standing.upto) == (2, 4, 0)
    assert standing.next_receipt == 3
    [undo] = books.open_undos()
    assert (undo.op, undo.seq) == (subject(2).op, 2)
    assert books.undo_open_intents(AT, ReverseReason.RESTARTED) == [3]


@pytest.mark.parametrize("seq", [2, 3, 4, 5])
@pytest.mark.parametrize("body", ["x'00'", "(SELECT body FROM entry WHERE seq = 1)"])
def test_an_entry_that_cannot_be_trusted_is_made_again(file: Path, seq: int, body: str) -> None:
    change(file, f"UPDATE entry SET body = {body} WHERE seq = {seq}")
    with contextlib.closing(Journal(file, TERMINAL, AT)) as books, pytest.raises(JournalDamaged):
        books.verify()
    rescued, books = after(file)
    assert (rescued.carried, rescued.lost) == (4, 0)
    assert kinds(books) == [Kind.INTENT, Kind.REVERSING, Kind.INTENT, Kind.PAID]
    [undo] = books.open_undos()
    assert (undo.op, undo.seq) == (subject(2).op, 2)


@pytest.mark.parametrize(
    "damage",
    [
        ("DELETE FROM entry WHERE seq = 4",),
        ("UPDATE entry SET body = x'00' WHERE seq = 5", "DELETE FROM sale WHERE receipt = 2"),
        ("UPDATE entry SET body = x'00' WHERE seq = 2", "DELETE FROM tender"),
        ("UPDATE entry SET body = x'00', kind = 7 WHERE seq = 5",),
    ],
)
def test_what_no_other_table_holds_is_counted_as_lost(file: Path, damage: tuple[str, ...]) -> None:
    change(file, *damage)
    rescued, _ = after(file)
    assert (rescued.carried, rescued.lost) == (3, 1)


def test_a_card_sale_and_a_sale_without_the_office_are_made_again_by_their_number(
    file: Path,
) -> None:
    books = journal(file)
    books.save_paid(subject(3), 100)
    books.save_intent(subject(5), sale(5, CARD))
    books.offline.save_paid(subject(5), sale(5, CARD), 620000000000018)
    books.save_refund(subject(6), msgspec.structs.replace(sale(6), kind=SaleKind.REFUND), 1)
    books.close()
    change(file, "UPDATE entry SET body = x'00' WHERE seq > 5")
    rescued, books = after(file)
    assert (rescued.carried, rescued.lost) == (7, 1)
    found = [decode(body) for _, body in books.unsent(0, 100)]
    paid = [one.content for one in found if isinstance(one, Entry) and one.kind == Kind.PAID]
    assert paid[1:] == [Paid(3, None, 100), Paid(4, None, None, 1)]


def test_a_table_that_cannot_be_read_is_made_again_from_what_was_not_sent(file: Path) -> None:
    change(file, "DROP TABLE pin_tries", "DROP TABLE sale")
    rescued, books = after(file)
    assert rescued.lost == 0
    assert [one.sale for one in books.last_sales(9)] == [sale(4)]


@pytest.mark.parametrize(
    "damage", ["DELETE FROM standing", "UPDATE standing SET terminal = 'T9'", "DROP TABLE standing"]
)
def test_without_its_counters_a_journal_begins_with_nothing(file: Path, damage: str) -> None:
    change(file, damage)
    rescued, books = after(file)
    assert (rescued.carried, rescued.lost) == (0, None)
    assert books.standing().epoch == 0


def test_entries_whose_table_is_gone_are_all_lost(file: Path) -> None:
    change(file, "DROP TABLE entry")
    rescued, books = after(file)
    assert (rescued.carried, rescued.lost) == (0, 4)
    assert books.standing().epoch == 2


def test_what_cannot_be_written_leaves_the_old_one(file: Path, tmp_path: Path) -> None:
    (tmp_path / "journal.db.new").mkdir()
    before = file.read_bytes()
    with pytest.raises(JournalBroken, match="directory"):
        renew(file, TERMINAL, AT)
    assert file.read_bytes() == before


def test_a_card_sale_that_no_table_knows_is_lost_and_the_rest_is_not(file: Path) -> None:
    books = journal(file)
    books.save_paid(subject(3), 100)
    books.keep_receipt(1, 4)
    books.close()
    change(file, "DELETE FROM sale", "DELETE FROM tender")
    rescued, books = after(file)
    assert (rescued.carried, rescued.lost) == (1, 1)
    assert [one.receipt for one in books.last_sales(9)] == [2]
