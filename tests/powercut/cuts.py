"""What a disk may hold after the power was cut: images made from a recording.

Everything before a file's last sync is there. Of what came after, each write is there, or not, or
torn at 512-byte sectors; a truncate is there or not. Files do not wait for each other. The folder
is synced with the first sync of a file that was made in it, as the system's VFS does; a delete
before that is there or not, and when it is not, neither is what came into a new file of that name.
A new file that was never synced is there, and may be empty.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from tests.powercut.recorder import Delete, Event, Said, Sync, Truncate, Write

SECTOR = 512
KEPT, TORN = 0.4, 0.7
"""Of the writes that no sync covers 40 % are kept, 30 % torn and 30 % gone."""

Image = dict[str, bytes]


@dataclass
class Disk:
    """One file: what is on the platter, and what is still in the cache above it."""

    platter: bytearray = field(default_factory=bytearray)
    cache: list[Event] = field(default_factory=list)
    is_new: bool = True
    """Its name was never synced."""

    def take(self, event: Event) -> None:
        """An event of this file that no sync covers yet."""
        self.cache.append(event)
        self.is_new = self.is_new or isinstance(event, Delete)

    def sync(self) -> None:
        """All of the cache is on the platter now."""
        self.platter, self.cache, self.is_new = self.settled(self.cache), [], False

    def sync_name(self) -> None:
        """The folder was synced: what was deleted stays deleted."""
        gone = [at for at, one in enumerate(self.cache, 1) if isinstance(one, Delete)]
        if gone:
            self.platter, self.cache = bytearray(), self.cache[gone[-1] :]

    def settled(self, kept: list[Event]) -> bytearray:
        """The file with `kept` of its cache written."""
        found = bytearray(self.platter)
        for one in kept:
            apply(found, one)
        return found


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut: after `at` events, with this on the disk and that said before."""

    at: int
    image: Image
    said: list[object]


def apply(file: bytearray, event: Event) -> None:
    """Carries out one event on the bytes of its file."""
    if isinstance(event, Write):
        file.extend(bytes(max(0, event.offset + len(event.piece) - len(file))))
        file[event.offset : event.offset + len(event.piece)] = event.piece
    elif isinstance(event, Truncate):
        del file[event.size :]
    elif isinstance(event, Delete):
        file.clear()


def torn(write: Write, chance: random.Random) -> list[Event]:
    """Some sectors of a write, in place."""
    found: list[Event] = []
    begin, end = write.offset, write.offset + len(write.piece)
    edges = [begin, *range(begin - begin % SECTOR + SECTOR, end, SECTOR), end]
    for first, last in pairwise(edges):
        if chance.random() < 0.5:
            found.append(Write(write.file, first, write.piece[first - begin : last - begin]))
    return found


def some(cache: list[Event], chance: random.Random) -> list[Event]:
    """What of a cache reached the platter."""
    found: list[Event] = []
    for one in cache:
        luck = chance.random()
        if luck < KEPT:
            found.append(one)
        elif isinstance(one, Delete):
            return found
        elif luck < TORN and isinstance(one, Write):
            found += torn(one, chance)
    return found


def image_of(disks: dict[str, Disk], chance: random.Random | None, *, all_kept: bool) -> Image:
    """The files; without `chance` all of the caches is kept, or nothing."""
    found = {}
    for name, disk in disks.items():
        kept = some(disk.cache, chance) if chance else disk.cache if all_kept else []
        found[name] = bytes(disk.settled(kept))
    return found


def cuts(
    events: list[Event], states: int, seed: int, *,
    first: int = 0, base: Image | None = None,
) -> Iterator[Cut]:  # fmt: skip
    """At least `states` power cuts, at every place after event `first`; `base` was there before.

    Where nothing waits in a cache there is one state; elsewhere nothing kept, everything kept, and
    an equal share of chances.
    """
    chance = random.Random(seed)
    places = sum(not isinstance(one, Sync | Said) for one in events[first:]) or 1
    share = max(0, -(-states // places) - 2)
    disks = {name: Disk(bytearray(content), is_new=False) for name, content in (base or {}).items()}
    said: list[object] = []
    for at, event in enumerate(events, 1):
        if isinstance(event, Said):
            said.append(event.what)
        else:
            disk = disks.setdefault(event.file, Disk())
            if not isinstance(event, Sync):
                disk.take(event)
            else:
                synced(disks, disk)
        if at <= first:
            continue
        yield Cut(at, image_of(disks, None, all_kept=False), list(said))
        if isinstance(event, Sync | Said):
            continue
        yield Cut(at, image_of(disks, None, all_kept=True), list(said))
        for _ in range(share):
            yield Cut(at, image_of(disks, chance, all_kept=False), list(said))


def synced(disks: dict[str, Disk], disk: Disk) -> None:
    """A sync of one file, and of its folder when the file is new there."""
    if disk.is_new:
        for one in disks.values():
            one.sync_name()
    disk.sync()


def lay(image: Image, folder: Path) -> None:
    """Writes the files of an image into a folder, in the place of all databases there."""
    for left in folder.glob("*.db*"):
        left.unlink()
    for name, content in image.items():
        # SQLite takes an empty log for one that was deleted.
        if content or not name.endswith(("-wal", "-journal")):
            (folder / name).write_bytes(content)


def replayed(events: list[Event]) -> Image:
    """The files as the recording says that they are now."""
    disks: dict[str, bytearray] = {}
    for one in events:
        if not isinstance(one, Said | Sync):
            apply(disks.setdefault(one.file, bytearray()), one)
    return {name: bytes(content) for name, content in disks.items()}
