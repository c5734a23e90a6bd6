"""Cards that the tests of this folder share."""

import copy

from card.keys import MasterKeys
from card.layout import CardIdentity, CardKind, card_number
from card.personalise import personalise
from card.read import TappedCard
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import Faults, PretendMifare, blank_card

UID = bytes.fromhex("04A1B2C3D4E5F6")
SHORT_UID = bytes.fromhex("9A3C5571")
WANG = CardIdentity(
    card_number(6200, 41), CardKind.MEMBER | CardKind.STORED_VALUE, 2, 20260101, 20301231
)
FIRST_TOKEN = bytes.fromhex("1122334455667788")
NEXT_TOKEN = bytes.fromhex("99AABBCCDDEEFF00")


def issue(
    card: PretendMifare, office: MasterKeys, identity: CardIdentity = WANG, seq: int = 1
) -> TappedCard:
    return personalise(InProcess(card), office, identity, seq=seq, token=FIRST_TOKEN)


def issued_card(office: MasterKeys, uid: bytes = UID) -> PretendMifare:
    card = blank_card(uid)
    issue(card, office)
    return card


def fresh(card: PretendMifare, faults: Faults | None = None) -> PretendMifare:
    """A card with the same memory whose counts start at nought."""
    twin = copy.deepcopy(card)
    twin.apdus, twin.writes, twin.faults = [], 0, faults or Faults()
    return twin
