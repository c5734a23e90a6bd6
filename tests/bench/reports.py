"""Reports at size: each statement, each report, its page, a long file, a day's close, memory.

The books are those of `backoffice demo-data`, made once and kept under `.steelyard/bench`; figures
are of one run on one machine, and what counts is the ratio: a report beside the bare statement it
runs, and beside the same sums added up from sales and lines.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from httpx2 import Client

from backoffice.handlers.shift import z_difference
from backoffice.reports.all import REPORTS
from backoffice.reports.answer import answered
from backoffice.reports.periods import Period
from backoffice.reports.question import Question
from backoffice.reports.report import names_of
from backoffice.store import Store, open_read_only
from backoffice.store.statements import Row, Value
from backoffice.words import translator
from broker.codec import decode
from broker.messages import Entry, ZReport
from fixtures.ports import free_port
from tests.bench.reports_books import PASSWORD, books_of

LINES = 1_000_000
MONTH, YEAR = Period(20261001, 20261031), Period(20251201, 20261130)
GOAL_MS = {"month": 10.0, "year": 100.0}
PAGE_GOAL_MS = {"month": 100.0, "year": 300.0}
CSV_GOAL_S, CLOSE_GOAL_S, MEMORY_GOAL_MB, MOST_RATIO = 3.0, 1.0, 100.0, 2.0
UNNOTICED_MS = 3.0
"""A report that takes less than this beside its statement is within the ratio."""
TURNS = 7

NAIVE_TENDER = """SELECT t.kind, count(*), sum(t.amount) FROM sale AS s
JOIN sale_tender AS t ON t.org = s.org AND t.sale = s.id
WHERE s.org = 1 AND s.day >= :first AND s.day <= :last GROUP BY t.kind"""
NAIVE_PRODUCT = """SELECT l.plu, l.unit, count(*), sum(l.amount) FROM sale AS s
JOIN sale_line AS l ON l.org = s.org AND l.sale = s.id
WHERE s.org = 1 AND s.day >= :first AND s.day <= :last GROUP BY l.plu, l.unit"""


@dataclass(frozen=True)
class Timed:
    """Milliseconds of the statement alone and of the whole answer."""

    sql: float
    whole: float

    @property
    def ratio(self) -> float:
        return self.whole / max(self.sql, 0.001)

    @property
    def is_near(self) -> bool:
        return self.ratio <= MOST_RATIO or self.whole - self.sql < UNNOTICED_MS


def timed(work: Callable[[], object], turns: int = TURNS) -> float:
    """Median milliseconds by the processor's clock: a busy machine slows nobody's SQL down."""
    taken = []
    for _ in range(turns):
        begun = time.thread_time()
        work()
        taken.append((time.thread_time() - begun) * 1000)
    return median(taken)


def run(*, quick: bool, lines: int = LINES) -> int:
    """Prints the tables; 1 when a ratio was missed or a figure is wrong."""
    sales = (lines // 10 if quick else lines) // 4
    folder = books_of(sales)
    store = open_read_only(folder / "office.db")
    [[count]] = store.report_text("SELECT count(*) FROM sale_line")[1]
    print(f"{count} lines of sales, {(folder / 'office.db').stat().st_size / 1e6:.0f} MB")
    missed = _reports(store)
    _naive(store)
    missed += _close(store)
    store.close()
    missed += _pages(folder)
    for one in missed:
        print(f"missed: {one}")
    return int(bool(missed))


def _reports(store: Store) -> list[str]:
    names = names_of(store, "en", translator("en"))
    missed = []
    heads = f"{'sql ms':>14}{'report':>9}{'x':>6}"
    print(f"{'':16}{'month':>14}{'year':>29}\n{'report':16}{heads}{heads}")
    for name, report in REPORTS.items():
        row = [f"{name:16}"]
        for word, period in (("month", MONTH), ("year", YEAR)):
            question = Question(period, most=200, clock=(0, 2**53))
            values = question.values()
            one = Timed(
                timed(partial(_asked_rows, store, report.statement, values)),
                timed(partial(answered, store, report, names, question)),
            )
            row.append(f"{one.sql:>14.2f}{one.whole:>9.2f}{one.ratio:>6.1f}")
            if one.sql > GOAL_MS[word]:
                row.append(f" over {GOAL_MS[word]:.0f} ms")
            if not one.is_near:
                missed.append(f"{name} of a {word}: {one.ratio:.1f} times its statement")
        print("".join(row))
    return missed


def _asked_rows(store: Store, statement: str, values: dict[str, Value]) -> list[Row]:
    return list(store.asked_rows(statement, values)[1])


def _naive(store: Store) -> None:
    """The yardstick: the same sums out of sales and lines."""
    for name, sql in (("by-tender", NAIVE_TENDER), ("by-product", NAIVE_PRODUCT)):
        for word, period in (("month", MONTH), ("year", YEAR)):
            values = {"first": period.first, "last": period.last}
            plain = timed(partial(store.report_text, sql, **values), 3)
            asked = Question(period).values()
            kept = timed(partial(_asked_rows, store, REPORTS[name].statement, asked), 3)
            print(f"{name} of a {word} from sales and lines: {plain:.0f} ms, {plain / kept:.0f} x")


def _close(store: Store) -> list[str]:
    """What the office does when all tills close a day: each Z against its receipts."""
    [[day]] = store.report_text("SELECT max(day) FROM z_report")[1]
    zs = store.report_text(f"SELECT terminal, epoch, seq FROM z_report WHERE day = {day}")[1]
    bodies = {
        row: store.report_text(
            "SELECT body FROM entry WHERE org = 1 AND terminal = ? AND epoch = ? AND seq = ?"
            .replace("?", "{}").format(*row)
        )[1][0][0]
        for row in zs
    }  # fmt: skip
    begun = time.thread_time()
    for (terminal, epoch, _), body in bodies.items():
        entry = decode(body)
        assert isinstance(entry, Entry)
        assert isinstance(entry.content, ZReport)
        assert z_difference(store, terminal, epoch, entry.content) == ""
    taken = time.thread_time() - begun
    print(f"day close: {len(zs)} tills in {taken * 1000:.0f} ms")
    return [f"day close: {taken:.2f} s"] if taken > CLOSE_GOAL_S else []


def _pages(folder: Path) -> list[str]:
    port = free_port()
    words = [sys.executable, "-m", "backoffice", "--state", str(folder), "web", "--port", str(port)]
    office = subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        with Client(base_url=f"http://127.0.0.1:{port}", timeout=60, follow_redirects=True) as web:
            return _asked(web, office.pid)
    finally:
        office.terminate()
        office.wait()


def _asked(web: Client, pid: int) -> list[str]:
    _signed_in(web)
    missed = []
    for word, period in (("month", MONTH), ("year", YEAR)):
        taken, slowest = [], (0.0, "")
        for name in REPORTS:
            path = f"/reports/{name}?from={period.first}&to={period.last}"
            for turn in range(4):
                before = _processor_ms(pid)
                page = web.get(path)
                assert page.status_code == 200, (name, page.status_code, page.text[:300])
                if turn:  # the first one reads the file
                    taken.append(_processor_ms(pid) - before)
                    slowest = max(slowest, (taken[-1], name))
        p95 = quantiles(taken, n=20)[-1]
        print(f"pages of a {word}: median {median(taken):.0f} ms, p95 {p95:.0f} ms, "
              f"slowest {slowest[1]} {slowest[0]:.0f} ms")  # fmt: skip
        if p95 > PAGE_GOAL_MS[word]:
            missed.append(f"pages of a {word}: p95 {p95:.0f} ms")
    missed += _file(web, pid)
    high = int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024  # type: ignore[index]
    print(f"memory of the web process at its highest: {high:.0f} MB")
    return [*missed, f"memory {high:.0f} MB"] if high > MEMORY_GOAL_MB else missed


def _file(web: Client, pid: int) -> list[str]:
    """A file of about a hundred thousand receipts."""
    path = f"/reports/sales/csv?from=20260601&to={20261031}"
    begun, before = time.perf_counter(), _processor_ms(pid)
    text = web.get(path).text
    rows = text.count("\r\n")
    taken = (_processor_ms(pid) - before) / 1000
    wall = time.perf_counter() - begun
    each = taken * 100_000 / max(rows, 1)
    print(f"CSV: {rows} rows in {taken:.2f} s of the processor ({wall:.2f} s), "
          f"{each:.2f} s for 100,000")  # fmt: skip
    return [f"CSV {each:.1f} s"] if each > CSV_GOAL_S else []


def _signed_in(web: Client) -> None:
    for _ in range(200):
        try:
            web.get("/sign-in")
            break
        except Exception:  # noqa: BLE001  not up yet
            time.sleep(0.1)
    origin = {"origin": str(web.base_url).rstrip("/")}
    said = {"name": "max", "password": PASSWORD, "to": "/"}
    assert web.post("/sign-in", data=said, headers=origin).status_code == 200


def _processor_ms(pid: int) -> float:
    """Processor time of a process, milliseconds; steps of ten."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")
