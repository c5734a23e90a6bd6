"""One bit of the journal is another one: found at the start, or it changes nothing that counts.

150 flips; STEELYARD_FLIPS=2000 for the long run.
"""

import os
import random
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from broker.heads import HeadKey
from broker.messages import ReverseReason, TenderSum, ZReport
from scale_app.errors import JournalError
from scale_app.journal.store import Journal
from tests.scale_app.journal.books import AT, CARD, TERMINAL, journal, sale, subject

SALES = 90
Z = ZReport(1, 20261124, 7, AT, 1, 1, 0, 0, [TenderSum(1, 0, 0)], 1, 1)
FLIPS = int(os.environ.get("STEELYARD_FLIPS", "150"))


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """A journal of ninety sales, some of them sent, two shifts signed, as one file."""
    file = tmp_path / "whole.db"
    books = journal(file, HeadKey(bytes(32)))
    for number in range(1, SALES + 1):
        if number % 3 == 0:
            books.save_intent(subject(number), sale(100 + number, CARD))
            if number % 2:
                books.save_reversing(subject(number), ReverseReason.NO_ANSWER)
            else:
                books.save_paid(subject(number), 100)
        else:
            books.save_cash(subject(number), sale(100 + number))
        if number == 30:
            books.keep_receipt(1, books.standing().last_seq)
        if number in {40, 80}:
            books.close_shift(subject(0), replace(Z, shift=books.standing().shift))
    books.close()
    return file.read_bytes()


def meaning(file: Path) -> object:
    """All that money or the office depends on; None when the journal says that it is damaged."""
    try:
        books = Journal(file, TERMINAL, AT)
    except JournalError:
        return None
    try:
        books.verify()
        sold = books.last_sales(1000)
        states = [books.tender_state(subject(n).op, 1) for n in range(1, SALES + 1)]
        undos = [(one.op, one.seq, one.body) for one in books.open_undos()]
        # What was receipted comes anew with the sign-on; a shift's number and time are the till's.
        now = books.standing()
        sales = [(one.receipt, one.op, one.sale) for one in sold]
        chain = (now.terminal, now.epoch, now.last_seq, now.head)
        signed = books.signatures.after(0)[-1]
        return chain, sales, books.unsent(0, 1000), states, undos, signed
    except (JournalError, sqlite3.DatabaseError):
        return None
    finally:
        books.close()


def test_a_flipped_bit_is_found_or_changes_nothing_that_counts(
    whole: bytes, tmp_path: Path
) -> None:
    chance, file = random.Random(34), tmp_path / "journal.db"
    file.write_bytes(whole)
    right = meaning(file)
    assert right is not None
    found, wrong = 0, []
    for _ in range(FLIPS):
        spoiled = bytearray(whole)
        at = chance.randrange(len(spoiled))
        spoiled[at] ^= 1 << chance.randrange(8)
        for left in tmp_path.glob("journal.db*"):
            left.unlink()
        file.write_bytes(spoiled)
        now = meaning(file)
        found += now is None
        if now is not None and now != right:
            wrong.append(at)
    assert wrong == []
    assert found > FLIPS // 10, "hardly any flip was found: they prove nothing"
