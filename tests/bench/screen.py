"""The till's screen in a real pseudo-terminal: first frame, memory, key to frame.

The till is the installed program with a pretend scale whose weight changes ten times a second, a
real broker and a real back-office. The yardstick is an empty Textual app, started the same way.
"""

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

from fixtures.scale_on_pty import ScaleOnPty
from tests.running import BIN, RunningOffice

COLUMNS, ROWS = 80, 24
PATIENCE_S = 15.0
STARTS = 5
EMPTY_APP = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("TOTAL")
Empty().run()
"""
TILL = """
[till]
enrolment = "{enrolment}"
cashier = 7
[scale]
port = "{scale}"
protocol = "st-gs"
[reader]
name = "none"
[broker]
host = "127.0.0.1"
port = {port}
"""


class Terminal:
    """One program on a pseudo-terminal, its screen read cell by cell."""

    def __init__(self, words: list[str]) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.born = time.perf_counter()
        self.child = subprocess.Popen(
            words, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True
        )
        os.close(slave)

    def read(self, timeout_s: float) -> None:
        """Takes what has come within the time."""
        if not select.select([self.master], [], [], timeout_s)[0]:
            return
        try:
            got = os.read(self.master, 65536)
        except OSError:
            return
        self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]*", b"", got))
        if b"\x1b[6n" in got:  # the till asks how wide a box character is drawn here
            os.write(self.master, b"\x1b[1;2R")

    def until(self, word: str) -> float:
        """Seconds since now until `word` stands on the screen."""
        begun = time.perf_counter()
        while word not in "\n".join(self._screen.display):
            assert time.perf_counter() - begun < PATIENCE_S, "\n".join(self._screen.display)
            self.read(0.05)
        return time.perf_counter() - begun

    def first_frame(self) -> float:
        """Seconds from the start of the program until its screen stands."""
        self.until("TOTAL")
        return time.perf_counter() - self.born

    def memory_mb(self) -> float:
        """Resident memory of the program."""
        text = Path(f"/proc/{self.child.pid}/status").read_text("ascii")
        return int(text.partition("VmRSS:")[2].split()[0]) / 1024

    def close(self) -> None:
        """Ends the program."""
        self.child.terminate()
        end = time.monotonic() + 5
        while self.child.poll() is None and time.monotonic() < end:
            self.read(0.05)
        self.child.kill()
        self.child.wait()
        os.close(self.master)


@contextmanager
def shown(words: list[str]) -> Iterator[Terminal]:
    """A program on a terminal, ended afterwards."""
    terminal = Terminal(words)
    try:
        yield terminal
    finally:
        terminal.close()


def first_frames(words: list[str]) -> list[float]:
    """First frames of several starts, seconds, the first start not counted."""
    frames = []
    for _ in range(STARTS + 1):
        with shown(words) as terminal:
            frames.append(terminal.first_frame())
    return frames[1:]


def key_to_frame_ms(terminal: Terminal, presses: int) -> list[float]:
    """Milliseconds from each key of a piece item until its line is counted on the screen."""
    waits = []
    for _ in range(presses):
        # A basket holds 100 lines; exact cash closes it and the count begins again.
        for line in range(1, 11):
            time.sleep(0.33)  # the same key twice within moments counts as one press
            while select.select([terminal.master], [], [], 0)[0]:
                terminal.read(0)
            os.write(terminal.master, b"9")
            waits.append(1000 * terminal.until(f"items: {line} "))
        os.write(terminal.master, b"\r")
        terminal.until("receipt ")
    return waits


def frame(word: str, grams: int) -> bytes:
    """An 18-byte line as A&D and CAS scales send it, ten times a second."""
    return f"{word},GS,+{grams / 1000:>7.3f}kg\r\n".encode()


def weight_to_price_ms(words: list[str], master: int, weighings: int) -> list[float]:
    """Milliseconds from the last byte of the deciding stable frame until its line is shown.

    The protocol has no checksum, so the second of two equal stable frames decides; the first came
    a tenth of a second before.
    """
    waits: list[float] = []
    with shown(words) as terminal:

        def send(word: str, grams: int, count: int) -> None:
            for _ in range(count):
                os.write(master, frame(word, grams))
                end = time.monotonic() + 0.1
                while time.monotonic() < end:
                    terminal.read(max(0.0, end - time.monotonic()))

        send("ST", 0, 8)
        terminal.until("NET ok")
        for number in range(weighings):
            grams = 1000 + 5 * number
            send("ST", 0, 8)
            os.write(terminal.master, b"1")
            send("US", grams - 300, 3)
            send("ST", grams, 1)
            os.write(master, frame("ST", grams))
            waits.append(1000 * terminal.until("items: 1 "))
            os.write(terminal.master, b"\r")
            terminal.until("receipt ")
    return sorted(waits)


def stable_frame_to_price_ms(weighings: int) -> list[float]:
    """Milliseconds of `weight_to_price_ms` from a till and an office of their own."""
    with tempfile.TemporaryDirectory(prefix="steelyard-bench-") as place:
        root = Path(place)
        with RunningOffice(root) as office:
            return _weighed(root, office, weighings)


def _weighed(root: Path, office: RunningOffice, weighings: int) -> list[float]:
    master, slave = pty.openpty()
    tty.setraw(slave)
    settings = {"enrolment": office.enrolment("T1"), "scale": os.ttyname(slave)}
    text = TILL.format(**settings, port=office.port)
    (root / "raw.toml").write_text(text, "utf-8")
    state = ["--config", str(root / "raw.toml"), "--state", str(root / "till")]
    try:
        return weight_to_price_ms([str(BIN / "scale-app"), *state, "run"], master, weighings)
    finally:
        os.close(slave)
        os.close(master)


def run(*, quick: bool) -> int:
    """Prints the table."""
    empty = statistics.median(first_frames([sys.executable, "-c", EMPTY_APP]))
    print(f"yardstick: first frame of an empty Textual app  {empty:6.3f} s")
    with tempfile.TemporaryDirectory(prefix="steelyard-bench-") as place:
        root = Path(place)
        with (
            RunningOffice(root) as office,
            ScaleOnPty("st-gs", link=root / "scale") as scale,
        ):
            settings = {"enrolment": office.enrolment("T1"), "scale": scale.link}
            (root / "till.toml").write_text(TILL.format(**settings, port=office.port), "utf-8")
            state = ["--config", str(root / "till.toml"), "--state", str(root / "till")]
            words = [str(BIN / "scale-app"), *state, "run"]
            till = statistics.median(first_frames(words))
            print(f"till: first frame                               {till:6.3f} s"
                  f"   {till / empty:.2f} of the yardstick")  # fmt: skip
            with shown(words) as terminal:
                terminal.until("NET ok")
                scale.put(1235)
                scale.wobble(seconds=600)
                waits = sorted(key_to_frame_ms(terminal, 2 if quick else 10))
                p50, p99 = statistics.median(waits), waits[int(len(waits) * 0.99)]
                print(f"till: key to frame, weight moving               p50 {p50:.1f} ms, "
                      f"p99 {p99:.1f} ms, {len(waits)} keys")  # fmt: skip
                print(
                    f"till: memory                                    {terminal.memory_mb():.0f} MB"
                )
            waits = _weighed(root, office, 5 if quick else 40)
            p50, p95 = statistics.median(waits), waits[int(len(waits) * 0.95)]
            print(f"till: last byte of a stable frame to price      p50 {p50:.1f} ms, "
                  f"p95 {p95:.1f} ms, {len(waits)} weighings")  # fmt: skip
    return 0
