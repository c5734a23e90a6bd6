"""What any store must do, tried on real files."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from backoffice.errors import StoreFault
from backoffice.ledger import Reason, Transfer
from backoffice.store import Store, open_read_only, open_store
from backoffice.store.directory import TerminalRow
from backoffice.store.journal import Kept
from backoffice.store.ledger import Cause
from broker.codec import encode
from broker.messages import Declined, Entry, Kind
from broker.seal import FIRST_LINK, link_of


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(tmp_path / "office.db")
    with made.transaction():
        made.directory.save_organisation(
            {
                "name": "Market", "name_zh": "", "currency": "CNY", "exponent": 2, "zone": "UTC",
                "cutoff_hour": 4, "issuer": 6200, "levels": "[]",
            }
        )  # fmt: skip
        made.directory.save_store(1, "S03", "Riverside")
        made.directory.save_terminal(1, "S03-12", store=1, stall="Zhang")
    yield made
    made.close()


@pytest.fixture
def terminal(store: Store) -> TerminalRow:
    row = store.directory.terminal("S03-12")
    assert row is not None
    return row


def entry(seq: int) -> Entry:
    return Entry(Kind.DECLINED, "S03-12", 1, seq, FIRST_LINK, 0, bytes(16), 1, Declined(10))


def chained(count: int) -> dict[int, tuple[Entry, bytes]]:
    """Number -> entry and body of a journal whose entries follow each other."""
    made, head = {}, FIRST_LINK
    for seq in range(1, count + 1):
        one = replace(entry(seq), prev=head)
        body = encode(one)
        made[seq], head = (one, body), link_of(body)
    return made


def keep(store: Store, terminal: TerminalRow, seq: int, body: bytes) -> Kept:
    with store.transaction():
        return store.journal.keep(terminal, entry(seq), body, link=body.rjust(16), now=1)


CAUSE = Cause(1, bytes(16), 1, Reason.SALE, 20261124, 1)


def raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path / "office.db", isolation_level=None)


def test_an_entry_is_kept_once_and_another_content_is_a_conflict(
    store: Store, terminal: TerminalRow
) -> None:
    assert keep(store, terminal, 1, b"one") is Kept.NEW
    assert keep(store, terminal, 1, b"one") is Kept.DUPLICATE
    assert keep(store, terminal, 1, b"two") is Kept.CONFLICT
    assert store.journal.body(terminal, 1, 1) == b"one"


@pytest.mark.parametrize(
    ("order", "upto", "missing"),
    [
        ((1, 2, 3), 3, []),
        ((3, 2, 1), 3, []),
        ((2,), 0, [1]),
        ((1, 4, 7), 1, [2, 3, 5, 6]),
        ((5, 3, 1, 2), 3, [4]),
        ((1, 1, 2, 2), 2, []),
    ],
)
def test_the_mark_is_the_highest_number_without_a_gap_before_it(
    store: Store, terminal: TerminalRow, order: tuple[int, ...], upto: int, missing: list[int]
) -> None:
    journal = chained(max(order))
    for seq in order:
        one, body = journal[seq]
        with store.transaction():
            store.journal.keep(terminal, one, body, link=link_of(body), now=1)
    for _ in range(2):
        mark = store.journal.mark(terminal, 1)
        assert (mark.upto, mark.highest) == (upto, max(order))
        assert mark.head == (link_of(journal[upto][1]) if upto else FIRST_LINK)
        assert store.journal.missing(terminal, 1, mark) == missing
        store.forget()


def test_a_gap_of_thousands_is_closed_at_once(store: Store, terminal: TerminalRow) -> None:
    journal = chained(1_299)
    with store.transaction():
        for seq in range(2, 1_300):
            one, body = journal[seq]
            store.journal.keep(terminal, one, body, link=link_of(body), now=1)
    mark = store.journal.mark(terminal, 1)
    assert (mark.upto, mark.highest) == (0, 1_299)
    one, body = journal[1]
    with store.transaction():
        store.journal.keep(terminal, one, body, link=link_of(body), now=1)
    assert store.journal.mark(terminal, 1).upto == 1_299


def test_at_most_a_hundred_missing_numbers_are_listed(store: Store, terminal: TerminalRow) -> None:
    keep(store, terminal, 5_000, b"far")
    missing = store.journal.missing(terminal, 1, store.journal.mark(terminal, 1))
    assert missing == list(range(1, 101))


def test_a_balance_is_the_sum_of_its_transfers(store: Store) -> None:
    with store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500), Transfer("b", "c", 200)])
    assert [store.ledger.balance(1, code) for code in "abc"] == [-500, 300, 200]


def test_the_same_cause_is_posted_once(store: Store) -> None:
    with store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
    with pytest.raises(StoreFault), store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
    assert store.ledger.balance(1, "b") == 500


def test_a_transaction_that_fails_leaves_nothing_and_the_memory_is_right(
    store: Store, terminal: TerminalRow
) -> None:
    with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012  the middle of a batch
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
        store.journal.keep(terminal, entry(1), b"one", link=bytes(16), now=1)
        raise RuntimeError
    assert store.ledger.balance(1, "b") == 0
    assert store.journal.mark(terminal, 1).upto == 0
    with store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
    assert store.ledger.balance(1, "b") == 500


def test_a_savepoint_that_fails_leaves_the_rest_of_its_batch(
    store: Store, terminal: TerminalRow
) -> None:
    with store.transaction():
        with store.savepoint():
            store.journal.keep(terminal, entry(1), b"one", link=bytes(16), now=1)
        with pytest.raises(RuntimeError), store.savepoint():  # noqa: PT012  half a message
            store.journal.keep(terminal, entry(2), b"two", link=bytes(16), now=1)
            store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
            raise RuntimeError
        with store.savepoint():
            store.ledger.post(CAUSE, [Transfer("a", "c", 300)])
    assert store.journal.mark(terminal, 1).upto == 1
    assert [store.ledger.balance(1, code) for code in "abc"] == [-300, 0, 300]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE transfer SET amount = 1",
        "DELETE FROM transfer",
        "UPDATE entry SET body = x'00'",
        "DELETE FROM entry",
        "INSERT INTO transfer VALUES (1, x'', 1, 1, 1, 1, 1, 5, 0, 0, 0)",
        "INSERT INTO transfer VALUES (1, x'', 1, 1, 1, 1, 2, 0, 0, 0, 0)",
        "INSERT INTO transfer VALUES (1, x'', 1, 1, 1, 1, 2, 1.5, 0, 0, 0)",
        "INSERT INTO account VALUES (1, 9, 'a', 0)",
        "UPDATE account SET balance = 'much'",
    ],
)
def test_the_file_itself_refuses_what_would_falsify_it(
    store: Store, terminal: TerminalRow, tmp_path: Path, sql: str
) -> None:
    with store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
        store.journal.keep(terminal, entry(1), b"one", link=bytes(16), now=1)
    connection = raw(tmp_path)
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(sql)
    connection.close()


def test_every_table_is_strict(store: Store) -> None:
    _, rows = store.report_text(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main'"
        " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%'"
    )
    assert rows == []


def test_the_file_is_safe_against_a_power_cut(store: Store) -> None:
    health = store.health()
    assert (health["journal_mode"], health["synchronous"], health["foreign_keys"]) == (
        "wal", "2", "1",
    )  # fmt: skip


def test_opening_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    with store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
    again = open_store(tmp_path / "office.db")
    assert again.ledger.balance(1, "b") == 500
    again.close()


def test_a_schema_that_says_something_else_is_said_in_one_sentence(tmp_path: Path) -> None:
    open_store(tmp_path / "office.db").close()
    db = raw(tmp_path)
    db.execute("ALTER TABLE _sqlite_migrations RENAME COLUMN name TO nbme")
    db.close()
    with pytest.raises(StoreFault, match="cannot be opened"):
        open_store(tmp_path / "office.db")


def test_books_of_a_newer_version_are_left_alone(store: Store, tmp_path: Path) -> None:
    connection = raw(tmp_path)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('backoffice', 'schema_9999', '')"
    )
    connection.close()
    with pytest.raises(StoreFault, match="newer version"):
        open_store(tmp_path / "office.db")


def test_a_reader_sees_the_books_and_cannot_change_them(store: Store, tmp_path: Path) -> None:
    with store.transaction():
        store.ledger.post(CAUSE, [Transfer("a", "b", 500)])
    reader = open_read_only(tmp_path / "office.db")
    assert reader.ledger.balance(1, "b") == 500
    with pytest.raises(StoreFault), reader.transaction():
        reader.ledger.post(CAUSE, [Transfer("a", "c", 1)])
    reader.close()


def test_reading_books_that_do_not_exist_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreFault, match="backoffice apply"):
        open_read_only(tmp_path / "none.db")


def test_a_damaged_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "office.db").write_bytes(b"this is no database, not at all" * 100)
    with pytest.raises(StoreFault, match="cannot be opened"):
        open_store(tmp_path / "office.db")


def test_a_full_disk_is_a_fault_of_the_store_and_keeps_nothing(
    store: Store, terminal: TerminalRow
) -> None:
    _, [(pages,)] = store.report_text("PRAGMA page_count")
    store.report_text(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreFault, match="disk is full"), store.transaction():  # noqa: PT012
        for seq in range(1, 2_000):
            store.journal.keep(terminal, entry(seq), bytes(1_000), link=bytes(16), now=1)
    assert store.journal.mark(terminal, 1).upto == 0
    store.report_text("PRAGMA max_page_count = 1000000")
    assert keep(store, terminal, 1, b"one") is Kept.NEW


def test_another_writer_is_waited_for_and_then_named(
    store: Store, terminal: TerminalRow, tmp_path: Path
) -> None:
    store.report_text("PRAGMA busy_timeout = 50")
    other = raw(tmp_path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFault, match="locked by another program"), store.transaction():
        pass
    other.execute("ROLLBACK")
    other.close()
    assert keep(store, terminal, 1, b"one") is Kept.NEW
