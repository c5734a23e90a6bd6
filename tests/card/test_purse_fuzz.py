"""Answers that no honest card gives, in the middle of a purchase: no crash, no wrong accept.

2,000 conversations of each kind in the suite, over 20,000 with those of test_fuzz.py;
STEELYARD_FUZZ=1000000 for so many of each.
"""

import os
import random

import pytest

from card.city import read_city_card
from card.cpu.chip import Chip
from card.cpu.select import select_name
from card.errors import CardError
from card.host import answer_load, load_tac_is_right
from card.intent import DebitIntent, LoadIntent
from card.psam import open_psam
from card.purse import DebitProof, resolve
from card.purse_facts import OURS
from card.topup import begin_load, finish_load, resolve_load
from card.verdict import Verdict
from fixtures.card_in_process import InProcess
from fixtures.city_card import CITIES, city_card
from fixtures.mifare_card import PretendCard
from fixtures.psam_card import PretendPsam
from fixtures.purse_card import Ways
from tests.card.purses import (
    BALANCE,
    MOMENT,
    TERMINAL,
    Journal,
    KnownKeys,
    again,
    facts,
    pay,
    psam,
    purse,
    soft_sam,
)

RUNS = int(os.environ.get("STEELYARD_FUZZ", "2000"))
pytestmark = pytest.mark.timeout(120 + RUNS // 50)
"""A long run may take its time."""
STATUSES = (0x9000, 0x6110, 0x6C08, 0x6581, 0x6985, 0x9302, 0x9401, 0x9406, 0x63C1, 0x6283, 0x6A82)
Answer = tuple[bytes, int]


class Twisted(InProcess):
    """Changes some of a card's answers by a die of its own."""

    def __init__(self, card: PretendCard, seed: int, often: float = 0.2) -> None:
        super().__init__(card)
        self.dice = random.Random(seed)
        self.often = often
        self.heard: list[Answer] = [(b"", 0x9000)]

    def transmit(self, apdu: bytes) -> Answer:
        body, sw = super().transmit(apdu)
        self.heard.append((body, sw))
        if self.dice.random() > self.often:
            return body, sw
        match self.dice.randrange(5):
            case 0:
                return body, self.dice.choice([*STATUSES, self.dice.randrange(65536)])
            case 1:
                return self.dice.randbytes(self.dice.choice([0, 1, 4, 8, 15, 16, 30, 255])), 0x9000
            case 2:
                torn = bytearray(body or b"\x00")
                torn[self.dice.randrange(len(torn))] ^= 1 << self.dice.randrange(8)
                return bytes(torn), sw
            case 3:
                return self.dice.choice(self.heard)
            case _:
                return body[: self.dice.randrange(20)], sw


@pytest.mark.parametrize("uses_psam", [False, True], ids=["soft", "psam"])
def test_a_twisted_purchase_is_never_two_and_never_paid_for_nothing(*, uses_psam: bool) -> None:
    paid = 0
    for seed in range(RUNS):
        card, journal = purse(), Journal()
        sam = psam() if uses_psam else soft_sam()
        try:
            proof = pay(Twisted(card, seed), sam, 1000, journal=journal)
        except CardError:
            proof = None
        taken = BALANCE - card.memory.purses[2].balance
        assert taken in (0, 1000)
        assert sum(apdu[1] == 0x54 for apdu in card.apdus) <= 1
        if isinstance(proof, DebitProof):
            paid += 1
            # An accepted purchase really took the money: MAC2 was checked by key or module.
            assert (taken, proof.mac2_checked) == (1000, True)
        elif taken:
            assert len(journal) == 1
            assert isinstance(journal[0], DebitIntent)
            found = resolve(InProcess(again(card)), sam, journal[0], profile=OURS)
            assert found.verdict in (Verdict.COMMITTED, Verdict.REVIEW)
    assert RUNS // 10 < paid < RUNS


def test_a_twisted_load_is_never_two_and_its_tac_never_lies() -> None:
    keys, sworn = KnownKeys(), 0
    for seed in range(RUNS):
        card, journal = purse(ways=Ways(pin_for_load=False)), Journal()
        link = Twisted(card, seed)
        try:
            request = begin_load(link, 1000, card=facts(card), terminal=TERMINAL)
            answer = answer_load(keys, request, MOMENT)
            proof = finish_load(
                link, request, answer, card=facts(card), before_commit=journal.write
            )
        except CardError:
            proof = None
        loaded = card.memory.purses[2].balance - BALANCE
        assert loaded in (0, 1000)
        assert sum(apdu[1] == 0x52 for apdu in card.apdus) <= 1
        if proof is not None and load_tac_is_right(keys, proof.intent, proof.tac):
            sworn += 1
            assert loaded == 1000
        elif loaded:
            # The office books by the proof; without a right one it asks the card again.
            assert isinstance(journal[0], LoadIntent)
            found = resolve_load(InProcess(again(card)), journal[0], profile=OURS)
            assert found.verdict is Verdict.COMMITTED
            assert load_tac_is_right(keys, journal[0], found.tac)
    assert RUNS // 10 < sworn < RUNS


def test_a_twisted_question_never_turns_a_paid_debit_into_an_unpaid_one() -> None:
    card, journal = purse(), Journal()
    pay(InProcess(card), soft_sam(), 1000, journal=journal)
    assert isinstance(journal[0], DebitIntent)
    seen: set[Verdict] = set()
    for seed in range(RUNS):
        back = again(card)
        seen.add(resolve(Twisted(back, seed), None, journal[0], profile=OURS).verdict)
        assert card.memory.purses[2].balance == BALANCE - 1000
    assert Verdict.COMMITTED in seen
    assert Verdict.NOT_COMMITTED not in seen


def test_a_twisted_city_card_crashes_nothing() -> None:
    names = list(CITIES)
    told = 0
    for seed in range(RUNS):
        name = names[seed % len(names)]
        try:
            found = read_city_card(Twisted(city_card(name), seed, often=0.05))
        except CardError:
            continue
        told += found is not None
    assert told


def test_noise_for_a_directory_or_a_module_crashes_nothing() -> None:
    class Noise:
        atr = b""
        reader = ""
        dice = random.Random(4)

        def transmit(self, _apdu: bytes, /) -> Answer:
            return self.dice.randbytes(self.dice.randrange(64)), 0x9000

    for _ in range(RUNS):
        for ask in (
            lambda: select_name(Chip(Noise()), b"name"),
            lambda: open_psam(Noise(), application=0xDF01),
        ):
            try:
                ask()
            except CardError:
                continue


def test_a_twisted_module_takes_no_money_twice() -> None:
    for seed in range(RUNS // 4):
        card = purse()
        chip = PretendPsam(bytes(16))
        try:
            module = open_psam(Twisted(chip, seed), application=0xDF01)
            pay(InProcess(card), module, 1000)
        except CardError:
            continue
        assert card.memory.purses[2].balance in (BALANCE, BALANCE - 1000)
