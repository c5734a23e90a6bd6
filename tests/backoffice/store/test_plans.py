"""How SQLite goes about what is asked for often: by a key that finds few rows of many.

Every key begins with the organisation, and there is one: a plan that goes by it alone reads a table
through. The figures that schema step 25 tells are what keeps SQLite from that.
"""

import re

import pytest

from backoffice.store.statements import texts
from tests.backoffice.world import World

OFTEN = (
    "alert_page", "bonus_taken", "card_by_batch", "card_by_chip", "card_event_list", "card_get",
    "entry_bodies", "entry_body", "entry_hash", "entry_present", "glance_sales",
    "glance_tenders", "member_event_list", "operation_get", "operation_waiting",
    "purse_record_near", "receipt_refunds", "sale_between_receipts", "sale_by_uid",
    "sale_last_receipt", "sale_lines", "sale_refunds", "sale_tenders", "stock_of_item",
    "watch_refunds", "watch_silent",
)  # fmt: skip
"""What a frame of a till, a look at the market or a card's page asks for."""
SMALL = ("store", "st", "terminal", "t")
"""Names of tables in statements that have a row for each store or scale."""


def plan(world: World, name: str) -> list[str]:
    text = re.sub(r"--[^\n]*", "", texts()[name])
    values = dict.fromkeys(re.findall(r":([a-z_0-9]+)", text), 1)
    rows = world.desk.store._connection.execute(f"EXPLAIN QUERY PLAN {text}", values)
    return [str(row[3]) for row in rows]


@pytest.mark.parametrize("name", OFTEN)
def test_nothing_that_is_asked_often_reads_a_table_through(world: World, name: str) -> None:
    steps = plan(world, name)
    through = [
        step for step in steps
        if (step.startswith("SCAN ") or step.endswith("(org=?)")) and step.split()[1] not in SMALL
    ]  # fmt: skip
    assert through == [], steps


def test_every_index_of_a_large_table_has_its_figures(world: World) -> None:
    books = world.desk.store._connection
    told = set(books.execute("SELECT tbl, idx FROM sqlite_stat1 WHERE idx IS NOT NULL"))
    for table in {table for table, _ in told}:
        there = {
            (table, table if kind == "pk" and name.startswith("sqlite_") and not rowid else name)
            for _, name, _, kind, _ in books.execute(f"PRAGMA index_list({table})")
            for rowid in [_has_rowid(world, table)]
        }
        assert {one for one in told if one[0] == table} == there


def _has_rowid(world: World, table: str) -> bool:
    [(text,)] = world.desk.store._connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = ?", (table,)
    )
    return "WITHOUT ROWID" not in text
