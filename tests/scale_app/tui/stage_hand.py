"""Runs the till's screen without a terminal: puts snapshots on it, presses keys, reads its rows."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot

from scale_app.events import KeyPressed
from scale_app.tui.app import TillApp
from scale_app.view import TillView
from tests.scale_app.tui import views

Result = TypeVar("Result")
SIZES = ((80, 24), (120, 40))
LANGUAGES = ("en", "zh_CN")


class StageHand:
    """Stands where the core stands: shows what the test wants, remembers what was pressed."""

    def __init__(self, view: TillView) -> None:
        self.view = view
        self.pressed: list[KeyPressed] = []
        self.on_view: Callable[[TillView], None] = lambda _view: None
        self.is_stopped = False

    def start(self, on_view: Callable[[TillView], None]) -> None:
        self.on_view = on_view
        on_view(self.view)

    def press(self, key: KeyPressed) -> None:
        self.pressed.append(key)

    def stop(self) -> None:
        self.is_stopped = True


class Stage:
    """The running screen and its stage hand."""

    def __init__(self, app: TillApp, hand: StageHand, pilot: Pilot[None]) -> None:
        self.app, self.hand, self.pilot = app, hand, pilot

    async def show(self, view: TillView) -> list[str]:
        self.hand.on_view(view)
        return await self.rows()

    async def press(self, *keys: str) -> list[str]:
        await self.pilot.press(*keys)
        return await self.rows()

    async def rows(self) -> list[str]:
        await self.pilot.pause()
        return screen_rows(self.app)


@asynccontextmanager
async def on_stage(view: TillView, size: tuple[int, int]) -> AsyncIterator[Stage]:
    hand = StageHand(view)
    app = TillApp(hand, views.starting(view.language))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Stage(app, hand, pilot)


def screen_rows(app: App[None]) -> list[str]:
    """What the terminal would show, row by row, full width."""
    return [
        "".join(part.text for part in strip) for strip in app.screen._compositor.render_strips()
    ]


def played(scene: Coroutine[Any, Any, Result]) -> Result:
    """The result of an async scene, within a bounded time."""
    return asyncio.run(asyncio.wait_for(scene, 30))
