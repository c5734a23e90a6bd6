"""The journal's verbs."""

from pathlib import Path

import msgspec
import pytest

from broker.codec import decode
from broker.messages import Code, Entry, Kind, Paid, ReverseReason
from broker.seal import FIRST_LINK, link_of
from scale_app.checkout.basket import EMPTY_BASKET, Basket, Item, Member
from scale_app.errors import JournalBroken, JournalRefused
from scale_app.journal.kept import Undo
from scale_app.journal.store import OPEN_INTENTS, OPEN_UNDOS, Journal
from scale_app.shift import shift_report
from scale_app.tender_machine import TenderState
from tests.scale_app.journal.books import AT, CARD, TERMINAL, WELCOME, journal, sale, subject


@pytest.fixture
def books(tmp_path: Path) -> Journal:
    return journal(tmp_path / "journal.db")


def kinds(books: Journal) -> list[int]:
    return [entry.kind for entry in entries(books)]


def entries(books: Journal) -> list[Entry]:
    found = [decode(body) for _, body in books.unsent(0, 1000)]
    assert all(isinstance(entry, Entry) for entry in found)
    return [entry for entry in found if isinstance(entry, Entry)]


def test_entries_are_numbered_without_gap_and_chained(books: Journal) -> None:
    for number in range(1, 6):
        books.save_cash(subject(number), sale(number * 100))
    found, head = books.unsent(0, 100), FIRST_LINK
    for place, (seq, body) in enumerate(found, 1):
        entry = decode(body)
        assert isinstance(entry, Entry)
        assert (seq, entry.seq, entry.prev, entry.terminal) == (place, place, head, TERMINAL)
        head = link_of(body)
    assert books.standing().head == head
    assert books.verify() == 5


def test_a_card_sale_is_intent_then_paid_and_gets_its_receipt_number_with_the_outcome(
    books: Journal,
) -> None:
    books.save_intent(subject(1), sale(500, CARD))
    assert books.standing().next_receipt == 1
    kept = books.save_paid(subject(1), 4500)
    assert (kept.receipt, kept.sale.total, kept.balance) == (1, 500, 4500)
    assert kinds(books) == [Kind.INTENT, Kind.PAID]
    paid = entries(books)[1].content
    assert paid == Paid(1, None, 4500)


def test_a_cash_sale_uploads_whole(books: Journal) -> None:
    books.save_cash(subject(1), sale(300))
    assert entries(books)[0].content == Paid(1, sale(300), None)


def test_an_operation_is_paid_once(books: Journal) -> None:
    books.save_intent(subject(1), sale(500, CARD))
    books.save_paid(subject(1), None)
    with pytest.raises(JournalRefused):
        books.save_paid(subject(1), None)
    with pytest.raises(JournalRefused):
        books.save_reversing(subject(1), ReverseReason.NO_ANSWER)
    assert kinds(books) == [Kind.INTENT, Kind.PAID]
    assert books.standing().next_receipt == 2


def test_cash_instead_of_a_silent_card_is_one_transaction(books: Journal) -> None:
    books.save_intent(subject(1), sale(500, CARD))
    books.save_cash(subject(1, 2), sale(500), Undo(1, ReverseReason.CANCELLED))
    assert kinds(books) == [Kind.INTENT, Kind.REVERSING, Kind.PAID]
    assert books.tender_state(subject(1).op, 1) is TenderState.REVERSING
    [undo] = books.open_undos()
    assert (undo.seq, undo.attempt) == (2, 1)


def test_cash_instead_of_a_paid_card_sells_nothing(books: Journal) -> None:
    books.save_intent(subject(1), sale(500, CARD))
    books.save_paid(subject(1), None)
    with pytest.raises(JournalRefused):
        books.save_cash(subject(1, 2), sale(500), Undo(1, ReverseReason.CANCELLED))
    assert len(books.last_sales(10)) == 1


def test_a_reversal_is_confirmed_once(books: Journal) -> None:
    books.save_intent(subject(1), sale(500, CARD))
    books.save_reversing(subject(1), ReverseReason.NO_ANSWER)
    assert books.save_reversed(subject(1), Code.OK)
    assert not books.save_reversed(subject(1), Code.OK)
    assert kinds(books) == [Kind.INTENT, Kind.REVERSING, Kind.REVERSED]
    assert books.open_undos() == []


def test_after_a_decline_the_next_attempt_is_another_operation(books: Journal) -> None:
    books.save_intent(subject(1), sale(500, CARD))
    books.save_declined(subject(1), Code.INSUFFICIENT)
    books.save_intent(subject(1, 2), sale(500, CARD))
    books.save_paid(subject(1, 2), 0)
    assert kinds(books) == [Kind.INTENT, Kind.DECLINED, Kind.INTENT, Kind.PAID]


def test_receipts_of_the_office_only_rise_and_never_pass_the_end(books: Journal) -> None:
    for number in range(1, 4):
        books.save_cash(subject(number), sale())
    assert books.keep_receipt(1, 2)
    assert not books.keep_receipt(1, 1)
    assert not books.keep_receipt(1, 4)
    assert not books.keep_receipt(2, 3)
    assert books.standing().upto == 2
    assert [seq for seq, _ in books.unsent(2, 10)] == [3]


def test_an_office_that_knows_less_gets_everything_again(books: Journal) -> None:
    for number in range(1, 4):
        books.save_cash(subject(number), sale())
    books.keep_receipt(1, 3)
    books.keep_welcome(WELCOME)
    assert books.standing().upto == 0


def test_a_new_epoch_carries_over_what_was_never_receipted(books: Journal) -> None:
    books.save_cash(subject(1), sale(100))
    books.save_intent(subject(2), sale(200, CARD))
    books.save_reversing(subject(2), ReverseReason.NO_ANSWER)
    books.keep_receipt(1, 1)
    old = [(e.kind, e.op, e.attempt, e.content) for e in entries(books)][1:]
    books.keep_welcome(msgspec.structs.replace(WELCOME, epoch=2))
    now = books.standing()
    assert (now.epoch, now.last_seq, now.upto, now.next_receipt) == (2, 2, 0, 2)
    assert [(e.kind, e.op, e.attempt, e.content) for e in entries(books)] == old
    [undo] = books.open_undos()
    assert undo.seq == 2
    assert books.verify() == 5


def test_a_shift_closes_with_its_totals_and_the_next_begins(books: Journal) -> None:
    books.save_cash(subject(1), sale(100))
    books.save_cash(subject(2), sale(250))
    report = shift_report(
        books.sales_of_shift(1), books.standing(), day=20261124, cashier=7, reversals=0
    )
    assert (report.sales, report.total, report.first_receipt, report.last_receipt) == (2, 350, 1, 2)
    books.close_shift(subject(3), report)
    assert (books.standing().shift, books.count_of_shift()) == (2, 0)
    assert kinds(books)[-1] == Kind.Z


def test_an_open_basket_survives_and_goes_with_the_sale(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    basket = Basket((Item(sale().lines[0], 4),), Member(620000000000018, 2))
    books.keep_basket(basket)
    books.close()
    books = journal(file)
    again = books.open_basket()
    assert (again.lines, again.member) == (basket.lines, basket.member)
    books.save_cash(subject(1), sale())
    assert books.open_basket() == EMPTY_BASKET


def test_a_restart_takes_back_every_intent_without_an_outcome(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file)
    books.save_intent(subject(1), sale(500, CARD))
    books.close()
    books = journal(file)
    assert books.undo_open_intents(AT, ReverseReason.RESTARTED) == [500]
    assert books.undo_open_intents(AT, ReverseReason.RESTARTED) == []
    assert len(books.open_undos()) == 1


def test_the_journal_of_another_terminal_is_refused(tmp_path: Path) -> None:
    journal(tmp_path / "journal.db").close()
    with pytest.raises(JournalBroken, match="S03-12"):
        Journal(tmp_path / "journal.db", "S03-13", AT)


def test_what_is_committed_is_synchronous_and_in_wal(books: Journal) -> None:
    database = books._db
    assert database.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert database.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_what_is_open_is_found_by_its_index(books: Journal) -> None:
    """However many cards have paid here."""
    for statement in (OPEN_INTENTS, OPEN_UNDOS):
        plan = [row[3] for row in books._db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert any("tender_open" in step for step in plan), plan
