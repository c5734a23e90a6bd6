"""An open market without a terminal, for journeys: real processes in a directory of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from fixtures.places import Places

CHECKOUT = Path(__file__).resolve().parent.parent.parent


class OpenMarket:
    """`python -m fixtures demo --headless` in `places`."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root)
        self.process: subprocess.Popen[str] | None = None
        self.talk = ""

    def open(self, wait_s: float = 60.0) -> float:
        """Start it and return after how many seconds it was open."""
        began = time.monotonic()
        words = (sys.executable, "-m", "fixtures", "demo", "--headless", "--dir")
        self.process = subprocess.Popen(
            (*words, str(self.places.root)),
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr
        while line := self.process.stderr.readline():
            self.talk += line
            assert time.monotonic() - began < wait_s, self.talk
            if "open, process" in line:
                return time.monotonic() - began
        raise AssertionError(f"the market did not open:\n{self.talk}")

    def close(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it and return its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.process.kill()
        code = self.process.wait()
        assert self.process.stderr
        self.process.stderr.close()
        self.process = None
        return code


@contextlib.contextmanager
def market_directory() -> Iterator[Path]:
    """A directory with a short name, as Unix sockets need one."""
    directory = Path(tempfile.mkdtemp(prefix="sy-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def processes_of(root: Path) -> list[str]:
    """Command lines of all running processes that name `root` or work inside it."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or int(process.name) == os.getpid():
            continue
        with contextlib.suppress(OSError):
            words = (
                (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            )
            where = str((process / "cwd").readlink())
            if str(root) in words or where.startswith(str(root)):
                found.append(f"{process.name} {words}")
    return found
