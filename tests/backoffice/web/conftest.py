"""The office's site over real books, asked as a browser asks; the ticks move when told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from backoffice.commands.table import run_command
from backoffice.handlers.desk import Batch, Desk
from backoffice.passwords import hashed
from backoffice.store import open_store
from backoffice.web.app import application
from backoffice.web.site import Site
from tests.backoffice.world import MASTER, World

PASSWORD = "correct horse battery"
MARKET = (
    (Path(__file__).parents[1] / "world.py")
    .read_text()
    .split('MARKET = """')[1]
    .split('"""')[0]
    .replace('[[terminal]]\nid = "S03-13"\nstore = "S03"', '[[store]]\nid = "S04"\nname = "Hill"\n'
             '[[terminal]]\nid = "S04-01"\nstore = "S04"')
)  # fmt: skip


@dataclass
class Ticks:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Office:
    world: World
    ticks: Ticks
    site: Site
    clients: list[TestClient] = field(default_factory=list)

    def browser(self, name: str = "", *, language: str = "en") -> "Browser":
        client = TestClient(
            application(self.site),
            base_url="http://office.test",
            headers={"accept-language": language, "origin": "http://office.test"},
            follow_redirects=True,
        )
        self.clients.append(client)
        browser = Browser(client)
        if name:
            assert browser.sign_in(name).status_code == 200
        return browser


@dataclass
class Browser:
    client: TestClient

    def get(self, path: str) -> Response:
        answer: Response = self.client.get(path)
        return answer

    def sign_in(self, name: str, password: str = PASSWORD) -> Response:
        said = {"name": name, "password": password, "to": "/"}
        answer: Response = self.client.post("/sign-in", data=said)
        return answer

    def post(self, path: str, **fields: str) -> Response:
        """Posts a form with the secret that stands on our pages."""
        answer: Response = self.client.post(path, data={"csrf": self.csrf(), **fields})
        return answer

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get("/password").text)
        assert found, "every page of somebody signed in has forms"
        return found[1]

    def sure(self, path: str, **fields: str) -> Response:
        asked = self.post(path, **fields)
        assert "Are you sure?" in asked.text, asked.text
        return self.post(path, **fields, sure="1")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    world, ticks = World(tmp_path, MARKET), Ticks()
    kept = hashed(PASSWORD)
    for name, role, stores in (
        ("anna", "owner", []),
        ("max", "manager", []),
        ("li", "store", ["S03"]),
        ("desk", "desk", []),
        ("rita", "auditor", []),
    ):
        world.command("person.save", name=name, role=role, stores=stores, password=kept)

    def change(name: str, said: dict[str, object]) -> dict[str, object]:
        # As the pages do it: by a writer of its own, not by the connection of this test's thread.
        writer = Desk(open_store(world.path), MASTER, bytes(32), world.desk.new_token)
        try:
            return run_command(writer, name, said, Batch(), now=world.now)
        finally:
            writer.store.close()
            world.desk.forget()

    site = Site(world.path, change, clock=lambda: world.now, ticks=ticks)
    made = Office(world, ticks, site)
    yield made
    for client in made.clients:
        client.close()
