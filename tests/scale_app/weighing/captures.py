"""Reads fixtures/captures/scales/*.txt: `@` protocol and keys, `W`/`R` hex, `=` what it means."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scale_app.weighing import catalogue
from scale_app.weighing.protocols.family import Profile

FOLDER = Path(__file__).parents[3] / "fixtures" / "captures" / "scales"


@dataclass(frozen=True)
class Frame:
    """One received frame and the fields that its source says it means."""

    source: str
    profile: Profile
    raw: bytes
    meaning: dict[str, Any]


def frames() -> list[Frame]:
    return [frame for path in sorted(FOLDER.glob("*.txt")) for frame in _frames(path)]


def _frames(path: Path) -> list[Frame]:
    found: list[Frame] = []
    profile: Profile | None = None
    raw = b""
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "@":
            name, *keys = rest.split()
            profile = catalogue.profile(name, dict(key.split("=", 1) for key in keys))
        elif kind == "R":
            raw = bytes.fromhex(rest)
        elif kind == "=":
            assert profile, f"{path.name}: no @ line before a frame"
            found.append(Frame(path.name, profile, raw, json.loads(rest)))
    assert found, f"{path.name} holds no frame"
    return found
