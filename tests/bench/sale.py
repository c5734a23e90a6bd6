"""Stored-value sales of three lines over MQTT with TLS, committed with synchronous=FULL.

Beside them, in the same run: a bare SQLite commit of the same rows, a bare MQTT echo over the same
broker, and a loop of plain Python, so that a figure can be compared between machines as a ratio.
"""

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import yardsticks
from tests.bench.load import Errand, Result, run_tills
from tests.running import RunningOffice

TILLS = (1, 2, 4, 8)
_TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / _TICK


def quantile_ms(values: list[float], share: float) -> float:
    """The value below which `share` of the latencies lie, milliseconds."""
    ordered = sorted(values)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def errands(office: RunningOffice, cards: list[int], sales: int, pace_s: float) -> list[Errand]:
    """One errand for each card, each at a till of its own."""
    return [
        Errand(office.enrolment(name), name, "127.0.0.1", office.port, card, sales, pace_s)
        for name, card in zip(office.names, cards, strict=False)
    ]


def row(label: str, results: list[Result], took: float, cpu: tuple[float, float]) -> str:
    """One line of the table; CPU in microseconds a sale, bytes a sale."""
    sold = sum(r.sold for r in results)
    refused = sum(r.refused for r in results)
    latencies = [value for r in results for value in r.latencies]
    p50, p99 = quantile_ms(latencies, 0.5), quantile_ms(latencies, 0.99)
    share = 1e6 / max(sold, 1)
    wire = sum(r.wire_bytes for r in results) // max(sold, 1)
    clients = sum(r.cpu_s for r in results) * share
    return (
        f"{label:<16}{sold / took:>9.0f}{refused:>9}{p50:>9.2f}{p99:>9.2f}"
        f"{cpu[0] * share:>11.0f}{cpu[1] * share:>9.0f}{clients:>9.0f}{wire:>8}"
    )


def measure(office: RunningOffice, label: str, tills: int, *, sales: int, pace_s: float) -> int:
    """Runs `tills` tills, prints their row; number of sales not accepted."""
    cards = [office.card("50000.00") for _ in range(tills)]
    day = int(datetime.now(UTC).strftime("%Y%m%d"))
    before = cpu_of(office.office_pid), cpu_of(office.broker.pid)
    results, took = run_tills(errands(office, cards, sales, pace_s), day)
    after = cpu_of(office.office_pid), cpu_of(office.broker.pid)
    print(row(label, results, took, (after[0] - before[0], after[1] - before[1])), flush=True)
    return sum(r.refused for r in results)


def run(*, quick: bool) -> int:
    """Prints the table; 1 when a sale was refused or the books do not agree."""
    total = 800 if quick else 8000
    with tempfile.TemporaryDirectory(prefix="steelyard-bench-") as place:
        root = Path(place)
        yardsticks.show(root, quick=quick)
        with RunningOffice(root, terminals=max(TILLS)) as office:
            print("\ntills            sales/s  refused   p50 ms   p99 ms  office us  broker  client"
                  "   bytes")  # fmt: skip
            refused = 0
            for tills in TILLS:
                label = f"{tills} till{'s' if tills > 1 else ''}"
                refused += measure(office, label, tills, sales=total // 8, pace_s=0)
            paced = 40 if quick else 200
            refused += measure(office, "2, at 20/s", 2, sales=paced // 2, pace_s=0.1)
            yardsticks.echo(office, quick=quick)
            office.command("report", "check")
            print("backoffice report check: the books agree")
    return 1 if refused else 0
