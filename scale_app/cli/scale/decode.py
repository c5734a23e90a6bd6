"""`scale-app scale decode`: bytes in, one JSON object a line for each reading."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from scale_app.cli.exits import Exit
from scale_app.cli.scale import WrongUsage, settings_of
from scale_app.weighing import catalogue
from scale_app.weighing.protocols.framing import Decoder
from scale_app.weighing.reading import Fault, Reading
from scale_app.weighing.report import fields
from scale_app.weighing.transcript import BadHex, reads_of_file, reads_of_hex

_HANDSHAKE = b"\x00\x04\x05\x06\x11\x12\r\n"
"""Idle bytes, answers and requests around a frame: alone they are no damage."""
_AT_ONCE = 65_536
"""Bytes decoded before their readings are printed."""


def run(words: argparse.Namespace) -> Exit:
    """Prints every reading; a frame that the input ends in the middle of is `incomplete`.

    Bytes among which no frame was found at all are one `bad_frame`: silence would say that nothing
    had come.

    Raises:
        WrongUsage: bad hex, no input, two inputs, a file that cannot be read.
        BadProfile: unknown protocol, key or value, or a required key that is missing.
    """
    _take_file_after_profile(words)
    profile = catalogue.profile(words.protocol, settings_of(words.profile))
    reads, is_silent = _reads(words), True
    for reading in _readings(profile.decoder(), reads):
        _print(fields(reading))
        is_silent = False
    if is_silent and b"".join(reads).strip(_HANDSHAKE):
        note = f"{sum(map(len, reads))} bytes, and no frame of this protocol among them"
        _print(fields(Reading(fault=Fault.BAD_FRAME, note=note)))
    return Exit.OK


def _readings(decoder: Decoder, reads: list[bytes]) -> Iterator[Reading]:
    for chunk in reads:
        for start in range(0, len(chunk), _AT_ONCE):
            yield from decoder.feed(chunk[start : start + _AT_ONCE])
    yield from decoder.expire()


def _take_file_after_profile(words: argparse.Namespace) -> None:
    """`--profile form=10 FILE`: argparse counts FILE to the keys, being one more word."""
    if words.file is None and words.hex is None and words.profile and "=" not in words.profile[-1]:
        words.file = words.profile.pop()


def _reads(words: argparse.Namespace) -> list[bytes]:
    if (words.hex is None) == (words.file is None):
        raise WrongUsage("give the bytes with --hex, or a FILE (- for stdin): one of the two")
    try:
        if words.hex is not None:
            return reads_of_hex(words.hex)
        if words.file == "-":
            return reads_of_file(sys.stdin.buffer.read())
        return reads_of_file(Path(words.file).read_bytes())
    except BadHex as error:
        raise WrongUsage(f"--hex: {error}") from error
    except OSError as error:
        raise WrongUsage(f"{words.file}: {error.strerror}") from error


def _print(reading: dict[str, str | bool | None]) -> None:
    sys.stdout.write(json.dumps(reading, ensure_ascii=False) + "\n")
