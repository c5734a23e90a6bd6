"""The page the till works on: items, basket or result, card, last receipt."""

from textual.app import ComposeResult
from textual.containers import Container, Vertical

from scale_app.tui.glyphs import Font
from scale_app.tui.widgets.basket import BasketPanel
from scale_app.tui.widgets.card import CardPanel
from scale_app.tui.widgets.items import ItemPanel
from scale_app.tui.widgets.receipt import ReceiptPanel
from scale_app.tui.widgets.result import ResultPanel
from scale_app.view import TillView


class SalePage(Container, can_focus=False, inherit_bindings=False):
    """Places the panels; where they go is in `scale.tcss`."""

    def __init__(self, view: TillView, font: Font) -> None:
        super().__init__(id="sale")
        self._view = view
        self._font = font

    def compose(self) -> ComposeResult:
        """Items left, basket or result and card in the middle, receipt right."""
        yield ItemPanel(self._view, self._font)
        with Vertical(id="middle"):
            yield ResultPanel(self._view, self._font)
            yield BasketPanel(self._view, self._font)
            yield CardPanel(self._view, self._font)
        yield ReceiptPanel(self._view, self._font)
