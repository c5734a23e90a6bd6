"""Who gets in, who does not, and how a session ends."""

import pytest

from backoffice.web.session import IDLE_S, LONGEST_S
from backoffice.web.throttle import FREE
from tests.backoffice.web.conftest import PASSWORD, Office


def test_without_signing_in_every_page_leads_to_the_form(office: Office) -> None:
    stranger = office.browser()
    for path in ("/", "/cards", "/tills", "/people", "/cards/620000000000018"):
        shown = stranger.get(path)
        assert shown.url.path == "/sign-in", path
    assert stranger.client.get("/today/live").status_code == 403


def test_name_and_password_open_the_page_that_was_asked_for(office: Office) -> None:
    browser = office.browser()
    shown = browser.client.post(
        "/sign-in", data={"name": "Anna", "password": PASSWORD, "to": "/tills"}
    )
    assert (shown.status_code, shown.url.path) == (200, "/tills")
    assert "S03-12" in shown.text


@pytest.mark.parametrize("to", ["//evil.test", "https://evil.test", "/\\evil.test", ""])
def test_signing_in_never_leads_to_another_site(office: Office, to: str) -> None:
    browser = office.browser()
    shown = browser.client.post("/sign-in", data={"name": "anna", "password": PASSWORD, "to": to})
    assert (shown.url.host, shown.url.path) == ("office.test", "/")


@pytest.mark.parametrize("name", ["anna", "nobody"])
def test_a_wrong_password_says_the_same_for_everybody(office: Office, name: str) -> None:
    shown = office.browser().sign_in(name, "wrong wrong wrong")
    assert shown.status_code == 401
    assert "Name and password do not fit." in shown.text


def test_guessing_has_to_wait_longer_and_longer(office: Office) -> None:
    browser = office.browser()
    for _ in range(FREE):
        browser.sign_in("anna", "wrong wrong wrong")
    assert "wait" in browser.sign_in("anna").text
    office.ticks.now += 16
    assert browser.sign_in("anna").url.path == "/"


def test_a_session_ends_when_nobody_does_anything(office: Office) -> None:
    browser = office.browser("anna")
    office.ticks.now += IDLE_S - 1
    assert browser.get("/tills").url.path == "/tills"
    office.ticks.now += IDLE_S + 1
    assert browser.get("/tills").url.path == "/sign-in"


def test_a_session_ends_after_a_long_day(office: Office) -> None:
    browser = office.browser("anna")
    for _ in range(int(LONGEST_S // 600)):
        office.ticks.now += 600
        browser.get("/tills")
    office.ticks.now += 60
    assert browser.get("/tills").url.path == "/sign-in"


def test_after_signing_out_the_cookie_is_worth_nothing(office: Office) -> None:
    browser = office.browser("anna")
    stolen = dict(browser.client.cookies)
    browser.post("/sign-out")
    thief = office.browser()
    thief.client.cookies.update(stolen)
    assert thief.get("/tills").url.path == "/sign-in"


def test_signing_in_changes_the_cookie(office: Office) -> None:
    browser = office.browser("anna")
    before = browser.client.cookies["steelyard"]
    browser.sign_in("anna")
    assert browser.client.cookies["steelyard"] != before


def test_who_is_locked_out_is_out_at_once(office: Office) -> None:
    browser = office.browser("max")
    office.browser("anna").sure("/people/suspend", name="max", suspended="1")
    assert browser.get("/tills").url.path == "/sign-in"
    assert browser.sign_in("max").status_code == 401


def test_a_new_password_ends_all_sessions(office: Office) -> None:
    one, other = office.browser("max"), office.browser("max")
    told = one.post("/password", password=PASSWORD, fresh="a quite new sentence")
    assert told.url.path == "/sign-in"
    assert other.get("/tills").url.path == "/sign-in"
    assert one.sign_in("max", "a quite new sentence").url.path == "/"


@pytest.mark.parametrize("fresh", ["short", "max is my name 1", "aaaaaaaaaaaaaaaa"])
def test_a_poor_password_is_refused(office: Office, fresh: str) -> None:
    told = office.browser("max").post("/password", password=PASSWORD, fresh=fresh)
    assert told.status_code == 409
    assert office.browser("max").get("/tills").url.path == "/tills"


def test_the_cookie_is_kept_from_scripts_and_other_sites(office: Office) -> None:
    answer = office.browser().client.post(
        "/sign-in", data={"name": "anna", "password": PASSWORD}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_the_language_is_the_readers(office: Office) -> None:
    assert "登录" in office.browser(language="zh-CN,zh;q=0.9").get("/sign-in").text
    browser = office.browser()
    browser.client.post("/language", data={"language": "zh_CN", "to": "/sign-in"})
    assert "登录" in browser.get("/sign-in").text
