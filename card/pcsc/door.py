"""What programs use: `CardDoor` for a till, `run_on_card` for a command line."""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

from card.apdu import TRACE_LEVEL
from card.connection import Connection
from card.errors import CardGone, CardSilent, ReaderGone
from card.pcsc.calls import TRACE
from card.pcsc.events import CardEvent, CardTapped, JobDone, ReaderLost
from card.pcsc.watch import ReaderWatch
from card.pcsc.work import Job, Worker

T = TypeVar("T")
TIME_LIMIT_S = 3.0
_LOG = logging.getLogger(__name__)
_WARNING = """
+----------------------------------------------------------+
| CARD TRAFFIC IS BEING LOGGED. Keys are masked; card      |
| numbers and tokens are not. Switch this off in a shop.   |
+----------------------------------------------------------+"""


class CardDoor:
    """Reports cards on one reader, and runs conversations with them away from the caller.

    Neither `on_event` nor any `on_done` may wait: put what they get on your own queue.

    Args:
        reader_name_part: the first reader whose name contains it is used; "" for any.
        on_event: gets CardTapped, CardRemoved, ReaderLost and ReaderFound, on the watching thread.
        time_limit_s: after how many seconds a job is given up.
    """

    def __init__(
        self,
        reader_name_part: str,
        on_event: Callable[[CardEvent], None],
        *,
        time_limit_s: float = TIME_LIMIT_S,
    ) -> None:
        self._watch = ReaderWatch(
            reader_name_part, on_event=on_event, on_look=self._look_after_worker
        )
        self._time_limit_s = time_limit_s
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._left_behind: tuple[Worker, int | None] | None = None

    def start(self) -> None:
        """Begin to watch; returns at once. The first event says whether there is a reader."""
        if TRACE.isEnabledFor(TRACE_LEVEL):
            _LOG.warning(_WARNING)
        self._watch.start()

    def stop(self) -> None:
        """Watch no more and let go of the card; does not wait for a card that hangs."""
        self._watch.stop()
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def run(
        self,
        job: Callable[[Connection], T],
        on_done: Callable[[JobDone[T]], None],
        *,
        tap: int | None = None,
        time_limit_s: float | None = None,
    ) -> None:
        """Run `job` with the card's connection on the card thread, inside one transaction.

        `on_done` is called exactly once, on a card thread, with the job's value or its error:
        what the job raised, CardGone (no card, or no longer the one of `tap`), ReaderGone, or
        CardSilent (out of time; what the card did is not known, and nothing more is sent to it).

        Args:
            job: the conversation; may raise CardError.
            on_done: told how it ended.
            tap: the stay of a card it is meant for; None for whichever lies there.
            time_limit_s: instead of the door's.
        """
        limit = self._time_limit_s if time_limit_s is None else time_limit_s
        wanted = Job(job, cast("Callable[[JobDone[Any]], None]", on_done), tap, 0.0)
        wanted.deadline = time.monotonic() + limit
        with self._lock:
            worker = self._free_worker()
        if worker is None:
            wanted.tell(JobDone(None, CardSilent()))
        else:
            worker.put(wanted)

    def _free_worker(self) -> Worker | None:
        """The worker, a new one where there is none; None while a card keeps one stuck."""
        if self._left_behind is not None:
            stuck, tap = self._left_behind
            now_there = self._watch.tapped
            if stuck.is_stuck and now_there is not None and now_there.tap == tap:
                return None
            self._left_behind = None
        if self._worker is None:
            self._worker = Worker(lambda: self._watch.tapped, self._watch.lose)
        return self._worker

    def _look_after_worker(self) -> None:
        with self._lock:
            worker = self._worker
        if worker is not None and worker.expire(time.monotonic()):
            tapped = self._watch.tapped
            with self._lock:
                self._left_behind = (worker, tapped.tap if tapped else None)
                self._worker = None


def run_on_card(
    reader_name_part: str,
    job: Callable[[Connection], T],
    *,
    wait_s: float = 10.0,
    time_limit_s: float = TIME_LIMIT_S,
) -> T:
    """What `job` returns for the next card on the reader; waits, for command lines.

    Raises:
        ReaderGone: no such reader.
        CardGone: no card within `wait_s` seconds.
        CardError: what the job raised.
    """
    events: SimpleQueue[CardEvent] = SimpleQueue()
    ended: SimpleQueue[JobDone[T]] = SimpleQueue()
    door = CardDoor(reader_name_part, events.put, time_limit_s=time_limit_s)
    door.start()
    try:
        tapped = _next_card(events, time.monotonic() + wait_s)
        door.run(job, ended.put, tap=tapped.tap)
        done = ended.get()
    finally:
        door.stop()
    if done.error is not None:
        raise done.error
    return cast("T", done.value)


def _next_card(events: SimpleQueue[CardEvent], until: float) -> CardTapped:
    while True:
        try:
            event = events.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            raise CardGone from None
        if isinstance(event, CardTapped):
            return event
        if isinstance(event, ReaderLost):
            raise ReaderGone
