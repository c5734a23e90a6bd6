"""Cards in people's pockets: what stands on the chip, and how its token can tear."""

from dataclasses import dataclass, field
from random import Random

from card.atr import CardFamily
from card.layout import CardKind, Slot, SlotState, current_slot, is_after
from card.read import TappedCard
from tests.sim.market import Issued
from tests.sim.purses import Purse


@dataclass(eq=False, slots=True)
class Card:
    """One piece of plastic; a clone is another one with the same number."""

    issued: Issued
    is_clone: bool = False
    slots: list[Slot] = field(default_factory=list)
    at: str = ""
    """Till on whose reader it lies."""

    def __post_init__(self) -> None:
        if not self.slots:
            first = Slot(SlotState.VALID, self.issued.token_seq, self.issued.token)
            self.slots = [first, Slot(SlotState.EMPTY, 0, bytes(8))]

    @property
    def number(self) -> int:
        """As printed on it."""
        return self.issued.number

    def tapped(self) -> TappedCard:
        """As a reader would read it now."""
        return TappedCard(
            self.number, b"abcd", CardFamily.M1_1K, CardKind(self.issued.kind), self.issued.level,
            20260101, 20991231, 1, (self.slots[0], self.slots[1]),
        )  # fmt: skip

    def write(self, seq: int, token: bytes, *, torn: bool) -> None:
        """The next token into the slot that is not current, as `card.read.write_token` does."""
        at = current_slot((self.slots[0], self.slots[1]))
        if at is not None and not is_after(seq, self.slots[at].seq):
            return
        state = SlotState.DAMAGED if torn else SlotState.VALID
        self.slots[0 if at is None else 1 - at] = Slot(state, seq, token)

    def copied(self) -> "Card":
        """A clone."""
        return Card(self.issued, True, list(self.slots))


class Pockets:
    """All cards of the market."""

    def __init__(self, issued: tuple[Issued, ...], purses: tuple[tuple[int, int], ...]) -> None:
        self.cards = [Card(one) for one in issued]
        self.purses = [Purse(*one) for one in purses]
        self.handed_out = len(issued)

    def free(self, chance: Random) -> Card | Purse | None:
        """Some card that lies nowhere."""
        cards: list[Card | Purse] = [*self.cards, *self.purses]
        card = chance.choice(cards)
        return None if card.at else card

    def purse(self, number: int) -> Purse | None:
        """The purse of that number, when it lies nowhere."""
        found = (one for one in self.purses if one.number == number and not one.at)
        return next(found, None)
