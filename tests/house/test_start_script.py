"""`./steelyard` itself, run against a pretend system: what it says, and with which exit code.

Each test gets a copy of the script in a folder of its own. The system's programs it asks
(dpkg-query, apt-get, id, sudo) are little scripts, first on its PATH, so nothing is installed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.house.tree import ROOT

ALL_INSTALLED = "shift 3; for name; do echo $name installed; done"
TMUX_MISSING = "shift 3; for name; do [ $name = tmux ] || echo $name installed; done"


class Checkout:
    """A copy of the start script with a pretend system around it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a chécked-out 店"
        self.programs = folder / "programs"
        self.folder.mkdir()
        self.programs.mkdir()
        for name in ("steelyard", "requirements.lock", "pyproject.toml"):
            shutil.copy2(ROOT / name, self.folder / name)
        self.program("dpkg-query", ALL_INSTALLED)
        self.program("apt-get", "echo no apt-get here >&2; exit 100")

    def program(self, name: str, script: str, folder: Path | None = None) -> Path:
        path = (folder or self.programs) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def make_environment(self) -> None:
        """An environment whose stamp is current and whose programs print how they were called."""
        venv = self.folder / ".steelyard" / "venv"
        for name in ("python", "scale-app", "backoffice"):
            self.program(name, 'echo "$(basename "$0")" "$@"; exit 7', venv / "bin")
        lock = (self.folder / "requirements.lock").read_bytes()
        project = (self.folder / "pyproject.toml").read_bytes().partition(b"\n[tool")[0] + b"\n"
        sums = "".join(f"{hashlib.sha256(part).hexdigest()}  -\n" for part in (lock, project))
        (venv / "steelyard.stamp").write_text(f"{self.folder}\n{sums}")

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.folder / "steelyard", *words],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            stdin=subprocess.DEVNULL,
            env=self.environment(environment),
            timeout=60,
        )

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if "STEELYARD" not in name}
        return {**ours, "PATH": f"{self.programs}:{os.environ['PATH']}", **more}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_help_documents_every_verb_and_exit_code(checkout: Checkout) -> None:
    page = checkout.run("help").stdout
    script = (ROOT / "steelyard").read_text()
    verbs = re.findall(r"^([a-z |-]+)\)", script[script.index("case $verb") :], re.MULTILINE)
    named = {verb.strip() for line in verbs for verb in line.split("|")}
    assert {"demo", "test", "bench", "sim", "doctor", "setup", "scale-app", "backoffice"} <= named
    assert [verb for verb in named if not re.search(rf"^  {verb} ", page, re.MULTILINE)] in (
        [],
        ["-h", "--help"],
        ["--help", "-h"],
    )
    for code in ("0", "1", "2", "69", "75", "78", "130"):
        assert re.search(rf"\b{code} \w", page)


def test_no_word_at_all_prints_the_help(checkout: Checkout) -> None:
    assert checkout.run().stdout == checkout.run("help").stdout


def test_an_unknown_verb_is_wrong_usage(checkout: Checkout) -> None:
    answer = checkout.run("frobnicate")
    assert answer.returncode == 2
    assert answer.stderr.endswith("steelyard: there is no verb 'frobnicate'.\n")


def test_a_prepared_checkout_starts_at_once_and_says_nothing(checkout: Checkout) -> None:
    checkout.make_environment()
    began = time.monotonic()
    answer = checkout.run("setup")
    took = time.monotonic() - began
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert took < 0.3


@pytest.mark.parametrize(
    ("words", "called"),
    [
        (("demo", "--auto"), "python -P -m fixtures demo --auto"),
        (("scale-app", "--state", "a b"), "scale-app --state a b"),
        (("backoffice", "report"), "backoffice report"),
    ],
)
def test_a_verb_runs_its_program_and_hands_back_its_exit_code(
    checkout: Checkout, words: tuple[str, ...], called: str
) -> None:
    checkout.make_environment()
    answer = checkout.run(*words)
    assert (answer.returncode, answer.stdout) == (7, f"{called}\n")


def test_a_verb_not_built_yet_says_so(checkout: Checkout) -> None:
    checkout.make_environment()
    answer = checkout.run("sim")
    assert (answer.returncode, answer.stderr) == (69, "steelyard: 'sim' is not built yet.\n")


def test_without_root_the_exact_line_to_run_is_printed(checkout: Checkout) -> None:
    checkout.program("dpkg-query", TMUX_MISSING)
    checkout.program("id", "echo 1000")
    checkout.program("sudo", "exit 1")
    answer = checkout.run("setup")
    assert answer.returncode == 69
    assert "Run: apt-get install --no-install-recommends tmux" in answer.stderr


def test_an_old_python_is_refused_before_anything_is_installed(checkout: Checkout) -> None:
    checkout.program("dpkg-query", TMUX_MISSING)
    old = '[ "$1" = --version ] && echo Python 3.9.2; exit 1'
    answer = checkout.run("setup", STEELYARD_PYTHON=str(checkout.program("python3.9", old)))
    assert answer.returncode == 69
    assert answer.stderr.splitlines()[-1] == (
        "steelyard: Python 3.9.2 is too old: Steelyard needs Python 3.11 or later."
    )
    assert "missing Debian packages" not in answer.stderr


def test_no_network_is_one_sentence(checkout: Checkout) -> None:
    python = """
    case "$1 $2" in
    --version*) echo Python 3.99 ;;
    "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    "-m pip") echo Temporary failure in name resolution >&2 && exit 1 ;;
    esac"""
    answer = checkout.run("setup", STEELYARD_PYTHON=str(checkout.program("python3.99", python)))
    assert answer.returncode == 69
    assert "the package registry cannot be reached" in answer.stderr.splitlines()[-1]
    assert "Temporary failure" not in answer.stderr
    assert not (checkout.folder / ".steelyard" / "venv" / "steelyard.stamp").exists()


def test_doctor_names_what_is_missing_and_installs_nothing(checkout: Checkout) -> None:
    checkout.program("dpkg-query", TMUX_MISSING)
    answer = checkout.run("doctor")
    assert answer.returncode == 69
    assert re.search(r"^packages +tmux", answer.stderr, re.MULTILINE)
    assert re.search(r"^environment +missing or out of date", answer.stderr, re.MULTILINE)
    assert not (checkout.folder / ".steelyard").exists()


def test_doctor_examines_the_demos_till_unless_another_is_named(checkout: Checkout) -> None:
    checkout.make_environment()
    answer = checkout.run("doctor", "--json")
    assert answer.returncode == 78
    assert "no till is set up here" in answer.stderr
    named = checkout.run("doctor", "--json", STEELYARD_TILL_CONFIG="/etc/till.toml")
    assert (named.returncode, named.stdout) == (7, "scale-app doctor --json\n")
    (checkout.folder / ".steelyard" / "demo").mkdir()
    (checkout.folder / ".steelyard" / "demo" / "till.toml").touch()
    assert checkout.run("doctor").stdout == "scale-app doctor\n"
