"""The README's picture of the till is made here, so it can never be stale."""

import os
import re
from pathlib import Path

from scale_app.tui.app import TillApp
from tests.scale_app.tui import views
from tests.scale_app.tui.stage_hand import StageHand, played

PICTURE = Path(__file__).resolve().parents[3] / "docs" / "till.svg"
WIDTH, HEIGHT = 96, 26


def normalised(svg: str) -> str:
    """The picture without what differs from run to run, and without fonts from other places."""
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def drawn() -> str:
    async def scene() -> str:
        app = TillApp(StageHand(views.selling()), views.starting())
        async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
            await pilot.pause()
            return app.export_screenshot(title="Steelyard", simplify=True)

    return normalised(played(scene()))


def test_the_picture_in_the_readme_shows_the_screen_of_today() -> None:
    picture = drawn()
    if os.environ.get("STEELYARD_SNAP"):
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_text(picture, "utf-8")
    assert PICTURE.read_text("utf-8") == picture, "look at it, then renew with STEELYARD_SNAP=1"


def test_the_picture_fetches_nothing_and_names_no_place() -> None:
    addresses = set(re.findall(r"https?://[^\"'\s)]+", PICTURE.read_text("utf-8")))
    assert addresses <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}
