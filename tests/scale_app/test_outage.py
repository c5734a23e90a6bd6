"""The broker wiped, come back with what it kept, full; a day without network: real processes.

Beside the till a bare scale without a journal sends what the broker acknowledges: it is the
control, and what it loses shows that the fault was there. STEELYARD_OUTAGE=all for the full size.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.messages import Code
from broker.seal import FIRST_LINK, sealed
from scale_app.journal.entries import Subject
from scale_app.journal.store import Journal
from tests.backoffice.test_live import rows
from tests.backoffice.wire_scale import WireScale, card_of
from tests.backoffice.world import cash_sale, new_op
from tests.scale_app.journal.books import sale
from tests.scale_app.test_whole_till import Stall, paid

ALL = os.environ.get("STEELYARD_OUTAGE") == "all"
WIPES = 100 if ALL else 2
QUEUED = 5_000 if ALL else 500
STALE_MS = 121_000
NO_ANSWER = ("not-charged", "card-offline")


class Outage(Stall):
    """A stall with a second scale on its broker, written by hand and without a journal."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        market = root / "market.toml"
        bare = '\n[[terminal]]\nid = "T2"\nstore = "S03"\nstall = "Bare"\n'
        market.write_text(market.read_text("utf-8") + bare, "utf-8")
        self.office.command("apply", str(market))
        enrolment = self.office.enrolment("T2")
        self.office.command("terminal", "enrol", "T2", "--out", str(enrolment))
        self.bare = WireScale(enrolment, self.office.port, "T2")
        self.bare.sign_on()

    def close(self) -> None:
        self.bare.stop()
        super().close()

    def sell(self) -> None:
        """One piece for cash."""
        before = self.feed.view["receipt_number"]
        self.key("item 9")
        self.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)
        self.key("enter")
        self.wait("paid", lambda v: paid(v) and v["receipt_number"] > before)
        time.sleep(0.35)

    def acknowledged(self, channel: str, body: bytes) -> None:
        """The bare scale's message, in the hands of the broker."""
        until = time.monotonic() + 30
        while not self.bare.link.connected:
            assert time.monotonic() < until, "the bare scale has no link"
            time.sleep(0.05)
        frame = sealed(body, self.bare.book.key)
        info = self.bare.link._client.publish(f"u/T2/{channel}", frame, 1)
        info.wait_for_publish(5)
        assert info.is_published(), "the broker has not acknowledged it"

    def all_sent(self, wait_s: float = 60.0) -> None:
        """Nothing owed, and the books agree."""
        self.feed.wait(
            lambda v: v["links"]["net"] == "ok" and v["links"]["unsent"] == 0,
            "an empty outbox",
            wait_s=wait_s,
        )
        self.office.command("report", "check")

    def booked(self, terminal: str = "T1") -> int:
        """Sales of a scale in the books."""
        sql = "SELECT count(*) FROM sale JOIN terminal ON terminal.id = sale.terminal"
        [(found,)] = rows(self.office, f"{sql} WHERE terminal.code = '{terminal}'")
        assert isinstance(found, int)
        return found

    def anew(self) -> None:
        """The bare scale begins again where the office stands: with nothing."""
        self.bare.book.seq, self.bare.book.receipt, self.bare.book.prev = 0, 0, FIRST_LINK

    def broker_again(self) -> None:
        """The broker ends in order, keeping what it has for others, and is started again."""
        self.office.broker.stop()
        self.office.broker.start()

    def fill(self, count: int) -> None:
        """Kills the till and writes so many cash sales of days without network into its journal."""
        self.kill()
        journal = Journal(self.root / "till" / "journal.db", "T1", time.time_ns() // 1_000_000)
        journal._db.execute("PRAGMA synchronous = OFF")
        for _ in range(count):
            journal.save_cash(Subject(new_op(), 1, time.time_ns() // 1_000_000), sale())
        journal.close()

    def pays_after_s(self) -> float:
        """One piece, paid by card; seconds from the card on the reader to the screen."""
        before = self.feed.view["receipt_number"]
        self.key("item 9")
        self.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)
        begun = time.monotonic()
        self.tap()
        view = self.wait("paid", lambda v: paid(v) and v["receipt_number"] > before)
        took = time.monotonic() - begun
        assert view["card"], "this was not paid by card"
        self.pull()
        return took


@pytest.fixture(scope="module")
def stall() -> Iterator[Outage]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = Outage(Path(folder))
        try:
            yield found
        finally:
            found.close()


@pytest.mark.timeout(60 + 15 * WIPES)
def test_a_broker_whose_data_are_wiped_loses_no_sale_of_a_till(stall: Outage) -> None:
    stall.ready()
    before, bare = stall.booked(), stall.booked("T2")
    for _ in range(WIPES):
        stall.office.kill_office()
        stall.acknowledged("s", stall.bare.book.paid(new_op(), cash_sale()))
        stall.sell()
        time.sleep(1.0)
        stall.office.broker.kill()
        shutil.rmtree(stall.office.broker_dir / "data")
        (stall.office.broker_dir / "data").mkdir()
        stall.office.broker.start()
        stall.office.start_office()
        stall.sell()
    stall.all_sent()
    assert stall.booked() == before + 2 * WIPES
    assert stall.booked("T2") == bare, "the wipes lost nothing: they prove nothing"
    stall.anew()


def test_what_a_broker_kept_over_its_restart_is_booked_once_and_nothing_stale_is_paid(
    stall: Outage,
) -> None:
    stall.ready()
    number, before, asked = stall.office.card("50.00"), stall.booked(), new_op()
    balance = f"SELECT balance FROM account WHERE code = 'card/{number}/principal'"
    operation = "SELECT state, code FROM operation WHERE op = x'{}'"
    stall.office.kill_office()
    stall.bare.book.at = time.time_ns() // 1_000_000 - STALE_MS
    stall.acknowledged("a", stall.bare.book.intent(card_of(number), 840, asked))
    stall.bare.book.at, fresh = None, new_op()
    stall.acknowledged("a", stall.bare.book.intent(card_of(number), 100, fresh))
    for _ in range(3):
        stall.sell()
        time.sleep(1.0)
    stall.broker_again()
    stall.office.start_office()
    stall.all_sent()
    assert stall.booked() == before + 3
    assert rows(stall.office, operation.format(asked.hex()))[0][1] == Code.STALE
    # The control: the broker did keep them, for the question that is not old is answered.
    assert rows(stall.office, operation.format(fresh.hex()))[0][1] == Code.OK
    assert rows(stall.office, balance) == [(4_900,)]


def test_a_broker_whose_queue_is_full_loses_no_sale_of_a_till(stall: Outage) -> None:
    settings = stall.office.broker_dir / "mosquitto.conf"
    whole = settings.read_text("utf-8")
    settings.write_text(whole.replace("queued_messages 0", "queued_messages 2"), "utf-8")
    stall.broker_again()
    stall.ready()
    before, bare = stall.booked(), stall.booked("T2")
    stall.office.kill_office()
    for _ in range(5):
        stall.sell()
        time.sleep(1.0)
    for _ in range(10):
        stall.acknowledged("s", stall.bare.book.paid(new_op(), cash_sale()))
    stall.office.start_office()
    stall.all_sent()
    assert stall.booked() == before + 5
    assert stall.booked("T2") < bare + 10, "the broker dropped nothing: this proves nothing"
    settings.write_text(whole, "utf-8")
    stall.broker_again()


def test_on_a_link_that_carries_nothing_one_customer_waits_and_the_next_one_does_not(
    stall: Outage,
) -> None:
    stall.ready()
    stall.link.stall()
    waits = []
    for _ in range(2):
        stall.key("item 9")
        stall.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)
        begun = time.monotonic()
        stall.tap()
        stall.wait("no answer", lambda v: bool(v["message"]) and v["message"]["code"] in NO_ANSWER)
        waits.append(time.monotonic() - begun)
        stall.key("enter")
        stall.wait("paid in cash", lambda v: paid(v) and v["links"]["net"] == "off")
        stall.pull()
    assert 5.0 < waits[0] < 8.0
    assert waits[1] < 1.5
    stall.link.restore()
    stall.all_sent()


@pytest.mark.timeout(240)
def test_after_a_day_without_network_all_is_confirmed_in_seconds_and_cards_still_pay(
    stall: Outage, capsys: pytest.CaptureFixture[str]
) -> None:
    stall.ready()
    stall.link.cut()
    stall.fill(QUEUED)
    stall.start()
    stall.wait("a till offline", lambda v: v["links"]["unsent"] == QUEUED and bool(v["items"]))
    before, meanwhile = stall.booked(), 0
    waits: list[float] = []
    stall.wait("a reader", lambda v: v["links"]["reader"] == "ok")
    stall.link.restore()
    begun = time.monotonic()
    stall.wait("a till online", lambda v: v["links"]["net"] == "ok")
    online = time.monotonic() - begun
    while not waits or (stall.feed.view["links"]["unsent"] > 50 and len(waits) < 20):
        meanwhile += stall.feed.view["links"]["unsent"] > 50
        waits.append(stall.pays_after_s())
    stall.feed.wait(lambda v: v["links"]["unsent"] == 0, "an empty outbox", wait_s=60)
    confirmed = time.monotonic() - begun
    with capsys.disabled():
        sys.stdout.write(
            f"\n{QUEUED} queued sales: online after {online:.1f} s, all confirmed after"
            f" {confirmed:.1f} s; card sales meanwhile {meanwhile}, slowest {max(waits):.2f} s\n"
        )
    stall.all_sent()
    assert stall.booked() == before + QUEUED + len(waits)
    assert confirmed < 30
    assert max(waits) < 1.0
