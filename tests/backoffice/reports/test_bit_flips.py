"""One bit of the books is another one: found by what a night or a backup looks at, or harmless.

150 flips; STEELYARD_FLIPS=2000 for the long run.
"""

import os
import random
import sqlite3
from pathlib import Path

import pytest

from backoffice.errors import OfficeError
from backoffice.reports.audit import audit
from backoffice.reports.check import check
from backoffice.store import Store, open_store
from broker.messages import Code
from tests.backoffice.world import Scale, World, cash_sale, new_op

FLIPS = int(os.environ.get("STEELYARD_FLIPS", "150"))


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """Books of a small market with twenty sales, as one file."""
    world = World(tmp_path)
    scale = Scale(world)
    scale.sign_on()
    cards = [world.card(10_000) for _ in range(3)]
    for number in range(20):
        op = new_op()
        if number % 2:
            assert scale.ask(scale.intent(cards[number % 3], 100 + number, op)).code == Code.OK
            scale.upload(scale.paid(op))
        else:
            scale.upload(scale.paid(op, cash_sale(100 + number)))
    world.desk.store.close()
    return world.path.read_bytes()


def is_found(store: Store) -> bool:
    """The file's own check, the audit of a night and the check of a day."""
    [(word,), *_] = store.report_text("PRAGMA integrity_check(1)")[1]
    return bool(
        word != "ok"
        or audit(store, [], bytes(32)).findings
        or check(store, 0, 99999999).differences
    )


def money(store: Store) -> object:
    """Balances and sales: what nobody may be told wrong."""
    accounts = store.report_text("SELECT code, balance FROM account ORDER BY code")[1]
    sales = store.report_text("SELECT uid, total, receipt FROM sale ORDER BY uid")[1]
    return accounts, sales


def looked_at(file: Path) -> tuple[bool, object]:
    try:
        store = open_store(file)
    except OfficeError:
        return True, None
    try:
        return is_found(store), money(store)
    except (OfficeError, sqlite3.Error, UnicodeDecodeError, ValueError):
        return True, None
    finally:
        store.close()


@pytest.mark.timeout(600)
def test_a_flipped_bit_in_the_books_is_found_or_changes_no_money(
    whole: bytes, tmp_path: Path
) -> None:
    chance, file = random.Random(48), tmp_path / "spoiled.db"
    file.write_bytes(whole)
    untouched, right = looked_at(file)
    assert not untouched
    found, wrong = 0, []
    # Most of a young file is room that nothing is written to yet.
    written = [at for at, byte in enumerate(whole) if byte]
    for _ in range(FLIPS):
        spoiled = bytearray(whole)
        at = chance.choice(written)
        spoiled[at] ^= 1 << chance.randrange(8)
        for left in tmp_path.glob("spoiled.db*"):
            left.unlink()
        file.write_bytes(spoiled)
        was_found, now = looked_at(file)
        found += was_found
        if not was_found and now != right:
            wrong.append(at)
    assert wrong == []
    assert found > FLIPS // 30, "hardly any flip was found: they prove nothing"
