"""How figures and words stand on a page, and what the pages are made of."""

import hashlib
from pathlib import Path

import pytest
from msgspec import structs

from backoffice.alerts import Alert
from backoffice.web.glance import Takings, per_mille, round_top
from backoffice.web.render import coded, grouped, per_cent
from backoffice.web.trade_words import ALERT_WORDS, sums_in
from tests.backoffice.web.conftest import Office
from tests.backoffice.world import NOW, Scale, cash_sale, new_op

STATIC = Path(__file__).parents[3] / "backoffice" / "web" / "static"
HTMX_2_0_11 = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
"""SHA-256 of dist/htmx.min.js in the package htmx.org 2.0.11."""


def test_htmx_is_the_file_its_makers_published_and_names_its_licence() -> None:
    assert hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == HTMX_2_0_11
    assert "Zero-Clause BSD" in (STATIC / "htmx.LICENSE").read_text()


@pytest.mark.parametrize(
    ("text", "shown"),
    [("0.00", "0.00"), ("999.99", "999.99"), ("1234567.80", "1,234,567.80"), ("-1234", "-1,234"),
     ("-0.50", "-0.50")],
)  # fmt: skip
def test_sums_stand_in_groups_of_three(text: str, shown: str) -> None:
    assert grouped(text) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [(150, 100, "+50.0 %"), (100, 300, "−66.7 %"), (5, 5, "±0.0 %"), (1999, 2000, "−0.1 %")],
)
def test_a_change_is_told_in_per_cent(now: int, before: int, shown: str) -> None:
    step = per_mille(now, before)
    assert step is not None
    assert per_cent(step) == shown


def test_nothing_is_compared_with_nothing() -> None:
    assert per_mille(5, 0) is None
    assert Takings(0, 0).average == 0
    assert Takings(3, 100).average == 33


@pytest.mark.parametrize(("tallest", "top"), [(1, 1), (3, 4), (59, 80), (401, 500), (999, 1000)])
def test_a_chart_ends_at_a_round_figure(tallest: int, top: int) -> None:
    assert round_top(tallest) == top


def test_every_alert_has_words_for_people() -> None:
    assert ALERT_WORDS.keys() == set(Alert)


def test_the_sums_in_a_note_are_shown_as_money() -> None:
    shown = sums_in("by 62, 1234 fen moved, -5 fen held, fentanyl 9", lambda fen: f"<{fen}>")
    assert shown == "by 62, <1234> moved, <-5> held, fentanyl 9"


def test_what_is_to_be_typed_is_marked_and_nothing_gets_through() -> None:
    assert coded("run `a b` <b>") == "run <code>a b</code> &lt;b&gt;"
    assert "<script>" not in coded("`<script>` `x")


def test_today_stands_beside_the_same_weekday_up_to_this_time(office: Office) -> None:
    scale = Scale(office.world)
    scale.sign_on()
    week_ms = 7 * 86_400_000
    for at, day, amount in (
        (NOW - week_ms - 3_600_000, 20261117, 10_000),
        (NOW - week_ms + 7_200_000, 20261117, 70_000),
        (NOW - 60_000, 20261124, 15_000),
    ):
        sale = structs.replace(cash_sale(amount), day=day)
        scale.at = at
        scale.upload(scale.paid(new_op(), sale))
    text = office.browser("anna").get("/").text
    assert "150.00" in text
    assert "a week ago 100.00" in text
    assert "+50.0 %" in text
    assert "2026-11-17" in text
