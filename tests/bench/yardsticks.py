"""What the same machine does with nothing of ours in the way."""

import multiprocessing
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from broker import topics
from broker.client import Arrived, Link, LinkSettings
from broker.topics import Channel
from fixtures.local_broker import LocalBroker
from fixtures.ports import free_port
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


def _echo_for_ever(settings: LinkSettings) -> None:
    """Gives every question back as it came, until it is ended."""
    inbox: list[Arrived] = []
    link = Link(settings, inbox.append, lambda _on, _why: None)
    while True:
        link.pump(1.0)
        while inbox:
            said = inbox.pop()
            link.publish(topics.down(said.topic.split("/")[1], Channel.ANSWER), said.payload, 0)


def echo(office: RunningOffice, *, quick: bool) -> None:
    """Prints bare MQTT echoes a second, TLS on both hops, on a broker of the same settings."""
    port = free_port()
    where = office.root / "echo"
    office.command("broker", "config", "--out", str(where), "--port", str(port))
    pki, name = office.state / "pki", office.names[0]
    enrolment = office.enrolment(name)
    server = LinkSettings(
        "127.0.0.1", port, "office", pki / "ca.pem", pki / "office.pem", pki / "office.key",
        ((topics.ALL_UP, 1),),
    )  # fmt: skip
    client = LinkSettings(
        "127.0.0.1", port, name, enrolment / "ca.pem", enrolment / "terminal.pem",
        enrolment / "terminal.key", ((topics.all_down(name), 1),),
    )  # fmt: skip
    with LocalBroker(where, port):
        child = multiprocessing.get_context("fork").Process(target=_echo_for_ever, args=(server,))
        child.start()
        try:
            for flight in (1, 8):
                done = _echoes(client, name, 300 if quick else 2000, flight)
                label = f"yardstick: bare MQTT echo of 200 bytes, {flight} in flight"
                print(f"{label:<54}{done:8.0f} a second")
        finally:
            child.terminate()
            child.join(5)


def _echoes(settings: LinkSettings, name: str, count: int, flight: int) -> float:
    got: list[Arrived] = []
    link = Link(settings, got.append, lambda _on, _why: None)
    topic, payload = topics.up(name, Channel.ASK), b"x" * 200
    while not got:  # until the echo is there
        link.pump(0.05)
        link.publish(topic, payload, 0)
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        link.pump(0.05)
    got.clear()
    sent = 0
    begun = time.perf_counter()
    while len(got) < count:
        while sent < count and sent - len(got) < flight:
            link.publish(topic, payload, 0)
            sent += 1
        link.pump(0.5)
    done = count / (time.perf_counter() - begun)
    link.stop()
    return done
