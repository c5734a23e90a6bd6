"""Prices on their pages: found, changed after a look, by one or two people, at once or later."""

import html
import io
import re

import pytest
from httpx2 import Response
from python_calamine import CalamineWorkbook

from tests.backoffice.web.conftest import PASSWORD, Browser, Office

SHEET = "PLU,品名,单位,单价\n1,苹果,kg,7.20\n2,土豆,500g,1.25\n"


def seen(answer: Response) -> str:
    """A page's text, its tags taken out."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


def edited(browser: Browser, plu: int, **fields: str) -> Response:
    """The page that shows what the product's form would change."""
    page = browser.get(f"/prices/{plu}").text
    based_on = fields.pop("based_on", "") or hidden(page, "based_on")
    return browser.post(f"/prices/{plu}", based_on=based_on, **fields)


def upload(browser: Browser, raw: bytes, **fields: str) -> Response:
    page = browser.get("/prices/import").text
    said = {"csrf": browser.csrf(), "based_on": hidden(page, "based_on"), **fields}
    answer: Response = browser.client.post(
        "/prices/import", data=said, files={"file": ("prices.csv", raw)}
    )
    return answer


def agree(browser: Browser, shown: Response, **fields: str) -> Response:
    return browser.post("/prices/sure", name=hidden(shown.text, "name"), **fields)


def price_of(office: Office, plu: int) -> list[int]:
    return office.world.desk.store.products.all()[plu].product.prices


def test_products_are_found_as_one_types(office: Office) -> None:
    browser = office.browser("max")
    for search in ("苹", "app", "pg", "1", "APPLE"):
        assert "苹果" in seen(browser.get(f"/prices?search={search}")), search
    assert "No product fits." in browser.get("/prices?search=zzz").text
    part = browser.client.get("/prices?search=pg", headers={"hx-target": "rows"}).text
    assert "苹果" in part
    assert "<html" not in part


def test_a_price_is_shown_old_and_new_before_it_changes(office: Office) -> None:
    browser = office.browser("max")
    shown = edited(browser, 1, price="7.20")
    assert "6.80" in shown.text
    assert "7.20" in shown.text
    assert price_of(office, 1) == [680, 646]
    told = agree(browser, shown)
    assert "Price list 2 is made and on its way to the scales." in told.text
    assert price_of(office, 1) == [720, 646]
    assert "max" in seen(browser.get("/prices/lists"))
    assert "product" in seen(browser.get("/log"))


def test_the_same_yes_twice_changes_nothing_more(office: Office) -> None:
    browser = office.browser("max")
    shown = edited(browser, 1, price="7.20")
    agree(browser, shown)
    again = agree(browser, shown)
    assert again.status_code == 409
    assert "begin again" in again.text


def test_of_two_managers_the_second_is_told_what_the_first_did(office: Office) -> None:
    first, second = office.browser("max"), office.browser("anna")
    mine, other = edited(first, 1, price="7.00"), edited(second, 1, price="7.10")
    agree(first, mine)
    told = agree(second, other)
    assert told.status_code == 409
    assert "PLU 1 was changed meanwhile (max): price 6.80 -> 7.00" in seen(told)
    assert price_of(office, 1) == [700, 646]


def test_two_managers_may_change_two_products(office: Office) -> None:
    browser = office.browser("max")
    agree(browser, upload(browser, SHEET.encode()))
    first, second = office.browser("max"), office.browser("anna")
    mine, other = edited(first, 1, price="7.00"), edited(second, 2, price="1.30")
    agree(first, mine)
    assert agree(second, other).status_code == 200
    assert (price_of(office, 1), price_of(office, 2)) == ([700, 646], [130])


def test_a_large_move_takes_a_second_person_with_her_password(office: Office) -> None:
    browser = office.browser("max")
    shown = edited(browser, 1, price="68.00")
    assert "Second person" in shown.text
    assert agree(browser, shown).status_code == 409
    shown = edited(browser, 1, price="68.00")
    wrong = agree(browser, shown, second="anna", secret="not hers at all")
    assert wrong.status_code == 409
    assert "is not right" in wrong.text
    himself = agree(browser, edited(browser, 1, price="68.00"), second="max", secret=PASSWORD)
    assert himself.status_code == 409
    desk = agree(browser, edited(browser, 1, price="68.00"), second="desk", secret=PASSWORD)
    assert desk.status_code == 409
    assert price_of(office, 1) == [680, 646]
    told = agree(browser, edited(browser, 1, price="68.00"), second="anna", secret=PASSWORD)
    assert told.status_code == 200
    assert price_of(office, 1) == [6_800, 646]
    assert "anna" in seen(browser.get("/prices/lists"))


def test_the_second_person_s_password_is_not_guessed_here(office: Office) -> None:
    browser = office.browser("max")
    for _ in range(5):
        agree(browser, edited(browser, 1, price="68.00"), second="anna", secret="wrong wrong")
    told = agree(browser, edited(browser, 1, price="68.00"), second="anna", secret=PASSWORD)
    assert "Too many tries" in told.text
    assert price_of(office, 1) == [680, 646]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_shown_then_taken_over(office: Office, encoding: str) -> None:
    browser = office.browser("max")
    shown = upload(browser, SHEET.encode(encoding))
    assert "new 1, changed 1, gone 0, as before 0" in seen(shown)
    assert len(office.world.desk.store.products.all()) == 1
    agree(browser, shown)
    assert (price_of(office, 1), price_of(office, 2)) == ([720, 646], [125])


def test_what_a_file_does_not_name_goes_only_when_that_is_wished(office: Office) -> None:
    browser = office.browser("max")
    agree(browser, upload(browser, SHEET.encode()))
    only_two = "PLU,单价\n2,1.25\n".encode()
    assert "Nothing would change" in seen(upload(browser, only_two))
    shown = upload(browser, only_two, removes_others="1")
    assert "gone 1" in seen(shown)
    agree(browser, shown)
    assert sorted(office.world.desk.store.products.all()) == [2]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"", "Choose a file first."),
        (b"\n\n", "empty"),
        (b"a,b\n1,2\n", "is not known"),
        ("PLU,单价\n1,-5\n".encode(), "is not a price"),
        ("PLU,单价\n1,999999999\n".encode(), "above the highest price"),
        ("PLU,单价\n1,7\n1,8\n".encode(), "stands there twice"),
        ("PLU,单价\n1,=1+1\n".encode(), "is not a price"),
        (b"PK\x03\x04rubbish", "broken"),
        (b"\xd0\xcf\x11\xe0rubbish", "old kind"),
        (b"PLU,Price\n" + b"1,7\n" * 3000, "at most"),
        ("PLU,品名\n1,苹果\n".encode() + "2,土豆\n".encode("gb18030"), "not UTF-8"),
        (b"\x00\xff" * 500, "Line 1"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_why(
    office: Office, raw: bytes, sentence: str
) -> None:
    told = upload(office.browser("max"), raw)
    assert told.status_code == 409
    assert sentence in seen(told)
    assert price_of(office, 1) == [680, 646]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_written_out_is_read_back_unchanged(office: Office, kind: str) -> None:
    browser = office.browser("max")
    agree(browser, upload(browser, SHEET.encode()))
    made = browser.get(f"/prices/export/{kind}")
    assert f'filename="prices-2.{kind}"' in made.headers["content-disposition"]
    if kind == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(made.content)).get_sheet_by_index(0)
        assert rows.to_python()[1][4] == 7.2
    assert "Nothing would change" in seen(upload(browser, made.content))
    assert browser.get("/prices/export/exe").status_code == 404


def test_a_change_may_wait_for_its_time_and_be_taken_back(office: Office) -> None:
    browser = office.browser("max")
    shown = edited(browser, 1, price="7.20")
    told = agree(browser, shown, **{"from": "2026-12-01T06:00"})
    assert "Change 1 waits for its time." in told.text
    assert "2026-12-01 06:00:00" in told.text
    assert price_of(office, 1) == [680, 646]
    late = agree(browser, edited(browser, 1, price="7.20"), **{"from": "2020-01-01T06:00"})
    assert late.status_code == 409
    assert "is taken back" in browser.sure("/prices/withdraw", id="1").text
    assert browser.sure("/prices/withdraw", id="1").status_code == 409


def test_a_new_product_is_made_and_never_over_another(office: Office) -> None:
    browser = office.browser("max")
    based_on = hidden(browser.get("/prices/new").text, "based_on")
    fields = {"based_on": based_on, "name_en": "Pear", "base": "kg", "price": "5.00"}
    assert browser.post("/prices/new", plu="1", **fields).status_code == 409
    for plu in ("", "0", "x", "-1", "9999999", "１"):
        assert browser.post("/prices/new", plu=plu, **fields).status_code == 409, plu
    agree(browser, browser.post("/prices/new", plu="3", **fields))
    assert price_of(office, 3) == [500]
    told = browser.sure("/prices/3/remove", based_on=str(int(based_on) + 1))
    assert told.status_code == 200
    assert 3 not in office.world.desk.store.products.all()


def test_only_who_may_changes_prices(office: Office) -> None:
    for name in ("rita", "li"):
        browser = office.browser(name)
        assert browser.get("/prices").status_code == 200
        assert "/prices/import" not in browser.get("/prices").text
        for path in ("/prices/1", "/prices/new", "/prices/import"):
            assert browser.get(path).status_code == 403, path
        for path in ("/prices/1", "/prices/1/remove", "/prices/sure", "/prices/withdraw"):
            told = browser.post(path, price="1.00", based_on="1", name="x", id="1", sure="1")
            assert told.status_code == 403, path
    assert office.browser("desk").get("/prices").status_code == 403


def test_money_asks_for_the_password_again_after_a_while(office: Office) -> None:
    browser = office.browser("max")
    office.ticks.now += 301
    shown = edited(browser, 1, price="7.20")
    assert 'name="password"' in shown.text
    assert agree(browser, shown, password="wrong").status_code == 409
    shown = edited(browser, 1, price="7.20")
    assert agree(browser, shown, password=PASSWORD).status_code == 200
    assert price_of(office, 1) == [720, 646]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "'; DROP TABLE x;--", "{{7*7}}"])
def test_a_name_is_shown_as_it_was_written(office: Office, name: str) -> None:
    browser = office.browser("max")
    shown = edited(browser, 1, name_en=name)
    assert name in seen(shown) or html.escape(name) in shown.text
    agree(browser, shown)
    for path in ("/prices", "/prices/1"):
        text = browser.get(path).text
        assert "<script>alert" not in text
        assert html.escape(name) in text.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
