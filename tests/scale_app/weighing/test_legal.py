"""The legally relevant modules are named, complete, and known by one digest."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from scale_app.weighing import legal

WEIGHING = Path(legal.__file__).parent


def test_every_module_of_weighing_is_legally_relevant() -> None:
    named = {file for _, file in legal.sources()}
    assert set(WEIGHING.rglob("*.py")) <= named
    names = [name for name, _ in legal.sources()]
    assert {"broker.units", "scale_app.weighing", "scale_app.weighing.protocols.st_gs"} <= {*names}
    assert len(set(names)) == len(names)


def test_the_digest_is_over_names_and_sources() -> None:
    total = hashlib.sha256()
    for name, file in legal.sources():
        total.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    assert legal.digest() == total.digest()
    assert legal.identification() == total.hexdigest()[:12]


def test_one_byte_of_one_module_changes_the_digest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = legal.digest()
    changed = tmp_path / "gate.py"
    changed.write_bytes((WEIGHING / "gate.py").read_bytes() + b"#")
    others = [(n, changed if n.endswith(".gate") else file) for n, file in legal.sources()]
    monkeypatch.setattr(legal, "sources", lambda: others)
    legal.digest.cache_clear()
    try:
        assert legal.digest() != before
    finally:
        legal.digest.cache_clear()


def test_reading_the_modules_loads_no_device_and_no_database() -> None:
    asked = (
        "import sys; from scale_app.weighing import legal; legal.digest();"
        "print(*({'serial', 'sqlite3', 'textual', 'paho', 'smartcard'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
