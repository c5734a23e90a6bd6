"""Books of a pretend year for the benchmark of reports, made once and kept."""

import subprocess
import sys
import time
from pathlib import Path

KEPT = Path(__file__).parents[2] / ".steelyard" / "bench"
PASSWORD = "correct horse battery"
UNTIL = "2026-11-28"


def books_of(sales: int) -> Path:
    """The state folder with that many sales; made by `backoffice demo-data` when not there."""
    folder = KEPT / f"reports-{sales}"
    done = folder / "made"
    if not done.exists():
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        print(f"{sales} sales are made ...", flush=True)
        begun = time.perf_counter()
        _office(folder, "demo-data", "--sales", str(sales), "--until", UNTIL)
        taken = time.perf_counter() - begun
        _office(folder, "user", "add", "max", "--role", "manager", "--password-stdin",
                said=f"{PASSWORD}\n")  # fmt: skip
        done.write_text(f"{taken:.0f} s\n")
        print(f"made in {taken:.0f} s, {sales / taken:.0f} sales a second")
    return folder


def _office(folder: Path, *words: str, said: str = "") -> None:
    command = [sys.executable, "-m", "backoffice", "--state", str(folder), *words]
    subprocess.run(command, input=said, text=True, check=True, timeout=7200)
