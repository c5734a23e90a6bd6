"""The real screen with a core that only weighs: ten snapshots a second, keys echoed as a message.

Run as a child in a pseudo-terminal by `test_speed`: `python -m tests.scale_app.tui.till_in_a_pty`.
"""

import itertools
import threading
from collections.abc import Callable
from dataclasses import replace

from scale_app.events import Key, KeyPressed
from scale_app.tui.app import TillApp
from scale_app.tui.probe import font_of_terminal
from scale_app.view import Message, TillView
from tests.scale_app.tui import views

WEIGHT_EVERY_S = 0.1


class WeighingCore:
    """A thread of its own that shows a new weight ten times a second and answers each key."""

    def __init__(self) -> None:
        self._view = views.selling()
        self._lock = threading.Lock()
        self._ends = threading.Event()
        self._keys = itertools.count(1)

    def start(self, on_view: Callable[[TillView], None]) -> None:
        self._on_view = on_view
        threading.Thread(target=self._weigh, daemon=True).start()

    def _weigh(self) -> None:
        for grams in itertools.cycle(range(1000, 2000, 5)):
            self._change(weight=f"{grams / 1000:.3f}", amount=f"{grams / 155:.2f}")
            if self._ends.wait(WEIGHT_EVERY_S):
                return

    def _change(self, **what: object) -> None:
        with self._lock:
            self._view = replace(self._view, **what)  # type: ignore[arg-type]
            self._on_view(self._view)

    def press(self, key: KeyPressed) -> None:
        said = "goodbye" if key.key is Key.QUIT else f"KEY-{next(self._keys):04}-SEEN"
        threading.Thread(target=lambda: self._change(message=Message(said))).start()

    def stop(self) -> None:
        self._ends.set()


if __name__ == "__main__":
    core = WeighingCore()
    try:
        TillApp(core, views.starting(), font_of_terminal()).run(mouse=False)
    finally:
        core.stop()
