"""The tree of the chain in the books: what older books know of it, and which zone cuts a day."""

import sqlite3
from pathlib import Path

import pytest

from backoffice.errors import OfficeError
from backoffice.migrations import STEPS
from backoffice.store import open_store
from backoffice.store.statements import texts
from tests.backoffice.world import MARKET, World

TREE = (
    MARKET.replace(
        'name = "河边市场"',
        'name = "河边市场"\nagent = "A1"\nmarket = "M1"\nzone = "Asia/Urumqi"',
        1,
    ).replace('id = "S03-12"\nstore = "S03"\nstall = "Zhang"', 'id = "S03-12"\nstore = "S03"', 1)
    + """
[[agent]]
id = "A1"
name = "Li & Sons"
[[market]]
id = "M1"
name = "Riverside"
[[stall]]
id = "S03/fruit"
store = "S03"
name = "Fruit"
[[store]]
id = "S04"
name = "Hilltop"
cutoff_hour = 0
"""
)


def test_older_books_get_a_stall_for_each_name_and_their_sales_with_it(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "office.db")
    for step in STEPS[: STEPS.index("schema_0012")]:
        old.executescript(texts()[step])
    old.executescript(
        """
        CREATE TABLE _sqlite_migrations (
          migration_set TEXT, name TEXT, applied_at TEXT, PRIMARY KEY (migration_set, name));
        INSERT INTO organisation (org, name, name_zh, currency, exponent, zone, cutoff_hour, issuer,
          levels) VALUES (1, 'M', '', 'CNY', 2, 'Asia/Shanghai', 4, 6200, '[]');
        INSERT INTO store (org, id, code, name) VALUES (1, 1, 'S03', 'R'), (1, 2, 'S04', 'H');
        INSERT INTO terminal (org, id, code, store, stall) VALUES
          (1, 1, 'A', 1, 'Zhang'), (1, 2, 'B', 1, 'Zhang'), (1, 3, 'C', 2, 'Zhang'),
          (1, 4, 'D', 1, '');
        INSERT INTO sale (org, id, uid, terminal, store, epoch, seq, attempt, receipt, at,
          received_at, day, shift, cashier, kind, level, list_version, total, saving)
          VALUES (1, 1, x'01', 3, 2, 1, 1, 1, 1, 0, 0, 20261124, 1, 7, 1, 0, 1, 5, 0),
            (1, 2, x'02', 4, 1, 1, 1, 1, 1, 0, 0, 20261124, 1, 7, 1, 0, 1, 5, 0);
        """
    )
    for step in STEPS[: STEPS.index("schema_0012")]:
        old.execute(
            "INSERT INTO _sqlite_migrations VALUES ('backoffice', ?, '2026-01-01')", (step,)
        )
    old.commit()
    old.close()
    store = open_store(tmp_path / "office.db")
    stalls = [(one.id, one.code, one.name) for one in store.places.stalls()]
    assert stalls == [(1, "S03/1", "Zhang"), (2, "S04/1", "Zhang")]
    _, rows = store.report_text("SELECT code, stall_id FROM terminal ORDER BY id")
    assert rows == [("A", 1), ("B", 1), ("C", 2), ("D", 0)]
    assert store.report_text("SELECT stall FROM sale ORDER BY id")[1] == [(2,), (0,)]
    store.close()


def test_a_market_file_may_say_the_whole_tree(tmp_path: Path) -> None:
    world = World(tmp_path, TREE)
    stores = [
        (one.code, one.agent, one.market, one.zone, one.cutoff_hour)
        for one in world.desk.store.places.stores()
    ]
    assert stores == [("S03", "A1", "M1", "Asia/Urumqi", 4), ("S04", "", "", "Asia/Shanghai", 0)]
    assert [one.code for one in world.desk.store.places.stalls()] == ["S03/fruit", "S03/1"]
    first, second = (world.desk.store.directory.terminal(code) for code in ("S03-12", "S03-13"))
    assert first is not None
    assert second is not None
    assert (first.stall, first.stall_id, first.zone) == ("", 0, "Asia/Urumqi")
    assert (second.stall, second.stall_id) == ("Li", 2)
    before = world.desk.store.report_text("SELECT * FROM stall")
    assert world.command("apply", text=TREE)["changed"] is False
    assert world.desk.store.report_text("SELECT * FROM stall") == before
    world.desk.store.close()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('agent = "A1"', 'agent = "A2"', "[[store]] S03: there is no agent A2."),
        ('market = "M1"', 'market = "X"', "[[store]] S03: there is no market X."),
        ("Asia/Urumqi", "Asia/Atlantis", "[[store]] S03 zone 'Asia/Atlantis' is not a time zone."),
        ('id = "S03/fruit"\nstore = "S03"', 'id = "F"\nstore = "S9"', "[[stall]] F: there is no"),
        ("cutoff_hour = 0", "cutoff_hour = 24", "Expected `int` <= 23"),
        ("number = 7", 'number = 7\nstore = "S9"', "[[cashier]] 7: there is no store S9."),
    ],
)
def test_a_place_that_is_not_there_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in TREE
    with pytest.raises(OfficeError) as caught:
        World(tmp_path, TREE.replace(old, new, 1))
    assert says in str(caught.value)
