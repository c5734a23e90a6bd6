"""Members on their pages: found, made, given a level and cards, forgotten after asking."""

import pytest

from tests.backoffice.web.conftest import Browser, Office

PHONE = "13800138000"


def made(browser: Browser, name: str = "Wang Fang", phone: str = PHONE) -> str:
    """A member made on the page; the address of its page."""
    told = browser.post("/members", name=name, phone=phone, level="0", note="eggs on Friday")
    assert told.status_code == 200, told.text
    return told.url.path


def test_a_member_is_made_and_found_by_name_number_and_telephone(office: Office) -> None:
    browser = office.browser("desk")
    assert "No members yet." in browser.get("/members").text
    where = made(browser)
    assert where == "/members/1"
    page = browser.get(where).text
    assert "Wang Fang" in page
    assert "8000" in page
    assert PHONE not in page
    assert 'href="/members/1"' in browser.get("/members?name=ang").text
    assert "No member&#39;s name has this in it." in browser.get("/members?name=zhao").text
    assert browser.get("/members?name=1").url.path == where
    assert browser.post("/members/find", phone="138 0013 8000").url.path == where
    nobody = browser.post("/members/find", phone="13900000000")
    assert nobody.status_code == 409
    again = browser.post("/members", name="Other", phone=PHONE, level="0")
    assert "This telephone number is that of member 1." in again.text


def test_a_list_goes_on_where_it_ended(office: Office) -> None:
    for number in range(1, 102):
        office.world.command("member.add", name=f"M{number}", by="x")
    browser = office.browser("desk")
    first = browser.get("/members").text
    assert 'href="/members?name=&amp;after=100"' in first
    assert 'href="/members/101"' not in first
    assert 'href="/members/101"' in browser.get("/members?after=100").text


def test_level_and_cards_are_given_and_taken(office: Office) -> None:
    browser = office.browser("desk")
    where, card = made(browser), office.world.card(1_000).card
    assert card is not None
    store = office.world.desk.store
    given = browser.post(where, what="card", number=str(card))
    assert f'href="/cards/{card}"' in given.text
    told = browser.post(where, what="level", level="1", reason="regular")
    assert "The member and the cards have the new level." in told.text
    known = store.members.get(1)
    assert known is not None
    assert known.level == 1
    assert f'href="{where}"' in browser.get(f"/cards/{card}").text
    assert browser.post(where, what="level", level="77").status_code == 409
    assert browser.post(where, what="uncard", number="x").status_code == 409
    browser.post(where, what="uncard", number=str(card))
    assert store.members.cards(1) == []
    told = browser.post(where, what="uncard", number=str(card))
    assert "This card is not this member" in told.text


def test_what_is_left_empty_of_a_change_stays(office: Office) -> None:
    browser = office.browser("desk")
    where = made(browser)
    browser.post(where, what="change", name="Wang F.", phone="", note="", terms="")
    known = office.world.desk.store.members.get(1)
    assert known is not None
    assert (known.name, known.note, known.phone_last) == ("Wang F.", "", "8000")
    assert browser.post(where, what="change", name="").status_code == 409


def test_a_member_is_forgotten_after_asking_and_for_ever(office: Office) -> None:
    browser = office.browser("desk")
    where = made(browser)
    asked = browser.post(where, what="forget", reason="asked for it")
    assert "Are you sure?" in asked.text
    assert "Wang Fang" in browser.get(where).text
    browser.sure(where, what="forget", reason="asked for it")
    page = browser.get(where).text
    assert "Wang Fang" not in page
    assert "eggs on Friday" not in page
    assert "Forget this member" not in page
    assert browser.post("/members/find", phone=PHONE).status_code == 409


@pytest.mark.parametrize("number", ["0", "-1", "１", "9" * 40, "x", "1.0", "%00"])
def test_a_member_that_is_none_is_a_sentence(office: Office, number: str) -> None:
    told = office.browser("desk").get(f"/members/{number}")
    assert told.status_code == 409
    assert "There is no member" in told.text


def test_an_auditor_reads_and_changes_nothing_and_a_store_sees_no_member(office: Office) -> None:
    where = made(office.browser("desk"))
    rita, li = office.browser("rita"), office.browser("li")
    page = rita.get(where)
    assert "Wang Fang" in page.text
    assert "Set the level" not in page.text
    for what in ("forget", "level", "change", "card", "uncard"):
        assert rita.post(where, what=what, sure="1", level="1", name="x").status_code == 403
    assert rita.post("/members/find", phone=PHONE).url.path == where
    for path in ("/members", where):
        assert li.get(path).status_code == 403
        assert li.post(path, what="change", name="x").status_code == 403
    assert li.post("/members/find", phone=PHONE).status_code == 403


def test_a_telephone_number_stands_in_no_file(office: Office) -> None:
    made(office.browser("desk"))
    kept = b"".join(one.read_bytes() for one in office.world.path.parent.iterdir() if one.is_file())
    assert b"Wang Fang" in kept
    assert PHONE.encode() not in kept
