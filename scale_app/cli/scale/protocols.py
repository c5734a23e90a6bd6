"""`scale-app scale protocols`: every protocol with its line, its keys and its rules."""

import argparse
import json
import sys

from scale_app.cli.exits import Exit
from scale_app.weighing.catalogue import FAMILIES
from scale_app.weighing.protocols.family import Family
from scale_app.weighing.protocols.parity import ABSENT


def run(words: argparse.Namespace) -> Exit:
    """Prints the catalogue, in words or as one JSON array."""
    if words.json:
        rows = [described(family) for family in FAMILIES.values()]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
        return Exit.OK
    sys.stdout.write("\n\n".join(_in_words(family) for family in FAMILIES.values()) + "\n")
    return Exit.OK


def described(family: Family) -> dict[str, object]:
    """The family as plain fields; `default` is null where a key must be set or may be left out."""
    defaults = {key: values[0] for key, values in family.keys.items()}
    stable_by = family.stable_by(defaults).value
    poll = _poll(family)
    return {
        "name": family.name,
        "title": family.title,
        "line": family.line.text(),
        "poll": poll.hex(" ") or None,
        "poll_every_s": family.poll_every_s if poll else None,
        "answer_s": family.answer_s if poll else None,
        "stable_by": stable_by,
        "checksum": family.checksum,
        "longest_bytes": family.longest,
        "keys": {key: _key(family, key) for key in family.keys},
    }


def _key(family: Family, key: str) -> dict[str, object]:
    values = family.keys[key]
    is_required = key in family.required
    return {
        "values": [value for value in values if value != ABSENT],
        "default": None if is_required else values[0] or None,
        "required": is_required,
    }


def _poll(family: Family) -> bytes:
    defaults = {key: values[0] for key, values in family.keys.items()}
    return family.ask(defaults) if family.ask else family.poll


_SETTLED = {
    "flag": "the scale says when it is stable",
    "flag_twice": "the scale says so twice, since no checksum protects its word",
    "software": "judged here, over half a second",
    "software_twice": "judged here, over half a second and two equal readings",
}


def _in_words(family: Family) -> str:
    poll = _poll(family)
    asked = f"asked with {poll.hex(' ')}" if poll else "talks by itself"
    defaults = {key: values[0] for key, values in family.keys.items()}
    lines = [
        f"{family.name}: {family.title}",
        f"  line {family.line.text()}, {asked}; checksum: {family.checksum}",
        f"  stable: {_SETTLED[family.stable_by(defaults).value]}",
    ]
    for key, values in family.keys.items():
        given = " | ".join(value or "(absent)" for value in values)
        lines.append(f"  {key} = {given}" + (" (required)" if key in family.required else ""))
    return "\n".join(lines)
