"""May this card pay this sale? By tables."""

from dataclasses import replace

import pytest

from backoffice.accounts import (
    CardRecord,
    TokenVerdict,
    card_tender,
    level_on,
    payment_code,
    price_level_of,
    state_on,
    token_verdict,
)
from broker.messages import CardState, Code
from broker.sale import Sale, Tender
from tests.backoffice.world import DAY, card_sale, pieces

CARD = CardRecord(
    number=620000000000013, kind=3, level=1, state=1, valid_from=20260101, valid_to=DAY,
    balance=1_000, token_seq=4, token=b"current!", previous_token=b"previous",
)  # fmt: skip


@pytest.mark.parametrize(
    ("card", "day", "state"),
    [
        (None, DAY, CardState.UNKNOWN),
        (replace(CARD, state=CardState.STOCK), DAY, CardState.UNKNOWN),
        (replace(CARD, state=CardState.BLOCKED), DAY + 1, CardState.BLOCKED),
        (CARD, DAY, CardState.ACTIVE),
        (CARD, DAY + 1, CardState.EXPIRED),
        (replace(CARD, valid_to=0), 20991231, CardState.ACTIVE),
    ],
)
def test_the_last_day_still_counts(card: CardRecord | None, day: int, state: CardState) -> None:
    assert state_on(card, day) is state


@pytest.mark.parametrize(
    ("seq", "token", "lost_before", "verdict"),
    [
        (4, b"current!", False, TokenVerdict.CURRENT),
        (3, b"previous", False, TokenVerdict.PREVIOUS),
        (2, b"ancient.", False, TokenVerdict.WRONG),
        (0, bytes(8), False, TokenVerdict.LOST),
        (0, b"", False, TokenVerdict.LOST),
        (0, bytes(8), True, TokenVerdict.WRONG),
        (5, b"", False, TokenVerdict.WRONG),
    ],
)
def test_tokens(seq: int, token: bytes, lost_before: bool, verdict: TokenVerdict) -> None:
    assert token_verdict(replace(CARD, token_lost=lost_before), seq, token) is verdict


def test_a_card_without_a_token_yet_takes_its_first() -> None:
    fresh = replace(CARD, token=b"", previous_token=b"")
    assert token_verdict(fresh, 1, b"anything") is TokenVerdict.FIRST


@pytest.mark.parametrize(
    ("card", "amount", "level", "code"),
    [
        (CARD, 1_000, 0, Code.OK),
        (CARD, 1_001, 0, Code.INSUFFICIENT),
        (CARD, 1_000, 1, Code.PRICE_LEVEL),
        (replace(CARD, kind=1, balance=None), 1, 0, Code.NO_PURSE),
        (replace(CARD, state=CardState.BLOCKED), 1, 0, Code.BLOCKED),
        (replace(CARD, valid_to=DAY - 1), 1, 0, Code.EXPIRED),
        (replace(CARD, token=b"other..."), 1, 0, Code.TOKEN),
        (None, 1, 0, Code.UNKNOWN_CARD),
    ],
)
def test_verdicts(card: CardRecord | None, amount: int, level: int, code: Code) -> None:
    tender = Tender(2, amount, CARD.number, 4, b"current!")
    assert payment_code(card, card_sale(tender, amount), tender, level) is code


def test_a_level_is_a_members_alone_and_only_while_the_card_is_in_force() -> None:
    assert level_on(CARD, DAY) == 1
    assert level_on(replace(CARD, kind=2), DAY) == 0
    assert level_on(CARD, DAY + 1) == 0
    assert level_on(replace(CARD, state=CardState.BLOCKED), DAY) == 0


def test_a_sale_without_a_member_is_priced_at_the_shelf() -> None:
    tender = Tender(2, 840, CARD.number)
    assert price_level_of(card_sale(tender), CARD) == 0
    assert price_level_of(card_sale(tender, member=CARD.number), CARD) == 1


@pytest.mark.parametrize(
    "tenders",
    [
        [Tender(1, 840)],
        [Tender(2, 840, None)],
        [Tender(2, 0, 5)],
        [Tender(2, -840, 5)],
        [Tender(2, 420, 5), Tender(2, 420, 6)],
    ],
)
def test_only_one_card_and_a_sum_above_zero_can_be_asked(tenders: list[Tender]) -> None:
    sale = Sale(1, DAY, 1, 7, 1, None, 0, 840, [pieces(840)], [], tenders)
    assert card_tender(sale, 2) is None
