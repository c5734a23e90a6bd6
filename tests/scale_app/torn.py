"""A purse that leaves the reader at its next purchase."""

from typing import TypeVar

from fixtures.purse_card import PretendPurse
from fixtures.purse_files import Answer

Card = TypeVar("Card", bound=PretendPurse)


def tearing(card: Card, *, moves: bool) -> Card:
    """The card leaves at its next purchase: after it took the money, or before."""
    pay = card._purchase

    def torn(body: bytes) -> Answer:
        card.__dict__.pop("_purchase")
        if moves:
            pay(body)
        card._leave()
        raise AssertionError

    card.__dict__["_purchase"] = torn
    return card
