"""What a role may see and do, and forms from elsewhere."""

import pytest

from tests.backoffice.web.conftest import PASSWORD, Office
from tests.backoffice.world import Scale, cash_sale, new_op

PAGES = ("/", "/cards", "/tills", "/alerts", "/people", "/password")
ALLOWED = {
    "anna": set(PAGES),
    "max": set(PAGES) - {"/people"},
    "li": {"/", "/tills", "/alerts", "/password"},
    "desk": {"/", "/cards", "/password"},
    "rita": set(PAGES) - {"/people"},
}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_role_opens_its_pages_and_no_other(office: Office, name: str) -> None:
    browser = office.browser(name)
    opened = {path for path in PAGES if browser.get(path).status_code == 200}
    assert opened == ALLOWED[name]


def test_who_runs_a_store_sees_no_other(office: Office) -> None:
    for code, amount in (("S03-12", 12_345), ("S04-01", 67_890)):
        scale = Scale(office.world, code)
        scale.sign_on()
        scale.upload(scale.paid(new_op(), cash_sale(amount)))
    everything = office.browser("anna")
    assert "123.45" in everything.get("/").text
    assert "678.90" in everything.get("/").text
    own = office.browser("li")
    for path in ("/", "/tills", "/alerts"):
        text = own.get(path).text
        assert "S04" not in text, path
        assert "678.90" not in text, path
    assert "123.45" in own.get("/").text
    assert own.post("/tills/suspend", till="S03-12", suspended="1", sure="1").status_code == 403


@pytest.mark.parametrize("csrf", ["", "forged", None])
def test_a_form_without_its_secret_changes_nothing(office: Office, csrf: str | None) -> None:
    browser = office.browser("anna")
    fields = {"till": "S03-12", "suspended": "1", "sure": "1"}
    if csrf is not None:
        fields["csrf"] = csrf
    assert browser.client.post("/tills/suspend", data=fields).status_code == 403
    assert "locked out" not in browser.get("/tills").text


def test_a_form_of_another_site_changes_nothing(office: Office) -> None:
    browser = office.browser("anna")
    fields = {"csrf": browser.csrf(), "till": "S03-12", "suspended": "1", "sure": "1"}
    told = browser.client.post(
        "/tills/suspend", data=fields, headers={"origin": "http://evil.test"}
    )
    assert told.status_code == 403


def test_every_answer_carries_the_guards(office: Office) -> None:
    browser = office.browser("anna")
    for path in (*PAGES, "/nothing", "/static/style.css"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_a_form_too_long_is_refused(office: Office) -> None:
    browser = office.browser("anna")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    told = browser.client.post("/tills/suspend", content=b"x" * (9 << 20), headers=kind)
    assert told.status_code == 413


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "'; DROP TABLE sale; --"])
def test_what_people_write_is_shown_as_they_wrote_it(office: Office, name: str) -> None:
    card = office.world.card(1_000).card
    browser = office.browser("anna")
    browser.sure(f"/cards/{card}", what="block", reason=name)
    text = browser.get(f"/cards/{card}").text
    assert "<script>alert" not in text
    assert name.replace("'", "&#39;").replace("<", "&lt;").replace(">", "&gt;") in text


def test_no_page_asks_another_site_for_anything(office: Office) -> None:
    browser = office.browser("anna")
    for path in PAGES:
        text = browser.get(path).text
        assert "http://" not in text.replace("http://www.w3.org", ""), path
        assert "https://" not in text, path


def test_money_asks_for_the_password_again_after_a_while(office: Office) -> None:
    card = office.world.card(1_000).card
    browser = office.browser("max")
    fields = {"what": "topup", "amount": "50.00", "op": "ab" * 16}
    office.ticks.now += 301
    asked = browser.post(f"/cards/{card}", **fields)
    assert 'name="password"' in asked.text
    assert "50.00" in asked.text
    assert browser.post(f"/cards/{card}", **fields, sure="1").status_code == 409
    told = browser.post(f"/cards/{card}", **fields, sure="1", password=PASSWORD)
    assert "60.00" in told.text


def test_a_form_sent_twice_moves_money_once(office: Office) -> None:
    card = office.world.card(1_000).card
    browser = office.browser("max")
    for _ in range(2):
        browser.post(f"/cards/{card}", what="topup", amount="50.00", op="cd" * 16, sure="1")
    assert "60.00" in browser.get(f"/cards/{card}").text


def test_the_desk_moves_money_but_an_auditor_does_not(office: Office) -> None:
    card = office.world.card(1_000).card
    fields = {"what": "topup", "amount": "1.00", "sure": "1"}
    assert office.browser("rita").post(f"/cards/{card}", **fields).status_code == 409
    assert office.browser("desk").post(f"/cards/{card}", **fields, op="ef" * 16).status_code == 200
    assert "11.00" in office.browser("rita").get(f"/cards/{card}").text
