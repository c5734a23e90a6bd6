"""The stallholder's screen: draws the core's snapshots, sends it keys, decides nothing.

The core calls `_arrived` from its own thread; a burst of snapshots costs one redraw of the newest.
The core is started after the first frame, so that something is to be seen at once. Palette, mouse
and the default quit keys are off: on a till a stray key must not end the program.
"""

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import ClassVar, Protocol

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Key as TextualKey
from textual.events import Resize
from textual.message import Message

from scale_app.config import Settings
from scale_app.events import Key, KeyPressed
from scale_app.say import Say
from scale_app.tui.glyphs import LINE, Font
from scale_app.tui.keys import key_pressed
from scale_app.tui.probe import font_of_terminal, leave_with_terminal, needs_terminal
from scale_app.tui.scanner import GAP_S, Burst, Held, Told
from scale_app.tui.screens.devices import DevicesPage
from scale_app.tui.screens.help import HelpPage
from scale_app.tui.screens.sale import SalePage
from scale_app.tui.screens.shift import ShiftPage
from scale_app.tui.widgets.feet import AlertRow, HintRows, TotalRow
from scale_app.tui.widgets.numbers import AmountPanel, PricePanel, TotalPanel, WeightPanel
from scale_app.tui.widgets.painted import Painted
from scale_app.tui.widgets.result import BANNERS
from scale_app.tui.widgets.status import StatusRow
from scale_app.tui.widgets.too_small import LEAST_COLUMNS, LEAST_ROWS, TooSmall
from scale_app.view import Stage, TillView

ROOMY_COLUMNS, ROOMY_ROWS = 110, 34
_REPORT = frozenset({Say.X_SHOWN, Say.SHIFT_CLOSED, Say.VOID_WHICH})
_PAGES = {Key.HELP: "help", Key.DEVICES: "devices"}
_SCROLL = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10}


class Core(Protocol):
    """What the screen needs of the till's core (`scale_app.terminal.till.Till`)."""

    def start(self, on_view: Callable[[TillView], None], /) -> None:
        """Begin; `on_view` is called from the core's thread."""

    def press(self, key: KeyPressed, /) -> None:
        """Hand over a key; never waits."""

    def stop(self) -> None:
        """End the core and its doors."""


class ScanningCore(Core, Protocol):
    """A core that takes what a scanner typed."""

    def scan(self, code: str, /) -> None:
        """Hand over a bar code; never waits."""


class TillApp(App[None], inherit_bindings=False):
    """The whole screen; `core` is started once the first frame is drawn."""

    CSS_PATH = "scale.tcss"
    TITLE = "Steelyard"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = []

    class ViewArrived(Message):
        """A newer snapshot is waiting."""

    def __init__(
        self,
        core: Core,
        view: TillView,
        font: Font = LINE,
        *,
        scan: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._scan = scan
        self._burst = None if scan is None else Burst()
        self._core = core
        self._newest = view
        self._is_told = False
        self._shown = view
        self._font = font
        self._page = ""
        self._report_of: TillView | None = None

    def compose(self) -> ComposeResult:
        """Rows from top to bottom; pages share the middle."""
        view, font = self._newest, self._font
        yield StatusRow(view, font)
        with Container(id="numbers"):
            yield WeightPanel(view, font)
            yield PricePanel(view, font)
            yield AmountPanel(view, font)
            yield TotalPanel(view, font)
        yield SalePage(view, font)
        yield HelpPage(view, font)
        yield DevicesPage(view, font)
        yield ShiftPage(view, font)
        yield TotalRow(view, font)
        yield AlertRow(view, font)
        yield HintRows(view, font)
        yield TooSmall(view, font)

    def on_mount(self) -> None:
        """Choose the layout, then start the core behind the first frame."""
        self._painted = list(self.screen.query(Painted))
        self._lay_out()
        for end in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(end, self.exit)
        leave_with_terminal(self)
        self.call_after_refresh(self._core.start, self._arrived)

    def on_resize(self, event: Resize) -> None:
        """Compact, roomy or too small."""
        self._lay_out(event.size.width, event.size.height)

    def _arrived(self, view: TillView) -> None:
        """Called in the core's thread: keep the newest, wake the screen once."""
        self._newest = view
        if not self._is_told:
            self._is_told = True
            with suppress(RuntimeError):  # the screen's loop has ended; the core may not have yet
                self.post_message(self.ViewArrived())

    def on_till_app_view_arrived(self) -> None:
        """Draw the newest snapshot; older ones of the burst are never drawn."""
        self._is_told = False
        self._draw(self._newest)

    def _draw(self, view: TillView) -> None:
        before, self._shown = self._shown, view
        code = view.message.code if view.message is not None else ""
        if code == Say.GOODBYE:
            self.exit()
            return
        was = before.message.code if before.message is not None else ""
        if code in _REPORT and (code != was or before.receipt != view.receipt):
            self._page = "shift"
            self._lay_out()
        elif was == Say.VOID_WHICH and code != was and self._page == "shift":
            self._page = ""
            self._lay_out()
        if view.stage is not before.stage:
            self._lay_out()
        for widget in self._painted:
            widget.show(view)

    def _lay_out(self, width: int | None = None, height: int | None = None) -> None:
        """Set the classes `scale.tcss` goes by."""
        columns, rows = width or self.size.width, height or self.size.height
        view, screen = self._shown, self.screen
        screen.set_class(columns < LEAST_COLUMNS or rows < LEAST_ROWS, "small")
        screen.set_class(columns >= ROOMY_COLUMNS and rows >= ROOMY_ROWS, "roomy")
        screen.set_class(view.stage in BANNERS, "result")
        for page in ("help", "devices", "shift"):
            screen.set_class(self._page == page, page)

    def _turn_to(self, page: str) -> None:
        self._page = page
        self._lay_out()

    def on_key(self, event: TextualKey) -> None:
        """A scanner's burst goes to the core as one code, everything else is a key."""
        event.stop()
        if self._burst is None:
            self._key(event.key)
            return
        self._told(self._burst.feed(Held(event.key, event.character or ""), event.time))
        if self._burst.is_open:
            self.set_timer(GAP_S + 0.005, self._let_go)

    def _let_go(self) -> None:
        if self._burst is not None:
            self._told(self._burst.let_go(time.monotonic()))

    def _told(self, told: Told) -> None:
        for held in told.keys:
            self._key(held.name)
        if told.code and self._scan is not None and not self.screen.has_class("small"):
            self._scan(told.code)

    def _key(self, name: str) -> None:
        """Pages are the screen's own; every other key goes to the core."""
        if self._page == "shift" and name in _SCROLL:
            self.query_one(ShiftPage).scroll_lines(_SCROLL[name])
            return
        pressed = key_pressed(name, self._shown)
        if pressed is None or (self.screen.has_class("small") and pressed.key is not Key.QUIT):
            return
        if pressed.key in _PAGES:
            page = _PAGES[pressed.key]
            self._turn_to("" if self._page == page else page)
            return
        if self._page and self._leaves_page(pressed):
            return
        self._core.press(pressed)

    def _leaves_page(self, pressed: KeyPressed) -> bool:
        """Back closes the page; the core hears of it where the page was the core's report.

        A key that sells closes the page too, and goes on to the core.
        """
        if pressed.key is Key.BACK and self._shown.stage is not Stage.GUARD:
            is_report = self._page == "shift"
            self._turn_to("")
            return not is_report
        if pressed.key in (Key.ITEM, Key.ENTRY):
            self._turn_to("")
        return False


def run(till: ScanningCore, settings: Settings) -> None:
    """Show the till until it says goodbye; the core is stopped whatever happens.

    Raises:
        NoTerminal: there is none to draw on; nothing was started.
    """
    needs_terminal(settings.till.language)
    view = TillView(stage=Stage.STARTING, language=settings.till.language)
    try:
        scan = till.scan if settings.till.scanner else None
        TillApp(till, view, font_of_terminal(), scan=scan).run(mouse=False)
    finally:
        till.stop()
