"""`card`, `broker` and `fixtures` are other people's packages too: ours must be found first."""

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT, python_files


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_imported_from_this_checkout(package: str, tmp_path: Path) -> None:
    asked = f"import {package}; print({package}.__file__)"
    answer = subprocess.run(
        [sys.executable, "-P", "-c", asked],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(answer.stdout.strip()) == ROOT / package / "__init__.py"


@pytest.mark.parametrize("stranger", ["card", "broker", "fixtures", "smartcard", "escpos"])
def test_no_stranger_of_that_name_is_installed(stranger: str) -> None:
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version(stranger)


def test_every_test_folder_is_a_package() -> None:
    """Without `__init__.py`, `import card` inside a test finds `tests/card`."""
    folders = {path.parent for path in python_files() if path.name.startswith("test_")}
    parents = {parent for folder in folders for parent in (folder, *folder.parents)} - {Path()}
    assert [
        folder for folder in sorted(parents) if not (ROOT / folder / "__init__.py").is_file()
    ] == []
