"""A copy for curious eyes: sales are in it, secrets and people are not; Datasette opens it."""

import importlib.util
import socket
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from backoffice.errors import StoreFault
from backoffice.reading_copy import EMPTIED, KEPT, KEPT_BEGINNINGS, reading_copy
from backoffice.store import open_read_only
from tests.backoffice.cli.test_commands import BACKOFFICE, Desk, desk, refusal
from tests.backoffice.world import MASTER, Scale, World

__all__ = ["desk"]


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    member = world.command("member.add", name="王芳", phone="13800138000")["member"]
    card = world.card(opening=5_000, kind=3)
    world.command("member.card", member=member, number=card.card)
    Scale(world).pay(card, 840)
    target = tmp_path / "copy.db"
    reading_copy(world.path, target)
    return target


def test_the_sales_are_in_the_copy(copy: Path, world: World) -> None:
    with sqlite3.connect(copy) as found:
        for table in ("sale", "sale_line", "sale_tender", "transfer", "roll_sale", "card"):
            [count] = found.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert count == world.count(table) > 0, table


def test_secrets_and_people_are_not(copy: Path, world: World) -> None:
    raw, books = copy.read_bytes(), world.path.read_bytes()
    with sqlite3.connect(world.path) as found:
        token, chip = found.execute("SELECT token, chip FROM card").fetchone()
    wal = world.path.with_name("office.db-wal").read_bytes()
    for secret in (token, chip, "王芳".encode(), MASTER):
        assert secret not in raw
    assert "王芳".encode() in books + wal
    with sqlite3.connect(copy) as found:
        tables = {
            name
            for (name,) in found.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "sqlite_stat1"  # the planner's own figures
        }
        assert {one for one in tables if not one.startswith(KEPT_BEGINNINGS)} == KEPT
        assert found.execute("SELECT token, chip, holder FROM card").fetchall() == [(b"", b"", "")]
    assert copy.stat().st_mode & 0o077 == 0
    assert {"person", "member", "entry", "office_operation"} & tables == set()
    assert set(EMPTIED) <= tables


def test_the_books_are_not_touched(copy: Path, world: World) -> None:
    assert open_read_only(world.path).members.get(1) is not None
    with pytest.raises(StoreFault, match="no books"):
        reading_copy(world.path.with_name("none.db"), copy)


def test_without_datasette_it_says_what_to_install(desk: Desk) -> None:
    if importlib.util.find_spec("datasette") is not None:
        pytest.skip("Datasette is installed")
    code, said = refusal(desk.run("explore"))
    assert (code, said) == (
        69,
        "backoffice: Datasette is not installed; it is an extra: pip install 'steelyard[explore]'.",
    )
    desk.out("explore", "--copy", str(desk.folder / "copy.db"))
    assert (desk.folder / "copy.db").exists()


def test_datasette_opens_the_copy(desk: Desk) -> None:
    pytest.importorskip("datasette")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = f"http://127.0.0.1:{port}/books.json"
    words = ["--config", str(desk.config), "--state", str(desk.folder / "state")]
    child = subprocess.Popen([BACKOFFICE, *words, "explore", "--port", str(port)])
    try:
        until = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(where, timeout=5) as page:
                    assert b'"sale_line"' in page.read()
                break
            except OSError:
                assert time.monotonic() < until
                assert child.poll() is None
                time.sleep(0.2)
    finally:
        child.send_signal(2)
        child.wait(20)
    assert list((desk.folder / "state").glob("explore-*")) == []
