"""Prices imported from a file while a real till sells: pushed, taken, acknowledged, sold by.

Real broker, office and till as processes; a change for later takes effect by itself.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scale_app.test_whole_till import Stall, paid


@pytest.fixture(scope="module")
def stall() -> Iterator[Stall]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = Stall(Path(folder))
        try:
            found.ready()
            yield found
        finally:
            found.close()


def matrix(stall: Stall) -> dict[str, Any]:
    rows = stall.office.json("prices", "status")
    assert isinstance(rows, list)
    [row] = [one for one in rows if one["terminal"] == "T1"]
    assert isinstance(row, dict)
    return row


def taken(stall: Stall, version: int) -> dict[str, Any]:
    until = time.monotonic() + 20
    while (row := matrix(stall))["has"] != version:
        assert time.monotonic() < until, f"not taken: {row}"
        time.sleep(0.1)
    return row


def sold(stall: Stall) -> str:
    """The total of one egg for cash."""
    before = stall.feed.view["receipt_number"]
    stall.key("item 9")
    view = stall.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)
    stall.key("enter")
    stall.wait("paid", lambda v: paid(v) and v["receipt_number"] > before)
    time.sleep(0.4)
    return str(view["total"])


def test_an_imported_list_is_taken_by_a_running_till_and_sold_by(stall: Stall) -> None:
    assert taken(stall, 1)["state"] == "has-it"
    assert sold(stall) == "0.98"
    sheet = stall.root / "prices.csv"
    sheet.write_bytes("编码,单价\n9,1.20\n".encode("gb18030"))
    stall.office.command("product", "import", str(sheet), "--by", "li")
    row = taken(stall, 2)
    assert (row["state"], row["takes_packed"]) == ("has-it", True)
    assert row["since"] - row["sent_at"] < 5_000
    assert sold(stall) == "1.20"
    history = stall.office.json("prices", "history")
    assert isinstance(history, list)
    assert history[0]["by"] == "li"


def test_what_changed_while_the_till_was_away_is_taken_when_it_is_back(stall: Stall) -> None:
    version = matrix(stall)["has"]
    stall.link.cut()
    stall.wait("a cut link", lambda v: v["links"]["net"] != "ok")
    stall.office.command("product", "set", "9", "price=1.30", "--by", "li")
    assert matrix(stall)["state"] == "waits"
    stall.link.restore()
    taken(stall, version + 1)
    assert sold(stall) == "1.30"
    stall.office.command("report", "check")
