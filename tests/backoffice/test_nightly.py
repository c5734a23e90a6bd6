"""The audit of every night: once, in a process of its own, and what it finds is an alert."""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice import secrets_file
from backoffice.config import State
from backoffice.nightly import AT_MS, DAY_MS, NightlyAudit, audit_command
from tests.backoffice.world import Scale, World, cash_sale, new_op

NIGHT = 20_000 * DAY_MS + AT_MS
WAIT_S = 60


@pytest.fixture
def nightly(tmp_path: Path, world: World) -> Iterator[NightlyAudit]:
    assert world.path == State(tmp_path).books
    secrets_file.signing_key(State(tmp_path))
    made = NightlyAudit(audit_command(tmp_path), tmp_path / "audit.night")
    assert made(NIGHT - 1) is None, "the first start has no books to audit yet"
    yield made
    made.stop()


def until_told(nightly: NightlyAudit, now: int) -> str:
    end = time.monotonic() + WAIT_S
    while (found := nightly(now)) is None:
        assert time.monotonic() < end, "the audit never ended"
        time.sleep(0.05)
    return found


def test_untouched_books_are_audited_once_a_night(
    nightly: NightlyAudit, scale: Scale, tmp_path: Path
) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    assert until_told(nightly, NIGHT) == ""
    assert nightly(NIGHT + DAY_MS - 1) is None
    assert nightly._child is None
    again = NightlyAudit(audit_command(tmp_path), tmp_path / "audit.night")
    assert again(NIGHT + DAY_MS - 1) is None, "a restart in the same night audits nothing again"
    assert again._child is None


def test_an_edited_row_is_named(nightly: NightlyAudit, world: World, scale: Scale) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    with sqlite3.connect(world.path) as books:
        for (name,) in books.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            books.execute(f"DROP TRIGGER {name}")
        books.execute("UPDATE sale SET total = total + 1")
    books.close()
    told = until_told(nightly, NIGHT)
    assert ": sale S03-12 receipt 1; " in told, "the row first"
    assert "roll_sale" in told, "then the sums that no longer fit it"


def test_an_audit_that_cannot_run_is_told_too(tmp_path: Path) -> None:
    done = tmp_path / "audit.night"
    done.write_text("1", "ascii")
    broken = NightlyAudit(audit_command(tmp_path / "nowhere"), done)
    assert until_told(broken, NIGHT).startswith("the audit itself failed with code ")
