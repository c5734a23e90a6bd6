"""Is the weight settled? By time window, or by the scale's own flag; pure, time as an argument.

Nothing here changes a weight: a verified scale's figure is shown as it came, we only judge it.
Window and rule were chosen by simulation (6-10 Hz pan, 0.8 g noise, e = 5 g, 10 Hz output): 0.5 s
within 1 e and without trend gives 1.02 s median and 1.33 s p95 from rest, and no wrong value in 600
loads put down by a hand (`./steelyard bench weighing`); a trend limit of e/4 gave 1.13 and 1.61 s,
0.3 s windows gave wrong values; poured goods need 0.8 s, where both limits are the same.
"""

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, Protocol

from scale_app.weighing.protocols.family import StableBy

WINDOW_S: Final = 0.5
POUR_WINDOW_S: Final = 0.8
LEAST_SAMPLES: Final = 4
MOST_GAP_S: Final = 0.3
TWICE_APART_S: Final = 0.08
_MOST_SAMPLES: Final = 256
_CLOCK_SLACK_S: Final = 1e-6


class Settling(Protocol):
    """Told every weight in order, says whether it is settled now."""

    def feed(self, weight: Decimal, flag: bool | None, t_mono: float) -> bool:  # noqa: FBT001 -- the scale's own flag is data
        """True when `weight`, received at `t_mono` seconds, is settled."""

    def restart(self) -> None:
        """Forget the past: a fault came in between."""


class FlagOnly:
    """The scale's own flag, for frames that a checksum protects."""

    def feed(self, weight: Decimal, flag: bool | None, t_mono: float) -> bool:  # noqa: ARG002, FBT001
        """True when the scale says so."""
        return flag is True

    def restart(self) -> None:
        """There is nothing to forget."""


class FlagTwice:
    """The scale's own flag in two equal readings at least 80 ms apart, and none other between."""

    def __init__(self) -> None:
        self._weight: Decimal | None = None
        self._since = 0.0

    def feed(self, weight: Decimal, flag: bool | None, t_mono: float) -> bool:  # noqa: FBT001
        """True from the second equal stable reading on."""
        if flag is not True:
            self.restart()
            return False
        if weight != self._weight:
            self._weight, self._since = weight, t_mono
        return t_mono - self._since >= TWICE_APART_S - _CLOCK_SLACK_S

    def restart(self) -> None:
        """Ask for two equal readings again."""
        self._weight = None


class Window:
    """All samples of the last `span_s` seconds within 1 e and without trend.

    Once settled it stays so until a sample lies more than 1 e from the weight it settled at. A gap
    over 0.3 s, or a scale whose own flag says "moving", starts the window again. `e_at` gives e at
    a weight: multi-interval scales have several. With `twice` a figure counts only once it was read
    twice, 80 ms apart and none other between: a damaged one may lie within 1 e of the true one.
    """

    def __init__(
        self,
        e_at: Callable[[Decimal], Decimal],
        span_s: float = WINDOW_S,
        *,
        twice: bool = False,
    ) -> None:
        self._e_at = e_at
        self._span_s = span_s
        self._twice = FlagTwice() if twice else None
        self._samples: deque[tuple[float, Decimal]] = deque(maxlen=_MOST_SAMPLES)
        self._settled_at: Decimal | None = None

    def feed(self, weight: Decimal, flag: bool | None, t_mono: float) -> bool:  # noqa: FBT001
        """True while the weight is settled."""
        if flag is False or (self._samples and t_mono - self._samples[-1][0] > MOST_GAP_S):
            self.restart()
        settled = self._settled_at
        if settled is not None and abs(weight - settled) > self._e_at(max(weight, settled)):
            self.restart()
        self._samples.append((t_mono, weight))
        oldest = t_mono - self._span_s - _CLOCK_SLACK_S
        while len(self._samples) > 1 and self._samples[1][0] <= oldest:
            self._samples.popleft()
        if self._settled_at is None and self._is_quiet(t_mono):
            self._settled_at = weight
        is_repeated = self._twice is None or self._twice.feed(weight, flag=True, t_mono=t_mono)
        return is_repeated and self._settled_at is not None

    def restart(self) -> None:
        """Begin a new window."""
        self._samples.clear()
        self._settled_at = None
        if self._twice is not None:
            self._twice.restart()

    def _is_quiet(self, t_mono: float) -> bool:
        if t_mono - self._samples[0][0] < self._span_s - _CLOCK_SLACK_S:
            return False
        weights = [weight for _, weight in self._samples]
        e = self._e_at(max(weights))
        if len(weights) < LEAST_SAMPLES or max(weights) - min(weights) > e:
            return False
        return not _has_trend(weights, e)


def _has_trend(weights: Sequence[Decimal], e: Decimal) -> bool:
    """True when the halves differ in mean by over a third of e; an odd middle one is left out.

    A load between two steps flickers by itself: one of three samples a step off is no trend.
    """
    half = len(weights) // 2
    drift = sum(weights[-half:], Decimal(0)) - sum(weights[:half], Decimal(0))
    return 3 * abs(drift) > half * e


def settling(by: StableBy, e_at: Callable[[Decimal], Decimal], *, pour: bool = False) -> Settling:
    """The judge that a profile asks for; `pour` takes the longer window."""
    if by is StableBy.FLAG:
        return FlagOnly()
    if by is StableBy.FLAG_TWICE:
        return FlagTwice()
    span_s = POUR_WINDOW_S if pour else WINDOW_S
    return Window(e_at, span_s, twice=by is StableBy.SOFTWARE_TWICE)
