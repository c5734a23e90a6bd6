"""Pretend days booked by the handlers, and the receipts read back out of raw journal bodies."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.commands.table import keep_inside
from backoffice.demo.booking import Scale, Year
from backoffice.demo.chain import market_text, tills
from backoffice.demo.shopping import Shopping
from backoffice.handlers.desk import Batch, Desk
from backoffice.store import Store, open_store
from broker.codec import decode, decode_prices
from broker.messages import Entry, Kind, Paid, ZReport
from broker.sale import Line, Sale
from tests.backoffice.world import MASTER

FIRST = date(2025, 12, 22)
DAYS, SALES, MEMBERS = 40, 420, 20
TILLS = {"D01-1", "D01-2", "D02-1", "D20-1"}
"""Some in Shanghai, one two hours west."""


@dataclass(frozen=True)
class Fact:
    """One receipt as its journal entry has it."""

    sale: Sale
    terminal: str
    store: str
    at: int
    received_at: int
    offline: int
    receipt: int

    @property
    def refund(self) -> bool:
        return self.sale.kind == 2

    @property
    def hour(self) -> int:
        zone = "Asia/Urumqi" if self.store == "D20" else "Asia/Shanghai"
        return datetime.fromtimestamp(self.at / 1000, tz=UTC).astimezone(ZoneInfo(zone)).hour


def saved(line: Line) -> int:
    """At the shelf price less at the price applied, halves rounded away from zero."""
    per = {0: 1000, 1: 500, 9: 1}[line.base]
    twice = 2 * abs(line.quantity) * line.shelf_price
    whole = (twice + per) // (2 * per)
    return (whole if line.quantity >= 0 else -whole) - line.discount - line.amount


class Books:
    """The pretend days booked, and the facts read back out of raw bodies."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.path = folder / "office.db"
        tokens = (number.to_bytes(8, "big") for number in range(1, 10**9))
        self.desk = Desk(open_store(self.path), MASTER, bytes(32), lambda: next(tokens))
        self.begin = int(
            datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC).timestamp() * 1000
        )
        self._fill(seed)
        self.store: Store = self.desk.store
        self.facts = list(self._facts())
        self.zs = [(entry.content, entry.terminal) for entry in self.entries()
                   if isinstance(entry.content, ZReport)]  # fmt: skip

    def _fill(self, seed: int) -> None:
        store = self.desk.store
        with store.transaction():
            keep_inside(self.desk, "apply", {"text": market_text()}, Batch(), now=self.begin)
        self.desk.forget()
        scales = []
        for till in tills():
            if till.code in TILLS:
                row = store.directory.terminal(till.code)
                assert row
                scales.append(Scale(till, row))
        content = store.directory.list_content(1)
        assert content
        shopping = Shopping(seed, decode_prices(content).products, MEMBERS)
        year = Year(self.desk, shopping, scales, outage=0.2)
        list(year.issue(MEMBERS, self.begin))
        for n in range(DAYS):
            year.day(FIRST + timedelta(days=n), SALES // DAYS)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.path) as books:
            return books.execute(sql).fetchall()

    def bodies(self) -> Iterator[tuple[Entry, int, int]]:
        for body, received in self.rows("SELECT body, received_at FROM entry"):
            entry = decode(body)
            assert isinstance(entry, Entry)
            yield entry, received, len(body)

    def entries(self) -> Iterator[Entry]:
        return (entry for entry, _, _ in self.bodies())

    def _facts(self) -> Iterator[Fact]:
        intents = {(e.op, e.attempt): e.content for e in self.entries() if e.kind == Kind.INTENT}
        for entry, received, _ in self.bodies():
            paid = entry.content
            if isinstance(paid, Paid):
                sale = paid.sale or intents[entry.op, entry.attempt]
                assert isinstance(sale, Sale)
                store = entry.terminal.split("-")[0]
                yield Fact(sale, entry.terminal, store, entry.at, received, paid.offline,
                           paid.receipt)  # fmt: skip
