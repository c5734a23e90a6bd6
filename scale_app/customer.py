"""The customer's screen: draws what comes over the display feed, and nothing else.

The feed is the till's Unix socket of JSON lines, last state replayed on connect. This program
holds no state of its own: when the feed is gone it says "please wait" and tries again, so the till
may be restarted under it, and it can never hold up a sale.
"""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType

from scale_app.tui.glyphs import LINE, Font
from scale_app.tui.probe import font_of_terminal, leave_with_terminal, needs_terminal
from scale_app.tui.widgets.customer_face import CustomerFace
from scale_app.view import Stage, TillView, WeightState

RETRY_S = 0.5
LONGEST_LINE = 1 << 20
"""Bytes; a snapshot is some 5 kB, one with a long report some 20 kB."""

_DECODER = msgspec.json.Decoder(TillView)


def read_view(line: bytes) -> TillView | None:
    """The snapshot in one line of the feed; None when it is not one."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def without_feed(last: TillView) -> TillView:
    """What to show while the till is away: no numbers that may be old, and please wait."""
    return replace(
        TillView(stage=Stage.STARTING, weight_state=WeightState.LOST),
        language=last.language,
        currency=last.currency,
        stall=last.stall,
    )


class CustomerApp(App[None], inherit_bindings=False):
    """One widget that fills the window, fed from the socket."""

    CSS = "Screen { background: #000000; overflow: hidden; } CustomerFace { height: 1fr; }"
    TITLE = "Steelyard customer"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c,ctrl+q,f10", "quit", show=False)]

    def __init__(self, feed: Path, language: str, font: Font = LINE) -> None:
        super().__init__()
        self._feed = feed
        self._last = TillView(language=language)
        self._font = font

    def compose(self) -> ComposeResult:
        """The face alone."""
        yield CustomerFace(self._last, self._font)

    def on_mount(self) -> None:
        """Listen to the feed from now on."""
        for end in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(end, self.exit)
        leave_with_terminal(self)
        self.run_worker(self._listen(), exit_on_error=True)

    async def _listen(self) -> None:
        """Connect, draw until the feed ends, say please wait, try again; for ever."""
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(self._feed, limit=LONGEST_LINE)
            except OSError:
                self._show(without_feed(self._last))
            else:
                await self._follow(reader)
                writer.close()
                self._show(without_feed(self._last))
            await asyncio.sleep(RETRY_S)

    async def _follow(self, reader: asyncio.StreamReader) -> None:
        """Draw each snapshot until the till hangs up or sends a line beyond all bounds."""
        try:
            while line := await reader.readline():
                view = read_view(line)
                if view is not None:
                    self._show(view)
        except (OSError, ValueError):
            return

    def _show(self, view: TillView) -> None:
        self._last = view
        self.query_one(CustomerFace).show(view)


def run(feed: Path, language: str) -> None:
    """Show the customer's screen until ctrl+c or a signal.

    Raises:
        NoTerminal: there is none to draw on.
    """
    needs_terminal(language)
    CustomerApp(feed, language, font_of_terminal()).run(mouse=False)
