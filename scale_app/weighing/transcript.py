"""Transcripts of a serial line as text: what was read and written, in hex, with times.

    # 12.345
    R 53 54 2c 47 53 2c
    W 57

`R` is one read of the host, `W` one write; `#` is a comment, and a comment that holds only a number
is the time of the next line, in seconds since the capture began. `@` (protocol and keys) and `=`
(meaning) are added by hand when a capture becomes a fixture; here they are passed over.
"""

import re
from collections.abc import Iterable

_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}){5,})(?:[ |]+|$)")
_KINDS = frozenset("#@=RW")


class BadHex(Exception):
    """The text is not bytes in hex; `args[0]` says where."""


def reads_of_hex(text: str) -> list[bytes]:
    """The reads of a line such as `02 30 | 31 0D`; a `|` ends a read.

    Raises:
        BadHex: something else than hex digits in pairs.
    """
    return [_bytes(part) for part in text.split("|")]


def reads_of_file(content: bytes) -> list[bytes]:
    """The reads of a file: a transcript's `R` lines, the lines of hex, else all bytes as one read.

    A file is a transcript when all its lines have the form of one and at least one is an `R` line.
    """
    lines = content.splitlines()
    if content.strip() and all(_is_hex(line) for line in lines if line.strip()):
        return [read for line in lines if line.strip() for read in reads_of_hex(line.decode())]
    return _reads_of_transcript(content) or [content]


def _is_hex(line: bytes) -> bool:
    """Only pairs of digits, apart or ten digits and more in a row.

    The figures of a scale begin with a blank, or are shorter, or have a point.
    """
    return not line[:1].isspace() and not _HEX.sub(b"", line)


def _reads_of_transcript(content: bytes) -> list[bytes]:
    try:
        lines = content.decode("utf-8").splitlines()
        reads = [_bytes(line[1:]) for line in lines if line[:2] == "R "]
    except (UnicodeDecodeError, BadHex):
        return []
    return reads if all(_is_line(line) for line in lines) else []


def entry(kind: str, content: bytes, seconds: float) -> Iterable[str]:
    """The lines for one read (`R`) or write (`W`) at `seconds` since the capture began."""
    yield f"# {seconds:.3f}"
    yield f"{kind} {content.hex(' ')}"


def _is_line(line: str) -> bool:
    return not line.strip() or (line[0] in _KINDS and line[1:2] in {"", " "})


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise BadHex(f"not hex in pairs: '{text.strip()}'") from None
