"""Stock on its page: written down, shown with value and loss, each store for its own people."""

import re

import pytest
from httpx2 import Response

from tests.backoffice.web.conftest import Browser, Office


def wrote(browser: Browser, what: str, place: str = "S03", **fields: str) -> Response:
    """Posts one of the forms, with a name of its own for what it does."""
    shown = re.findall(r'name="op" value="([0-9a-f]{32})"', browser.get("/stock").text)
    said = {"what": what, "place": place, "plu": "1", "op": shown[0] if shown else "ab" * 16}
    return browser.post("/stock", **{**said, **fields})


def cells(answer: Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_goods_in_waste_and_a_count_are_on_the_page(office: Office) -> None:
    li = office.browser("li")
    assert "Nothing is kept in stock yet" in li.get("/stock").text
    told = wrote(li, "in", quantity="10.5", price="4", supplier="Wang", reference="L 7")
    assert "Stock row 1 is written down." in told.text
    wrote(li, "waste", quantity="0.5", reason="spoiled")
    page = cells(wrote(li, "count", quantity="9"))
    assert "9.000 kg 36.00" in page
    assert "10.500 kg" in page
    assert "-1.000 kg 6.00 143 ‰" in page
    assert "Wang L 7" in page
    assert "spoiled" in page


def test_the_same_form_again_writes_nothing(office: Office) -> None:
    li = office.browser("li")
    for _ in range(2):
        wrote(li, "in", quantity="1", cost="3", op="cd" * 16)
    assert len(office.world.desk.store.stock.moves(0, 99999999, most=9)) == 1


def test_a_row_is_taken_back_after_asking_and_once(office: Office) -> None:
    li = office.browser("li")
    wrote(li, "in", quantity="1", cost="3")
    done = li.sure("/stock/undo", move="1")
    assert "Stock row 1 was taken back." in done.text
    assert "takes back 1" in cells(done)
    assert 'aria-label="Take back' not in done.text
    assert li.post("/stock/undo", move="1", sure="1").status_code == 409


@pytest.mark.parametrize(
    "quantity", ["", "0", "-1", "1.2345", "1e99999999", "1e999997", "NaN", "x"]
)
def test_a_quantity_that_is_none_is_a_sentence(office: Office, quantity: str) -> None:
    told = wrote(office.browser("li"), "in", quantity=quantity, cost="3")
    assert told.status_code == 409
    assert office.world.desk.store.stock.next_number() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"what": "undo"}, {"place": "S04"}, {"place": "S04-01"}, {"place": "S03-12"}, {"place": ""},
     {"plu": "999"}, {"plu": "x"}, {"op": "x"}, {"op": ""}, {"price": "1"}, {"cost": ""}],
)  # fmt: skip
def test_a_form_with_a_wrong_field_writes_nothing(office: Office, wrong: dict[str, str]) -> None:
    fields = {"what": "in", "place": "S03", "quantity": "1", "cost": "3", **wrong}
    assert wrote(office.browser("li"), **fields).status_code == 409
    assert office.world.desk.store.stock.next_number() == 1


def test_waste_has_a_reason(office: Office) -> None:
    assert "Waste has a reason" in wrote(office.browser("li"), "waste", quantity="1").text


def test_a_store_sees_and_takes_back_its_own_alone(office: Office) -> None:
    anna, li = office.browser("anna"), office.browser("li")
    wrote(anna, "in", "S04", quantity="7.77", cost="678.90", supplier="Hill farm")
    wrote(anna, "in", "S03", quantity="2", cost="5")
    assert "678.90" in anna.get("/stock").text
    page = li.get("/stock").text
    for word in ("678.90", "7.770", "Hill", "S04"):
        assert word not in page
    assert "2.000 kg" in page
    told = li.post("/stock/undo", move="1", sure="1")
    assert "There is no stock row 1." in told.text
    assert office.world.desk.store.stock.next_number() == 3


def test_who_only_reads_has_no_forms(office: Office) -> None:
    wrote(office.browser("anna"), "in", quantity="1", cost="3")
    rita = office.browser("rita")
    page = rita.get("/stock").text
    assert "1.000 kg" in page
    assert 'action="/stock/undo"' not in page
    assert 'name="quantity"' not in page
    assert wrote(rita, "in", quantity="1", cost="3").status_code == 403
    assert rita.post("/stock/undo", move="1", sure="1").status_code == 403
    assert office.browser("desk").get("/stock").status_code == 403
