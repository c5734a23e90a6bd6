"""Transfers: what is taken is given, and the takings hold what the lines say."""

from hypothesis import given
from hypothesis import strategies as st

from backoffice.ledger import (
    Transfer,
    card_transfers,
    changes_of,
    moved,
    natural,
    reversed_transfers,
    sale_transfers,
)
from broker.sale import Line, Rounding, Sale, Tender

CARD = 620000000000013
sums = st.integers(-10_000, 10_000)


def line(amount: int) -> Line:
    return Line(1, 1, 9, amount, 9, amount, 0, 0, amount)


def sale(lines: list[int], rounding: list[int], tenders: list[tuple[int, int]]) -> Sale:
    return Sale(
        1, 20261124, 1, 7, 1, None, 0, sum(lines) + sum(rounding),
        [line(one) for one in lines], [Rounding(1, one) for one in rounding],
        [Tender(kind, one, CARD if kind == 2 else None) for kind, one in tenders],
    )  # fmt: skip


sales_made = st.builds(
    sale,
    st.lists(sums, min_size=1, max_size=5),
    st.lists(sums, max_size=2),
    st.lists(st.tuples(st.sampled_from((1, 2, 3, 4, 77)), sums), min_size=1, max_size=4),
)


@given(sales_made)
def test_every_sale_even_a_faulty_one_moves_what_it_says_and_sums_to_zero(made: Sale) -> None:
    transfers = sale_transfers(made, "S03-12", "S03")
    changes = changes_of(transfers)
    assert all(one.amount > 0 and one.debit != one.credit for one in transfers)
    assert sum(changes.values()) == 0
    assert changes.get("sales/S03", 0) == sum(one.amount for one in made.lines)
    assert changes.get("rounding", 0) == sum(one.amount for one in made.rounding)
    cash = sum(one.amount for one in made.tenders if one.kind == 1)
    assert natural("drawer/S03-12", changes.get("drawer/S03-12", 0)) == cash


@given(sales_made)
def test_a_reversal_is_the_exact_mirror(made: Sale) -> None:
    transfers = card_transfers(made, "S03")
    changes = changes_of([*transfers, *reversed_transfers(transfers)])
    assert set(changes.values()) <= {0}


def test_a_cash_sale_goes_from_drawer_to_takings() -> None:
    made = sale_transfers(sale([840], [], [(1, 840)]), "S03-12", "S03")
    assert made == [Transfer("drawer/S03-12", "sales/S03", 840, 1)]


def test_a_card_sale_lowers_what_we_owe_the_holder() -> None:
    made = sale_transfers(sale([840], [], [(2, 840)]), "S03-12", "S03")
    assert made == [Transfer(f"card/{CARD}/principal", "sales/S03", 840, 2)]


def test_rounding_in_the_customers_favour_is_a_cost() -> None:
    changes = changes_of(sale_transfers(sale([842], [-2], [(1, 840)]), "T", "S"))
    assert changes == {"drawer/T": -840, "sales/S": 842, "rounding": -2}


def test_nothing_moves_for_zero() -> None:
    assert moved("a", "b", 0) == []


def test_a_payment_whose_proof_is_wrong_waits_in_suspense() -> None:
    made = sale([300], [], [(2, 100), (2, 200)])
    assert card_transfers(made, "S03", refused=[1]) == [
        Transfer(f"card/{CARD}/principal", "sales/S03", 100, 2),
        Transfer("suspense", "sales/S03", 200, 2),
    ]
