"""A manager's day in a browser, beside a running market: prices, a card, a sale, a report.

Real processes throughout: the demo's broker, office, till and cards, `backoffice web`, and a
headless Chromium. Set STEELYARD_PICTURES to a folder to have a picture of every step.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright
from python_calamine import CalamineWorkbook

from fixtures.commands import Office
from fixtures.market import wares
from fixtures.places import Places
from fixtures.ports import free_port
from fixtures.prepare import remembered
from fixtures.stall import Stall
from tests.journeys.open_market import OpenMarket, market_directory

PASSWORD = "a quiet sentence"
CHROMIUM = "/usr/bin/chromium"
ROW = "PLU,品名,单位,单价\n{plu},{name},kg,{price}\n"

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")


@dataclass
class Day:
    """What a walk through the day needs."""

    places: Places
    office: Office
    address: str
    stall: Stall
    browser: Browser

    def card(self, name: str) -> str:
        market = remembered(self.places)
        assert market is not None
        return market.cards[name]

    def report(self, *words: str) -> dict[str, object]:
        told = self.office.ask("report", *words)
        assert isinstance(told, dict)
        return told


@contextlib.contextmanager
def pages_of(places: Places, office: Office) -> Iterator[str]:
    """`backoffice web` over the market's books; its address."""
    port = free_port()
    log = (places.logs / "web.log").open("wb")
    process = subprocess.Popen(
        office.words("web", "--port", str(port)), stdout=log, stderr=subprocess.STDOUT
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
                break
            assert process.poll() is None, (places.logs / "web.log").read_text()
            time.sleep(0.05)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        log.close()


@pytest.fixture(scope="module")
def day() -> Iterator[Day]:
    with market_directory() as root:
        market = OpenMarket(root)
        market.open()
        office = Office(market.places)
        words = office.words("user", "add", "anna", "--role", "owner", "--password-stdin")
        subprocess.run(words, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)
        stall = Stall(market.places)
        stall.wait(lambda view: view["stage"] == "selling" and view["is_zero"], "an open till")
        with pages_of(market.places, office) as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            yield Day(market.places, office, address, stall, browser)
            browser.close()
        stall.close()
        market.close()


class Walk:
    """One manager at one width."""

    def __init__(self, day: Day, width: int) -> None:
        self.day, self.width = day, width
        context = day.browser.new_context(viewport={"width": width, "height": 844}, locale="en-GB")
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", lambda one: self._heard(one.type, one.text))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.troubles.append(text)

    def picture(self, name: str) -> None:
        """Nothing is cut off at the right; a picture, where they are wished for."""
        over = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{name} is {over} px too wide at {self.width}"
        folder = os.environ.get("STEELYARD_PICTURES")
        if folder:
            self.page.screenshot(path=f"{folder}/{name}_{self.width}.png", full_page=True)

    def sign_in(self) -> None:
        self.page.goto(self.day.address)
        self.page.get_by_label("Name").fill("anna")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name="Today", level=1)).to_be_visible()
        self.picture("1-today")

    def to(self, word: str) -> None:
        """By the menu, as a person goes."""
        if self.width < 1000:
            self.page.get_by_role("button", name="Menu").click()
        self.page.get_by_role("navigation").get_by_role("link", name=word, exact=True).click()

    def import_prices(self, row: str) -> int:
        """Import a sheet and wait until the scale sells by it; the list's number."""
        page = self.page
        self.to("Prices")
        page.get_by_role("searchbox").fill("pg")
        expect(page.locator("#rows tbody tr")).to_have_count(1)
        self.picture("2-prices")
        page.get_by_role("link", name="Import a file").click()
        sheet: FilePayload = {
            "name": "prices.csv", "mimeType": "text/csv", "buffer": row.encode("gb18030"),
        }  # fmt: skip
        page.get_by_label("CSV or XLSX").set_input_files(sheet)
        page.get_by_role("button", name="Show what changes").click()
        expect(page.locator("ins").first).to_be_visible()
        self.picture("3-what-changes")
        page.get_by_role("button", name="Yes, take over").click()
        expect(page.get_by_role("status").first).to_contain_text("on its way to the scales")
        version = int(page.locator("h2 small").first.inner_text().split()[-1])
        for _ in range(60):
            if page.get_by_text("up to date").count():
                break
            page.wait_for_timeout(250)
            page.reload()
        expect(page.get_by_text("up to date")).to_be_visible()
        self.picture("4-taken-by-the-scale")
        return version

    def sell_card(self, number: str) -> None:
        page = self.page
        self.to("Cards")
        page.get_by_label("Number on the card, or its end").fill(number)
        page.get_by_role("button", name="Find").click()
        page.get_by_role("button", name="Sell").click()
        expect(page.get_by_text(f"Sell card {number} for 50.00 CNY?")).to_be_visible()
        self.picture("5-sure")
        page.get_by_role("button", name="Yes, do it").click()
        expect(page.get_by_role("status").first).to_contain_text("the balance is 50.00 CNY")
        self.picture("6-card")

    def watch_a_sale(self, card: str, grams: int, price: str) -> str:
        """The takings of today change by themselves when the card pays at the till."""
        page, stall = self.page, self.day.stall
        self.to("Today")
        takings = page.locator(".tile b").first
        expect(page.locator(".live .on")).to_be_visible()
        before = takings.inner_text()
        receipt = stall.feed.view["receipt_number"] if stall.feed.view else 0
        stall.weigh(wares()[1], grams)
        stall.tap(card)
        self.paid(receipt, price)
        stall.pull()
        expect(takings).not_to_have_text(before, timeout=10_000)
        self.picture("7-sale-seen-live")
        return takings.inner_text()

    def block_card(self, number: str, card: str) -> None:
        page, stall = self.page, self.day.stall
        page.goto(f"{self.day.address}/cards/{number}")
        form = page.locator("form").filter(has=page.get_by_role("heading", name="Block"))
        form.get_by_label("Reason").fill("reported stolen")
        form.get_by_role("button", name="Block").click()
        page.get_by_role("button", name="Yes, do it").click()
        expect(page.get_by_role("status").first).to_contain_text("The card is blocked.")
        self.picture("8-blocked")
        receipt = stall.feed.view["receipt_number"] if stall.feed.view else 0
        stall.weigh(wares()[1], 500)
        stall.refused(card, "card-blocked")
        stall.keys("Enter")
        self.paid(receipt, "")
        stall.wait(lambda view: view["links"]["unsent"] == 0, "all to be sent", wait_s=20)

    def paid(self, receipt: int, total: str) -> None:
        """The till has closed the sale, at the price of the new list."""
        view = self.day.stall.wait(
            lambda view: view["stage"] == "paid" and view["receipt_number"] > receipt, "a receipt"
        )
        assert total in ("", view["total"])
        self.day.stall.basket.lines.clear()

    def read_report(self, folder: Path) -> None:
        """The day by tender: page, workbook and command line say the same."""
        page = self.page
        self.to("Reports")
        page.get_by_role("link", name="Takings by tender").click()
        expect(page.locator("table.report tbody tr").first).to_be_visible()
        self.picture("9-report")
        with page.expect_download() as begun:
            page.get_by_role("link", name="XLSX").click()
        file = folder / "by-tender.xlsx"
        begun.value.save_as(file)
        told = self.day.report("by-tender")
        rows, total = told["rows"], told["total"]
        assert isinstance(rows, list)
        assert isinstance(total, dict)
        book = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
        numbers = {cell for line in book for cell in line if isinstance(cell, float)}
        shown = page.locator("table.report").inner_text().replace(",", "")
        for row in [*rows, total]:
            assert round(row["amount"] / 100, 2) in numbers, (row, book)
            assert f"{row['amount'] / 100:.2f}" in shown, (row, shown)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("width", "card", "price"), [(1280, "shelf", "7.20"), (390, "spare", "7.00")]
)
def test_a_manager_s_day(day: Day, tmp_path: Path, width: int, card: str, price: str) -> None:
    walk = Walk(day, width)
    walk.sign_in()
    walk.import_prices(ROW.format(plu=1, name="苹果", price=price))
    number = day.card(card)
    walk.sell_card(number)
    shown = walk.watch_a_sale(card, 1000, price)
    assert price in shown or float(shown) >= float(price)
    walk.block_card(number, card)
    walk.read_report(tmp_path)
    assert walk.troubles == []
    sold = json.loads(day.office.run("card", "show", number, "--json"))
    assert sold["balance"] == 5_000 - round(float(price) * 100)
