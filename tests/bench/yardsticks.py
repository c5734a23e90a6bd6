"""What the same machine does with nothing of ours in the way."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from broker import topics
from broker.client import Arrived, Link, LinkSettings
from tests.running import RunningOffice

ROWS = """
create table entry (id integer primary key, body blob) strict;
create table sale (id integer primary key, day integer, total integer) strict;
create table line (sale integer, n integer, plu integer, amount integer) strict;
create table tender (sale integer, n integer, kind integer, amount integer) strict;
create table transfer (
  id integer primary key, debit integer, credit integer, amount integer
) strict;
create table account (id integer primary key, balance integer) strict;
create index sale_day on sale (day, total);
create index line_plu on line (plu, amount);
insert into account values (1, 0), (2, 0);
"""


def rate(count: int, work: Callable[[int], None]) -> float:
    """Turns a second over `count` turns."""
    begun = time.perf_counter()
    for number in range(count):
        work(number)
    return count / (time.perf_counter() - begun)


def bare_sqlite(root: Path, count: int) -> float:
    """Commits a second of the rows of one three-line card sale, WAL and synchronous=FULL."""
    db = sqlite3.connect(root / "bare.db", isolation_level=None)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    db.executescript(ROWS)
    body = os.urandom(170)

    def one(_number: int) -> None:
        db.execute("begin immediate")
        db.executemany("insert into entry (body) values (?)", [(body,), (body,)])
        sale = db.execute("insert into sale (day, total) values (20261124, 100)").lastrowid
        lines = [(sale, n, n, 33) for n in range(3)]
        db.executemany("insert into line values (?, ?, ?, ?)", lines)
        db.execute("insert into tender values (?, 1, 2, 100)", (sale,))
        db.execute("insert into transfer (debit, credit, amount) values (1, 2, 100)")
        db.execute("update account set balance = balance - 100 where id = 1")
        db.execute("update account set balance = balance + 100 where id = 2")
        db.execute("commit")

    done = rate(count, one)
    db.close()
    return done


def plain_python(count: int) -> float:
    """Million additions a second in a plain loop."""
    begun = time.perf_counter()
    total = 0
    for number in range(count):
        total += number
    return count / (time.perf_counter() - begun) / 1e6


def show(root: Path, *, quick: bool) -> None:
    """Prints the yardsticks that need no broker."""
    commits = bare_sqlite(root, 500 if quick else 3000)
    print(f"yardstick: bare SQLite commit of the same rows, FULL  {commits:8.0f} a second")
    print(
        f"yardstick: plain Python additions                     {plain_python(3_000_000):8.1f} M/s"
    )


def echo(office: RunningOffice) -> None:
    """Prints how many QoS 0 messages a second go from one TLS client through the broker and back.

    The office's own certificate may read what scales write, so one scale writes and the measuring
    link reads: the same two TLS hops as a question, with nothing done in between.
    """
    name = office.names[0]
    where = office.enrolment(name)
    got: list[Arrived] = []
    settings = LinkSettings(
        "127.0.0.1", office.port, name, where / "ca.pem", where / "terminal.pem",
        where / "terminal.key", ((topics.all_down(name), 1),),
    )  # fmt: skip
    link = Link(settings, got.append, lambda _on, _why: None)
    while not link.connected:
        link.pump(0.05)

    def one(number: int) -> None:
        # A body with a bad trailer: the office answers 22 without touching its store's money.
        link.publish(topics.up(name, topics.Channel.ASK), b"[1,21]\n" + b"0" * 32, 0)
        while len(got) <= number:
            link.pump(0.5)

    done = rate(200, one)
    link.stop()
    print(f"yardstick: question refused unread, there and back    {done:8.0f} a second, one client")
