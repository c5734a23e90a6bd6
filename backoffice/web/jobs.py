"""Long exports: made in the background one after another, watched on a page, fetched when done.

Files live in a folder of their own that goes with the process; a job goes after an hour, or when
twenty newer ones have come. Only who asked for it sees it.
"""

import contextlib
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

MOST: Final = 20
LONGEST_S: Final = 3600.0
MOST_WAITING_EACH: Final = 3

Told = Callable[[int], None]
Work = Callable[[Path, Told], int]
"""Writes a file, tells how many rows are done, gives back how many there are."""


class Stopped(Exception):
    """The job is not wanted any more."""


class TooManyJobs(Exception):
    """One person has enough of them waiting."""


@dataclass(slots=True)
class Job:
    """One export; `most` = rows expected."""

    id: str
    owner: str
    filename: str
    title: str
    most: int
    began: float
    done: int = 0
    state: str = "waiting"
    """waiting, running, done, failed"""
    path: Path | None = None
    is_stopped: bool = False

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(99, self.done * 100 // self.most) if self.most else 0


@dataclass(slots=True)
class Jobs:
    """All of them; one runs at a time, so that the pages stay quick."""

    _all: dict[str, Job] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def start(self, job: Job, work: Work, now: float) -> Job:
        """Begins a job in the background.

        Raises:
            TooManyJobs: this person has three that are not done.
        """
        with self._guard:
            self._tidy(now)
            mine = [one for one in self._all.values() if one.owner == job.owner]
            if sum(one.state in ("waiting", "running") for one in mine) >= MOST_WAITING_EACH:
                raise TooManyJobs
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="steelyard-")
            self._all[job.id] = job
            path = Path(self._folder.name) / job.id
        threading.Thread(target=self._run, args=(job, work, path), daemon=True).start()
        return job

    def find(self, name: str, owner: str) -> Job | None:
        """The job of that name if it is this person's."""
        job = self._all.get(name)
        return job if job is not None and job.owner == owner else None

    def of(self, owner: str) -> list[Job]:
        """This person's jobs, newest first."""
        return [one for one in reversed(list(self._all.values())) if one.owner == owner]

    def _run(self, job: Job, work: Work, path: Path) -> None:
        def told(done: int) -> None:
            if job.is_stopped:
                raise Stopped
            job.done = done

        with self._turn:
            job.state = "running"
            try:
                told(0)
                job.done = work(path, told)
                job.path, job.state = path, "done"
            except Exception:  # noqa: BLE001  whatever it is: this job failed, the pages go on
                job.state = "failed"
                with contextlib.suppress(OSError):
                    path.unlink()

    def _tidy(self, now: float) -> None:
        old = [one for one in self._all.values() if now - one.began > LONGEST_S]
        ended = [one for one in self._all.values() if one.state in ("done", "failed")]
        while len(self._all) - len(old) >= MOST and ended:
            old.append(ended.pop(0))
        for job in old:
            job.is_stopped = True
            self._all.pop(job.id, None)
            if job.path is not None:
                with contextlib.suppress(OSError):
                    job.path.unlink()


def new_job(owner: str, filename: str, title: str, *, most: int, now: float) -> Job:
    """A job with a name that nobody guesses."""
    return Job(token_urlsafe(12), owner, filename, title, most, now)
