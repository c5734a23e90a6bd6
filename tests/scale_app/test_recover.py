"""`scale-app card recover` beside a stopped till: a torn card is asked and explained in words.

A card that has paid in every run; with STEELYARD_TEARS=all also one that has not.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from card.recover import DO_NOW
from card.verdict import Reason, Verdict
from fixtures.feed import View
from fixtures.purse_card import PretendPurse
from scale_app.cli.card import SENTENCES
from scale_app.cli.lock import state_lock
from tests.scale_app.test_pcscd_killed import EGG, OPENING, purse_of
from tests.scale_app.test_whole_till import CHECKOUT, Stall, paid
from tests.scale_app.torn import tearing

ALL = os.environ.get("STEELYARD_TEARS") == "all"


@pytest.fixture(scope="module")
def stall() -> Iterator[Stall]:
    with tempfile.TemporaryDirectory(prefix="sy-") as folder:
        found = Stall(Path(folder))
        yield found
        found.close()


@pytest.fixture(scope="module")
def card(stall: Stall) -> PretendPurse:
    return purse_of(stall)


def recovered(stall: Stall, *words: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-m", "scale_app", "--config", stall.root / "till.toml",
         "--state", stall.root / "till", "card", "recover", "--wait", "3", *words],
        capture_output=True, text=True, timeout=60, check=False, cwd=CHECKOUT,
        env={**os.environ, **stall.pcscd.env},
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


def in_doubt(view: View) -> bool:
    return bool(view["message"]) and view["message"]["code"] == "put-same-card-back"


@pytest.mark.parametrize("moves", [True, False] if ALL else [True])
def test_a_torn_card_is_explained_and_the_till_then_books_it(
    stall: Stall, card: PretendPurse, *, moves: bool
) -> None:
    before = OPENING if moves else OPENING - EGG
    stall.ready()
    stall.key("item 9")
    stall.wait("a line", lambda v: v["stage"] == "selling" and len(v["lines"]) == 1)
    stall.pcscd.slots[0].insert(tearing(card, moves=moves))
    stall.wait("in doubt", in_doubt)
    stall.kill()
    assert recovered(stall) == (1, ["No card came, or it was taken away too early: put it back."])
    stall.pcscd.slots[0].insert(card)
    time.sleep(0.6)
    code, told = recovered(stall)
    assert code == 0
    held = f"{before / 100:.2f}"
    assert told[0] == f"The chip held {held} when it was told to pay 0.98; the answer is owed."
    if moves:
        assert told[1:3] == [
            "Now it holds 49.02 (-0.98).",
            "Payments since, by its own counter: 1.",
        ]
        assert told[-3:] == [
            "The proof is right.",
            "It has paid.",
            "Start the till and tap this card once: the sale is booked by itself.",
        ]
    else:
        assert told[-3:-1] == ["Balance and counter are as before.", "It has not paid."]
    stall.pull()
    stall.start()
    stall.pcscd.slots[0].insert(card)
    wanted = "doubt-paid" if moves else "doubt-not-taken"
    stall.wait("settled", lambda v: bool(v["message"]) and v["message"]["code"] == wanted)
    stall.pull()
    assert card.memory.purses[2].balance == OPENING - EGG
    if not moves:
        stall.key("enter")
        stall.wait("paid in cash", paid)
    stall.ready()
    stall.agree()


def test_without_a_doubt_it_says_so_and_never_beside_a_running_till(stall: Stall) -> None:
    stall.kill()
    with state_lock(stall.root / "till"):
        assert recovered(stall) == (75, [])
    assert recovered(stall) == (0, ["No card is in doubt here."])
    assert recovered(stall, "--json") == (0, ["[]"])


def test_every_step_of_an_explanation_has_a_sentence() -> None:
    spelled = {f"because_{reason}" for reason in Reason} | {f"verdict_{one}" for one in Verdict}
    assert (spelled | set(DO_NOW.values())) - set(SENTENCES) == set()
