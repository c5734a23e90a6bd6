"""The working thread: one conversation after the other, each inside one transaction.

A job that outlasts its limit is given up (`expire`): its caller is told at once, its link is cut
so that nothing more reaches the card, and the thread, which may hang inside the driver for ever,
is left behind for another to take its place.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from card.connection import Connection
from card.errors import CardError, CardGone, CardSilent, JobFailed, KeyringError
from card.pcsc import calls
from card.pcsc.events import CardTapped, JobDone

_LOG = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Job:
    """One conversation to be had: what to do, whom to tell, until when (monotonic seconds)."""

    talk: Callable[[Connection], Any]
    on_done: Callable[[JobDone[Any]], None]
    tap: int | None
    deadline: float
    link: calls.Link | None = None
    is_told: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, done: JobDone[Any]) -> None:
        """Tell the caller, the first time this is called and never again."""
        with self.lock:
            if self.is_told:
                return
            self.is_told = True
            if self.link is not None:
                self.link.cut()
        self.on_done(done)


class Worker:
    """A thread that does jobs in turn and keeps the card connected between those of one tap.

    Args:
        lies_there: the card on the reader now, asked before each job.
        lose: told the stay in which a conversation lost its card.
    """

    def __init__(
        self, lies_there: Callable[[], CardTapped | None], lose: Callable[[int], None]
    ) -> None:
        self._lies_there = lies_there
        self._lose = lose
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._current: Job | None = None
        self._is_left_behind = False
        self._open = contextlib.ExitStack()
        self._context: calls.Context | None = None
        self._connected: tuple[int, calls.Handle, int] | None = None
        self._thread = threading.Thread(target=self._run, name="card-work", daemon=True)
        self._thread.start()

    @property
    def is_stuck(self) -> bool:
        """True while a job that was given up still has not come back."""
        return self._is_left_behind and self._thread.is_alive()

    def put(self, job: Job) -> None:
        """Do `job` after those before it."""
        self._jobs.put(job)

    def expire(self, now: float) -> bool:
        """Give up the running job when its time is over; True when it was."""
        job = self._current
        if job is None or job.is_told or now < job.deadline:
            return False
        self._is_left_behind = True
        job.tell(JobDone(None, CardSilent()))
        with contextlib.suppress(Empty):
            while (waiting := self._jobs.get_nowait()) is not None:
                waiting.tell(JobDone(None, CardSilent()))
        self._jobs.put(None)
        return True

    def stop(self) -> None:
        """End after the jobs at hand, without waiting for a card that hangs."""
        self._jobs.put(None)
        self._thread.join(0.5)

    def _run(self) -> None:
        with self._open:
            while (job := self._jobs.get()) is not None:
                self._current = job
                done = self._do(job)
                self._current = None
                job.tell(done)

    def _do(self, job: Job) -> JobDone[Any]:
        try:
            return JobDone(self._talk(job), None)
        except CardError as error:
            self._hang_up()
            return JobDone(None, error)
        except KeyringError as error:
            return JobDone(None, JobFailed(reason=error.code))
        except Exception as fault:  # noqa: BLE001 - the thread outlives a faulty job
            _LOG.exception("a job on the card thread failed")
            return JobDone(None, JobFailed(reason=type(fault).__name__))

    def _talk(self, job: Job) -> Any:  # noqa: ANN401 - what the job says
        card = self._lies_there()
        if card is None or job.tap not in (None, card.tap):
            raise CardGone
        try:
            said = self._talk_with(card, job)
        except CardGone:
            self._lose(card.tap)
            raise
        except CardError:
            self._lose_if_gone(card, job)
            raise
        self._lose_if_gone(card, job)
        return said

    def _lose_if_gone(self, card: CardTapped, job: Job) -> None:
        # A conversation may turn a lost card into a word of its own: DebitUncertain, IN_DOUBT.
        if job.link is not None and job.link.has_lost_card:
            self._lose(card.tap)
            self._hang_up()

    def _talk_with(self, card: CardTapped, job: Job) -> Any:  # noqa: ANN401
        handle, protocol = self._handle_of(card)
        with calls.transaction(handle):
            link = calls.Link(handle, protocol, card.atr, reader=card.reader)
            with job.lock:
                job.link = link
            if job.is_told:
                raise CardSilent
            return job.talk(link)

    def _handle_of(self, card: CardTapped) -> tuple[calls.Handle, int]:
        if self._connected is None or self._connected[0] != card.tap:
            self._hang_up()
            self._context = self._open.enter_context(calls.open_context())
            handle, protocol = calls.connect(self._context, card.reader)
            self._connected = (card.tap, handle, protocol)
            self._open.callback(calls.disconnect, handle)
        return self._connected[1], self._connected[2]

    def _hang_up(self) -> None:
        self._connected = self._context = None
        self._open.close()
