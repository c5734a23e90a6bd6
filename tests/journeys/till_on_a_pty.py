"""The installed till on a pseudo-terminal of its own, piece goods only, where no tmux is wanted."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading
from pathlib import Path

from fixtures.feed import Feed
from tests.running import BIN, RunningOffice

ROWS, COLUMNS = 24, 80
QUICK_TMPFS = 'mount -t tmpfs -o "size=$2" steelyard "$1" && shift 2 && exec "$@"'


def write_settings(file: Path, enrolment: Path, port: int) -> None:
    """till.toml for a till without scale and reader."""
    file.write_text(
        f'[till]\nenrolment = "{enrolment}"\n[reader]\nname = "none"\n'
        f'[broker]\nhost = "127.0.0.1"\nport = {port}\n',
        "utf-8",
    )


def on_small_disk(directory: Path, size: str, words: list[str]) -> list[str]:
    """The command with a small disk of its own mounted at `directory`; nobody else sees it."""
    own = ["--mount"] if os.geteuid() == 0 else ["--mount", "--map-root-user"]
    return ["unshare", *own, "sh", "-c", QUICK_TMPFS, "sh", str(directory), size, *words]


def small_disks_can_be_had() -> bool:
    """False where the kernel or a container forbids a mount of one's own."""
    words = on_small_disk(Path("/mnt"), "64k", ["true"])
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def inside(pid: int, path: Path) -> Path:
    """`path` as the process sees it."""
    return Path(f"/proc/{pid}/root") / path.relative_to("/")


def entering(pid: int) -> list[str]:
    """Words before a command that is to see the disks as the process does.

    SQLite resolves /proc/N/root, a symbolic link, away; so its files are read from within.
    """
    own = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
    return ["nsenter", "--target", str(pid), "--mount", *own]


class TillOnAPty:
    """`scale-app run`; keys in, the feed out, and whatever it wrote on the screen."""

    def __init__(self, settings: Path, state: Path, *, disk: str = "") -> None:
        """Starts it; `disk` = size of a small disk of its own for `state`, empty = none."""
        words = [str(BIN / "scale-app"), "--config", str(settings), "--state", str(state), "run"]
        state.mkdir(exist_ok=True)
        if disk:
            words = on_small_disk(state, disk, words)
        self._near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *words],
            stdin=far,
            stdout=far,
            stderr=far,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
        )
        os.close(far)
        self.screen = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.state = inside(self.process.pid, state) if disk else state
        self.feed = Feed(self.state / "display.sock")

    def _read(self) -> None:
        while True:
            try:
                self.screen += os.read(self._near, 65_536)
            except OSError:
                return

    def keys(self, text: str) -> None:
        """Types."""
        os.write(self._near, text.encode())

    def says(self, code: str, *, wait_s: float = 10.0) -> None:
        """Waits until the till says this sentence."""
        self.feed.wait(
            lambda view: bool(view["message"]) and view["message"]["code"] == code,
            f"the till to say {code}",
            wait_s=wait_s,
        )

    def stop(self) -> None:
        """Ends it as a closed terminal does."""
        self.feed.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self._reader.join(5)
        os.close(self._near)


def till_of(office: RunningOffice, name: str, root: Path, *, disk: str = "") -> TillOnAPty:
    """A till with an office's enrolment, its files under `root`."""
    root.mkdir(exist_ok=True)
    write_settings(root / "till.toml", office.enrolment(name), office.port)
    return TillOnAPty(root / "till.toml", root / "state", disk=disk)
