"""The units are what systemd takes, and say what a supervisor needs to know."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice.units import WATCHDOG_S, Place, unit_texts

BACKOFFICE = Path(sys.executable).with_name("backoffice")
PLACE = Place(str(BACKOFFICE), "/etc/steelyard/office.toml", "/var/backups/steelyard", user="root")


def read(text: str) -> configparser.ConfigParser:
    made = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    made.optionxform = str  # type: ignore[assignment, method-assign]
    made.read_string(text)
    return made


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    for name, text in unit_texts(PLACE).items():
        (tmp_path / name).write_text(text)
    files = sorted(str(one) for one in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = [
        line for line in done.stderr.splitlines() if str(tmp_path) in line or "steelyard" in line
    ]
    assert (done.returncode, said) == (0, [])


def test_systemd_would_find_a_wrong_one(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    text = unit_texts(PLACE)["steelyard-office.service"].replace(str(BACKOFFICE), "/nowhere/office")
    (tmp_path / "steelyard-office.service").write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "steelyard-office.service")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "/nowhere/office" in done.stderr


def test_long_running_services_are_watched_and_hardened() -> None:
    texts = unit_texts(PLACE)
    for name in ("steelyard-office.service", "steelyard-web.service"):
        service = read(texts[name])["Service"]
        assert (service["Type"], service["WatchdogSec"]) == ("notify", str(WATCHDOG_S))
        assert (service["Restart"], service["NoNewPrivileges"]) == ("always", "yes")
        assert (service["ProtectSystem"], service["StateDirectory"]) == ("strict", "steelyard")
        assert service["ReadWritePaths"] == "/var/backups/steelyard"


def test_the_command_writes_them(tmp_path: Path) -> None:
    words = [str(BACKOFFICE), "units", str(tmp_path / "units"), "--user", "market"]
    subprocess.run(words, check=True, capture_output=True, timeout=60)
    written = {one.name: one.read_text() for one in (tmp_path / "units").iterdir()}
    assert set(written) == set(unit_texts(PLACE))
    assert f"ExecStart={BACKOFFICE} serve" in written["steelyard-office.service"]
    assert "User=market" in written["steelyard-web.service"]
    bad = subprocess.run(
        [*words, "--backups", "/a b"], check=False, capture_output=True, text=True, timeout=60
    )
    assert (bad.returncode, "cannot stand in a unit" in bad.stderr) == (2, True)
