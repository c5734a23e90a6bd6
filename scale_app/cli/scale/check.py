"""`scale-app scale check`: does the scale read a known weight within the errors the rules permit?

Maximum permissible errors in service of class III (OIML R 76-1 3.5); the weight must be better
known than that, and the scale's own legal check is not replaced.
"""

import argparse
import queue
import sys
import time
from decimal import Decimal
from typing import TYPE_CHECKING

from scale_app.cli.exits import Exit
from scale_app.cli.scale import WrongUsage, settings_of
from scale_app.cli.scale.detect import kilograms
from scale_app.weighing import catalogue
from scale_app.weighing.gate import Release
from scale_app.weighing.instrument import Instrument
from scale_app.weighing.live import LiveScale
from scale_app.weighing.port import ScalePort
from scale_app.weighing.raw_line import check
from scale_app.weighing.snapshot import LiveState

if TYPE_CHECKING:
    from scale_app.weighing.reading import Reading

_SETTLED = frozenset({LiveState.STABLE, LiveState.BELOW_MIN})


def run(words: argparse.Namespace) -> Exit:
    """Says what the scale reads, how far off that is, and how far off it may be; 1 when further.

    Raises:
        WrongUsage: a weight, an interval or a maximum that is none.
        BadProfile: unknown protocol, key or value.
        LineFault: no such port, or no permission.
    """
    known = kilograms(words.weight)
    if not 0 < words.e_g < words.max_g:
        raise WrongUsage("--e-g and --max-g stand on the plate of the scale: 0 < e < Max")
    plate = Instrument(Decimal(words.e_g).scaleb(-3), Decimal(words.max_g).scaleb(-3))
    if not 0 < known <= plate.maximum:
        raise WrongUsage(f"--weight {known}: between 0 and Max, {plate.maximum} kg")
    profile = catalogue.profile(words.protocol, settings_of(words.profile))
    check(words.port)
    live = LiveScale(plate, profile, Release.CHANGED)
    shown = _settled(live, words)
    if shown is None:
        state = live.live.state.value.replace("_", " ")
        sys.stderr.write(f"No steady weight in {words.seconds:g} s: {state}.\n")
        return Exit.FAULTS
    return _judged(shown, known, plate.permissible_error(known))


def _settled(live: LiveScale, words: argparse.Namespace) -> Decimal | None:
    """The first settled weight, in kg; an empty pan is none."""
    heard: queue.SimpleQueue[Reading] = queue.SimpleQueue()
    port, until = ScalePort(words.port, live.profile, heard.put), time.monotonic() + words.seconds
    port.start()
    try:
        while time.monotonic() < until:
            try:
                snapshot = live.feed(heard.get(timeout=0.2), time.monotonic())
            except queue.Empty:
                continue
            weight = snapshot.gross or snapshot.net
            if snapshot.state in _SETTLED and weight and weight.value:
                return Decimal(weight.text())
    finally:
        port.stop()
    return None


def _judged(shown: Decimal, known: Decimal, permitted: Decimal) -> Exit:
    error, most = shown - known, permitted.normalize()
    is_right = abs(error) <= permitted
    verdict = "RIGHT" if is_right else "WRONG"
    sys.stdout.write(f"reads {shown} kg for {known} kg: error {error:+f} kg, ")
    sys.stdout.write(f"permitted {most:f} kg: {verdict}\n")
    if not is_right:
        sys.stderr.write("Do not sell by this scale before it was looked at.\n")
    return Exit.OK if is_right else Exit.FAULTS
