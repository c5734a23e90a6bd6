"""The import contracts of pyproject.toml see what they must see, and every module is placed."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import PACKAGES, ROOT, module_name, python_files

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["name"]: contract for contract in SETTINGS["contracts"]}

# Everything that is not pure, and why. A name stands for all below it.
IMPURE = {
    "fixtures": "the pretend world: devices, children, links",
    "broker.client": "door: MQTT",
    "card.keyring": "door: PKCS#11",
    "card.pcsc": "door: PC/SC, with its threads",
    "scale_app.__main__": "composition root",
    "scale_app.cli": "verbs of the command line: lock, logs, exits",
    "scale_app.config": "reads the configuration file",
    "scale_app.customer": "the customer's screen: reads a socket, draws",
    "scale_app.display": "door: the socket that feeds the customer's screen",
    "scale_app.journal": "door: the till's database",
    "scale_app.printer": "door: where receipts go",
    "scale_app.shift": "adds up what the journal holds",
    "scale_app.terminal": "the shell: core thread, clock, journal and doors",
    "scale_app.tui": "door: the terminal",
    "scale_app.weighing.legal": "reads the sources of the legally relevant modules",
    "scale_app.weighing.port": "door: the serial port, with its thread",
    "scale_app.weighing.raw_line": "a line without a protocol, over the port's door",
    "scale_app.words": "reads the catalogues",
    "backoffice.__main__": "composition root",
    "backoffice.anchors": "door: the file of signed anchors",
    "backoffice.backups": "door: copies of the books",
    "backoffice.beside": "reads the store and files beside the loop",
    "backoffice.card_desk": "reads the books, notes what was changed",
    "backoffice.chip_moves": "keys and a card on a reader",
    "backoffice.cli": "wires the doors for one command",
    "backoffice.command_socket": "door: the local socket for commands",
    "backoffice.commands": "change the books in the store",
    "backoffice.config": "reads the configuration file",
    "backoffice.demo": "books through the handlers, into the store",
    "backoffice.deliver": "reads the store and talks to the outside",
    "backoffice.enrolment": "writes a terminal's certificates and keys",
    "backoffice.handlers": "message and store to answer",
    "backoffice.http_post": "door: other programs by HTTP",
    "backoffice.issuing": "keys and a card reader",
    "backoffice.purse_desk": "keys and a card on a reader",
    "backoffice.lock": "door: the file lock",
    "backoffice.log": "writes to stderr",
    "backoffice.mailer": "door: mail by SMTP",
    "backoffice.mcp_tools": "reads the store",
    "backoffice.metrics": "door: the page for Prometheus, with its thread",
    "backoffice.migrations": "the store's schema, step by step",
    "backoffice.passwords": "door: argon2, with its own salts",
    "backoffice.pinyin": "door: pypinyin, which reads its tables",
    "backoffice.price_lists": "change the books in the store",
    "backoffice.product_view": "reads the store",
    "backoffice.pki": "door: certificates, as files",
    "backoffice.reading_copy": "door: a copy of the books",
    "backoffice.replay": "changes the books in the store",
    "backoffice.reports": "read the store",
    "backoffice.nightly": "door: the audit's process",
    "backoffice.second_journal": "door: the second journal's file",
    "backoffice.second_signature": "reads the store, asks argon2",
    "backoffice.secrets_file": "door: secrets, as files",
    "backoffice.server": "the ingest loop, its sockets and its clock",
    "backoffice.sheet_files": "door: calamine, xlsxwriter",
    "backoffice.store": "door: the database",
    "backoffice.supervised": "door: the supervisor's socket",
    "backoffice.tac": "asks the key token",
    "backoffice.web": "door: pages for browsers",
    "backoffice.words": "reads the catalogues",
}


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [command, "--no-cache"], cwd=tree, check=False, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def copied_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for path in python_files():
        if path.parts[0] in PACKAGES:
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, tree / path)
    return tree


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("card/status.py", "import broker.units", "The two programs and the pretend world"),
        ("scale_app/view.py", "import backoffice.ledger", "The two programs and the pretend world"),
        (
            "backoffice/ledger.py",
            "import fixtures.market",
            "The two programs and the pretend world",
        ),
        (
            "backoffice/ledger.py",
            "import card.status",
            "In the back-office only issuing, chip_moves",
        ),
        ("broker/pricing.py", "import broker.client", "Pure modules stay pure"),
        ("card/layout.py", "from card import keyring", "Pure modules stay pure"),
        ("scale_app/catalog.py", "import textual", "Pure modules stay pure"),
        ("backoffice/accounts.py", "import sqlite_utils", "Door: sqlite-utils"),
    ],
)
def test_a_forbidden_import_is_caught_and_named(
    copied_tree: Path, module: str, line: str, broken: str
) -> None:
    source = (copied_tree / module).read_text()
    (copied_tree / module).write_text(f"{source}\n{line}\n")
    try:
        answer = lint(copied_tree)
    finally:
        (copied_tree / module).write_text(source)
    assert answer.returncode == 1
    assert [row for row in answer.stdout.splitlines() if row.startswith(broken) and "BROKEN" in row]


def test_every_module_is_pure_or_says_why_not() -> None:
    placed = {*CONTRACTS["Pure modules stay pure"]["source_modules"], *IMPURE}
    modules = {module_name(path) for path in python_files() if path.parts[0] in PACKAGES}
    below = tuple(f"{name}." for name in placed)
    unplaced = {name for name in modules if name not in placed and not name.startswith(below)}
    # A package above placed modules holds nothing itself; the hygiene test imports it.
    parents = {name for name in unplaced if any(child.startswith(f"{name}.") for child in placed)}
    assert sorted(unplaced - parents) == []


def test_nothing_is_placed_that_is_not_there() -> None:
    modules = {module_name(path) for path in python_files()}
    pure = set(CONTRACTS["Pure modules stay pure"]["source_modules"])
    assert pure & IMPURE.keys() == set()
    assert sorted((pure | IMPURE.keys()) - modules) == []
