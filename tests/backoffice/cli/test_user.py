"""`backoffice user` and `backoffice web` as they are typed."""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.backoffice.cli.test_commands import BACKOFFICE, Desk, desk

__all__ = ["desk"]
PASSWORD = "a sentence to keep"


def typed(desk: Desk, *words: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    state = str(desk.folder / "state")
    command = [str(BACKOFFICE), "--config", str(desk.config), "--state", state, *words]
    return subprocess.run(
        command, input=f"{password}\n", capture_output=True, text=True, timeout=60, check=False
    )


def test_a_person_is_added_changed_locked_out_and_let_in(desk: Desk) -> None:
    done = typed(desk, "user", "add", "anna", "--role", "owner", "--password-stdin")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "anna: owner\n")
    typed(desk, "user", "add", "li", "--role", "store", "--store", "S03", "--password-stdin")
    assert desk.run("user", "suspend", "li").returncode == 0
    rows = json.loads(desk.out("user", "list", "--json"))
    assert rows == [
        {"name": "anna", "role": "owner", "stores": [], "suspended": False},
        {"name": "li", "role": "store", "stores": ["S03"], "suspended": True},
    ]
    assert desk.run("user", "resume", "li").returncode == 0
    assert typed(desk, "user", "password", "li", "--password-stdin").returncode == 0
    assert PASSWORD not in Path(desk.folder / "state" / "office.db").read_bytes().decode("latin1")


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("add", "anna", "--role", "owner"), "short", "12 to 128 characters"),
        (("add", "An Na", "--role", "owner"), PASSWORD, "A name has"),
        (("add", "li", "--role", "store"), PASSWORD, "which store"),
        (("add", "li", "--role", "store", "--store", "S99"), PASSWORD, "no store S99"),
        (("add", "li", "--role", "desk", "--store", "S03"), PASSWORD, "Only the roles"),
        (("password", "nobody"), PASSWORD, "nobody called nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(
    desk: Desk, words: tuple[str, ...], password: str, said: str
) -> None:
    done = typed(desk, "user", *words, "--password-stdin", password=password)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert json.loads(desk.out("user", "list", "--json")) == []


def test_the_last_owner_stays(desk: Desk) -> None:
    typed(desk, "user", "add", "anna", "--role", "owner", "--password-stdin")
    assert "only owner" in desk.run("user", "suspend", "anna").stderr
    assert "only owner" in desk.run("user", "add", "anna", "--role", "desk").stderr


def test_pages_for_other_machines_need_https(desk: Desk) -> None:
    done = desk.run("web", "--bind", "0.0.0.0")
    assert done.returncode == 2
    assert "--cert and --key" in done.stderr


def test_books_of_an_older_version_are_brought_up_to_date(desk: Desk) -> None:
    books = sqlite3.connect(desk.folder / "state" / "office.db")
    books.execute("DROP TABLE person")
    books.execute("DELETE FROM _sqlite_migrations WHERE name = 'schema_0008'")
    books.commit()
    books.close()
    assert json.loads(desk.out("user", "list", "--json")) == []
