"""A real broker and a real back-office of a test's own, by the installed commands."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from fixtures.local_broker import LocalBroker
from fixtures.ports import free_port

BIN = Path(sys.executable).parent
MARKET = """
[organisation]
name = "Test Market"
currency = "CNY"
exponent = 2
zone = "Asia/Shanghai"
cutoff_hour = 4
issuer = 6200
levels = ["shelf", "silver"]

[[store]]
id = "S03"
name = "Store three"

[[cashier]]
number = 7
name = "Zhang San"

[[product]]
plu = 1
name_zh = "苹果"
name_en = "Apple"
base = "kg"
prices = ["6.80", "6.46"]
key = "1"

[[product]]
plu = 2
name_zh = "土豆"
name_en = "Potato"
base = "500g"
prices = ["1.25"]
key = "2"

[[product]]
plu = 9
name_zh = "鸡蛋"
name_en = "Eggs"
base = "pc"
prices = ["0.98"]
key = "9"
"""


class RunningOffice:
    """Broker and back-office with `terminals` scales enrolled, all under `root`."""

    def __init__(self, root: Path, terminals: int = 1, settings: str = "") -> None:
        self.root, self.settings = root, settings
        self.names = [f"T{number}" for number in range(1, terminals + 1)]
        self.port = free_port()
        self.broker_dir = root / "broker"
        self.state = root / "office"
        self._office: subprocess.Popen[bytes] | None = None
        self.broker = LocalBroker(self.broker_dir, self.port)

    def words(self, *words: str) -> list[str]:
        """The `backoffice` command line for these words."""
        settings = ["--config", str(self.root / "office.toml"), "--state", str(self.state)]
        return [str(BIN / "backoffice"), *settings, *words]

    def command(self, *words: str) -> str:
        """Runs a `backoffice` command; its standard output.

        Raises:
            AssertionError: it did not end 0; with what it said.
        """
        done = subprocess.run(
            self.words(*words), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *words: str) -> object:
        """What a command prints with --json."""
        return json.loads(self.command(*words, "--json"))

    def card(self, balance: str) -> int:
        """A new stored-value card without a chip."""
        words = ["card", "issue", "--no-chip", "--kind", "stored", "--balance", balance]
        return int(self.command(*words).strip().replace(" ", "").split()[-1])

    def enrolment(self, name: str) -> Path:
        """Where a scale's certificate and keys are."""
        return self.root / "enrolment" / name

    def prepare(self) -> None:
        """Writes the settings, applies the market and enrols the scales."""
        rows = [f'[[terminal]]\nid = "{n}"\nstore = "S03"\nstall = "Stall {n}"' for n in self.names]
        market = self.root / "market.toml"
        market.write_text(MARKET + "\n".join(rows), "utf-8")
        office = f'[broker]\nhost = "127.0.0.1"\nport = {self.port}\n{self.settings}'
        (self.root / "office.toml").write_text(office, "utf-8")
        self.command("apply", str(market))
        self.command("broker", "config", "--out", str(self.broker_dir), "--port", str(self.port))
        for name in self.names:
            self.command("terminal", "enrol", name, "--out", str(self.enrolment(name)))

    def start_office(self) -> None:
        """Starts `backoffice serve` and waits until it is connected."""
        log = (self.root / "office.log").open("ab")
        words = ["setpriv", "--pdeathsig", "KILL", *self.words("serve")]
        with log:
            self._office = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + 15
        while not (self.state / "office.sock").exists():
            assert self._office.poll() is None, (self.root / "office.log").read_text()
            assert time.monotonic() < until, "the back-office did not start"
            time.sleep(0.02)

    @property
    def office_pid(self) -> int:
        """Process id of the running back-office."""
        assert self._office is not None
        return self._office.pid

    def kill_office(self) -> None:
        """kill -9."""
        assert self._office is not None
        self._office.send_signal(signal.SIGKILL)
        self._office.wait(10)
        with contextlib.suppress(FileNotFoundError):
            (self.state / "office.sock").unlink()

    def end_office(self) -> None:
        """SIGTERM, and waits for its end."""
        if self._office is not None:
            self._office.terminate()
            try:
                self._office.wait(10)
            except subprocess.TimeoutExpired:
                self._office.kill()
                self._office.wait(10)

    def __enter__(self) -> Self:
        os.environ.pop("STEELYARD_OFFICE_CONFIG", None)
        self.prepare()
        self.broker.start()
        self.start_office()
        return self

    def __exit__(self, *_: object) -> None:
        self.end_office()
        self.broker.stop()
