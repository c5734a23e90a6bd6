"""Answers and ATRs that no card would give: no crash, and never a wrong card accepted."""

import contextlib
import os
import random
from collections.abc import Callable

import pytest

from card.atr import CardFamily, family_of
from card.errors import CardError, KeyringError
from card.keyring import Keyring
from card.personalise_purse import personalise_purse
from card.read import TappedCard, read_card, write_token
from fixtures.blank_purse import BlankPurse
from fixtures.card_in_process import InProcess
from fixtures.mifare_card import PretendCard, PretendMifare
from tests.card.world import FIRST_TOKEN, NEXT_TOKEN, UID, WANG, fresh, issued_card

RUNS = int(os.environ.get("STEELYARD_FUZZ", "2000"))
"""Of each kind; with test_purse_fuzz.py over 20,000 in the suite."""
pytestmark = pytest.mark.timeout(120 + RUNS // 50)
"""A long run may take its time."""
Answer = tuple[bytes, int]


class Twisted(InProcess):
    """Changes some of a card's answers by a die of its own."""

    def __init__(self, card: PretendCard, seed: int) -> None:
        super().__init__(card)
        self.dice = random.Random(seed)
        self.heard: list[Answer] = [(b"", 0x9000)]

    def transmit(self, apdu: bytes) -> Answer:
        answer = super().transmit(apdu)
        self.heard.append(answer)
        if self.dice.random() > 0.15:
            return answer
        return self.dice.choice(TWISTS)(self, answer)


def _other_status(link: Twisted, answer: Answer) -> Answer:
    known = (0x9000, 0x6300, 0x6982, 0x6A81, 0x6D00, 0x6110, 0x6C10, 0x6581, 0x0000)
    return answer[0], link.dice.choice([*known, link.dice.randrange(65536)])


def _noise(link: Twisted, _answer: Answer) -> Answer:
    return link.dice.randbytes(link.dice.choice([0, 1, 4, 7, 15, 16, 17, 255])), 0x9000


def _flipped_bit(link: Twisted, answer: Answer) -> Answer:
    body = bytearray(answer[0] or b"\x00")
    body[link.dice.randrange(len(body))] ^= 1 << link.dice.randrange(8)
    return bytes(body), answer[1]


def _an_earlier_one(link: Twisted, _answer: Answer) -> Answer:
    return link.dice.choice(link.heard)


def _cut(link: Twisted, answer: Answer) -> Answer:
    return answer[0][: link.dice.randrange(17)], answer[1]


TWISTS: list[Callable[[Twisted, Answer], Answer]] = [
    _other_status,
    _noise,
    _flipped_bit,
    _an_earlier_one,
    _cut,
]


@pytest.fixture(scope="module")
def issued(office: Keyring, till: Keyring) -> tuple[PretendMifare, TappedCard]:
    card = issued_card(office)
    return card, read_card(InProcess(card), till)


def test_twisted_answers_make_no_other_card(
    till: Keyring, issued: tuple[PretendMifare, TappedCard]
) -> None:
    card, genuine = issued
    accepted = 0
    for seed in range(RUNS):
        try:
            tapped = read_card(Twisted(fresh(card), seed), till)
        except CardError:
            continue
        accepted += 1
        assert (tapped.number, tapped.uid, tapped.kind) == (
            genuine.number,
            genuine.uid,
            genuine.kind,
        )
        assert (tapped.level, tapped.valid_to) == (genuine.level, genuine.valid_to)
        assert tapped.token_is_lost or tapped.token == FIRST_TOKEN
    # The die is fair: some conversations must come through, and many must not.
    assert RUNS // 10 < accepted < RUNS * 9 // 10


def test_twisted_answers_never_report_a_token_that_is_not_there(
    till: Keyring, issued: tuple[PretendMifare, TappedCard]
) -> None:
    card, genuine = issued
    for seed in range(RUNS):
        worn = fresh(card)
        try:
            write_token(Twisted(worn, seed), till, genuine, seq=2, token=NEXT_TOKEN)
        except CardError:
            pass
        else:
            assert read_card(InProcess(worn), till).token == NEXT_TOKEN
        assert read_card(InProcess(worn), till).token in (FIRST_TOKEN, NEXT_TOKEN)


def test_noise_for_an_atr_is_never_a_family_we_talk_with() -> None:
    dice = random.Random(7)
    for _ in range(RUNS):
        noise = dice.randbytes(dice.randrange(40))
        assert family_of(noise) in (CardFamily.CPU, CardFamily.UNKNOWN)


def test_a_twisted_issue_is_finished_by_the_same_call_or_told(office: Keyring) -> None:
    lost = 0
    for seed in range(RUNS // 20):
        card = BlankPurse(UID)
        with contextlib.suppress(CardError, KeyringError):
            personalise_purse(Twisted(card, seed), office, WANG)
        try:
            made = personalise_purse(InProcess(card), office, WANG)
        except CardError:
            lost += 1  # a key or file that a twisted answer made it write wrongly: told, not used
            continue
        assert made.number == WANG.number
        assert made.purse is not None
        assert made.purse.balance_fen == 0
    assert lost <= RUNS // 200, "the die is kind enough for nearly all"
