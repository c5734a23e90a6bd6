"""Every route, with each role: nobody reads a row outside his scope, whatever he puts in the URL.

The scan takes the routes from the application itself; a route with a parameter that the scan does
not know fails it, so that none is forgotten.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from httpx2 import Response
from python_calamine import CalamineWorkbook
from starlette.routing import Route

from backoffice.alerts import Alert
from backoffice.reports.all import REPORTS
from backoffice.web.app import application
from tests.backoffice.web.conftest import PASSWORD, Browser, Office
from tests.backoffice.web.test_api import key_for
from tests.backoffice.world import Scale, cash_sale, new_op

OTHERS = ("S04", "Hill", "678.90", "67890", "678.9", "hidden detail")
"""What only the rows of the other store hold."""
WITHIN = {200, 403, 404, 405, 409}


@dataclass
class Scanned:
    office: Office
    values: dict[str, list[str]]
    """Parameter of a path -> values worth a try, those of the other store among them."""

    def gets(self) -> Iterator[str]:
        """Every address that can be asked for."""
        for route in routes(self.office):
            is_page = not route.path.startswith("/api/") and route.path != "/today/live"
            if "GET" in (route.methods or ()) and is_page:
                yield from self._filled(route.path)

    def of_programs(self) -> Iterator[str]:
        """Every address for programs."""
        for route in routes(self.office):
            if route.path.startswith("/api/"):
                yield from self._filled(route.path)

    def posts(self) -> Iterator[str]:
        """Every address that a form goes to."""
        for route in routes(self.office):
            if "POST" in (route.methods or ()):
                yield from self._filled(route.path)

    def _filled(self, path: str) -> Iterator[str]:
        names = re.findall(r"{(\w+)", path)
        if not names:
            yield path
            return
        for value in self.values[names[0]]:
            yield from self._filled(re.sub(rf"{{{names[0]}[^}}]*}}", value, path))


def routes(office: Office) -> list[Route]:
    return [one for one in application(office.site).routes if isinstance(one, Route)]


@pytest.fixture
def scanned(office: Office) -> Scanned:
    return scan_of(office)


def scan_of(office: Office) -> Scanned:
    """An office with rows of all sorts in both stores."""
    world, uids = office.world, []
    for code, amount in (("S03-12", 12_345), ("S04-01", 67_890)):
        scale, op = Scale(world, code), new_op()
        scale.sign_on()
        scale.upload(scale.paid(op, cash_sale(amount)))
        scale.send("s", b"\x93rubbish")
        uids.append(op.hex())
    with world.desk.store.transaction():
        for code in ("S03-12", "S04-01", ""):
            detail = "hidden detail" if code != "S03-12" else "own detail"
            world.desk.store.notes.alert(Alert.CLOCK_SKEW, world.now, terminal=code, detail=detail)
    for n, place in enumerate(("S03", "S04")):
        supplier = "hidden detail" if n else "own"
        cost = 67_890 if n else 500
        row = {"plu": 1, "quantity": 2_000, "cost": cost, "supplier": supplier}
        said = {"word": "in", "rows": [row], "op": new_op().hex(), "by": "max"}
        world.command("stock.add", place=place, **said)
    world.command("member.add", name="hidden detail", by="max")
    card = str(world.card(1_000).card)
    for name, role in (("tied", "auditor"),):
        kept = world.desk.store.people.get("rita")
        assert kept is not None
        said = {"name": name, "role": role, "stores": ["S03"], "password": kept.password}
        world.command("person.save", **said)
    values = {
        "name": [*REPORTS, "nothing"],
        "form": ["csv", "json", "xlsx", "exe"],
        "kind": ["csv", "xlsx", "exe"],
        "uid": [*uids, "00" * 16, "x"],
        "number": [card, "1", "x"],
        "plu": ["1", "new", "999", "x"],
        "id": ["1", "x"],
        "member": ["1", "999", "x"],
    }
    return Scanned(office, values)


def text_of(answer: Response) -> str:
    if answer.headers.get("content-type", "").endswith("sheet"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
        return repr([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    return unescape(answer.text)


def test_the_scan_knows_every_parameter_of_every_route(scanned: Scanned) -> None:
    names = {name for one in routes(scanned.office) for name in re.findall(r"{(\w+)", one.path)}
    assert names <= scanned.values.keys()
    assert len(list(scanned.gets())) > 60


@pytest.mark.parametrize("name", ["li", "tied"])
def test_who_is_tied_to_a_store_reads_nothing_of_another(scanned: Scanned, name: str) -> None:
    browser = scanned.office.browser(name)
    for path in scanned.gets():
        for query in ("", "?show=all&period=year"):
            answer = browser.get(path + query)
            found = [word for word in OTHERS if word in text_of(answer)]
            assert answer.status_code in WITHIN, path + query
            assert not found, (path + query, found)
    assert "123.45" in browser.get("/").text


@pytest.mark.parametrize("name", ["li", "tied"])
def test_a_program_with_their_key_reads_no_more(scanned: Scanned, name: str) -> None:
    office, client = scanned.office, scanned.office.browser().client
    key = key_for(office, name)
    for path in scanned.of_programs():
        for query in ("", "?all=true", "?period=year"):
            answer = client.get(path + query, headers=key)
            found = [word for word in OTHERS if word in answer.text]
            assert answer.status_code in {200, 400, 403, 404}, path
            assert not found, (path + query, found)


@pytest.mark.parametrize("name", ["li", "tied"])
@pytest.mark.parametrize(
    "query", ["store=S04", "terminal=S04-01", "store=S03,S04", "store=%25", "store=S03&store=S04"]
)
def test_another_store_in_the_address_is_refused(scanned: Scanned, name: str, query: str) -> None:
    browser = scanned.office.browser(name)
    for report in REPORTS:
        for path in (f"/reports/{report}", f"/reports/{report}/csv", f"/reports/{report}/json"):
            answer = browser.get(f"{path}?{query}")
            answered = text_of(answer).replace("no store S04", "").replace("store S03,S04", "")
            amounts = [word for word in ("678.90", "67890", "Hill") if word in answered]
            assert answer.status_code in {200, 404, 409}, (path, query)
            assert not amounts, (path, query, amounts)


def test_a_receipt_of_another_store_is_not_there(scanned: Scanned) -> None:
    own, other, *_ = scanned.values["uid"]
    browser = scanned.office.browser("li")
    assert browser.get(f"/reports/receipt/{own}").status_code == 200
    assert browser.get(f"/reports/receipt/{other}").status_code == 404
    assert scanned.office.browser("anna").get(f"/reports/receipt/{other}").status_code == 200


@pytest.mark.parametrize("name", ["anna", "max", "li", "desk", "rita", "tied"])
def test_no_address_breaks_with_any_role(scanned: Scanned, name: str) -> None:
    browser = scanned.office.browser(name)
    for path in scanned.gets():
        assert browser.get(path).status_code in WITHIN, path


@pytest.mark.parametrize("name", ["li", "rita", "tied"])
def test_who_only_reads_changes_nothing_by_any_form(scanned: Scanned, name: str) -> None:
    browser, world = scanned.office.browser(name), scanned.office.world
    before = (world.desk.store.office.last(), world.count("settlement"))
    fields = {
        "till": "S04-01", "suspended": "1", "id": "2", "reason": "x", "name": "max",
        "role": "owner",
        "move": "2", "level": "1", "phone": "13800000002",
        "what": "block", "amount": "1", "based_on": "1", "price": "9", "sure": "1",
        "password": PASSWORD,
    }  # fmt: skip
    for path in scanned.posts():
        if path in ("/sign-in", "/sign-out", "/language", "/password"):
            continue
        answer = browser.post(path, **fields)
        assert answer.status_code in {200, 403, 404, 409}, path
    assert (world.desk.store.office.last(), world.count("settlement")) == before


def test_a_stranger_reads_nothing(scanned: Scanned) -> None:
    browser = Browser(scanned.office.browser().client)
    for path in scanned.gets():
        answer = browser.client.get(path, follow_redirects=False)
        assert answer.status_code in {200, 303, 401, 404}, path
        if answer.status_code == 200:
            assert path == "/sign-in", path
