"""What somebody hostile tries: stolen and forged sessions, forged hosts, floods, long bodies.

Names of threats as in the OWASP cheat sheets on session management, CSRF and authentication.
"""

import asyncio
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from backoffice.store import open_read_only
from backoffice.web.app import application
from backoffice.web.gate import MOST_BYTES
from backoffice.web.session import IDLE_S, LONGEST_S
from backoffice.web.throttle import FREE, FREE_OF_ADDRESS, MOST, Throttle
from tests.backoffice.web.conftest import PASSWORD, Browser, Office

FORM = {"content-type": "application/x-www-form-urlencoded"}


def another(office: Office, **changed: Any) -> Browser:
    """A browser at the same office, served in another way."""
    site = replace(office.site, **changed)
    scheme = "https" if site.secure else "http"
    base = f"{scheme}://office.test"
    client = TestClient(application(site), base_url=base, headers={"origin": base})
    office.clients.append(client)
    return Browser(client)


def test_a_session_named_by_somebody_else_is_never_signed_in(office: Office) -> None:
    browser = office.browser()
    browser.client.cookies.set("steelyard", "chosen-by-a-thief")
    browser.sign_in("anna")
    thief = office.browser()
    thief.client.cookies.set("steelyard", "chosen-by-a-thief")
    assert thief.get("/tills").url.path == "/sign-in"
    assert browser.get("/tills").url.path == "/tills"


def test_the_session_of_before_signing_in_again_is_over(office: Office) -> None:
    browser = office.browser("anna")
    old = dict(browser.client.cookies)
    browser.sign_in("anna")
    thief = office.browser()
    thief.client.cookies.update(old)
    assert thief.get("/tills").url.path == "/sign-in"


def test_a_page_that_lives_by_itself_keeps_nobody_signed_in(office: Office) -> None:
    browser = office.browser("anna")
    for _ in range(4):
        office.ticks.now += IDLE_S / 3
        told = _first_event(office, dict(browser.client.cookies))
    assert told == 403
    assert browser.get("/tills").url.path == "/sign-in"


def _first_event(office: Office, cookies: dict[str, str]) -> int:
    """Status of the live stream; the browser goes away at its first words."""
    status = 0

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "path": "/today/live", "raw_path": b"/today/live", "query_string": b"", "scheme": "http",
        "root_path": "", "client": ("127.0.0.1", 1), "server": ("office.test", 80),
        "headers": [(b"host", b"office.test"), (b"cookie", cookie)],
    }  # fmt: skip
    asyncio.run(application(office.site)(scope, receive, send))
    return status


def test_a_session_never_outlives_its_longest_time(office: Office) -> None:
    browser = office.browser("anna")
    for _ in range(int(LONGEST_S // (IDLE_S - 10)) + 1):
        office.ticks.now += IDLE_S - 10
        browser.get("/tills")
    assert browser.get("/tills").url.path == "/sign-in"


def test_over_https_the_cookie_is_bound_to_this_host_and_to_https(office: Office) -> None:
    browser = another(office, secure=True)
    said = {"name": "anna", "password": PASSWORD, "to": "/"}
    answer = browser.client.post("/sign-in", data=said, follow_redirects=False)
    [cookie] = [one for one in answer.headers.get_list("set-cookie") if "steelyard" in one]
    assert cookie.startswith("__Host-steelyard=")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert browser.get("/tills").url.path == "/tills"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.test"},
        {"origin": "null"},
        {"origin": "https://office.test"},
        {"origin": "http://office.test.evil.test"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "same-site"},
    ],
)
def test_no_other_site_signs_anybody_in(office: Office, headers: dict[str, str]) -> None:
    browser = office.browser()
    said = {"name": "anna", "password": PASSWORD, "to": "/"}
    assert browser.client.post("/sign-in", data=said, headers=headers).status_code == 403
    assert browser.get("/tills").url.path == "/sign-in"


def test_a_form_of_an_older_session_changes_nothing(office: Office) -> None:
    browser = office.browser("anna")
    stale = browser.csrf()
    browser.post("/sign-out")
    browser.sign_in("anna")
    fields = {"csrf": stale, "till": "S03-12", "suspended": "1", "sure": "1"}
    assert browser.client.post("/tills/suspend", data=fields).status_code == 403


def test_the_secret_of_one_person_is_no_use_to_another(office: Office) -> None:
    csrf = office.browser("max").csrf()
    fields = {"csrf": csrf, "till": "S03-12", "suspended": "1", "sure": "1"}
    assert office.browser("anna").client.post("/tills/suspend", data=fields).status_code == 403


def test_a_change_is_never_made_by_an_address(office: Office) -> None:
    browser = office.browser("anna")
    for path in ("/tills/suspend", "/people/suspend", "/sign-out", "/language"):
        assert browser.client.get(f"{path}?till=S03-12&suspended=1&sure=1").status_code == 405, path


@pytest.mark.parametrize("host", ["evil.test", "office.test.evil.test", "", "office.test@evil"])
def test_a_host_that_is_not_ours_is_refused(office: Office, host: str) -> None:
    browser = another(office, hosts=frozenset({"office.test"}))
    told = browser.client.get("/sign-in", headers={"host": host})
    assert told.status_code == 421


@pytest.mark.parametrize("host", ["office.test", "OFFICE.test:8080", "127.0.0.1:8080", "[::1]:80"])
def test_our_names_and_bare_addresses_are_answered(office: Office, host: str) -> None:
    browser = another(office, hosts=frozenset({"office.test"}))
    assert browser.client.get("/sign-in", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("to", ["/\t/evil.test", "/\r\nx: y", "/%0d%0ax:y", "javascript:alert(1)"])
def test_no_odd_address_leads_away_or_into_a_header(office: Office, to: str) -> None:
    browser = office.browser()
    said = {"name": "anna", "password": PASSWORD, "to": to}
    answer = browser.client.post("/sign-in", data=said, follow_redirects=False)
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\t", "/\\"))
    assert "\r" not in where
    assert "x" not in answer.headers


def test_who_is_asked_to_sign_in_gets_the_whole_address_back(office: Office) -> None:
    browser = office.browser()
    asked = browser.client.get("/cards?number=1&x=a%26b", follow_redirects=False)
    shown = browser.client.get(asked.headers["location"])
    assert 'name="to" value="/cards?number=1&amp;x=a%26b"' in shown.text


def test_guessing_many_names_from_one_address_has_to_wait(office: Office) -> None:
    browser = office.browser()
    for number in range(FREE_OF_ADDRESS):
        told = browser.sign_in(f"name{number}", "wrong wrong wrong")
        assert "do not fit" in told.text
    assert "wait" in browser.sign_in("anna").text
    office.ticks.now += 16
    assert browser.sign_in("anna").url.path == "/"


def test_tries_that_are_under_way_count_before_they_are_judged() -> None:
    throttle = Throttle()
    for _ in range(FREE):
        assert throttle.begin("name anna", "from x", 0.0) == 0.0
    assert throttle.begin("name anna", "from x", 0.0) > 0.0


def test_a_right_password_takes_its_own_try_back() -> None:
    throttle = Throttle()
    for _ in range(FREE_OF_ADDRESS * 2):
        assert throttle.begin("name anna", "from x", 0.0) == 0.0
        throttle.right("name anna", "from x")


def test_the_memory_of_wrong_tries_is_bounded() -> None:
    throttle = Throttle()
    for number in range(MOST * 2):
        throttle.begin(f"name {number}", f"from {number}", float(number) / 1000)
    assert throttle.size <= MOST * 2 + 2


def test_what_was_typed_as_a_name_is_not_logged(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.browser().sign_in("my secret pass phrase", "x")
    told = capsys.readouterr()
    assert "secret pass" not in told.out + told.err


def test_a_body_longer_than_it_says_is_cut_off(office: Office) -> None:
    """A body in chunks beside a short content-length, as some servers let through."""
    statuses: list[int] = []
    pieces = [b"x" * 65_536] * (MOST_BYTES // 65_536 + 2)

    async def receive() -> MutableMapping[str, Any]:
        assert pieces, "it reads on and on"
        return {"type": "http.request", "body": pieces.pop(), "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        if "status" in message:
            statuses.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": "/sign-in", "raw_path": b"/sign-in", "query_string": b"", "scheme": "http",
        "root_path": "", "client": ("127.0.0.1", 1), "server": ("office.test", 80),
        "headers": [
            (b"host", b"office.test"), (b"content-length", b"5"),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }  # fmt: skip
    asyncio.run(application(office.site)(scope, receive, send))
    assert statuses == [413]


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({**FORM, "content-length": "-1"}, b"a=1", 411),
        ({**FORM, "content-length": "99999999999999999999"}, b"a=1", 413),
        (FORM, b"&".join(b"a=1" for _ in range(5000)), 400),
        ({"content-type": "multipart/form-data"}, b"rubbish", 400),
        ({"content-type": "multipart/form-data; boundary=x"}, b"--x\r\nrubbish", 403),
        ({"content-type": "application/json"}, b"{}", 403),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_refused(
    office: Office, headers: dict[str, str], body: bytes, status: int
) -> None:
    browser = office.browser("anna")
    told = browser.client.post("/tills/suspend", content=body, headers=headers)
    assert told.status_code == status


def test_no_page_may_stand_in_a_frame_or_be_kept(office: Office) -> None:
    browser = office.browser("anna")
    for path in ("/", "/cards", "/nothing", "/sign-in"):
        headers = browser.get(path).headers
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert "server" not in headers


def test_no_page_has_script_or_style_of_its_own(office: Office) -> None:
    browser = office.browser("anna")
    card = office.world.card(1_000).card
    for path in ("/", "/cards", f"/cards/{card}", "/tills", "/alerts", "/people", "/password"):
        text = browser.get(path).text
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert "javascript:" not in text, path
        assert " onclick" not in text, path
        assert text.count("<script") == text.count('<script src="/static/'), path


def test_books_read_for_a_page_can_do_nothing_but_read(office: Office) -> None:
    store = open_read_only(office.world.path)
    try:
        with store.reading(5.0):
            for sql in (
                "DELETE FROM person", "ATTACH ':memory:' AS other", "PRAGMA query_only = 0",
                "SELECT load_extension('x')", "CREATE TEMP TABLE t (a)",
                "SELECT sql FROM sqlite_master",
            ):  # fmt: skip
                with pytest.raises(Exception, match=r"not authorized|prohibited"):
                    store.report_text(sql)
            assert store.report_text("SELECT count(*) FROM person")[1] == [(5,)]
    finally:
        store.close()


def test_a_question_that_takes_too_long_is_given_up(office: Office) -> None:
    store = open_read_only(office.world.path)
    forever = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    try:
        with pytest.raises(Exception, match="too long"), store.reading(0.2):
            store.report_text(forever)
    finally:
        store.close()


def test_a_page_without_books_says_what_to_do(office: Office) -> None:
    browser = another(office, books=office.world.path.with_name("none.db"))
    told = browser.get("/sign-in")
    assert told.status_code == 503
    assert "backoffice apply" in told.text
