"""The till's core with everything real around it but the screen.

Mosquitto with TLS, the installed back-office, pcscd with virtual slots, a scale on a
pseudo-terminal, a proxy that cuts the network. The till runs as a process of its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.bad_link import BadLink
from fixtures.feed import Feed, NotSeen, View
from fixtures.mifare_card import PretendMifare, blank_card
from fixtures.private_pcscd import PrivatePcscd
from fixtures.scale_on_pty import ScaleOnPty
from tests.running import RunningOffice

CHECKOUT = Path(__file__).parents[2]


class Stall:
    """One stall with its till, from pan to books."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.office = RunningOffice(root).__enter__()
        self.pcscd = PrivatePcscd(root / "pcscd").__enter__()
        self.scale = ScaleOnPty("st-gs", link=root / "scale").__enter__()
        self.link = BadLink(("127.0.0.1", self.office.port))
        (root / "till.toml").write_text(
            f'[till]\nenrolment = "enrolment/T1"\ncashier = 7\n'
            f'[scale]\nport = "{root / "scale"}"\nprotocol = "st-gs"\n'
            f'[reader]\nname = "{self.pcscd.reader_names[0]}"\n'
            f"{self.more_settings()}"
            f'[broker]\nhost = "127.0.0.1"\nport = {self.link.port}\n'
        )
        self.printed = (root / "till.out").open("ab")
        self.card = self.issue()
        self.start()
        self.feed = Feed(root / "till" / "display.sock")

    def more_settings(self) -> str:
        """Further tables of till.toml."""
        return ""

    def issue(self) -> PretendMifare:
        """A gold card with 50.00 on it, issued by the installed command."""
        card = blank_card(bytes.fromhex("a1b2c3d4"))
        slot = self.pcscd.slots[0]
        slot.insert(card)
        os.environ.update(self.pcscd.env)
        words = "card issue --kind both --level 1 --balance 50.00 --wait 10"
        self.number = int(self.office.command(*words.split()).split()[-1])
        slot.remove()
        return card

    def start(self) -> None:
        """The till's process."""
        words = [sys.executable, "-m", "tests.scale_app.till_child"]
        self.till = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *words, self.root / "till.toml", self.root / "till"],
            stdin=subprocess.PIPE,
            stdout=self.printed,
            stderr=self.printed,
            cwd=CHECKOUT,
            env={**os.environ, **self.pcscd.env},
        )

    def kill(self) -> None:
        """kill -9."""
        self.till.kill()
        self.till.wait(5)

    def close(self) -> None:
        """Everything ends."""
        self.till.kill()
        self.till.wait(5)
        self.printed.close()
        self.feed.close()
        self.link.close()
        self.scale.close()
        self.pcscd.stop()
        self.office.__exit__(None, None, None)

    def key(self, words: str) -> None:
        """One key."""
        assert self.till.stdin is not None
        self.till.stdin.write(words.encode() + b"\n")
        self.till.stdin.flush()

    def wait(self, what: str, is_right: Callable[[View], bool]) -> View:
        """Until the customer's screen would show it."""
        assert self.till.poll() is None, (self.root / "till" / "till.log").read_text()
        try:
            return self.feed.wait(is_right, what, wait_s=8)
        except NotSeen as missing:
            log = (self.root / "till" / "till.log").read_text("utf-8")[-1500:]
            raise AssertionError(f"{missing} {self.feed.view}\n{log}") from missing

    def ready(self) -> None:
        """Online, with an empty pan that has settled."""
        self.wait("a till online", lambda v: v["links"]["net"] == "ok" and bool(v["items"]))
        self.wait("a reader", lambda v: v["links"]["reader"] == "ok")
        until = time.monotonic() + 10
        while self.feed.zero_for_s < 0.6:
            assert time.monotonic() < until, "the pan does not come to zero"
            time.sleep(0.05)

    def weigh(self, grams: int) -> View:
        """Goods on the pan, the first hot key, off again."""
        lines = len(self.feed.view["lines"]) if self.feed.view["stage"] != "paid" else 0
        self.scale.put(grams)
        self.key("item 1")
        view = self.wait("a weighed line", lambda v: not paid(v) and len(v["lines"]) == lines + 1)
        self.scale.take_off()
        return view

    def tap(self) -> None:
        """The card on the reader."""
        self.pcscd.slots[0].insert(self.card)

    def pull(self) -> None:
        """The card off the reader."""
        self.pcscd.slots[0].remove()
        time.sleep(0.6)

    def balance(self) -> int:
        """Fen on the card, by the books."""
        shown = self.office.json("card", "show", str(self.number))
        assert isinstance(shown, dict)
        found = shown["balance"]
        assert isinstance(found, int)
        return found

    def agree(self) -> None:
        """Nothing owed, and the back-office's own check finds no difference."""
        self.wait("an empty outbox", lambda v: v["links"]["unsent"] == 0)
        self.office.command("report", "check")


def shows(view: View, balance: str) -> bool:
    return bool(view["card"]) and view["card"]["balance"] == balance


def paid(view: View) -> bool:
    return bool(view["stage"] == "paid")


@pytest.fixture(scope="module")
def stall() -> Iterator[Stall]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = Stall(Path(folder))
        yield found
        found.close()


def test_one_and_a_quarter_kilogram_one_key_and_a_tap_are_paid(stall: Stall) -> None:
    stall.ready()
    assert stall.weigh(1235)["lines"][0]["amount"] == "8.40"
    writes = stall.card.writes
    stall.tap()
    view = stall.wait("paid", paid)
    assert (view["total"], view["saving"], view["card"]["balance"]) == ("7.98", "0.42", "42.02")
    until = time.monotonic() + 5
    while stall.card.writes == writes:
        assert time.monotonic() < until, "the new token was not written to the card"
        time.sleep(0.02)
    stall.pull()
    stall.agree()
    assert stall.balance() == 5000 - 798


def test_the_same_card_shows_the_lower_balance_and_pays_again_with_its_new_token(
    stall: Stall,
) -> None:
    stall.ready()
    stall.tap()
    stall.wait("the balance", lambda v: not paid(v) and shows(v, "42.02"))
    stall.pull()
    stall.ready()
    stall.weigh(1000)
    stall.tap()
    stall.wait("paid", lambda v: paid(v) and v["total"] == "6.46")
    stall.pull()
    stall.agree()
    assert stall.balance() == 5000 - 798 - 646
    alerts = stall.office.json("alerts")
    assert isinstance(alerts, list)
    # Twice within ten seconds is worth a note; a token that is not the newest would be another.
    assert {alert["word"] for alert in alerts} <= {"repeated-payment"}


def test_with_the_cable_cut_cash_sells_and_the_card_is_refused(stall: Stall) -> None:
    stall.ready()
    stall.link.cut()
    stall.wait("offline", lambda v: v["links"]["net"] == "off")
    stall.key("item 9")
    stall.tap()
    stall.wait("refused", lambda v: bool(v["message"]) and v["message"]["code"] == "card-offline")
    stall.key("enter")
    stall.wait("paid in cash", lambda v: paid(v) and v["links"]["unsent"] >= 1)
    stall.pull()
    stall.link.restore()
    stall.ready()
    stall.agree()


def test_kill_9_in_the_middle_of_a_basket_and_the_lines_are_there_again(stall: Stall) -> None:
    stall.ready()
    stall.key("item 9")
    stall.key("item 9")
    stall.wait("a line", lambda v: not paid(v) and len(v["lines"]) >= 1)
    lines = stall.feed.view["lines"]
    stall.kill()
    stall.start()
    stall.wait("the basket", lambda v: v["stage"] == "selling" and v["lines"] == lines)
    stall.key("enter")
    stall.wait("paid", paid)
    stall.ready()
    stall.agree()


def test_unplugged_the_scale_says_so_and_comes_back(stall: Stall) -> None:
    stall.ready()
    stall.scale.unplug()
    stall.wait("a lost scale", lambda v: v["links"]["scale"] == "off" and v["weight"] is None)
    stall.scale.replug()
    stall.wait("the scale", lambda v: v["links"]["scale"] == "ok")


def test_the_log_holds_no_card_number_and_no_key(stall: Stall) -> None:
    log = (stall.root / "till" / "till.log").read_text("utf-8")
    assert "connected" in log
    assert str(stall.number) not in log
    assert (stall.root / "enrolment" / "T1" / "mac.key").read_bytes().hex() not in log
