"""Tare at the till: typed, weighed, by container, by product, percent; pure, over a frozen value.

Rules: a tare is a whole number of e, above zero and below Max; repeating may add, never lower,
while the pan is loaded; a product's tare comes and goes with its PLU and may stand beside the
container's, as may a share in percent (leaves, brine) of what the other two leave over, rounded to
e; the container's clears itself when the pan returns to zero after goods were weighed,
unless it is kept. Facts: UKWF article 1.2 on tare; OIML R 76-1 4.6, 4.7, 4.13.3.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

from scale_app.weighing.instrument import Instrument
from scale_app.weighing.reading import TareKind


class TareRefusal(Enum):
    """Why a tare was not taken."""

    MOVING = "moving"
    STALE = "stale"
    NOT_POSITIVE = "not_positive"
    NOT_ON_STEP = "not_on_step"
    TOO_LARGE = "too_large"
    NOT_LOWER = "not_lower"
    SCALE_HAS_TARE = "scale_has_tare"


@dataclass(frozen=True, slots=True)
class Tare:
    """What is taken off gross, in kg or lb: the container's and the product's share.

    `kind` says how the container's came; `percent` is taken of what these two leave over.
    """

    container: Decimal = Decimal(0)
    kind: TareKind | None = None
    product: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)
    is_used: bool = False
    is_kept: bool = False

    def total(self, gross: Decimal, e: Decimal) -> Decimal:
        """All that is taken off at this load; the share in percent rounded to `e`, half up."""
        fixed = self.container + self.product
        rest = gross - fixed
        if not self.percent or rest <= 0:
            return fixed
        steps = (rest * self.percent / 100 / e).to_integral_value(ROUND_HALF_UP)
        return fixed + steps * e

    @property
    def kinds(self) -> tuple[TareKind, ...]:
        """Where each part came from; empty when there is none."""
        kinds = [kind for kind in (self.kind,) if kind]
        kinds += [TareKind.PRODUCT] if self.product else []
        kinds += [TareKind.PERCENT] if self.percent else []
        return tuple(kinds)


def kind_of(kinds: tuple[TareKind, ...]) -> TareKind | None:
    """One word for a tare of these parts; nothing when there is none."""
    return TareKind.COMBINED if len(kinds) > 1 else kinds[0] if kinds else None


def check(value: Decimal, instrument: Instrument) -> TareRefusal | None:
    """Why this value cannot be a tare on this instrument, or nothing."""
    if value <= 0:
        return TareRefusal.NOT_POSITIVE
    if not instrument.is_on_step(value) or instrument.exact(value) is None:
        return TareRefusal.NOT_ON_STEP
    return TareRefusal.TOO_LARGE if value > instrument.most_tare else None


def check_percent(percent: Decimal) -> TareRefusal | None:
    """Why this cannot be a share of the load, or nothing."""
    if percent <= 0:
        return TareRefusal.NOT_POSITIVE
    return TareRefusal.TOO_LARGE if percent >= 100 else None


def with_container(tare: Tare, value: Decimal, kind: TareKind) -> Tare:
    """The tare with this container, typed or weighed; already checked."""
    return replace(tare, container=value, kind=kind, is_used=False)


def with_product(tare: Tare, value: Decimal | None) -> Tare:
    """The tare with this product's share; nothing takes it away."""
    return replace(tare, product=value or Decimal(0))


def with_percent(tare: Tare, percent: Decimal | None) -> Tare:
    """The tare with a share in percent; nothing takes it away."""
    return replace(tare, percent=percent or Decimal(0))


def without_container(tare: Tare) -> Tare:
    """The tare with the container gone; the product's shares stay with its PLU."""
    return Tare(product=tare.product, percent=tare.percent, is_kept=tare.is_kept)


def after_goods(tare: Tare) -> Tare:
    """The tare once a stable net above zero was seen: it clears at the next empty pan."""
    return tare if tare.is_used else replace(tare, is_used=True)


def at_zero(tare: Tare) -> Tare:
    """The tare when the pan is empty again."""
    if not tare.is_used:
        return tare
    return replace(tare, is_used=False) if tare.is_kept else without_container(tare)
