"""Door: copies of the books. A copy that was not verified does not count as a backup.

A backup is one SQLite file and, beside it, the signed anchors of that moment. It is taken while the
server serves (SQLite's online backup), into a file that gets its name when it has been verified.
"""

import os
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from backoffice.anchors import anchor_file, read_anchors
from backoffice.errors import Refused, StoreFault
from backoffice.reports.audit import Audited, audit
from backoffice.store import open_read_only

PAGES_AT_ONCE = 4096
"""16 MiB, then writers of the books may go on."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A copy that is whole: its file, how far its seals go, and what its audit found."""

    path: Path
    seal: int
    audited: Audited


def take(books: Path, target: Path, signing_key: bytes) -> Verified:
    """Copies the books to a new file and verifies the copy.

    Raises:
        StoreFault: the copy could not be written, or is not whole; nothing stands at `target`.
        Refused: there is a file at `target` already.
    """
    if target.exists():
        raise Refused("{path} exists already; a backup never replaces another.", path=target)
    half = target.with_name(target.name + ".half")
    half.unlink(missing_ok=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_database(books, half)
        if anchor_file(books).exists():
            shutil.copyfile(anchor_file(books), anchor_file(half))
        verified = verify(half, signing_key)
        if anchor_file(half).exists():
            anchor_file(half).replace(anchor_file(target))
        _on_disk(half)
        half.replace(target)
        _on_disk(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreFault("{path} cannot be written ({error}).", path=target, error=error) from error
    finally:
        half.unlink(missing_ok=True)
        anchor_file(half).unlink(missing_ok=True)
    return Verified(target, verified.seal, verified.audited)


def _copy_database(books: Path, target: Path) -> None:
    if not books.exists():
        raise StoreFault("There are no books here yet; run `backoffice apply market.toml` first.")
    target.touch(mode=0o600)
    source = sqlite3.connect(f"{books.resolve().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy, pages=PAGES_AT_ONCE, sleep=0.001)
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    finally:
        copy.close()
        source.close()


def _on_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(copy: Path, signing_key: bytes) -> Verified:
    """Reads every page of a backup and audits it.

    Raises:
        StoreFault: it cannot be read, or a page of it is damaged.
    """
    if not copy.exists():
        raise StoreFault("There is no backup at {path}.", path=copy)
    store = open_read_only(copy)
    try:
        [(word,), *_] = store.report_text("PRAGMA integrity_check(1)")[1]
        if word != "ok":
            raise StoreFault("{path} is damaged: {error}.", path=copy, error=word)
        audited = audit(store, read_anchors(anchor_file(copy)), signing_key)
        return Verified(copy, store.seals.last().id, audited)
    except sqlite3.DatabaseError as error:
        raise StoreFault("{path} is damaged: {error}.", path=copy, error=error) from error
    finally:
        store.close()


def put_back(backup: Path, books: Path, *, stamp: str) -> Path | None:
    """Puts a backup in the place of the books; the caller holds the writer's lock.

    The books of before are set aside under a name with `stamp`, with their log and their anchors.
    Anchors that the backup knows nothing of yet stay in the file set aside.

    Returns:
        The file set aside; None when there were no books.

    Raises:
        StoreFault: the backup could not be copied; the books are as they were.
    """
    fresh = books.with_name(books.name + ".restored")
    try:
        shutil.copyfile(backup, fresh)
        _on_disk(fresh)
        aside = _set_aside(books, stamp)
        fresh.replace(books)
        if anchor_file(backup).exists():
            shutil.copyfile(anchor_file(backup), anchor_file(books))
        _on_disk(books.parent)
    except OSError as error:
        raise StoreFault("{path} cannot be written ({error}).", path=books, error=error) from error
    return aside


def _set_aside(books: Path, stamp: str) -> Path | None:
    aside = books.with_name(f"{books.stem}.before-{stamp}{books.suffix}")
    for ending in ("-wal", "-shm"):
        with_ending = books.with_name(books.name + ending)
        if with_ending.exists():
            with_ending.replace(aside.with_name(aside.name + ending))
    if anchor_file(books).exists():
        anchor_file(books).replace(anchor_file(aside))
    if not books.exists():
        return None
    return books.replace(aside)
