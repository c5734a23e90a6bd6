"""Cards on their pages: found, sold, topped up, replaced, paid out, and told of in full."""

import re

import pytest

from tests.backoffice.web.conftest import Browser, Office
from tests.backoffice.world import Scale, new_op


def shelved(office: Office, opening: int = 5_000, kind: int = 2) -> int:
    """A written card on the shelf."""
    wishes = {"kind": kind, "level": 0, "opening": opening, "valid_to": 20991231}
    row = office.world.command("card.reserve", chip=new_op().hex(), **wishes)
    office.world.command("card.shelve", number=row["number"], by="desk")
    number = row["number"]
    assert isinstance(number, int)
    return number


def text_of(browser: Browser, number: int) -> str:
    return re.sub(r"<[^>]+>", " ", browser.get(f"/cards/{number}").text)


def test_a_card_is_found_by_its_number_and_by_its_end(office: Office) -> None:
    card = office.world.card(1_000).card
    assert card is not None
    browser = office.browser("desk")
    spaced = " ".join(re.findall("...", str(card)))
    assert browser.get(f"/cards?number={spaced}").url.path == f"/cards/{card}"
    found = browser.get(f"/cards?number={str(card)[-6:]}")
    assert f'href="/cards/{card}"' in found.text
    assert "10.00" in found.text
    assert "No card ends in these digits" in browser.get("/cards?number=9999").text
    active = browser.get("/cards?state=1-0").text
    assert f'href="/cards/{card}"' in active
    assert "active 1" in active
    for state in ("0-0", "2-3", "x", "1-", "9-9", "11-0"):
        assert f'href="/cards/{card}"' not in browser.get(f"/cards?state={state}").text
    assert browser.get("/cards?number=12").status_code == 409
    assert browser.get("/cards?number=<script>").status_code == 409


@pytest.mark.parametrize(
    "number", ["0", "-1", "１２３４", "9" * 40, "x", "62000000000001.8", "%00"]
)
def test_a_card_that_is_none_is_a_sentence(office: Office, number: str) -> None:
    told = office.browser("desk").get(f"/cards/{number}")
    assert told.status_code == 409
    assert "There is no such card in the books; check the number." in told.text


def test_a_card_from_the_shelf_is_sold_and_pays(office: Office) -> None:
    number = shelved(office)
    browser = office.browser("desk")
    assert "on the shelf, can be sold" in text_of(browser, number)
    asked = browser.post(f"/cards/{number}", what="sell", till="S03-12")
    assert f"Sell card {number} for 50.00 CNY?" in asked.text
    told = browser.post(f"/cards/{number}", what="sell", till="S03-12", sure="1")
    assert "Sold; the balance is 50.00 CNY." in told.text
    assert office.world.balance("drawer/S03-12") == -5_000
    again = browser.post(f"/cards/{number}", what="sell", till="S03-12", sure="1")
    assert again.status_code == 200
    assert office.world.balance("drawer/S03-12") == -5_000


def test_money_in_the_drawer_of_a_till_is_booked_there(office: Office) -> None:
    card = office.world.card(1_000).card
    fields = {"what": "topup", "amount": "20", "till": "S03-12", "op": "ab" * 16}
    office.browser("desk").sure(f"/cards/{card}", **fields)
    assert office.world.balance("drawer/S03-12") == -2_000
    told = office.browser("desk").post(f"/cards/{card}", **{**fields, "till": "X"}, sure="1")
    assert told.status_code == 200, "the same operation again books nothing"


@pytest.mark.parametrize("amount", ["", "0", "-5", "1.234", "1e9", "１e1", "99999999999", "abc"])
def test_a_sum_that_is_none_moves_nothing(office: Office, amount: str) -> None:
    card = office.world.card(1_000).card
    fields = {"what": "topup", "amount": amount, "op": "ab" * 16, "sure": "1"}
    told = office.browser("desk").post(f"/cards/{card}", **fields)
    assert told.status_code == 409
    assert office.world.balance(f"card/{card}/principal") == 1_000


def test_a_lost_card_is_replaced_by_one_from_the_shelf(office: Office) -> None:
    old, new = office.world.card(1_000), shelved(office, 0)
    browser = office.browser("desk")
    browser.sure(f"/cards/{old.card}", what="lost", reason="at the gate")
    told = browser.sure(f"/cards/{old.card}", what="swap", new=str(new), reason="lost")
    assert told.url.path == f"/cards/{new}"
    assert "the new card&#39;s balance is 10.00 CNY" in told.text
    assert "replaced" in text_of(browser, old.card or 0)
    assert office.world.balance(f"card/{old.card}/principal") == 0
    assert office.world.balance(f"card/{new}/principal") == 1_000
    again = browser.post(f"/cards/{old.card}", what="swap", new=str(new), reason="x", sure="1")
    assert again.status_code == 200
    assert office.world.balance(f"card/{new}/principal") == 1_000


def test_a_card_is_replaced_by_an_empty_one_of_its_kind_alone(
    office: Office,
) -> None:
    old = office.world.card(1_000).card
    sold = office.world.card(0).card
    browser = office.browser("desk")
    member_only = shelved(office, 0, kind=1)
    for new in (str(sold), str(shelved(office, 500)), str(member_only), "1", "x", ""):
        told = browser.post(f"/cards/{old}", what="swap", new=new, reason="x", sure="1")
        assert told.status_code == 409, new
    assert office.world.balance(f"card/{old}/principal") == 1_000


def test_an_exposure_stays_on_the_old_card_until_it_is_released(office: Office) -> None:
    old, new = office.world.card(1_000).card, shelved(office, 0)
    browser = office.browser("desk")
    browser.sure(f"/cards/{old}", what="swap", new=str(new), exposure="4", reason="x")
    assert office.world.balance(f"card/{new}/principal") == 600
    early = browser.post(f"/cards/{old}", what="release", op="cd" * 16, reason="x", sure="1")
    assert early.status_code == 409
    office.world.now += 9 * 86_400_000
    browser.sure(f"/cards/{old}", what="release", op="cd" * 16, reason="x")
    assert office.world.balance(f"card/{new}/principal") == 1_000


def test_a_refund_pays_out_and_ends_the_card(office: Office) -> None:
    card = office.world.card(1_000).card
    browser = office.browser("desk")
    asked = browser.post(f"/cards/{card}", what="refund", reference="B7", op="ef" * 16)
    assert f"Pay out 10.00 CNY of card {card}" in asked.text
    fields = {"what": "refund", "reference": "B7", "op": "ef" * 16, "reason": "moves away"}
    told = browser.post(f"/cards/{card}", **fields, sure="1")
    assert "Paid out: 10.00 CNY." in told.text
    assert "refunded" in text_of(browser, card or 0)
    assert 'name="what"' not in browser.get(f"/cards/{card}").text


def test_an_empty_card_is_taken_out_of_use(office: Office) -> None:
    card = office.world.card(0).card
    browser = office.browser("desk")
    browser.sure(f"/cards/{card}", what="retire", reason="broken")
    assert "retired" in text_of(browser, card or 0)


def test_the_statement_adds_up_and_can_be_cut_by_days(office: Office) -> None:
    tender = office.world.card(1_000)
    scale = Scale(office.world)
    scale.sign_on()
    scale.pay(tender, 840)
    browser = office.browser("rita")
    text = text_of(browser, tender.card or 0)
    assert re.search(r"payment\s+S03-12\s+1\s+-8.40\s+1.60", text), text
    assert re.search(r"Closing balance\s+1.60", text)
    later = browser.get(f"/cards/{tender.card}?from=2026-11-25").text
    assert "S03-12" not in later.split("What happened")[0].split("Statement")[1]
    assert browser.get(f"/cards/{tender.card}?from=yesterday").status_code == 409


def test_who_only_reads_is_shown_no_forms_and_moves_nothing(office: Office) -> None:
    number = shelved(office)
    browser = office.browser("rita")
    assert 'name="what"' not in browser.get(f"/cards/{number}").text
    for what in ("sell", "topup", "swap", "refund", "release", "block", "lost", "retire"):
        told = browser.post(f"/cards/{number}", what=what, amount="1", new="1", sure="1")
        assert told.status_code == 409, what
        assert "Your role does not allow this" in told.text, what
    assert office.browser("li").post(f"/cards/{number}", what="sell", sure="1").status_code == 403


def test_the_books_of_a_replaced_card_agree(office: Office) -> None:
    """What the nightly check computes a second time holds after all of it."""
    tender, new = office.world.card(1_000), shelved(office, 0)
    scale = Scale(office.world)
    scale.sign_on()
    scale.pay(tender, 300)
    office.browser("desk").sure(f"/cards/{tender.card}", what="swap", new=str(new), reason="x")
    _, rows = office.world.desk.store.report_text("SELECT sum(balance) FROM account")
    assert rows == [(0,)]
    assert office.world.balance(f"card/{new}/principal") == 700
