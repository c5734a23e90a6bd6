"""Opening the books, transactions, and the parts of the store.

SQLite's own errors stop here: a full disk, a locked or damaged file become `StoreFault`, and then
nothing of the transaction is kept.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from backoffice.errors import OlderBooks, StoreFault
from backoffice.migrations import STEPS
from backoffice.pinyin import initials
from backoffice.store.api_keys import ApiKeys
from backoffice.store.cards import Cards
from backoffice.store.collecting import Collecting
from backoffice.store.deliveries import Deliveries
from backoffice.store.directory import Directory
from backoffice.store.functions import add_functions
from backoffice.store.guarded import guarded
from backoffice.store.heads import Heads
from backoffice.store.journal import Journal
from backoffice.store.ledger import Ledger
from backoffice.store.members import Members
from backoffice.store.moves import Moves
from backoffice.store.notes import Notes
from backoffice.store.office import OfficeOperations
from backoffice.store.operations import Operations
from backoffice.store.people import People
from backoffice.store.places import Places
from backoffice.store.products import ProductRow, Products
from backoffice.store.rolls import Rolls
from backoffice.store.sales import Sales
from backoffice.store.seals import Seals
from backoffice.store.statements import (
    Row,
    Statements,
    Value,
    asked_text,
    fault_of,
    file_faults,
    texts,
)
from backoffice.store.stock import Stock
from backoffice.store.topups import TopUps
from backoffice.store.traffic import LineTraffic
from backoffice.store.watching import Watching
from broker.codec import decode_prices

BUSY_TIMEOUT_S = 5.0


class Store:
    """The books; every writing call belongs inside `transaction`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection, self._is_open = connection, False
        statements = Statements(connection)
        self._statements = statements
        self.directory = Directory(statements)
        self.rolls = Rolls(statements)
        self.journal = Journal(statements, self.rolls)
        self.heads = Heads(statements)
        self.operations = Operations(statements)
        self.cards = Cards(statements)
        self.ledger = Ledger(statements, self.rolls)
        self.stock = Stock(statements)
        self.sales = Sales(statements, self.rolls, self.stock)
        self.notes = Notes(statements)
        self.watching = Watching(statements)
        self.api_keys = ApiKeys(statements)
        self.traffic = LineTraffic(statements)
        self.seals = Seals(statements)
        self.office = OfficeOperations(statements)
        self.people = People(statements)
        self.places = Places(statements)
        self.products = Products(statements)
        self.moves = Moves(statements)
        self.members = Members(statements)
        self.topups = TopUps(statements)
        self.deliveries = Deliveries(statements)
        self.collecting = Collecting(statements)

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever the server writes meanwhile."""
        with file_faults():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with file_faults():
                self._connection.execute("ROLLBACK")

    def reading(self, limit_s: float) -> contextlib.AbstractContextManager[None]:
        """Inside, nothing but reading goes, and that for so many seconds.

        Raises:
            StoreFault: it took too long.
        """
        return guarded(self._connection, limit_s)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when the block ends.

        Raises:
            StoreFault: nothing was kept; disk full, file locked or damaged.
        """
        try:
            if self._connection.in_transaction and not self._is_open:
                self._connection.execute("ROLLBACK")  # the last one failed, with its disk
            self._connection.execute("BEGIN IMMEDIATE")
            self._is_open = True
            yield
            self.seals.close_transaction()
            self._connection.execute("COMMIT")
        except BaseException as error:
            self.forget()
            with contextlib.suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError):
                raise fault_of(error) from error
            raise
        finally:
            self._is_open = False

    @contextlib.contextmanager
    def bulk(self) -> Iterator[None]:
        """Books that nobody needs after a power cut are filled without waiting for the disk."""
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.execute("PRAGMA cache_size = -200000")
        try:
            yield
        finally:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            self._connection.execute("PRAGMA synchronous = FULL")

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that can fail alone: one message of a batch."""
        self._connection.execute("SAVEPOINT one")
        try:
            yield
        except BaseException:
            self.forget()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO one")
                self._connection.execute("RELEASE one")
            raise
        self._connection.execute("RELEASE one")

    def forget(self) -> None:
        """Drops what is remembered in memory; after a rollback the disk is right, memory not."""
        self.directory.forget()
        self.journal.forget()
        self.ledger.forget()
        self.sales.forget()
        self.seals.forget()
        self.stock.forget()
        self.rolls.forget()

    def report(self, name: str, **values: Value) -> tuple[list[str], list[Row]]:
        """Column names and rows of a report's statement."""
        with file_faults():
            cursor = self._statements.run(name, **values)
            return [column[0] for column in cursor.description], cursor.fetchall()

    def asked_rows(self, name: str, values: dict[str, Value]) -> tuple[list[str], Iterator[Row]]:
        """Column names and, as they are read, the rows of a statement that answers a question.

        `report_asked` stands before it: the ranges of periods and the stores asked for.
        """
        cursor = self._connection.execute(asked_text(name), values)
        return [column[0] for column in cursor.description], cursor

    def report_text(self, sql: str, **values: Value) -> tuple[list[str], list[Row]]:
        """The same for a statement that a person wrote: admin and checks from outside."""
        with file_faults():
            cursor = self._connection.execute(sql, values)
            return [column[0] for column in cursor.description or ()], cursor.fetchall()

    def checkpoint(self) -> None:
        """Moves what it can from the log into the file; called when there is nothing to do."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def health(self) -> dict[str, str]:
        """What `doctor` shows of the file."""
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "quick_check(1)")
        with file_faults():
            return {
                name: str(self._connection.execute(f"PRAGMA {name}").fetchone()[0])
                for name in pragmas
            }

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()


def _connected(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        cached_statements=256,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    add_functions(connection)
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    steps = Migrations("backoffice")
    for name in STEPS:
        steps(name=name)(_step(name))
    database = sqlite_utils.Database(connection, strict=True)
    known = set(STEPS)
    if any(one.name not in known for one in steps.applied(database)):
        raise StoreFault("These books were written by a newer version; update this program.")
    steps.apply(database)


class _step:  # noqa: N801  a migration function with a name of its own
    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, database: sqlite_utils.Database, /) -> None:
        statement = ""
        for line in texts()[self.__name__].splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                database.conn.execute(statement)
                statement = ""


def open_store(path: Path) -> Store:
    """The books for the one writer; made and brought up to date when needed.

    Raises:
        StoreFault: cannot be opened, or written by a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connected(path, read_only=False)
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 4000")
        # A forgotten member is not to be read from the free space of a page either.
        connection.execute("PRAGMA secure_delete = ON")
        _migrate(connection)
    except (sqlite3.Error, OSError, UnicodeDecodeError, KeyError) as error:
        # KeyError: a flipped bit in the schema gives a column of the migrations another name.
        raise StoreFault(
            "The books at {path} cannot be opened ({error}).", path=path, error=error
        ) from error
    store = Store(connection)
    with store.transaction():  # what a migration has witnessed is sealed at once
        _adopt(store)
    return store


def _adopt(store: Store) -> None:
    """Products and cashiers of books that knew them only as an encoded price list."""
    organisation = store.directory.organisation()
    content = store.directory.list_content(organisation.list_version) if organisation else None
    if organisation is None or content is None or store.products.all():
        return
    prices = decode_prices(content)
    for one in prices.products:
        row = ProductRow(one, initials(one.name_zh), organisation.list_version)
        store.products.save(row)
    known = {one.number for one in store.places.cashiers()}
    for cashier in prices.cashiers:
        if cashier.number not in known:
            store.places.save_cashier(cashier.number, cashier.name, 0)


def open_read_only(path: Path) -> Store:
    """The books for a report; never changes them.

    Raises:
        StoreFault: there are none yet, or they cannot be read.
    """
    if not path.exists():
        raise StoreFault("There are no books here yet; run `backoffice apply market.toml` first.")
    try:
        connection = _connected(path, read_only=True)
        steps = _steps_taken(connection)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreFault(
            "The books at {path} cannot be read ({error}).", path=path, error=error
        ) from error
    if not steps.issuperset(STEPS):
        connection.close()
        raise OlderBooks(
            "These books were written by an older version; restart `backoffice serve`, "
            "which brings them up to date."
        )
    return Store(connection)


def _steps_taken(connection: sqlite3.Connection) -> set[str]:
    return {row[0] for row in connection.execute("SELECT name FROM _sqlite_migrations")}
