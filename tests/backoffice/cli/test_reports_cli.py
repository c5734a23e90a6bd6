"""`backoffice demo-data` and `backoffice report`: pretend books that are valid, reports of them."""

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import pytest

from backoffice.reports.all import REPORTS
from tests.backoffice.cli.test_commands import Desk

SALES = 150
WHOLE = ("--from", "2025-11-01", "--to", "2026-11-28")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("demo"))
    done = made.run("demo-data", "--sales", str(SALES), "--members", "20", "--until", "2026-11-28")
    assert done.returncode == 0, done.stderr
    assert f"{SALES} sales from 2025-12-01 to 2026-11-28." in done.stderr
    return made


def test_pretend_books_are_valid_to_the_last_check(demo: Desk) -> None:
    assert json.loads(demo.out("report", "check", "--json"))["differences"] == []
    assert json.loads(demo.out("audit", "--json"))["findings"] == []
    again = demo.run("demo-data")
    assert again.returncode == 2
    assert "give a fresh one" in again.stderr


def test_the_same_seed_makes_the_same_sales(demo: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path)
    other.run("demo-data", "--sales", str(SALES), "--members", "20", "--until", "2026-11-28")
    said = [desk.out("report", "by-product", *WHOLE, "--json") for desk in (demo, other)]
    assert said[0] == said[1]


def test_every_report_is_a_table_csv_json_and_a_workbook(demo: Desk, tmp_path: Path) -> None:
    books = demo.folder / "state" / "office.db"
    with sqlite3.connect(books) as plain:
        [[total]] = plain.execute("SELECT sum(total) FROM sale")
    for name in ("by-tender", "sales"):
        assert json.loads(demo.out("report", name, *WHOLE, "--json"))["total"]["amount"] == total
        text = demo.out("report", name, *WHOLE, "--csv").removeprefix("\ufeff")
        amounts = [row["Amount (CNY)"] for row in csv.DictReader(io.StringIO(text))]
        assert sum(int(one.replace(".", "")) for one in amounts) == total
        path = tmp_path / f"{name}.xlsx"
        demo.out("report", name, *WHOLE, "--xlsx", str(path))
        assert zipfile.ZipFile(path).testzip() is None
    table = demo.out("report", "by-tender", *WHOLE, "--compare", "--define")
    assert f"{total // 100}.{total % 100:02d}" in table
    assert "Period before" in table
    assert "Share: Part of the net takings" in table


def test_a_report_is_narrowed_and_shows_nobody_more_than_he_may_see(demo: Desk) -> None:
    password = "correct horse battery\n"
    demo.run("user", "add", "li", "--role", "store", "--store", "D01", "--password-stdin",
             typed=password)  # fmt: skip

    def ask(*words: str) -> dict[str, int]:
        said = json.loads(demo.out("report", "by-store", *WHOLE, "--json", *words))
        total: dict[str, int] = said["total"]
        return total

    assert ask("--as", "li") == ask("--store", "D01") != ask()
    refused = demo.run("report", "by-store", "--as", "li", "--store", "D02")
    assert (refused.returncode, "may see" in refused.stderr) == (2, True)
    assert demo.run("report", "by-store", "--as", "nobody").returncode == 2
    assert demo.run("report", "by-hour", "--cashier", "7").returncode == 2


def test_a_row_leads_to_its_receipt(demo: Desk) -> None:
    rows = json.loads(demo.out("report", "sales", *WHOLE, "--json"))["rows"]
    assert len(rows) <= SALES
    one = json.loads(demo.out("report", "receipt", rows[0]["uid"]))
    assert (one["total"], one["receipt"]) == (rows[0]["amount"], rows[0]["receipt"])
    assert sum(line["amount"] for line in one["lines"]) + sum(
        part["amount"] for part in one["rounding"]
    ) == one["total"]  # fmt: skip
    assert demo.run("report", "receipt", "00" * 16).returncode == 2


def test_views_are_listed_with_statements_that_run(demo: Desk) -> None:
    views = json.loads(demo.out("report", "views", "--json"))
    assert {name for view in views for name in view["reports"]} == set(REPORTS)
    with sqlite3.connect(demo.folder / "state" / "office.db") as plain:
        for view in views:
            plain.execute(view["example"])
    assert "v_by_tender" in demo.out("report", "views")
