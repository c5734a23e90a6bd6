"""Alerts, the quarantine, the log and the stores: what is seen, by whom, and what settles it."""

import re

import pytest

from backoffice.alerts import Alert
from tests.backoffice.web.conftest import Office
from tests.backoffice.world import Scale, cash_sale, new_op


def raised(office: Office, word: Alert, terminal: str, card: int | None = None) -> int:
    notes = office.world.desk.store.notes
    with office.world.desk.store.transaction():
        notes.alert(
            word, office.world.now, terminal=terminal, card=card, detail="1234 fen too much"
        )
    return notes.last_alert()


def test_an_alert_is_settled_with_a_reason_and_stays_in_the_list(office: Office) -> None:
    number = raised(office, Alert.CARD_IN_DEBT, "S03-12")
    browser = office.browser("anna")
    assert "12.34 CNY too much" in browser.get("/alerts").text
    told = browser.post("/alerts/settle", id=str(number), reason="paid at the desk")
    assert f"Alert {number} is settled." in told.text
    assert "No alert is open." in browser.get("/alerts").text
    text = browser.get("/alerts?show=all").text
    assert "paid at the desk" in text
    assert "anna" in text


def test_an_alert_without_a_reason_or_settled_twice_stays_as_it_is(office: Office) -> None:
    number = raised(office, Alert.CARD_IN_DEBT, "S03-12")
    browser = office.browser("anna")
    assert browser.post("/alerts/settle", id=str(number), reason="").status_code == 409
    assert browser.post("/alerts/settle", id=str(number), reason="one").status_code == 200
    told = browser.post("/alerts/settle", id=str(number), reason="two")
    assert told.status_code == 409
    assert "already" in told.text


@pytest.mark.parametrize("number", ["", "x", "-1", "99999", "9" * 30, "１"])
def test_an_alert_that_is_none_is_refused_in_a_sentence(office: Office, number: str) -> None:
    told = office.browser("anna").post("/alerts/settle", id=number, reason="x")
    assert told.status_code == 409
    assert 'role="alert"' in told.text


def test_who_runs_a_store_settles_its_alerts_and_no_other(office: Office) -> None:
    mine, other = (raised(office, Alert.CLOCK_SKEW, one) for one in ("S03-12", "S04-01"))
    nobodys = raised(office, Alert.AUDIT_FINDINGS, "")
    browser = office.browser("li")
    assert "S03-12" in browser.get("/alerts").text
    assert "S04-01" not in browser.get("/alerts").text
    for number in (other, nobodys):
        assert browser.post("/alerts/settle", id=str(number), reason="x").status_code == 409
    assert browser.post("/alerts/settle", id=str(mine), reason="x").status_code == 200
    assert (
        office.browser("rita").post("/alerts/settle", id=str(other), reason="x").status_code == 403
    )


def test_a_long_list_of_alerts_is_shown_page_by_page(office: Office) -> None:
    for _ in range(230):
        raised(office, Alert.CLOCK_SKEW, "S03-12")
    raised(office, Alert.CLOCK_SKEW, "S04-01")
    for name in ("anna", "li"):
        browser, path, seen = office.browser(name), "/alerts", 0
        for _ in range(4):
            text = browser.get(path).text
            seen += text.count('name="id"')
            older = re.search(r'rel="next" href="([^"]+)"', text)
            if older is None:
                break
            path = older[1].replace("&amp;", "&")
        assert seen == (231 if name == "anna" else 230)


def set_aside(office: Office) -> Scale:
    scale = Scale(office.world)
    scale.sign_on()
    scale.send("s", b"\x93rubbish")
    return scale


def test_a_message_in_the_quarantine_is_settled_with_a_reason(office: Office) -> None:
    set_aside(office)
    browser = office.browser("anna")
    assert "it cannot be read" in browser.get("/quarantine").text
    assert browser.post("/quarantine", id="1", what="retry", reason="x").status_code == 409
    assert browser.post("/quarantine", id="1", what="settle", reason="").status_code == 409
    assert browser.post("/quarantine", id="1", what="burn", reason="x").status_code == 409
    assert browser.post("/quarantine", id="1", what="settle", reason="a test").status_code == 200
    assert "Nothing waits here" in browser.get("/quarantine").text
    assert "a test" in browser.get("/quarantine?show=all").text


def test_the_quarantine_of_another_store_is_not_seen(office: Office) -> None:
    office.world.receive("u/S04-01/s", b"rubbish")
    office.world.receive("u/NOBODY/s", b"rubbish")
    assert "S04-01" in office.browser("anna").get("/quarantine").text
    own = office.browser("li")
    text = own.get("/quarantine?show=all").text
    assert "S04-01" not in text
    assert "NOBODY" not in text
    for number in ("1", "2"):
        assert own.post("/quarantine", id=number, what="settle", reason="x").status_code == 409


def test_the_log_says_who_did_what_and_no_secret(office: Office) -> None:
    card = office.world.card(1_000).card
    browser = office.browser("max")
    browser.sure(f"/cards/{card}", what="block", reason="stolen")
    office.browser("anna").sure("/tills/suspend", till="S04-01", suspended="1")
    text = office.browser("rita").get("/log").text
    assert "card blocked or unblocked" in text
    assert "stolen" in text
    assert "S04-01" in text
    assert "argon2" not in text
    assert str(card) not in text.replace(f'href="/cards/{card}"', "")
    of_max = office.browser("rita").get("/log?person=max").text
    assert "stolen" in of_max
    assert "S04-01" not in of_max.split("<tbody>")[1]
    none = office.browser("rita").get("/log?person=nobody&command=x").text
    assert "Nothing of this sort was changed." in none


def test_the_log_has_pages(office: Office) -> None:
    for number in range(120):
        office.world.command("terminal.suspend", terminal="S04-01", suspended=bool(number % 2))
    browser = office.browser("anna")
    first = browser.get("/log?command=terminal.suspend").text
    assert first.count('data-row="1"') == 100
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = browser.get(older[1].replace("&amp;", "&")).text
    assert second.count('data-row="1"') == 20


def test_stores_stand_with_what_is_in_them(office: Office) -> None:
    text = office.browser("anna").get("/stores").text
    for word in ("S03", "S04", "Zhang", "Asia/Shanghai", "S03-12"):
        assert word in text, word
    own = office.browser("li").get("/stores").text
    assert "S03-12" in own
    assert "S04" not in own


def test_sales_arrive_while_the_page_is_read(office: Office) -> None:
    scale = Scale(office.world)
    scale.sign_on()
    browser = office.browser("anna")
    assert "No sale has come in today." in browser.get("/").text
    scale.upload(scale.paid(new_op(), cash_sale(4_321)))
    assert "43.21" in browser.get("/").text


def test_a_store_that_is_collected_from_says_so_and_what_waits_there_is_no_fault(
    office: Office,
) -> None:
    anna, world = office.browser("anna"), office.world
    assert "are sent at once" in anna.get("/stores").text
    assert "waits to be collected" not in anna.get("/tills").text
    world.command("store.save", code="S03", upload="asked")
    terminal = world.desk.store.directory.terminal("S03-12")
    assert terminal is not None
    with world.desk.store.transaction():
        world.desk.store.directory.seen(terminal, at=world.now, state=1, unsent=417, upload=1)
    assert "wait until they are collected" in anna.get("/stores").text
    text = anna.get("/tills").text
    assert 'class="number ">417 <span class="old">waits to be collected</span>' in text
