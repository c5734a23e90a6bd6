"""The till as screens and tests use it: start, press keys, watch, stop.

One core thread and one bounded queue. Doors put events on it from their own threads; the core
handles them one by one and hands out a new frozen view when something to be seen changed.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable

from scale_app.config import Settings
from scale_app.display import DisplayFeed
from scale_app.events import BarcodeScanned, KeyPressed
from scale_app.terminal.clock import Clock, since_boot
from scale_app.terminal.core import Core
from scale_app.terminal.happened import Happened, ReadingCame
from scale_app.view import TillView

log = logging.getLogger("steelyard.till")

QUEUE_SIZE = 1000
FRAME_S = 0.05
"""Weight alone redraws at most this often; a key is shown at once."""

FAILED_WAIT_S = 1.0

OnView = Callable[[TillView], None]


class Till:
    """One till; `start` and `stop` once each."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        """Opens nothing; raises BadSettings for settings that can never work."""
        self._clock = clock or Clock(running=since_boot)
        self._queue: queue.Queue[Happened | None] = queue.Queue(QUEUE_SIZE)
        self._settings = settings
        self._feed = DisplayFeed(settings.feed)
        self._core = Core(settings, self._put, self._clock)
        self._view = self._core.view()
        self._on_view: list[OnView] = []
        self._thread = threading.Thread(target=self._run, name="till-core", daemon=True)
        self._stopping = threading.Event()
        self._shown_at = 0.0
        self._failed = False
        self.dropped_readings = 0

    def start(self, *on_view: OnView) -> None:
        """Begins; each of `on_view` is called in the core thread with every new view."""
        self._on_view = list(on_view)
        self._thread.start()

    def press(self, key: KeyPressed) -> None:
        """One key, from any thread."""
        self._put(key)

    def scan(self, code: str) -> None:
        """One bar code, from any thread."""
        self._put(BarcodeScanned(code))

    def stop(self) -> None:
        """Ends the core and its doors, and waits for that."""
        self._stopping.set()
        with contextlib.suppress(queue.Full):
            self._queue.put_nowait(None)
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=5.0)

    @property
    def view(self) -> TillView:
        """The last view."""
        return self._view

    @property
    def wants_to_quit(self) -> bool:
        """True after the person asked to end the program and confirmed."""
        return self._core.wants_to_quit

    def _put(self, event: Happened) -> None:
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            if isinstance(event, ReadingCame):
                # The next reading is newer anyway.
                self.dropped_readings += 1
                return
            self._queue.put(event, timeout=5.0)

    def _run(self) -> None:
        self._show(at_once=True)
        try:
            self._open_feed()
            self._safely(self._core.open)
            self._show(at_once=True)
            while not self._stopping.is_set():
                self._turn()
        finally:
            self._core.close()
            self._feed.close()

    def _open_feed(self) -> None:
        try:
            self._settings.state_directory.mkdir(parents=True, exist_ok=True)
            self._feed.open()
        except OSError as error:
            # A till without a customer's screen still sells; the doctor says why.
            log.error("the display feed cannot be opened: %s", error)  # noqa: TRY400

    def _turn(self) -> None:
        wait_s = self._core.next_due() - self._clock.mono()
        if self._failed:
            # What failed is due again at once; a fault of ours must not eat the processor too.
            wait_s = max(wait_s, FAILED_WAIT_S)
        only_weight = True
        try:
            event = self._queue.get(timeout=max(0.0, wait_s))
            while event is not None and not self._stopping.is_set():
                only_weight = only_weight and isinstance(event, ReadingCame)
                happened = event
                self._safely(lambda: self._core.handle(happened))  # noqa: B023  called at once
                event = self._queue.get_nowait()
        except queue.Empty:
            pass
        self._failed = not self._safely(self._core.tick)
        self._show(at_once=not only_weight)

    def _safely(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except Exception as error:
            # A bug of ours: nothing more is sold, and a restart shows what is durable.
            log.exception("the core failed")
            self._core.stop_selling(type(error).__name__)
            return False
        return True

    def _show(self, *, at_once: bool) -> None:
        now = self._clock.mono()
        if not at_once and now - self._shown_at < FRAME_S:
            return
        view = self._core.view()
        if view == self._view and self._shown_at:
            return
        self._view, self._shown_at = view, now
        self._feed.publish(view)
        for on_view in self._on_view:
            try:
                on_view(view)
            except Exception:
                log.exception("a screen failed to take a view")
