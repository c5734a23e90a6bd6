"""Files of older programs, opened by this one under the recorder."""

import sqlite3
from pathlib import Path

import msgspec
import pytest

from backoffice.errors import OfficeError
from backoffice.migrations import STEPS as OFFICE_STEPS
from backoffice.reports.audit import audit
from backoffice.store import books, open_store
from backoffice.store.functions import add_functions
from broker.messages import Kind, Paid
from broker.seal import FIRST_LINK
from scale_app.journal.entries import append
from scale_app.journal.schema import STEPS, VERSION
from tests.powercut import till
from tests.powercut.cuts import Image
from tests.powercut.recorder import Event, Recorder
from tests.scale_app.journal.books import AT, TERMINAL, journal, sale, subject

SALES = (1, 2, 3)
OLD_ROWS = (
    """INSERT INTO organisation (org, name, name_zh, currency, exponent, zone, cutoff_hour, issuer,
       levels) VALUES (1, 'Market', '', 'CNY', 2, 'UTC', 4, 6200, '[]')""",
    "INSERT INTO account (org, id, code, balance) VALUES (1, 1, 'a', -500), (1, 2, 'b', 500)",
    """INSERT INTO transfer (org, op, attempt, reason, leg, debit, credit, amount, tender, day, at)
       VALUES (1, x'01', 1, 1, 0, 1, 2, 500, 1, 20261124, 1)""",
)


def old_journal(file: Path, version: int) -> None:
    """A journal as an older program left it, with three sales in it."""
    db = sqlite3.connect(file, isolation_level=None)
    for statement in (one for step in STEPS[:version] for one in step):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {version}")
    db.execute(
        "INSERT INTO standing VALUES (1, ?, 1, 0, ?, 0, ?, 1, ?, NULL)",
        (TERMINAL, FIRST_LINK, len(SALES) + 1, AT),
    )
    for number in SALES:
        append(db, Kind.PAID, subject(number), Paid(number, sale(number), None))
        db.execute(
            "INSERT INTO sale VALUES (?, ?, ?, 1, ?, NULL)",
            (number, number.to_bytes(16, "big"), AT, msgspec.msgpack.encode(sale(number))),
        )
    db.close()


def old_books(file: Path, steps: int) -> None:
    """Books as an older office left them: an organisation and a transfer of 5.00."""
    connection = books._connected(file, read_only=False)
    connection.execute("PRAGMA journal_mode = WAL")
    add_functions(connection)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(books, "STEPS", OFFICE_STEPS[:steps])
        books._migrate(connection)
    for statement in OLD_ROWS:
        connection.execute(statement)
    connection.close()


def recorded(folder: Path, file: Path) -> tuple[Image, list[Event]]:
    """The files of before, and what bringing them up to date wrote."""
    base = {path.name: path.read_bytes() for path in folder.iterdir()}
    recorder = Recorder(folder)
    for number in SALES:
        recorder.say(number)
    with recorder.installed():
        if file.name == "journal.db":
            journal(file).close()
        else:
            open_store(file).close()
    return base, recorder.events


def journal_wrong(folder: Path, said: list[object]) -> str:
    """A journal after a cut: all three sales, and of this program's version once opened."""
    told = till.wrong(folder, said)
    with sqlite3.connect(folder / "journal.db") as db:
        [version] = db.execute("PRAGMA user_version").fetchone()
    db.close()
    return told or ("" if version == VERSION else f"of version {version}")


def books_wrong(folder: Path, _said: list[object]) -> str:
    """Books after a cut: balances as they were, every step taken, nothing to be found."""
    try:
        store = open_store(folder / "office.db")
    except (OfficeError, sqlite3.Error) as fault:
        return f"cannot be opened: {fault}"
    try:
        if [store.ledger.balance(1, code) for code in "ab"] != [-500, 500]:
            return "a balance is another one"
        return "; ".join(str(one) for one in audit(store, [], bytes(32)).findings)
    finally:
        store.close()
