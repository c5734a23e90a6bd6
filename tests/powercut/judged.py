"""Power cuts at every place of a recording, and what the programs make of each image."""

import hashlib
import random
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.powercut import office, till
from tests.powercut.cuts import Cut, cuts, lay, replayed
from tests.powercut.recorder import Event, Sync, Write

SUBJECTS = {"till": till, "office": office}
IN_MEMORY = Path("/dev/shm")
Wrong = Callable[[Path, list[object]], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """How many images, how many of them different, and what was not right: (place, words)."""

    states: int
    different: int
    faults: tuple[tuple[int, str], ...]

    def __add__(self, other: "Judged") -> "Judged":
        return Judged(
            self.states + other.states,
            self.different + other.different,
            self.faults + other.faults,
        )


NOTHING = Judged(0, 0, ())


@contextmanager
def folders() -> Iterator[tuple[Path, Path]]:
    """One folder to work in and one to lay images in; in memory where there is one."""
    where = IN_MEMORY if IN_MEMORY.is_dir() else None
    place = Path(tempfile.mkdtemp(prefix="sy-cut-", dir=where))
    try:
        for name in ("work", "image"):
            (place / name).mkdir()
        yield place / "work", place / "image"
    finally:
        shutil.rmtree(place, ignore_errors=True)


def judge(some: Iterable[Cut], wrong: Wrong, folder: Path) -> Judged:
    """Lays every image, opens it with the program's own code and asks what is wrong with it."""
    states, seen, faults = 0, set(), []
    for cut in some:
        states += 1
        seen.add(_print_of(cut))
        lay(cut.image, folder)
        if told := wrong(folder, cut.said):
            faults.append((cut.at, told))
    return Judged(states, len(seen), tuple(faults))


def _print_of(cut: Cut) -> bytes:
    found = hashlib.blake2b(digest_size=16)
    for name, content in sorted(cut.image.items()):
        found.update(name.encode())
        found.update(content)
    return found.digest()


def saw_everything(events: list[Event], folder: Path) -> bool:
    """The recorder's own proof: its writes, played again, are the files that lie there."""
    files = {path.name: path.read_bytes() for path in folder.glob("*.db*")}
    again = {name: content for name, content in replayed(events).items() if content}
    kinds = {type(one) for one in events}
    files = {name: content for name, content in files.items() if not name.endswith("-shm")}
    return {Write, Sync} <= kinds and again == {name: c for name, c in files.items() if c}


def day_judged(
    subject: ModuleType, synchronous: str, *, sales: int, states: int, seed: int
) -> Judged:
    """One day of the till or the office, recorded and cut."""
    with folders() as (work, image):
        day = subject.Day(work, synchronous, random.Random(seed).randrange(2**32))
        events = day.run(sales)
        assert saw_everything(events, work), "the recorder missed a write: this proves nothing"
        return judge(cuts(events, states, seed, first=day.first), subject.wrong, image)
