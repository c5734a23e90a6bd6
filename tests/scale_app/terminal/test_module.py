"""The security module's own settings: how its operator wants to be paid."""

from dataclasses import replace

import pytest

from card.city import SCHEMES
from card.psam import open_psam
from card.purse import debit
from card.purse_facts import OURS, Purchase
from card.read import TappedCard, read_processor_card
from fixtures.card_in_process import InProcess
from fixtures.city_card import CITY_MASTER, city_card
from fixtures.psam_card import PretendPsam
from scale_app.config import ModuleTable
from scale_app.terminal.module import SecurityModule
from tests.card.purses import NOON, TILL_KEYS

MOHURD = SCHEMES[0].profile


def module(purchase: str) -> SecurityModule:
    table = ModuleTable(reader="x", application="DF01", schemes=["mohurd"], purchase=purchase)  # type: ignore[arg-type]
    return SecurityModule(table)


def test_nothing_said_is_the_usual_way_and_others_keep_theirs() -> None:
    assert module("").profile(MOHURD) == MOHURD
    assert SecurityModule(None).profile(MOHURD) == MOHURD
    assert module("plain").profile(OURS) == OURS


@pytest.mark.parametrize(("told", "first"), [("plain", "80500102"), ("compound", "80500302")])
def test_a_city_card_pays_as_its_operator_wants(told: str, first: str) -> None:
    card = city_card("changsha")
    link = InProcess(card)
    tapped = read_processor_card(link, TILL_KEYS)
    assert isinstance(tapped, TappedCard)
    assert tapped.purse is not None
    facts = replace(tapped.purse, profile=module(told).profile(tapped.purse.profile))
    sam = open_psam(
        InProcess(PretendPsam(CITY_MASTER)), application=0xDF01, tell_code=b"\x80\xdc\x00\x00"
    )
    proof = debit(link, sam, 98, card=facts, when=NOON, before_commit=lambda _intent: None)
    assert proof.mac2_checked
    assert proof.intent.kind == (Purchase.PLAIN if told == "plain" else Purchase.CAPP)
    assert any(apdu.hex().startswith(first) for apdu in card.apdus)
    assert card.memory.purses[2].balance == 7223 - 98
