"""A card's statement: opening + moves = closing, against a sum made another way."""

import random
from pathlib import Path

import pytest

from backoffice.reports.card_statement import (
    CardStatement,
    as_csv,
    card_statement,
    lines_of,
)
from backoffice.words import translator
from tests.backoffice.commands.test_card import made, topup
from tests.backoffice.world import DAY, Scale, World, new_op

DAY_MS = 86_400_000


def told(world: World, number: int, first: int = 0, last: int = 99_999_999) -> CardStatement:
    found = card_statement(world.desk.store, number, first, last)
    assert found is not None
    return found


def naive(world: World, number: int, upto: int) -> tuple[int, int]:
    """Principal and bonus at the end of a day, added up from all transfers in this test's words."""
    sums = []
    for code in (f"card/{number}/principal", f"card/{number}/bonus"):
        _, rows = world.desk.store.report_text(
            "SELECT t.amount, c.code = :code FROM transfer t JOIN account d ON d.id = t.debit "
            "JOIN account c ON c.id = t.credit WHERE t.day <= :day AND :code IN (d.code, c.code)",
            code=code, day=upto,
        )  # fmt: skip
        sums.append(sum(amount if comes else -amount for amount, comes in rows))
    return sums[0], sums[1]


def lived(world: World, seed: int) -> int:
    """A card that was topped up, paid with, taken back and refunded on to over several days."""
    dice = random.Random(seed)
    card = world.card(opening=dice.randrange(1_000, 50_000))
    number, scale = card.card or 0, Scale(world)
    for _ in range(30):
        world.now += dice.randrange(DAY_MS)
        known = world.desk.store.cards.get(1, number)
        assert known is not None
        fresh = type(card)(card.kind, 0, number, known.token_seq, known.token)
        match dice.randrange(4):
            case 0:
                topup(world, number, dice.randrange(1, 9_000), bonus=dice.choice([0, 100, 700]))
            case 1:
                op = new_op()
                scale.ask(scale.intent(fresh, dice.randrange(1, 4_000), op))
                scale.upload(scale.reversing(op)) if dice.random() < 0.5 else scale.upload(
                    scale.paid(op)
                )
            case _:
                amount = dice.randrange(1, 3_000)
                if amount <= (known.balance or 0):
                    scale.pay(fresh, amount)
    return number


@pytest.mark.parametrize("seed", range(5))
def test_opening_and_moves_are_closing_on_every_cut(world: World, seed: int) -> None:
    number = lived(world, seed)
    whole = told(world, number)
    balance = (whole.closing.principal, whole.closing.bonus)
    assert balance == tuple(world.balance(f"card/{number}/{one}") for one in ("principal", "bonus"))
    days = sorted({one.day for one in whole.moves})
    assert len(days) > 5
    for first, last in zip(days, days[2:], strict=False):
        part = told(world, number, first, last)
        assert (part.opening.principal, part.opening.bonus) == naive(world, number, first - 1)
        assert (part.closing.principal, part.closing.bonus) == naive(world, number, last)
        assert part.opening.balance + sum(one.change for one in part.moves) == part.closing.balance
        assert [one for one in whole.moves if first <= one.day <= last] == list(part.moves)


def test_a_payment_names_its_receipt_and_till(world: World) -> None:
    card = world.card(opening=5_000)
    Scale(world).pay(card, 840)
    [issue, payment] = told(world, card.card or 0).moves
    assert (issue.reason, issue.principal, issue.balance) == ("issue", 5_000, 5_000)
    assert (payment.reason, payment.terminal, payment.receipt) == ("card_payment", "S03-12", 1)
    assert (payment.principal, payment.balance, payment.day) == (-840, 4_160, DAY)


def test_the_rows_read_as_money(world: World) -> None:
    number = made(world, opening=5_000)
    topup(world, number, 10_000, bonus=1_000)
    rows = lines_of(told(world, number), translator("en"))
    assert rows[1] == ["", "Opening balance", "", "", "0.00", "0.00", "0.00"]
    assert rows[3] == ["2026-11-24", "top-up", "", "", "100.00", "10.00", "160.00"]
    assert rows[-1] == ["", "Closing balance", "", "", "150.00", "10.00", "160.00"]
    assert as_csv(rows).startswith("\ufeffDay,What,Terminal,Receipt,Paid,Bonus,Balance\r\n")


def test_what_has_no_purse_has_no_statement(world: World) -> None:
    assert card_statement(world.desk.store, made(world, kind=1), 0, 99_999_999) is None
    assert card_statement(world.desk.store, 17, 0, 99_999_999) is None


def test_a_statement_walks_indices_only(world: World, tmp_path: Path) -> None:
    sql = (Path(__file__).parents[3] / "backoffice/store/sql/card_moves.sql").read_text()
    _, plan = world.desk.store.report_text(
        f"EXPLAIN QUERY PLAN {sql}", org=1, principal=1, bonus=2, last=DAY
    )
    steps = [row[3] for row in plan]
    assert [step for step in steps if step.startswith("SCAN") and step != "SCAN t"] == []
    assert sum("transfer_by_" in step for step in steps) == 2
