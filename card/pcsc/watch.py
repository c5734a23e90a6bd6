"""The watching thread: which reader is there, and which card lies on it.

Own loop over SCardGetStatusChange; pyscard's monitor dies with pcscd and prints into the screen.
The event counter in the reader's state tells a swap between two looks: one card left, another
came, and both are told. A service or reader that went is looked for again every BACK_OFF_S.

A driver can miss that a card was lifted and put back (seen with vpcd within one poll of 0.4 s):
then a command fails and yet no removal is reported. So a stay in which the card was lost counts
as over, and when the reader still shows a card DOUBT_S later, that is told as a new stay.
"""

import threading
import time
from collections.abc import Callable

from card.errors import CardError, ReaderGone
from card.pcsc import calls
from card.pcsc.events import CardEvent, CardRemoved, CardTapped, ReaderFound, ReaderLost

LOOK_MS = 250
"""How long one look lasts when nothing happens; also the grain of the watchdog."""
BACK_OFF_S = 0.2
DOUBT_S = 0.8
"""Two polls of pcscd: long enough for a true removal to be reported."""


class ReaderWatch:
    """Looks at one reader until told to stop.

    Args:
        name_part: the first reader whose name contains it is ours.
        on_event: gets every event, on the watching thread.
        on_look: called after every look, for the watchdog.
    """

    def __init__(
        self,
        name_part: str,
        *,
        on_event: Callable[[CardEvent], None],
        on_look: Callable[[], None],
    ) -> None:
        self._name_part = name_part
        self._on_event = on_event
        self._on_look = on_look
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card-watch", daemon=True)
        self._taps = 0
        self._tapped: CardTapped | None = None
        self._lost: tuple[int, float] | None = None
        self._has_reader: bool | None = None

    @property
    def tapped(self) -> CardTapped | None:
        """The card that lies there now and was not lost; read from any thread."""
        tapped, lost = self._tapped, self._lost
        return None if tapped and lost and lost[0] == tapped.tap else tapped

    def lose(self, tap: int) -> None:
        """Count this stay as over: a conversation in it lost the card. From any thread."""
        self._lost = (tap, time.monotonic())

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; returns within two looks."""
        self._stopping.set()
        self._thread.join(2 * LOOK_MS / 1000)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with calls.open_context() as context:
                    self._watch(context)
            except CardError:
                self._say_reader_lost()
            self._on_look()
            self._stopping.wait(BACK_OFF_S)

    def _watch(self, context: calls.Context) -> None:
        reader = next((n for n in calls.readers_of(context) if self._name_part in n), None)
        if reader is None:
            raise ReaderGone(reader=self._name_part)
        self._has_reader = True
        self._on_event(ReaderFound(reader))
        known = 0
        while not self._stopping.is_set():
            seen = calls.look(context, reader, known, LOOK_MS)
            if seen is not None:
                state, atr = seen
                self._compare(reader, known, state, atr)
                known = state
            self._doubt(reader, known)
            self._on_look()

    def _doubt(self, reader: str, known: int) -> None:
        """Tell a card that the reader still shows, long after it was lost, as a new one."""
        tapped, lost = self._tapped, self._lost
        if tapped is None or lost is None or lost[0] != tapped.tap:
            return
        if time.monotonic() - lost[1] > DOUBT_S:
            self._say_removed()
            self._compare(reader, known, known, tapped.atr)

    def _compare(self, reader: str, known: int, state: int, atr: bytes) -> None:
        is_same_stay = known >> 16 == state >> 16
        has_card = calls.holds_card(state)
        if self._tapped is not None and not (has_card and is_same_stay):
            self._say_removed()
        if self._tapped is None and has_card:
            self._taps += 1
            self._tapped = CardTapped(self._taps, atr, reader)
            self._on_event(self._tapped)

    def _say_removed(self) -> None:
        if self._tapped is not None:
            tap, self._tapped = self._tapped.tap, None
            self._on_event(CardRemoved(tap))

    def _say_reader_lost(self) -> None:
        self._say_removed()
        if self._has_reader is not False:
            self._has_reader = False
            self._on_event(ReaderLost())
