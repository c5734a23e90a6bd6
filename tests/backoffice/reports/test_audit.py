"""Somebody with sqlite3 and the file changes one row: the audit names it."""

import sqlite3
from pathlib import Path

import pytest

from backoffice.anchors import Anchor, DailyAnchor, anchor_file, read_anchors
from backoffice.migrations import STEPS
from backoffice.reports.audit import Audited, audit
from backoffice.store import open_read_only, open_store
from backoffice.store.statements import texts
from backoffice.witness import WITNESSED, seal_over
from broker.messages import Code
from tests.backoffice.world import Scale, World, cash_sale, new_op

KEY = bytes(32)


def audited(world: World) -> Audited:
    return audit(open_read_only(world.path), read_anchors(anchor_file(world.path)), KEY)


def names(world: World) -> list[str]:
    return [f"{one.table} {one.key}: {one.difference}" for one in audited(world).findings]


@pytest.fixture
def busy(world: World, scale: Scale) -> World:
    """A card sale, cash sales, a top-up and a block stand in the books, and yesterday's anchor."""
    card = world.card(10_000)
    op = new_op()
    assert scale.ask(scale.intent(card, 840, op)).code == Code.OK
    scale.upload(scale.paid(op))
    for total in (500, 750):
        scale.upload(scale.paid(new_op(), cash_sale(total)))
    world.command("card.topup", number=card.card, amount=2_500, op=new_op().hex())
    world.command("card.block", number=card.card, blocked=True)
    last = world.desk.store.seals.last()
    DailyAnchor(anchor_file(world.path), KEY)(world.now, lambda: (last.id, last.hash))
    world.command("card.block", number=card.card, blocked=False)
    return world


def thief(path: Path, *statements: str) -> None:
    """What anybody can do who may write the file: first the triggers go, then the row."""
    with sqlite3.connect(path) as books:
        triggers = books.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            books.execute(f"DROP TRIGGER {name}")
        books.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            assert books.execute(statement).rowcount > 0, statement
    books.close()


def test_untouched_books_have_nothing_to_tell(busy: World) -> None:
    found = audited(busy)
    assert found.findings == ()
    assert found.counted["sales"] == 3
    assert found.counted["anchors"] == 1
    assert found.counted["rows"] > 20


EDITS = {
    "UPDATE transfer SET amount = 84 WHERE amount = 840 AND reason = (SELECT min(reason) FROM "
    "transfer WHERE amount = 840)": ("transfer", "amount 840 is 84"),
    "DELETE FROM transfer WHERE amount = 2500": ("transfer", "is gone"),
    "INSERT INTO transfer SELECT org, x'aa', 0, 1, 0, debit, credit, 9999, tender, day, at "
    "FROM transfer WHERE amount = 2500 LIMIT 1": ("transfer", "was put in from outside"),
    "UPDATE account SET balance = balance + 100000 WHERE code LIKE 'card/%/principal'": (
        "account",
        "balance",
    ),
    "UPDATE sale SET total = 5 WHERE total = 500": ("sale", "total 500 is 5"),
    "UPDATE sale SET receipt = 77 WHERE total = 500": ("sale", "receipt 2 is 77"),
    "UPDATE sale_line SET amount = 7 WHERE amount = 750": ("sale", "line 1 "),
    "UPDATE sale_tender SET amount = 7 WHERE amount = 750": ("sale", "tender 1 "),
    "DELETE FROM sale_tender WHERE amount = 750": ("sale", "1 tender rows are 0"),
    "UPDATE entry SET body = CAST(body || x'c0' AS BLOB) WHERE seq = 3": (
        "entry",
        "entry-bytes",
    ),
    "DELETE FROM entry WHERE seq = 3": ("entry", "were here"),
    "DELETE FROM sale WHERE total = 500": ("sale", "and gone"),
    "UPDATE card SET state = 3": ("card", "state "),
    "UPDATE card_event SET person = 'nobody' WHERE id = 1": ("card_event", "person "),
    "UPDATE terminal SET suspended = 1 WHERE code = 'S03-12'": ("terminal", "suspended 0 is 1"),
    "UPDATE organisation SET cutoff_hour = 9": ("organisation", "cutoff_hour "),
    "UPDATE audit SET content = 'x' WHERE id = 3": ("audit", "does not fit"),
    "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)": ("audit", "does not fit"),
    "UPDATE seal SET hash = x'00' WHERE id = 2": ("audit", "does not fit"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_one_row_changed_from_outside_is_named(busy: World, edit: str) -> None:
    busy.desk.store.checkpoint()
    thief(busy.path, edit)
    table, differs = EDITS[edit]
    assert any(name.startswith(f"{table} ") and differs in name for name in names(busy)), names(
        busy
    )


def test_a_thief_who_seals_all_again_is_caught_by_the_signed_anchor(busy: World) -> None:
    thief(
        busy.path,
        "UPDATE transfer SET amount = 2400 WHERE amount = 2500",
        "UPDATE audit SET content = replace(content, '2500', '2400') WHERE content LIKE '%2500%'",
        "UPDATE account SET balance = balance - 100 WHERE code LIKE 'card/%/principal'",
    )
    store = open_read_only(busy.path)
    rows, before, after = list(store.seals.rows()), bytes(32), 0
    with sqlite3.connect(busy.path) as books:
        for seal in store.seals.all():
            mine = [row for row in rows if after < row[0] <= seal.upto]
            before, after = seal_over(before, mine), seal.upto
            books.execute("UPDATE seal SET hash = ? WHERE id = ?", (before, seal.id))
    books.close()
    assert any("another head was anchored" in name for name in names(busy))
    forged = anchor_file(busy.path)
    forged.write_text(forged.read_text().replace(read_anchors(forged)[0].head.hex(), before.hex()))
    assert any("signature is not the office's" in name for name in names(busy))


def test_rows_and_seals_cut_off_at_the_end_are_missed_by_the_anchor(busy: World) -> None:
    books = open_store(busy.path)
    last = books.seals.last()
    path = anchor_file(busy.path)
    tomorrow = busy.now + 24 * 3600 * 1000
    assert DailyAnchor(path, KEY)(tomorrow, lambda: (last.id, last.hash))
    assert not DailyAnchor(path, KEY)(tomorrow + 1, lambda: (last.id, last.hash))
    thief(busy.path, f"DELETE FROM seal WHERE id = {last.id}")
    assert any(
        name == f"seal {last.id}: anchored, and not in the books any more" for name in names(busy)
    )


def test_a_broken_line_among_the_anchors_is_named(busy: World) -> None:
    with anchor_file(busy.path).open("a") as file:
        file.write("scribble\n")
    assert names(busy) == ["anchor line 2: its signature is not the office's"]
    assert read_anchors(anchor_file(busy.path))[1] == Anchor(0, 0, b"")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE transfer SET amount = 1", "DELETE FROM transfer", "UPDATE sale SET total = 1",
        "DELETE FROM sale", "UPDATE sale_line SET amount = 1", "DELETE FROM sale_line",
        "UPDATE sale_tender SET amount = 1", "DELETE FROM sale_tender", "DELETE FROM account",
        "UPDATE account SET code = 'x'", "UPDATE entry SET body = x''", "DELETE FROM entry",
        "DELETE FROM card", "UPDATE card SET opening = 1", "DELETE FROM operation",
        "UPDATE operation SET terminal = 9", "UPDATE audit SET key = ''", "DELETE FROM audit",
        "UPDATE seal SET upto = 0", "DELETE FROM seal", "DELETE FROM list_version",
        "UPDATE list_version SET content = x''", "DELETE FROM terminal", "DELETE FROM store",
    ],
)  # fmt: skip
def test_what_is_written_is_never_changed_or_deleted(busy: World, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="never"):
        busy.desk.store.report_text(change)


def test_the_triggers_keep_the_words_of_the_witness_list() -> None:
    schema = " ".join(" ".join(texts()[step] for step in STEPS).split())
    for one in WITNESSED:
        words = " ".join(
            f"VALUES ('{one.table}', {one.key_sql('NEW')}, {one.content_sql('NEW')}".split()
        )
        assert schema.count(words) == 1 + one.changes, one.table
