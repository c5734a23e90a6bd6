"""The lock names every package we ask for, by version and hash, and no address."""

import importlib.metadata
import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; [^\\]+)? ?\\$", re.MULTILINE)


def locked() -> dict[str, str]:
    return {found["name"]: found["version"] for found in ENTRY.finditer(LOCK)}


def asked_for() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        asked += group
    return {canonicalize_name(Requirement(line).name) for line in asked}


def test_the_lock_holds_no_address() -> None:
    assert re.findall(r"\S*(?:://|@ |index|find-links)\S*", LOCK) == []


def test_every_entry_has_a_version_and_hashes() -> None:
    for entry in re.split(r"\n(?=\S)", LOCK.strip()):
        assert ENTRY.match(entry), entry.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


def test_everything_the_project_asks_for_is_locked() -> None:
    assert asked_for() - locked().keys() == set()


def test_the_environment_is_what_the_lock_says() -> None:
    elsewhere = {"colorama", "httpx2-jsfetch"}  # Windows, browsers
    installed = {
        name: importlib.metadata.version(name) for name in locked() if name not in elsewhere
    }
    assert installed == {name: locked()[name] for name in installed}
