"""The market of the simulated world, written down and set up once; every seed begins with a copy.

Price lists are made by number, so that a line's price can be recomputed from its list alone.
"""

import functools
import itertools
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path

from backoffice.commands.table import run_command
from backoffice.handlers.desk import Batch, Desk
from backoffice.pins import boxed
from backoffice.store import open_store
from scale_app.journal.store import Journal
from tests.sim import purses
from tests.sim.agenda import START_MS

MASTER = bytes(range(32))
SIGNING = bytes(32)
TERMINALS = ("S01-1", "S01-2", "S02-1", "S02-2")
PIN = "270493"
LEVELS = 3
PLUS = tuple(range(1, 10))
WEIGHED = {11: "q", 12: "w", 13: "e"}
"""Goods by the kilogram, and their keys."""

_HEAD = """
[organisation]
name = "Riverside Market"
currency = "CNY"
zone = "Asia/Shanghai"
cutoff_hour = 4
issuer = 6200
levels = ["shelf", "silver", "gold"]
[[cashier]]
number = 7
name = "Zhang San"
[[cashier]]
number = 1
name = "Chen Jing"
"""
_OFFLINE = """[store.offline]
per_payment = "20.00"
per_card = "30.00"
per_till = "100.00"
max_age_h = 1
"""
PER_PAYMENT, PER_CARD, PER_TILL, MAX_AGE_MS = 2000, 3000, 10_000, 3_600_000


def price_in(edition: int, plu: int, level: int) -> int:
    """Fen for a piece or a kilogram, in that edition of the list."""
    return 100 * plu + 10 * ((edition * 7 + plu) % 9) - 10 * level


def market_text(edition: int, *, offline: bool) -> str:
    """The market file of an edition."""
    text = _HEAD
    for store in ("S01", "S02"):
        text += f'[[store]]\nid = "{store}"\nname = "Store {store}"\n'
        text += _OFFLINE if offline else ""
    for code in TERMINALS:
        text += f'[[terminal]]\nid = "{code}"\nstore = "{code[:3]}"\nstall = "Stall {code[-1]}"\n'
    for plu in (*PLUS, *WEIGHED):
        prices = ", ".join(f'"{price_in(edition, plu, n) / 100:.2f}"' for n in range(LEVELS))
        text += f'[[product]]\nplu = {plu}\nname_zh = "货{plu}"\nname_en = "Goods {plu}"\n'
        base, key = ("kg", WEIGHED[plu]) if plu in WEIGHED else ("pc", plu)
        text += f'base = "{base}"\nprices = [{prices}]\nkey = "{key}"\n'
    return text


@dataclass(frozen=True, slots=True)
class Issued:
    """A card as it left the office."""

    number: int
    kind: int
    level: int
    token_seq: int
    token: bytes


def issue(desk: Desk, chip: str, now: int, **wishes: int) -> Issued:
    """A card, by the office's own commands; `kind`, `level`, `opening` fen."""
    row = run_command(
        desk, "card.reserve", {"chip": chip, "valid_to": 20991231, **wishes}, Batch(), now=now
    )
    run_command(desk, "card.activate", {"number": row["number"]}, Batch(), now=now)
    desk.forget()
    return Issued(
        row["number"], wishes["kind"], wishes["level"], row["token_seq"],
        bytes.fromhex(row["token"]),
    )  # fmt: skip


def issue_purse(desk: Desk, chip: str, now: int, opening: int) -> tuple[int, int]:
    """A purse on a chip, by the office's own commands: its number, and the fen on it."""
    wishes = {"valid_to": 20991231, "kind": 3, "level": purses.LEVEL, "opening": opening}
    said = {"chip": chip, "family": "cpu", **wishes}
    number = run_command(desk, "card.reserve", said, Batch(), now=now)["number"]
    serial = purses.serial_of(number).hex()
    run_command(desk, "card.activate", {"number": number, "serial": serial}, Batch(), now=now)
    desk.forget()
    return number, opening


@dataclass(frozen=True, slots=True)
class Market:
    """Books with everything in place and nothing sold, and what was issued."""

    books: sqlite3.Connection
    cards: tuple[Issued, ...]
    purses: tuple[tuple[int, int], ...]
    """Number, and fen on the chip."""


@functools.cache
def set_up(*, offline: bool) -> Market:
    """The market before its first customer."""
    tokens = (n.to_bytes(8, "big") for n in itertools.count(0x1000))
    books = sqlite3.connect(":memory:", isolation_level=None)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "office.db")
        desk = Desk(store, MASTER, SIGNING, lambda: next(tokens))
        now = START_MS - 3_600_000
        run_command(desk, "apply", {"text": market_text(1, offline=offline)}, Batch(), now=now)
        box = boxed(PIN, 1, MASTER).hex()
        run_command(desk, "cashier.pin", {"number": 1, "box": box}, Batch(), now=now)
        for code in TERMINALS:
            run_command(desk, "terminal.enrol", {"terminal": code}, Batch(), now=now)
        desk.forget()
        cards = tuple(
            issue(
                desk, f"{n:014x}", now,
                kind=2 + n % 2, level=n % LEVELS if n % 2 else 0, opening=(n * 1700) % 9000 + 300,
            )
            for n in range(12)
        )  # fmt: skip
        chips = tuple(
            issue_purse(desk, f"{0xC0DE + n:014x}", now, 2_000 + 5_000 * n) for n in range(4)
        )
        store._connection.backup(books)
        store.close()
    return Market(books, cards, chips)


@functools.cache
def empty_journal() -> sqlite3.Connection:
    """A journal's schema, without its first row."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "journal.db"
        Journal(file, "S00-0", 0).close()
        source = sqlite3.connect(file, isolation_level=None)
        source.execute("DELETE FROM standing")
        source.backup(made)
        source.close()
    return made
