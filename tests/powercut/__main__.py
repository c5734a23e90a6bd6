"""`python -m tests.powercut --states 200000`: power cuts of both databases, and the control.

Ends with 1 when a state with synchronous=FULL lost or broke anything, or when the control, the same
days with NORMAL, lost nothing: then these states prove nothing.
"""

import argparse
import sys
import time
from multiprocessing import Pool

from tests.powercut.judged import NOTHING, SUBJECTS, Judged, day_judged

SALES = {"till": 30, "office": 12}
STATES_A_DAY = 10_000


def say(line: str) -> None:
    """A line of the table, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _day(words: tuple[str, str, int, int]) -> Judged:
    name, synchronous, states, seed = words
    return day_judged(SUBJECTS[name], synchronous, sales=SALES[name], states=states, seed=seed)


def run(states: int, processes: int) -> int:
    """Prints the table; 0 when FULL lost nothing and NORMAL lost something."""
    days = max(1, states // STATES_A_DAY)
    good = True
    say(f"{'database':<10}{'mode':<8}{'states':>9}{'different':>11}{'lost or broken':>16}{'s':>7}")
    with Pool(processes) as pool:
        for name in SUBJECTS:
            for synchronous, share in (("FULL", states), ("NORMAL", states // 20)):
                begun = time.monotonic()
                work = [(name, synchronous, -(-share // days), seed) for seed in range(days)]
                found = sum(pool.imap_unordered(_day, work), NOTHING)
                took = time.monotonic() - begun
                say(
                    f"{name:<10}{synchronous:<8}{found.states:>9}{found.different:>11}"
                    f"{len(found.faults):>16}{took:>7.0f}"
                )
                good = good and (bool(found.faults) == (synchronous == "NORMAL"))
                for at, what in found.faults[:5] if synchronous == "FULL" else ():
                    say(f"  {at}: {what}")
    return int(not good)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.powercut")
    parser.add_argument("--states", type=int, default=200_000, help="of each database")
    parser.add_argument("--processes", type=int, default=2)
    said = parser.parse_args()
    sys.exit(run(said.states, said.processes))
