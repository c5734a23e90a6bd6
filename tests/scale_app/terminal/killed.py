"""A card sale and a cash sale on real files, in a process that is killed at a chosen system call.

`python -m tests.scale_app.terminal.killed FOLDER WORD NUMBER SEQ TOKEN` sells on the files in
FOLDER. It says WORD first, so that who started it knows its own child, and `card` and `cash` when
the screen says so. Till and office live in this one process, each with its own file.
"""

import itertools
import sys
from pathlib import Path

from backoffice.handlers.desk import Desk
from backoffice.store import open_store
from scale_app.view import Stage
from tests.backoffice.world import MASTER, NOW, World
from tests.scale_app.terminal.stall import PretendCard, Stall


class Reopened(World):
    """The office on books that are there already: nobody is enrolled anew."""

    def __init__(self, folder: Path, life: int) -> None:
        self.path = folder / "office.db"
        self.now = NOW + life * 60_000
        tokens = (n.to_bytes(8, "big") for n in itertools.count(0x1000 * (life + 1)))
        self.desk = Desk(open_store(self.path), MASTER, bytes(32), lambda: next(tokens))


def reopened(folder: Path, life: int) -> Stall:
    """Till and office on what lies in `folder`; each life has chances of its own."""
    return Stall(folder, office=Reopened(folder, life), chance=1 + 100_000 * life)


def say(word: str) -> None:
    """Out at once: what a kill finds in a buffer is never read."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def sell(folder: Path, word: str, card: PretendCard) -> None:
    """One sale of 5.00 by card, one of 1.00 for cash; everything sent."""
    say(word)
    stall = reopened(folder, 1)
    for said, keys in (("card", "8"), ("cash", "9=")):
        stall.keys(keys)
        if said == "card":
            stall.tap(card)
        assert stall.view.stage is Stage.PAID, stall.said
        say(said)
    stall.settle()
    stall.kill()


if __name__ == "__main__":
    place, first, number, seq, token = sys.argv[1:]
    sell(Path(place), first, PretendCard(int(number), 3, 1, int(seq), bytes.fromhex(token)))
