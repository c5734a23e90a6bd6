"""One difference among thousands of sales is found and repaired, exactly and cheaply."""

from collections.abc import Iterator

import pytest

from tests.reconciled import Reconciled

SALES = 2_000


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reconciled]:
    made = Reconciled(tmp_path_factory.mktemp("books"), SALES)
    yield made
    made.close()


def again(books: Reconciled) -> None:
    """The shift has no verdict yet."""
    books.journal._db.execute("DELETE FROM z_verdict")


@pytest.mark.parametrize("number", [1, 777, SALES])
def test_a_lost_record_is_found_and_repaired(books: Reconciled, number: int) -> None:
    again(books)
    books.plant(f"DELETE FROM entry WHERE seq = {number}")
    found = books.compare()
    assert (found.repaired, found.differing) == ((number,), ())
    assert found.wire_bytes < 20_000
    again(books)
    assert books.compare().questions == 1, "the repair has held"


def test_a_changed_record_is_named(books: Reconciled) -> None:
    again(books)
    books.plant("UPDATE entry SET body = x'90' WHERE seq = 1234")
    found = books.compare()
    assert (found.repaired, found.differing) == ((), (1234,))
    assert found.wire_bytes < 20_000
