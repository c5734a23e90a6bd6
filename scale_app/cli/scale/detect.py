"""`scale-app scale detect`: listens, asks harmlessly, and lets a known weight decide."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from scale_app.cli.exits import Exit
from scale_app.cli.scale import WrongUsage
from scale_app.weighing.catalogue import FAMILIES, line_of
from scale_app.weighing.detection import (
    BAUDS,
    PROBES,
    Candidate,
    Probe,
    as_good_as_the_best,
    candidates,
    confirmed,
    handshakes,
    settings_of,
    unasked,
)
from scale_app.weighing.profile_text import profile_text
from scale_app.weighing.protocols.family import Line, Profile
from scale_app.weighing.raw_line import RawLine

LISTEN_S = 1.2
ANSWER_S = 0.5
LEAST_ANSWERS = 1


def run(words: argparse.Namespace) -> Exit:
    """Prints the `[scale]` part of till.toml; exit 1 when no scale was understood.

    Raises:
        WrongUsage: a known weight that is no number, a till.toml that has a scale already.
        LineFault: the port cannot be opened, or was lost.
    """
    known = None if words.weight is None else kilograms(words.weight)
    found = as_good_as_the_best(_heard(words))
    if not found:
        _say("No scale was understood. Is it on, is the cable in, is its output switched on?")
        _say(f"Never asked, to change nothing on it: {', '.join(unasked())}.")
        _say("For one of these: scale-app scale watch --port .. --protocol NAME")
        _say("Keep what it says with: scale-app scale capture --port .. --out FILE")
        return Exit.FAULTS
    known = known or _asked_for_weight(found)
    if known is not None:
        found = confirmed(_heard_again(words, found), known)
        if not found:
            _say(f"What was found does not read {known} kg. Nothing is recommended.")
            return Exit.FAULTS
    return _told(words, found, is_confirmed=known is not None)


def _told(words: argparse.Namespace, found: list[Candidate], *, is_confirmed: bool) -> Exit:
    best = found[0]
    others = {_reading_of(one) for one in found} - {_reading_of(best)}
    if others:
        _say("These bytes may be read in several ways; only a known weight can tell:")
        for one in found:
            _say(f"  {_name(one)} reads {_reading_of(one)}")
        _say("Run it again with goods of known weight on the pan and --weight KG.")
        return Exit.FAULTS
    if not is_confirmed:
        _say("NOT CONFIRMED by a known weight: check one before selling.")
    profile = best.profile
    text = profile_text(profile.family, words.port, settings_of(best), profile.line.text())
    sys.stdout.write(text)
    if words.write is not None:
        _append(Path(words.write), text)
    return Exit.OK


def _append(file: Path, text: str) -> None:
    """Adds the part to till.toml; a scale that is there is not touched."""
    try:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        if any(line.strip().startswith("[scale") for line in before.splitlines()):
            raise WrongUsage(f"{file} has a [scale] already: replace it by hand")
        file.write_text(f"{before}\n{text}" if before else text, encoding="utf-8")
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
    _say(f"Written to {file}.")


def _heard(words: argparse.Namespace) -> list[Candidate]:
    """Listens at every speed; only a line that is silent at all of them is asked."""
    heard_any = False
    for line in _lines(words):
        _say(f"listening at {line.text()} ...")
        reads = _listen(words.port, line, LISTEN_S)
        heard_any = heard_any or bool(reads)
        found = candidates(reads, line)
        if found:
            return found
    if heard_any:
        _say("Something talks, but in no protocol known here.")
        return []
    return _asked(words)


def _asked(words: argparse.Namespace) -> list[Candidate]:
    for probe in PROBES:
        families = [name for name in probe.families if name in FAMILIES]
        for line in _probe_lines(words, families):
            _say(f"asking {', '.join(families)} at {line.text()} ...")
            reads = _answers(words.port, line, probe)
            found = candidates(reads, line, families, LEAST_ANSWERS)
            if [one for one in found if one.weight is not None]:
                return found
            found = _polled(words, found) if found else _talked(words, line, families, reads)
            if found:
                return found
    return []


def _talked(
    words: argparse.Namespace, line: Line, families: list[str], heard: list[bytes]
) -> list[Candidate]:
    """Something answered that is no reading, as an ACK is: go on with each family's handshake."""
    found: list[Candidate] = []
    for profile in handshakes(families, b"".join(heard)):
        reads = _session_reads(words, replace(profile, line=line))
        found += candidates(reads, line, [profile.protocol], LEAST_ANSWERS)
    return sorted(found, key=lambda one: (-one.share, -one.frames))


def _polled(words: argparse.Namespace, found: list[Candidate]) -> list[Candidate]:
    """Something answered without a weight (echo, a handshake begun): ask as the profile does."""
    again = (_session(words, one.profile) for one in found)
    return [one for one in again if one is not None] or found


def _session(words: argparse.Namespace, profile: Profile) -> Candidate | None:
    """What one talk under a profile said of it."""
    reads = _session_reads(words, profile)
    same = candidates(reads, profile.line, [profile.protocol], LEAST_ANSWERS)
    return next((one for one in same if one.profile.keys == profile.keys), None)


def _session_reads(words: argparse.Namespace, profile: Profile) -> list[bytes]:
    """One talk under a profile: its request, its handshake, its decoder."""
    decoder, reads, until = profile.decoder(), list[bytes](), time.monotonic() + LISTEN_S
    with RawLine(words.port, _line_for(words, profile)) as scale:
        asked_at = 0.0
        while time.monotonic() < until:
            if profile.poll and time.monotonic() - asked_at >= profile.family.answer_s:
                asked_at = time.monotonic()
                scale.write(profile.poll)
            chunk = scale.read()
            reads += [chunk] if chunk else []
            decoder.feed(chunk)
            owed = decoder.replies()
            if owed:
                scale.write(owed)
    return reads


def _heard_again(words: argparse.Namespace, found: list[Candidate]) -> list[Candidate]:
    """The same candidates with the known weight on the pan."""
    again = (_session(words, one.profile) for one in found)
    return [one for one in again if one is not None]


def _answers(port: str, line: Line, probe: Probe) -> list[bytes]:
    with RawLine(port, line) as scale:
        scale.write(probe.sent)
        return list(_reads(scale, ANSWER_S))


def _listen(port: str, line: Line, seconds: float) -> list[bytes]:
    with RawLine(port, line) as scale:
        return list(_reads(scale, seconds))


def _reads(scale: RawLine, seconds: float) -> Iterator[bytes]:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        chunk = scale.read()
        if chunk:
            yield chunk


def _lines(words: argparse.Namespace) -> list[Line]:
    # One capture at 8N1 serves 7E1 and 7O1 as well: the parity is then in the eighth bit.
    return [line_of(words.line)] if words.line else [Line(baud) for baud in BAUDS]


def _probe_lines(words: argparse.Namespace, families: list[str]) -> list[Line]:
    if words.line:
        return [line_of(words.line)]
    return list(dict.fromkeys(FAMILIES[name].line for name in families))


def _line_for(words: argparse.Namespace, profile: Profile) -> Line:
    return line_of(words.line) if words.line else profile.line


def _asked_for_weight(found: list[Candidate]) -> Decimal | None:
    """The known weight that a person puts on and types; nothing when nobody is there."""
    _say(f"Found {' or '.join(_name(one) for one in found)}.")
    if not sys.stdin.isatty():
        return None
    _say("Put a known weight on the pan and type it in kg (nothing = skip): ")
    text = sys.stdin.readline().strip()
    return kilograms(text) if text else None


def kilograms(text: str) -> Decimal:
    """A weight of the command line.

    Raises:
        WrongUsage: no number above zero.
    """
    known = Decimal(0)
    with suppress(InvalidOperation):
        known = Decimal(text)
    if not known.is_finite() or known <= 0:
        raise WrongUsage(f"'{text}' is no weight in kg above zero")
    return known


def _name(one: Candidate) -> str:
    keys = " ".join(f"{key}={value}" for key, value in settings_of(one).items())
    return f"{one.profile.protocol} {keys}".strip() + f" at {one.profile.line.text()}"


def _reading_of(one: Candidate) -> str:
    return "no weight yet" if one.weight is None else f"{one.weight:f} {one.unit}"


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()
