"""Sums kept by day, month and year: the ingest keeps them, a second computation agrees."""

import random
import sqlite3
from pathlib import Path

import pytest

from backoffice.migrations import STEPS
from backoffice.reports.check import check
from backoffice.store import open_store
from backoffice.store.rolls import ROLLS, Roll
from backoffice.store.statements import texts
from broker.sale import Line, Rounding, Sale, Tender
from tests.backoffice.world import DAY, Scale, World, new_op


def line(rng: random.Random, sign: int) -> Line:
    quantity, unit, base = rng.choice([(rng.randint(1, 9000), 0, 0), (rng.randint(1, 9), 9, 9),
                                       (rng.randint(1, 9000), 3, 4)])  # fmt: skip
    price, shelf = rng.randint(50, 3000), rng.randint(50, 3000)
    discount = rng.choice([0, 0, 7])
    flags = rng.choice([0, 1, 32, 64, 128, 1 | 64])
    return Line(rng.randint(1, 6), sign * quantity, unit, price, base, shelf, 0, sign * discount,
                sign * rng.randint(20, 4000), flags)  # fmt: skip


def sale(rng: random.Random, *, refund: bool) -> Sale:
    sign = -1 if refund else 1
    lines = [line(rng, sign) for _ in range(rng.randint(1, 5))]
    total, rounding = sum(one.amount for one in lines), []
    if rng.random() < 0.3:
        rounding = [Rounding(rng.choice([1, 2]), sign * -3)]
        total -= sign * 3
    part = total // 3
    tenders = [Tender(1, total - part), Tender(rng.choice([3, 4]), part)]
    if rng.random() < 0.6:
        tenders = [Tender(1, total)]
    member = rng.choice([None, 620000000000017, 620000000000025])
    day = DAY + rng.choice([-100, 0, 1, -1])
    return Sale(2 if refund else 1, day, 1, rng.randint(7, 9), 1, member, rng.randint(0, 1),
                total, lines, rounding, tenders)  # fmt: skip


def filled(world: World, seed: int = 1) -> None:
    rng = random.Random(seed)
    scales = [Scale(world, "S03-12"), Scale(world, "S03-13")]
    card = world.card(50_000)
    for number in range(60):
        world.now += rng.choice([60_000, 3_600_000])
        scale = rng.choice(scales)
        if number % 10 == 0:
            scale.pay(card, 100 + number)
            continue
        scale.at = world.now - rng.choice([0, 30_000, 7_200_000])
        scale.upload(scale.paid(new_op(), sale(rng, refund=rng.random() < 0.2)))
        scale.at = None


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as books:
        return sorted(books.execute(f"SELECT * FROM {table}").fetchall())


def test_sums_kept_are_what_the_books_add_up_to(world: World) -> None:
    filled(world)
    assert [one for one in check(world.desk.store, 0, 99_999_999).differences
            if one.check == "roll"] == []  # fmt: skip
    for roll in ROLLS:
        assert rows(world.path, roll.table), roll.table


@pytest.mark.parametrize("roll", ROLLS, ids=lambda one: one.table)
@pytest.mark.parametrize("where", ["period > 9999999", "period < 9999999"])
def test_a_sum_that_is_wrong_is_found(world: World, roll: Roll, where: str) -> None:
    filled(world)
    table, column = roll.table, roll.sums[0]
    for sql in (
        f"UPDATE {table} SET {column} = {column} + 1 WHERE {where}",
        f"DELETE FROM {table} WHERE {where}",
    ):
        with sqlite3.connect(world.path) as books:
            books.execute(sql)
        found = [one.where for one in check(world.desk.store, 0, 99_999_999).differences
                 if one.check == "roll"]  # fmt: skip
        assert any(one.startswith(f"{table} ") for one in found), sql


def test_older_books_are_filled_when_they_are_brought_up_to_date(
    world: World, tmp_path: Path
) -> None:
    """Books without the sums, as an older version left them: the step computes the same rows."""
    filled(world)
    kept = {roll.table: rows(world.path, roll.table) for roll in ROLLS}
    words = rows(world.path, "product_word")
    columns = "uid, hour, offline, reason, approved_by"
    with sqlite3.connect(world.path) as books:
        sales = sorted(books.execute(f"SELECT {columns} FROM sale").fetchall())
    world.desk.store.close()
    without_sums(world.path)
    store = open_store(world.path)
    try:
        assert {roll.table: rows(world.path, roll.table) for roll in ROLLS} == kept
        assert rows(world.path, "product_word") == words
        assert words
        with sqlite3.connect(world.path) as books:
            assert sorted(books.execute(f"SELECT {columns} FROM sale").fetchall()) == sales
        assert check(store, 0, 99_999_999).differences == ()
    finally:
        store.close()


def without_sums(path: Path) -> None:
    step = next(name for name in STEPS if "CREATE TABLE roll_sale" in texts()[name])
    views = next(name for name in STEPS if "CREATE VIEW v_takings" in texts()[name])
    with sqlite3.connect(path) as books:
        for (view,) in books.execute(
            "SELECT name FROM sqlite_master WHERE type = 'view'"
        ).fetchall():
            books.execute(f"DROP VIEW {view}")
        for roll in ROLLS:
            books.execute(f"DROP TABLE {roll.table}")
        books.execute("DROP TABLE product_word")
        for index in ("sale_given_back", "z_by_day", "alert_by_time"):
            books.execute(f"DROP INDEX {index}")
        for table, names in columns_of(texts()[step]).items():
            for name in names:
                books.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
        books.execute("DELETE FROM _sqlite_migrations WHERE name IN (?, ?)", (step, views))


def columns_of(sql: str) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for text in sql.splitlines():
        words = text.split()
        if words[:2] == ["ALTER", "TABLE"]:
            made.setdefault(words[2], []).append(words[5])
    return made
