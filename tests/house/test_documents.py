"""README and docs are true: links lead somewhere, named files exist, shown commands run.

A fenced block marked `console` holds commands after `$` and what they print; a line `...` stands
for any lines. Every command is run, unless a comment just above the block says `not run`.
"""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.tree import ROOT, project_files

PAGES = [path for path in project_files() if path.suffix == ".md"]
BLOCK = re.compile(r"(?P<above>[^\n]*)\n```console\n(?P<lines>.*?)\n```", re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)#]+)[^)]*\)")
FILE = re.compile(
    r"`(?P<path>(?:scale_app|card|backoffice|broker|fixtures|tests|docs|\.ci)/[\w./-]*)`"
)

HOP = re.compile(r"^\| \d+ \| `(?P<name>\w+)` \| `(?P<path>[\w/]+\.py)` \|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One command of a page with the output shown under it."""

    page: Path
    command: str
    output: tuple[str, ...]


def shown_commands(page: Path) -> list[Shown]:
    found: list[Shown] = []
    for block in BLOCK.finditer((ROOT / page).read_text()):
        if "not run" in block["above"]:
            continue
        for part in re.split(r"^\$ ", block["lines"], flags=re.MULTILINE)[1:]:
            command, *output = part.rstrip("\n").split("\n")
            found.append(Shown(page, command, tuple(output)))
    return found


def matches(output: tuple[str, ...], printed: str) -> bool:
    pattern = "".join(
        r"(?:.*\n)*" if line == "..." else re.escape(line) + r" *\n" for line in output
    )
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize(
    "shown",
    [shown for page in PAGES for shown in shown_commands(page)],
    ids=lambda shown: f"{shown.page}: {shown.command}",
)
def test_a_command_on_a_page_prints_what_the_page_shows(shown: Shown) -> None:
    ran = subprocess.run(
        shlex.split(shown.command, comments=True),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    assert not shown.output or matches(shown.output, ran.stdout), ran.stdout


def test_the_readme_shows_commands_and_some_are_run() -> None:
    assert shown_commands(Path("README.md"))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_on_a_page_leads_to_a_file(page: Path) -> None:
    targets = [found["target"] for found in LINK.finditer((ROOT / page).read_text())]
    inside = [target for target in targets if "://" not in target]
    assert [target for target in inside if not (ROOT / page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_file_a_page_names_exists(page: Path) -> None:
    named = {found["path"] for found in FILE.finditer((ROOT / page).read_text())}
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_hop_of_a_sale_is_a_function_that_is_there() -> None:
    hops = HOP.findall((ROOT / "docs" / "architecture.md").read_text())
    assert len(hops) > 20
    lost = [
        f"{name} in {path}"
        for name, path in hops
        if not re.search(rf"^ *def {name}\(", (ROOT / path).read_text(), re.MULTILINE)
    ]
    assert lost == []
