"""Reports as pages: the same figures as the command line, only one's own stores, files whole."""

import csv
import io
import json
import re
import zipfile

import pytest
from msgspec.structs import replace

from backoffice.reports.all import REPORTS
from tests.backoffice.web.conftest import Office
from tests.backoffice.world import DAY, Scale, cash_sale, new_op

DAYS = f"from={DAY}&to={DAY}"


@pytest.fixture
def sold(office: Office) -> Office:
    """Two stores with sales of known sums."""
    for code, amounts in (("S03-12", (700, 800)), ("S04-01", (9_900,))):
        scale = Scale(office.world, code)
        for amount in amounts:
            scale.upload(scale.paid(new_op(), cash_sale(amount)))
        scale.upload(scale.paid(new_op(), replace(cash_sale(100), day=DAY + 1)))
    return office


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_report_has_a_page_and_three_files(sold: Office, language: str) -> None:
    browser = sold.browser("max", language=language)
    for name in REPORTS:
        page = browser.get(f"/reports/{name}?{DAYS}")
        assert page.status_code == 200, page.text
        assert f"/reports/{name}/csv?" in page.text
        assert " style=" not in page.text
        for form in ("csv", "json", "xlsx"):
            file = browser.get(f"/reports/{name}/{form}?{DAYS}")
            assert file.status_code == 200
            assert f'filename="{name}-{DAY}-{DAY}.{form}"' in file.headers["content-disposition"]
        for other in ("from=20200101&to=20200101", f"from={DAY}&to={DAY + 1}",
                      "from=20260101&to=20261231&columns=all&sort=-amount"):  # fmt: skip
            assert browser.get(f"/reports/{name}?{other}").status_code == 200, (name, other)


def test_page_file_and_list_say_the_same(sold: Office) -> None:
    browser = sold.browser("max")
    said = json.loads(browser.get(f"/reports/by-tender/json?{DAYS}").text)
    assert (said["total"]["amount"], said["total"]["payments"]) == (11_400, 3)
    assert "114.00" in browser.get(f"/reports/by-tender?{DAYS}").text
    text = browser.get(f"/reports/by-tender/csv?{DAYS}").text
    [row] = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert row["Amount (CNY)"] == "114.00"
    book = zipfile.ZipFile(io.BytesIO(browser.get(f"/reports/by-tender/xlsx?{DAYS}").content))
    assert ">114<" in book.read("xl/worksheets/sheet1.xml").decode()


def test_who_runs_a_store_sees_it_alone(sold: Office) -> None:
    browser = sold.browser("li")
    for path in (f"{name}{form}" for name in REPORTS for form in ("", "/csv", "/json")):
        mine = browser.get(f"/reports/{path}?{DAYS}")
        assert mine.status_code == 200
        assert not re.search(r"99\.00|9900|S04|Hill", mine.text), path
        for other in ("store=S04", "terminal=S04-01"):
            asked = browser.get(f"/reports/{path}?{DAYS}&{other}")
            assert asked.status_code in (409, 404)
            assert not re.search(r"99\.00|9900|Hill", asked.text)


def test_a_receipt_is_seen_by_who_may_see_its_store(sold: Office) -> None:
    links = re.findall(r"/reports/receipt/[0-9a-f]{32}",
                       sold.browser("max").get(f"/reports/sales?{DAYS}").text)  # fmt: skip
    assert len(links) == 3
    shown = [sold.browser("max").get(link) for link in links]
    assert {page.status_code for page in shown} == {200}
    assert sum("99.00" in page.text for page in shown) == 1
    seen = [sold.browser("li").get(link) for link in links]
    assert sorted(page.status_code for page in seen) == [200, 200, 404]
    assert not any("99.00" in page.text for page in seen)


def test_a_role_without_the_right_sees_no_report(sold: Office) -> None:
    for path in ("/reports", "/reports/by-tender", "/reports/by-tender/csv"):
        assert sold.browser("desk").get(path).status_code == 403


NONSENSE = (
    "from=x", "from=20260101&to=20250101", "period=ever", "store=%27%20OR%201", "cashier=-1",
    "tender=%3Cb%3E", "product=99999999999999999999", "level=1&category=x", "from=" + "9" * 500,
)  # fmt: skip


def test_what_makes_no_sense_gets_a_sentence(sold: Office) -> None:
    browser = sold.browser("max")
    for query in NONSENSE:
        page = browser.get(f"/reports/by-stall?{query}")
        assert page.status_code == 409, query
        assert "<b>" not in page.text.split('class="wrong"')[1].split("</p>")[0]


def test_rows_are_sorted_by_any_column_and_the_address_holds_it(sold: Office) -> None:
    browser = sold.browser("max")
    page = browser.get(f"/reports/by-store?{DAYS}&sort=-amount").text
    assert page.index("S04 Hill</a>") < page.index("S03 河边市场</a>")
    page = browser.get(f"/reports/by-store?{DAYS}&sort=amount").text
    assert page.index("S03 河边市场</a>") < page.index("S04 Hill</a>")
    assert browser.get(f"/reports/by-store?{DAYS}&sort=nonsense").status_code == 200


def test_a_long_file_is_made_in_the_background_by_asking(
    sold: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.web.pages.exports.LONG", {"csv": 1, "xlsx": 1, "json": 1})
    browser = sold.browser("max")
    path = f"/reports/sales/csv?{DAYS}"
    assert "up to 3 rows" in browser.get(path).text
    page = browser.post(path)
    found = re.search(r"/reports/jobs/[\w-]+", str(page.url))
    assert found, page.url
    for _ in range(100):
        page = browser.get(found[0])
        if "/file" in page.text:
            break
    file = browser.get(f"{found[0]}/file")
    assert len(file.text.splitlines()) == 4
    assert sold.browser("anna").get(f"{found[0]}/file").status_code == 404
    assert sold.browser("anna").get(found[0]).status_code == 404
