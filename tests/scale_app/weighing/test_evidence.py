"""No protocol counts as done without a frame that someone else wrote."""

from pathlib import Path

from scale_app.weighing import catalogue
from tests.scale_app.weighing.captures import FOLDER, frames

PAGE = Path(__file__).parents[3] / "docs" / "evidence.md"


def test_every_protocol_has_a_capture_and_every_capture_stands_in_the_table() -> None:
    table = PAGE.read_text(encoding="utf-8")
    for path in FOLDER.glob("*.txt"):
        assert path.name in table, f"{path.name} is not in docs/evidence.md"
    assert {frame.profile.protocol for frame in frames()} == set(catalogue.FAMILIES)
