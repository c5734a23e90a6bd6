"""What a program loads when it starts: static contracts cannot see a lazy or a foreign import."""

import subprocess
import sys
import tomllib

import pytest

from tests.house.tree import ROOT

DEVICES_AND_SCREENS = {
    "asyncio",
    "paho",
    "pkcs11",
    "serial",
    "smartcard",
    "sqlite3",
    "sqlite_utils",
    "textual",
}


def loaded_by(*modules: str) -> set[str]:
    """Top-level names in `sys.modules` after a fresh Python imported these modules."""
    asked = (
        f"import sys, {', '.join(modules)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    )
    answer = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return set(answer.stdout.split())


def pure_modules() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    [contract] = [one for one in settings["contracts"] if one["name"] == "Pure modules stay pure"]
    return list(contract["source_modules"])


def test_all_pure_modules_together_load_no_door() -> None:
    assert loaded_by(*pure_modules()) & DEVICES_AND_SCREENS == set()


@pytest.mark.parametrize(
    ("modules", "stays_out"),
    [
        (("scale_app.__main__",), {"textual", "paho", "serial", "sqlite3", "card", "backoffice"}),
        (("scale_app.terminal.till",), {"biip", "textual", "click", "sqlite_utils", "structlog"}),
        (
            ("scale_app.tui.app",),
            {"biip", "click", "sqlite_utils", "structlog", "smartcard", "pkcs11"},
        ),
        (("scale_app.customer",), {"sqlite3", "paho", "serial", "card", "cryptography"}),
        (("backoffice.__main__",), {"biip", "textual", "serial", "smartcard", "pkcs11", "card"}),
        (("backoffice.store",), {"textual", "serial", "smartcard", "pkcs11", "card", "scale_app"}),
        (("broker.client",), {"scale_app", "backoffice", "card", "fixtures", "textual", "click"}),
        (("scale_app.weighing.port",), {"textual", "click", "sqlite_utils", "card", "backoffice"}),
    ],
    ids=lambda part: ", ".join(sorted(part)),
)
def test_a_part_loads_only_what_it_needs(modules: tuple[str, ...], stays_out: set[str]) -> None:
    assert loaded_by(*modules) & stays_out == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert {"textual", "asyncio"} <= loaded_by("textual.app")
