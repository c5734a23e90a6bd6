"""Door: the audit of every night, as a process of its own beside the server that serves.

The books are read only there, so nothing waits for it; what it finds comes back as text. One run a
day, in the hour before dawn; a server that was down then catches up at its next start.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from backoffice.errors import Exit

DAY_MS = 24 * 3_600_000
AT_MS = 19 * 3_600_000
"""19:00 UTC, three in the morning in China."""
MOST_TOLD = 5


class NightlyAudit:
    """Starts the audit when a night has come, and says what it found when it has ended."""

    def __init__(self, command: Sequence[str], done: Path) -> None:
        """`command` prints the audit's JSON; `done` holds the number of the night last audited."""
        self._command, self._done = command, done
        self._child: subprocess.Popen[bytes] | None = None
        self._night = 0

    def __call__(self, now_ms: int) -> str | None:
        """What was found, "" = nothing; None while there is nothing to tell."""
        night = (now_ms - AT_MS) // DAY_MS
        if self._child is None:
            if night > self._last(night):
                self._start(night)
            return None
        if self._child.poll() is None:
            return None
        return self._ended()

    @property
    def _findings(self) -> Path:
        return self._done.with_suffix(".findings")

    def stop(self) -> None:
        """Ends an audit that is still running; it is begun again at the next start."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait()
            self._child = None

    def _last(self, night: int) -> int:
        """The night last audited; at the very first start this one, for nothing is there yet."""
        with contextlib.suppress(OSError, ValueError):
            return int(self._done.read_text("ascii"))
        self._done.write_text(str(night), "ascii")
        return night

    def _start(self, night: int) -> None:
        self._night = night
        with self._findings.open("wb") as out:
            self._child = subprocess.Popen(
                self._command, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
            )

    def _ended(self) -> str:
        child, self._child = self._child, None
        assert child is not None, "asked before"
        said = self._findings.read_bytes()
        self._done.write_text(str(self._night), "ascii")
        return _told(child.returncode, said)


def _told(code: int, said: bytes) -> str:
    if code == Exit.OK:
        return ""
    try:
        findings = json.loads(said)["findings"]
    except (ValueError, KeyError):
        return f"the audit itself failed with code {code}"
    shown = "; ".join(f"{one['table']} {one['key']}" for one in findings[:MOST_TOLD])
    return f"{len(findings)} findings: {shown}"


def audit_command(state: Path) -> list[str]:
    """The command line of an audit of these books."""
    return [sys.executable, "-m", "backoffice", "--state", str(state), "audit", "--json"]
