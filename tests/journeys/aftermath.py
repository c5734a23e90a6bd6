"""What must be right after anything went wrong: shown as paid is booked, once, nothing else is."""

from decimal import Decimal

import pytest

from fixtures.agreement import ask_books, sales_in_books
from fixtures.commands import CommandFailed, Office
from fixtures.feed import View
from fixtures.places import Places
from fixtures.stall import Stall


def all_sent(view: View) -> bool:
    """True when the till sells and the back-office has everything."""
    links = view["links"]
    is_open = view["stage"] in ("selling", "paid", "refused")
    return bool(is_open and links["net"] == "ok" and links["unsent"] == 0)


def booked(places: Places) -> dict[int, Decimal]:
    """Totals in the books by receipt number.

    Raises:
        AssertionError: a receipt number stands there twice, or one is missing.
    """
    rows = sales_in_books(places)
    numbers = [number for number, _total in rows]
    assert numbers == list(range(1, len(numbers) + 1)), "a receipt is missing or booked twice"
    return dict(rows)


def money_is_right(stall: Stall, *, wait_s: float = 30.0) -> None:
    """Everything reaches the office; what the screen showed as paid is booked, and nothing else.

    Raises:
        AssertionError: it is not so.
        NotSeen: the till did not get rid of its records.
    """
    stall.wait(all_sent, "everything to be sent", wait_s=wait_s)
    shown = {number: Decimal(total) for number, total in stall.feed.receipts.items()}
    assert booked(stall.places) == shown


def books_agree(places: Places) -> None:
    """`backoffice report check`: lines = tenders = ledger = what the scale counted."""
    try:
        Office(places).run("report", "check")
    except CommandFailed as failed:
        pytest.fail(str(failed))


def balance_of(places: Places, card: str) -> Decimal:
    """What the office says is left on a card, by its number."""
    account = f"card/{int(card)}/principal"
    [(fen,)] = ask_books(places, f"SELECT balance FROM account WHERE code = '{account}'")
    return Decimal(fen) / 100
