"""Cards pulled at each command, before and after it took effect, through pcscd and its readers.

The same matrix as in tests/card, on the real stack; a few in every run, all of them with
STEELYARD_TEARS=all.
"""

import os
from collections.abc import Callable
from typing import TypeVar

import pytest

from card.connection import Connection
from card.errors import CardError, DebitUncertain
from card.host import answer_load
from card.intent import DebitIntent, LoadIntent
from card.keyring import Keyring
from card.purse import resolve
from card.purse_facts import OURS
from card.read import TappedCard, read_card, write_token
from card.topup import LoadProof, LoadRequest, begin_load, begin_unload, finish_load, resolve_load
from card.verdict import Resolution, Verdict
from fixtures.mifare_card import Faults, PretendMifare, Torn
from fixtures.private_pcscd import PrivatePcscd
from fixtures.purse_card import PretendPurse, PurseFaults, Ways
from tests.card.purses import (
    BALANCE,
    MOMENT,
    TERMINAL,
    Journal,
    KnownKeys,
    again,
    facts,
    pay,
    purse,
    soft_sam,
)
from tests.doors.desk import LI, LIS_UID, Desk, issued

ALL = os.environ.get("STEELYARD_TEARS") == "all"
AMOUNT = 1234
STEPS = 3
"""SELECT, INIT, and the command that moves money: of a purchase, a load and an unload."""
M1_APDUS = 13
T = TypeVar("T")
MOVED = (Verdict.COMMITTED, Verdict.COMMITTED_NO_TAC)


def every(*few: tuple[int, str]) -> list[tuple[int, str]]:
    return (
        [(at, when) for at in range(1, STEPS + 1) for when in ("before", "after")]
        if ALL
        else [*few]
    )


def torn(at: int, when: str) -> PretendPurse:
    faults = PurseFaults(lose_after=at) if when == "after" else PurseFaults(lose_before=at)
    return purse(faults=faults, ways=Ways(pin_for_load=False))


def on_card(
    pcscd: PrivatePcscd, desk: Desk, card: PretendPurse | PretendMifare,
    job: Callable[[Connection], T],
) -> T | CardError:  # fmt: skip
    pcscd.slots[0].insert(card)
    done = desk.done(job, tap=desk.tapped().tap)
    pcscd.slots[0].remove()
    if done.error is not None:
        return done.error
    assert done.value is not None
    return done.value


def assert_judged(
    pcscd: PrivatePcscd, desk: Desk, card: PretendPurse, change: int,
    asked: Callable[[Connection], Resolution],
) -> None:  # fmt: skip
    found = on_card(pcscd, desk, again(card), asked)
    assert isinstance(found, Resolution)
    moved = card.memory.purses[2].balance == BALANCE + change
    assert moved or card.memory.purses[2].balance == BALANCE
    assert (found.verdict in MOVED) is moved
    assert moved or found.verdict is Verdict.NOT_COMMITTED


@pytest.mark.parametrize(("at", "when"), every((2, "after"), (3, "before"), (3, "after")))
def test_a_purchase(pcscd: PrivatePcscd, desk: Desk, at: int, when: str) -> None:
    card, sam, journal = torn(at, when), soft_sam(), Journal()
    error = on_card(pcscd, desk, card, lambda link: pay(link, sam, AMOUNT, journal=journal))
    assert isinstance(error, CardError)
    if not isinstance(error, DebitUncertain):
        assert card.memory.purses[2].balance == BALANCE
        return
    assert isinstance(journal[0], DebitIntent)
    intent = journal[0]
    assert_judged(pcscd, desk, card, -AMOUNT, lambda link: resolve(link, sam, intent, profile=OURS))


@pytest.mark.parametrize("begin", [begin_load, begin_unload], ids=["load", "unload"])
@pytest.mark.parametrize(("at", "when"), every((3, "after")))
def test_a_load_and_an_unload(
    pcscd: PrivatePcscd, desk: Desk, at: int, when: str,
    begin: Callable[..., LoadRequest],
) -> None:  # fmt: skip
    card, journal = torn(at, when), Journal()

    def job(link: Connection) -> LoadProof:
        request = begin(link, AMOUNT, card=facts(card), terminal=TERMINAL)
        answer = answer_load(KnownKeys(), request, MOMENT)
        return finish_load(
            link,
            request,
            answer,
            card=facts(card),
            before_commit=journal.write,
        )

    error = on_card(pcscd, desk, card, job)
    assert isinstance(error, CardError)
    if not isinstance(error, DebitUncertain):
        assert card.memory.purses[2].balance == BALANCE
        return
    assert isinstance(journal[0], LoadIntent)
    intent = journal[0]
    change = AMOUNT if begin is begin_load else -AMOUNT
    assert_judged(pcscd, desk, card, change, lambda link: resolve_load(link, intent, profile=OURS))


@pytest.mark.parametrize("at", range(1, M1_APDUS + 1) if ALL else (5, 12))
def test_a_token_pulled(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring, at: int
) -> None:
    card = issued(office, LI, LIS_UID)
    card.apdus.clear()
    card.faults = Faults(pull_at=at)
    assert isinstance(on_card(pcscd, desk, card, lambda link: _roll(link, till)), CardError)
    assert_token_stands(pcscd, desk, card, till)


@pytest.mark.parametrize("kind", ["old", "new", "garbage"] if ALL else ["garbage"])
def test_a_token_torn_while_it_is_written(
    pcscd: PrivatePcscd, desk: Desk, office: Keyring, till: Keyring, kind: str
) -> None:
    card = issued(office, LI, LIS_UID)
    card.writes = 0
    card.faults = Faults(tear_write_at=1, torn=getattr(Torn, kind))
    assert isinstance(on_card(pcscd, desk, card, lambda link: _roll(link, till)), CardError)
    assert_token_stands(pcscd, desk, card, till)


def _roll(link: Connection, till: Keyring) -> TappedCard:
    return write_token(link, till, read_card(link, till), seq=2, token=b"token-02")


def assert_token_stands(
    pcscd: PrivatePcscd, desk: Desk, card: PretendMifare, till: Keyring
) -> None:
    card.faults = Faults()
    tapped = on_card(pcscd, desk, card, lambda link: read_card(link, till))
    assert isinstance(tapped, TappedCard)
    assert tapped.number == LI.number
    assert (tapped.token_seq, tapped.token) in {(1, b"token-01"), (2, b"token-02")}
