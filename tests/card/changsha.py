"""The log of a real card with its keys, as parts of commands and answers."""

from dataclasses import dataclass
from pathlib import Path

CAPTURE = Path(__file__).parents[2] / "fixtures" / "captures" / "card" / "changsha-metro.txt"
LINES = [
    line
    for line in CAPTURE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
KEYS = {name: bytes.fromhex(key) for word, name, key in (s.split() for s in LINES if s[0] == "K")}


@dataclass(frozen=True, slots=True)
class Exchange:
    asked: bytes
    answered: bytes
    keys: tuple[str, ...]


def part(name: str) -> list[Exchange]:
    """The exchanges of one part, in order."""
    at = next(i for i, line in enumerate(LINES) if line.startswith(f"= {name}"))
    spoken: list[str] = []
    for line in LINES[at + 1 :]:
        if line[0] == "=":
            break
        spoken.append(line)
    return [
        Exchange(bytes.fromhex(words[1]), bytes.fromhex(answer[2:]), tuple(words[2:]))
        for words, answer in zip((s.split() for s in spoken[::2]), spoken[1::2], strict=True)
    ]
