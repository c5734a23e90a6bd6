"""What people write stays text, wherever it is shown; a browser that goes away leaves nothing."""

import asyncio
import gc
import html
import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from backoffice.alerts import Alert
from backoffice.web.app import application
from tests.backoffice.web.conftest import Office
from tests.backoffice.web.test_scan import Scanned, scan_of
from tests.backoffice.world import Scale, card_sale, new_op

HOSTILE = ("<script>alert(1)</script>", "'; DROP TABLE sale; --", "X{{7*7}}X", "=cmd|'/c calc'!A1")


@pytest.fixture
def scanned(office: Office) -> Scanned:
    return scan_of(office)


def written_everywhere(office: Office, text: str) -> None:
    """Puts the text into every field that people fill in."""
    world = office.world
    for code in ("S03", "S04"):
        world.command("store.save", code=code, name=text)
    world.command("stall.save", store="S03", code="S03/1", name=text)
    world.command("cashier.save", number=7, name=text)
    row = {"name_zh": text, "name_en": text, "category": text, "origin": text, "batch": text}
    world.command("product.save", plu=1, set=row, by="max")
    world.command("member.add", name=text, note=text, phone="13800000001", by=text, reason=text)
    waste = {"plu": 1, "quantity": 1_000, "supplier": text, "reference": text, "reason": text}
    world.command("stock.add", word="waste", place="S03", rows=[waste], op=new_op().hex(), by=text)
    tender = world.card(5_000)
    world.command("card.block", number=tender.card, blocked=True, reason=text, by=text)
    wishes = {"kind": 2, "level": 0, "opening": 1_000, "valid_to": 20991231, "holder": text}
    held = world.command("card.reserve", chip=new_op().hex(), **wishes)
    world.command("card.activate", number=held["number"], by=text, reason=text)
    scale = Scale(world)
    scale.sign_on()
    other = world.card(5_000)
    op = new_op()
    scale.ask(scale.intent(other, 700, op))
    scale.upload(scale.paid(op, card_sale(other, 700)))
    with world.desk.store.transaction():
        world.desk.store.notes.alert(Alert.CLOCK_SKEW, world.now, terminal="S03-12", detail=text)
        world.desk.store.notes.quarantine(
            b"x", world.now, topic="u/S03-12/s", reason="malformed", detail=text
        )
    world.command("alert.settle", id=1, by=text, reason=text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_on_every_page(scanned: Scanned, text: str) -> None:
    written_everywhere(scanned.office, text)
    scanned.values["form"], scanned.values["kind"] = ["x"], ["x"]  # files are tested elsewhere
    scanned.values["member"].append("2")
    scanned.values["number"] += [str(n) for n in scanned.office.world.desk.store.cards.page(
        1, 0, before=2**62, most=9)]  # fmt: skip
    browser, shown = scanned.office.browser("anna"), set()
    for path in scanned.gets():
        for query in ("", "?show=all&period=year"):
            answer = browser.get(path + query)
            assert answer.status_code in {200, 404, 409}, path
            assert "<script>alert" not in answer.text, path
            assert "X49X" not in answer.text, path
            if text in html.unescape(answer.text):
                shown.add(path)
    assert {"/", "/stores", "/prices", "/log", "/alerts", "/quarantine", "/stock"} <= shown
    assert {"/members", "/members/2"} <= shown
    assert len(shown) >= 10
    assert scanned.office.world.count("sale") >= 3


async def _cut_after_first_piece(office: Office, cookie: bytes, path: str, query: str) -> int:
    """Asks for a file and goes away when the first piece of it comes; pieces that were sent."""
    pieces = 0

    async def receive() -> MutableMapping[str, Any]:
        await asyncio.sleep(0.01 if pieces else 3600)
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal pieces
        if message["type"] == "http.response.body" and message.get("body"):
            pieces += 1
            raise OSError("the browser is gone")

    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
        "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "scheme": "http", "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("office.test", 80), "headers": [(b"host", b"office.test"), (b"cookie", cookie)],
    }  # fmt: skip
    try:
        await application(office.site)(scope, receive, send)
    except Exception:  # noqa: BLE001  the server above us closes the connection
        return pieces
    return pieces


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_a_browser_gone_in_the_middle_of_a_file_leaves_nothing_open(
    scanned: Scanned, form: str
) -> None:
    office = scanned.office
    browser = office.browser("anna")
    cookie = f"steelyard={browser.client.cookies['steelyard']}".encode()
    path, query = f"/reports/sales/{form}", "period=year"
    assert browser.get(f"{path}?{query}").status_code == 200
    gc.collect()
    before = _open_files()
    for _ in range(5):
        assert asyncio.run(_cut_after_first_piece(office, cookie, path, query)) == 1
    gc.collect()
    assert len(_open_files()) <= len(before) + 1
    assert browser.get(f"{path}?{query}").status_code == 200


def _open_files() -> list[str]:
    """What this process has open and is a file."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            where = os.readlink(one)  # noqa: PTH115  Path.readlink of a socket is no path
        except OSError:
            continue
        if where.startswith("/"):
            found.append(where)
    return found
