"""The checkout as git sees it: what these tests walk over."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("scale_app", "card", "backoffice", "broker", "fixtures")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is tracked, or new and not ignored, relative to the checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (Path(name) for name in sorted(set(listed.split("\0"))) if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


@cache
def python_files() -> tuple[Path, ...]:
    """Our Python files, programs and tests alike."""
    return tuple(path for path in project_files() if path.suffix == ".py")


def module_name(path: Path) -> str:
    """`card/__init__.py` -> `card`, `card/mac.py` -> `card.mac`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
