"""First frame, memory and key to frame in a real pseudo-terminal; printed, goals not gated.

Goals: first frame within 0.4 s and 64 MB, key to frame p99 within 30 ms with the weight
redrawn ten times a second. A loaded machine may miss them; what is gated is that it works at all.
"""

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parents[3]
COLUMNS, ROWS = 80, 24
KEYS = 60
PATIENCE_S = 10.0


class Terminal:
    """A pseudo-terminal with a till in it; answers the cursor question as a terminal does."""

    def __init__(self, master: int, child: subprocess.Popen[bytes], born: float) -> None:
        self.master, self.child, self.born = master, child, born
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self.cells_of_a_box_character = 1

    def read(self, timeout_s: float) -> bytes:
        if not select.select([self.master], [], [], timeout_s)[0]:
            return b""
        try:
            got = os.read(self.master, 65536)
        except OSError:
            return b""
        self._stream.feed(re.sub(rb"\x1b\[[<>=?][0-9;]*[a-zA-Z$]*", b"", got))
        if b"\x1b[6n" in got:
            os.write(self.master, b"\x1b[1;%dR" % (1 + self.cells_of_a_box_character))
        return got

    def until(self, word: bytes) -> float:
        """Seconds until `word` is drawn."""
        begun, got = time.perf_counter(), b""
        while time.perf_counter() - begun < PATIENCE_S:
            got += self.read(0.05)
            if word in got:
                return time.perf_counter() - begun
        raise AssertionError(f"{word!r} was never drawn; the screen:\n{self.text()}")

    def until_shown(self, word: str) -> None:
        """Read until `word` stands on the screen."""
        deadline = time.monotonic() + PATIENCE_S
        while word not in self.text():
            assert time.monotonic() < deadline, f"{word!r} never came:\n{self.text()}"
            self.read(0.05)

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def memory_mb(self) -> float:
        status = Path(f"/proc/{self.child.pid}/status").read_text("ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found.group(1)) / 1024


@contextmanager
def terminal(environment: dict[str, str] | None = None) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
    born = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.scale_app.tui.till_in_a_pty"],
        stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=env, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(master, child, born)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
        os.close(master)


def ended(shell: Terminal) -> int:
    """Exit code, with what the child still had to say read out."""
    deadline = time.monotonic() + PATIENCE_S
    while shell.child.poll() is None and time.monotonic() < deadline:
        shell.read(0.02)
        time.sleep(0.01)
    assert shell.child.returncode is not None, "the till did not end"
    return shell.child.returncode


def test_the_till_starts_answers_keys_and_ends_in_a_real_terminal() -> None:
    with terminal() as shell:
        shell.until(b"TOTAL")
        first_frame_s = time.perf_counter() - shell.born
        shell.until(b"STABLE")
        waits = []
        for number in range(1, KEYS + 1):
            time.sleep(0.017)
            while shell.read(0):
                pass
            os.write(shell.master, b"1")
            waits.append(shell.until(b"KEY-%04d-SEEN" % number) * 1000)
        memory_mb = shell.memory_mb()
        os.write(shell.master, b"\x1b[21~")
        assert ended(shell) == 0
    waits.sort()
    print(  # noqa: T201 - figures for people, kept by pytest -s
        f"\nfirst frame {first_frame_s:.3f} s | memory {memory_mb:.0f} MB | key to frame "
        f"p50 {statistics.median(waits):.1f} ms, p99 {waits[int(len(waits) * 0.99)]:.1f} ms"
    )
    assert max(waits) < PATIENCE_S * 1000


def test_a_stop_signal_leaves_the_terminal_as_it_was() -> None:
    with terminal() as shell:
        shell.until(b"STABLE")
        shell.child.send_signal(signal.SIGTERM)
        got = b""
        while shell.child.poll() is None:
            got += shell.read(0.05)
        got += shell.read(0.05)
        assert shell.child.returncode == 0
        assert b"\x1b[?1049l" in got


def test_the_till_ends_when_its_terminal_goes_away_without_a_signal() -> None:
    with terminal() as shell:
        shell.until(b"STABLE")
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, shell.master)
        os.close(nothing)
        assert shell.child.wait(PATIENCE_S) is not None


def test_without_colours_the_words_and_numbers_are_drawn() -> None:
    with terminal({"NO_COLOR": "1"}) as shell:
        for word in ("MEMBER PRICE", "TOTAL CNY 17.30", "BASKET"):
            shell.until_shown(word)


def test_a_terminal_that_draws_box_characters_wide_gets_plain_digits() -> None:
    with terminal() as shell:
        shell.cells_of_a_box_character = 2
        shell.until_shown("TOTAL CNY 17.30")
        assert "━" not in shell.text()
        assert "|_|" in shell.text()
