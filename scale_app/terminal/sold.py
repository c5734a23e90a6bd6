"""The figures of a weighing stay for a second after the sale, however fast the goods are gone.

Both sides must be able to read weight, unit price and price of what was sold: for at least a second
and while the load is on; not for longer than three after it is off (OIML R 76-1 4.14.3). Only what
was sold stays, under its own word; it is never sold from. A fault and a new load are shown at once.
Pure: time is an argument.
"""

from dataclasses import dataclass, replace
from typing import Final

from scale_app.checkout.desk import Desk
from scale_app.terminal.show import Surroundings, till_view
from scale_app.view import Stage, TillView, WeightState
from scale_app.weighing.snapshot import LiveState, LiveWeight

STAY_S: Final = 1.0
_GOING: Final = frozenset({LiveState.EMPTY, LiveState.MOVING})
_LYING: Final = frozenset({LiveState.STABLE, LiveState.BELOW_MIN})


@dataclass(frozen=True, slots=True)
class Sold:
    """The figures of one weighing as they were shown when it was sold."""

    seq: int
    """Number of the snapshot, as the line's."""
    until: float
    """Monotonic second."""
    live: LiveWeight
    desk: Desk
    was_empty: bool = False
    """The pan was seen empty since: whatever moves on it now is another load."""

    def after(self, live: LiveWeight) -> "Sold | None":
        """These figures after another reading; nothing once another load is on the pan."""
        if live.state is LiveState.EMPTY:
            return replace(self, was_empty=True)
        if self.was_empty or live.net is None or self.live.net is None:
            return None
        if live.state is LiveState.MOVING and live.net.value <= self.live.net.value:
            return self
        return self if live.state in _LYING and live.net == self.live.net else None

    def view(
        self, desk: Desk, live: LiveWeight, around: Surroundings, now: float
    ) -> TillView | None:
        """What is shown now with these figures in it; nothing when they have to go."""
        if now >= self.until or live.state not in _GOING or not self._stands(desk):
            return None
        then = till_view(self.desk, self.live, around)
        return replace(
            till_view(desk, live, around),
            weight=then.weight,
            weight_state=WeightState.SOLD,
            tare=then.tare,
            tare_kind=then.tare_kind,
            product=then.product,
            plu=then.plu,
            unit_price=then.unit_price,
            base=then.base,
            shelf_price=then.shelf_price,
            amount=then.amount,
        )

    def _stands(self, desk: Desk) -> bool:
        """Nothing else was chosen, and the line is still sold at this price."""
        if desk.latch is not None or (desk.shown and desk.shown != self.desk.shown):
            return False
        if desk.stage is Stage.PAID:
            return True
        is_in = any(item.seq == self.seq for item in desk.basket.items)
        return is_in and desk.basket.level == self.desk.basket.level


def sold(desk: Desk, live: LiveWeight, seq: int, now: float) -> Sold:
    """What was shown when the load of `seq` was sold."""
    return Sold(seq, now + STAY_S, live, desk)
