"""A desk with other values in some fields: as the standard library makes it."""

import dataclasses

import pytest

from scale_app.checkout.copying import replace
from scale_app.checkout.desk import Desk
from scale_app.view import Stage


def test_a_copy_is_what_the_standard_library_makes() -> None:
    desk = Desk(language="zh", times=3)
    ours = replace(desk, stage=Stage.PAID, receipt_number=7)
    assert ours == dataclasses.replace(desk, stage=Stage.PAID, receipt_number=7)
    assert (desk.stage, desk.receipt_number) == (Stage.STARTING, 0)
    assert replace(desk) == desk
    assert replace(desk) is not desk


def test_there_is_no_field_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="colour"):
        replace(Desk(), colour="red")  # type: ignore[call-arg]


def test_what_looks_at_its_fields_is_not_copied_past_that() -> None:
    @dataclasses.dataclass(frozen=True, slots=True)
    class Even:
        number: int

        def __post_init__(self) -> None:
            assert self.number % 2 == 0, "odd"

    with pytest.raises(AssertionError, match="looks at its fields"):
        replace(Even(2), number=3)
