"""An assistant sees what its person sees, over the real protocol where it is installed."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from backoffice.errors import Refused, UsageFault
from backoffice.mcp_tools import Tools
from backoffice.store import open_read_only
from backoffice.words import translator
from tests.backoffice.cli.test_commands import Desk, desk, refusal
from tests.backoffice.world import Scale, World

__all__ = ["desk"]
PASSWORD = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"


def tools(world: World, name: str, role: str, *stores: str) -> Tools:
    world.command("person.save", name="own", role="owner", stores=[], password=PASSWORD)
    if name != "own":
        world.command("person.save", name=name, role=role, stores=stores, password=PASSWORD)
    return Tools(
        lambda: open_read_only(world.path), name, "en", translator("en"), lambda: world.now
    )


def test_a_report_is_that_of_the_command_line(world: World) -> None:
    Scale(world).pay(world.card(opening=5_000), 840)
    asked = tools(world, "own", "owner")
    told = asked.report("by-tender", first_day="2026-11-24", last_day="2026-11-24")
    assert (told["total"]["amount"], told["currency"], told["cut"]) == (840, "CNY", False)
    assert asked.report("by-tender", period="yesterday")["rows"] == []
    names = {one["name"] for one in asked.list_reports()["reports"]}
    assert {"by-tender", "by-product", "by-store"} <= names
    json.dumps([told, asked.list_reports()])


def test_who_is_tied_to_a_store_sees_it_alone(world: World) -> None:
    Scale(world).pay(world.card(opening=5_000), 840)
    asked = tools(world, "lin", "store", "S03")
    assert asked.report("by-store", period="today")["total"]["amount"] == 840
    with pytest.raises(UsageFault, match="may see"):
        asked.report("by-store", filters={"store": "S99"})


def test_who_may_not_look_or_is_suspended_sees_nothing(world: World) -> None:
    with pytest.raises(Refused, match="does not allow"):
        tools(world, "mei", "desk").report("by-tender")
    asked = tools(world, "lin", "store", "S03")
    asked.list_reports()
    world.command("person.suspend", name="lin", suspended=True)
    for ask in (asked.list_reports, lambda: asked.report("by-tender")):
        with pytest.raises(Refused, match="does not allow"):
            ask()


def test_what_makes_no_sense_is_said(world: World) -> None:
    asked = tools(world, "own", "owner")
    with pytest.raises(UsageFault, match="no report"):
        asked.report("x'; DROP TABLE sale")
    with pytest.raises(UsageFault):
        asked.report("by-tender", first_day="yesterday")


def test_without_the_package_it_says_what_to_install(desk: Desk) -> None:
    words = ("user", "add", "lin", "--role", "owner", "--password-stdin")
    assert desk.run(*words, typed="correct horse battery\n").returncode == 0
    assert refusal(desk.run("mcp", "--as", "mei"))[0] == 1
    if importlib.util.find_spec("mcp") is not None:
        pytest.skip("mcp is installed")
    code, said = refusal(desk.run("mcp", "--as", "lin"))
    assert (code, "steelyard[mcp]" in said) == (69, True)


def test_the_real_protocol_lists_and_calls(desk: Desk) -> None:
    pytest.importorskip("mcp")
    words = ("user", "add", "lin", "--role", "owner", "--password-stdin")
    assert desk.run(*words, typed="correct horse battery\n").returncode == 0
    program = Path(__file__).parent / "mcp_client.py"
    assert program.exists()
    done = subprocess.run(
        [sys.executable, str(program), str(desk.config), str(desk.folder / "state")],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["tools"] == ["list_reports", "report"]
    assert told["report"]["report"] == "by-tender"
    assert told["wrong"] is True
