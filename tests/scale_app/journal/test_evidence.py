"""Weighing evidence stays on the till, under the hash in the line, for good."""

import sqlite3
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from broker.units import Weight
from scale_app.checkout.basket import EMPTY_BASKET, Basket, Item
from scale_app.errors import JournalBroken
from scale_app.journal.schema import STEPS, VERSION
from scale_app.weighing.evidence import Circumstances, Evidence, evidence_of, hash_of, packed
from scale_app.weighing.protocols.family import StableBy
from scale_app.weighing.reading import TareKind
from scale_app.weighing.snapshot import Weighed
from tests.scale_app.journal.books import AT, TERMINAL, journal, sale, subject

WEIGHED = Weighed(
    net=Weight(1000), gross=Weight(1015), tare=Weight(15), tare_kind=TareKind.PRODUCT, seq=4,
    age_s=0.02, stable_by=StableBy.FLAG, raw=b"\x02,0  1015    15\r", e=Decimal("0.005"),
    protocol="toledo-continuous", below_minimum=False,
)  # fmt: skip
"""What the journal keeps of a weighing."""


def evidence(at: int = AT) -> Evidence:
    return evidence_of(WEIGHED, Circumstances(at, 7, bytes(32)))


def basket_with(record: bytes) -> Basket:
    line = msgspec.structs.replace(sale().lines[0], evidence=hash_of(record))
    return Basket((Item(line, 4),))


def test_the_evidence_is_found_by_the_hash_of_the_line_after_the_sale(tmp_path: Path) -> None:
    books, record = journal(tmp_path / "journal.db"), packed(evidence())
    basket = basket_with(record)
    books.keep_basket(basket, record)
    books.save_cash(subject(1), msgspec.structs.replace(sale(), lines=basket.lines))
    books.close()
    books = journal(tmp_path / "journal.db")
    [sold] = books.last_sales(1)
    assert books.evidence(sold.sale.lines[0].evidence) == evidence()
    assert books.evidence(bytes(8)) is None


def test_a_deleted_line_leaves_its_evidence(tmp_path: Path) -> None:
    books, record = journal(tmp_path / "journal.db"), packed(evidence())
    books.keep_basket(basket_with(record), record)
    books.keep_basket(EMPTY_BASKET, record)
    assert books.evidence(hash_of(record)) == evidence()


def test_evidence_is_never_changed_or_deleted_and_a_forgery_is_found(tmp_path: Path) -> None:
    file, record = tmp_path / "journal.db", packed(evidence())
    books = journal(file)
    books.keep_basket(basket_with(record), record)
    database = sqlite3.connect(file)
    for statement in ("DELETE FROM evidence", "UPDATE evidence SET record = x'00'"):
        with pytest.raises(sqlite3.IntegrityError, match="evidence is never"):
            database.execute(statement)
    database.execute("DROP TRIGGER evidence_stays")
    database.execute("UPDATE evidence SET record = ?", (packed(evidence(AT + 1)),))
    database.commit()
    database.close()
    with pytest.raises(JournalBroken, match="was changed"):
        books.evidence(hash_of(record))


def test_a_journal_of_the_first_schema_opens_with_its_sales(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    old = sqlite3.connect(file)
    for statement in STEPS[0]:
        old.execute(statement)
    old.execute("PRAGMA user_version = 1")
    old.execute(
        "INSERT INTO standing VALUES (1, ?, 0, 0, ?, 0, 2, 1, ?, NULL)", (TERMINAL, bytes(16), AT)
    )
    whole = msgspec.msgpack.decode(msgspec.msgpack.encode(sale()))
    for line in whole[8]:
        assert line.pop() == b""
    old.execute(
        "INSERT INTO sale VALUES (1, ?, ?, 1, ?, NULL)",
        (bytes(16), AT, msgspec.msgpack.encode(whole)),
    )
    old.commit()
    old.close()
    books = journal(file)
    assert books.last_sales(1)[0].sale == sale()
    record = packed(evidence())
    books.keep_basket(basket_with(record), record)
    books.close()
    found = sqlite3.connect(file).execute("PRAGMA user_version").fetchone()[0]
    assert found == VERSION
