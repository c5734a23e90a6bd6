"""Signatures in the journal: with the Z, after a change of epoch, at a start, in a rescue."""

import contextlib
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace as changed

from broker.heads import HeadKey, SignedHead, is_signed
from broker.messages import TenderSum, Welcome, ZReport
from scale_app.errors import JournalBroken, JournalDamaged
from scale_app.journal.rescue import renew
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import AT, TERMINAL, WELCOME, journal, sale, subject

KEY = HeadKey(bytes(range(32)))
Z = ZReport(1, 20261124, 7, AT, 1, 1, 0, 0, [TenderSum(1, 0, 0)], 1, 1)


def sell(books: Journal, *numbers: int) -> None:
    for number in numbers:
        books.save_cash(subject(number), sale(number))


def signed(books: Journal) -> list[tuple[int, int]]:
    """(epoch, seq) of every signature, each proved."""
    found = books.signatures.after(0)
    assert all(genuine(one) for one in found)
    return [(one.epoch, one.seq) for one in found]


def genuine(one: SignedHead) -> bool:
    return is_signed(
        TERMINAL, one.epoch, one.seq, one.head, signature=one.signature, public=KEY.public
    )


@pytest.fixture
def books(tmp_path: Path) -> Journal:
    return journal(tmp_path / "journal.db", KEY)


def test_the_z_is_signed_in_its_own_transaction(books: Journal) -> None:
    sell(books, 1, 2)
    assert (signed(books), books.signatures.uncovered()) == ([], 2)
    books.close_shift(subject(3), Z)
    assert (signed(books), books.signatures.uncovered()) == ([(1, 3)], 0)
    assert books.signatures.last() == 3
    assert books.signatures.after(0)[0].head == books.standing().head


def test_a_z_that_fails_leaves_no_signature(books: Journal) -> None:
    sell(books, 1)
    books.close_shift(subject(2), Z)
    sell(books, 3)
    with pytest.raises(JournalBroken):
        books.close_shift(subject(4), Z)  # the same shift again
    assert signed(books) == [(1, 2)]


def test_nothing_new_is_not_signed_again(books: Journal) -> None:
    books.signatures.sign()
    assert signed(books) == []
    sell(books, 1)
    books.signatures.sign()
    books.signatures.sign()
    assert signed(books) == [(1, 1)]


def test_without_a_key_nothing_is_signed_and_all_else_goes_on(tmp_path: Path) -> None:
    books = journal(tmp_path / "journal.db")
    sell(books, 1)
    books.close_shift(subject(2), Z)
    books.signatures.sign()
    assert (signed(books), books.signatures.uncovered(), books.verify()) == ([], 0, 2)
    assert books.signatures.public is None


def test_an_epoch_that_ends_is_signed_up_to_what_the_office_holds(books: Journal) -> None:
    sell(books, 1, 2, 3)
    books.signatures.sign()
    sell(books, 4, 5)
    books.keep_receipt(1, 4)
    books.keep_welcome(replace_epoch(2))
    assert signed(books) == [(1, 4)], "entry 5 stands in epoch 2 again"
    books.signatures.sign()
    assert signed(books) == [(1, 4), (2, 1)]
    assert books.verify() == 6
    books.signatures.forget(1)
    books.signatures.forget(2)
    assert signed(books) == [(2, 1)], "of the epoch in hand all are kept"


def replace_epoch(epoch: int) -> Welcome:
    return changed(WELCOME, epoch=epoch)


def test_a_new_key_signs_on_where_the_old_one_ended(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file, HeadKey(bytes(32)))
    sell(books, 1)
    books.signatures.sign()
    books.close()
    books = journal(file, KEY)
    sell(books, 2)
    books.signatures.sign()
    assert [(one.seq, genuine(one)) for one in books.signatures.after(0)] == [(1, False), (2, True)]
    assert books.verify() == 2


@pytest.mark.parametrize(
    "statement", ["DELETE FROM signature", "UPDATE signature SET head = zeroblob(16)"]
)
def test_a_signature_is_never_changed_or_deleted(books: Journal, statement: str) -> None:
    sell(books, 1)
    books.signatures.sign()
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        books._db.execute(statement)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE signature SET head = zeroblob(16)", "is not what was signed"),
        ("UPDATE signature SET signature = zeroblob(64)", "signature of entry 1/2 is damaged"),
        ("UPDATE signature SET key = zeroblob(32)", "signature of entry 1/2 is damaged"),
        ("UPDATE signature SET seq = 9", "was signed and is missing"),
    ],
)
def test_a_start_finds_a_signature_that_does_not_fit_and_a_rescue_leaves_it(
    tmp_path: Path, damage: str, told: str
) -> None:
    file = tmp_path / "journal.db"
    books = journal(file, KEY)
    sell(books, 1)
    books.close_shift(subject(2), Z)
    books.keep_receipt(1, 2)
    books.close()
    with contextlib.closing(sqlite3.connect(file)) as db:
        for name in ("signature_stays", "signature_is_kept"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute(damage)
        db.commit()
    spoilt = Journal(file, TERMINAL, AT, key=KEY)
    with contextlib.closing(spoilt), pytest.raises(JournalDamaged, match=told):
        spoilt.verify()
    renew(file, TERMINAL, AT)
    with contextlib.closing(Journal(file, TERMINAL, AT, key=KEY)) as books:
        assert books.verify() == 0
        assert signed(books) == []


def test_a_rescue_takes_over_what_was_signed_of_what_the_office_holds(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    books = journal(file, KEY)
    for number in (1, 2, 3):
        sell(books, number)
        books.signatures.sign()
    books.keep_receipt(1, 2)
    books.close()
    renew(file, TERMINAL, AT)
    with contextlib.closing(Journal(file, TERMINAL, AT, key=KEY)) as books:
        assert signed(books) == [(1, 2)]
        assert books.standing().epoch == 2
        assert books.verify() == 1
