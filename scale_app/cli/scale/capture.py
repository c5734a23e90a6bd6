"""`scale-app scale capture`: all that a scale says, in hex with times, until Ctrl-C."""

import argparse
import sys
import time
from pathlib import Path
from typing import TextIO

from scale_app.cli.exits import Exit
from scale_app.cli.scale import WrongUsage
from scale_app.weighing.catalogue import line_of
from scale_app.weighing.raw_line import RawLine
from scale_app.weighing.transcript import BadHex, entry, reads_of_hex


def run(words: argparse.Namespace) -> Exit:
    """Writes what is read, each read with its time; `--ask` is sent again and again.

    Raises:
        WrongUsage: bad hex, a file that is there already or cannot be written.
        LineFault: the line cannot be opened, or was lost; what was read is in the file.
    """
    line, ask = line_of(words.line), _ask(words.ask)
    with RawLine(words.port, line) as scale, _new_file(Path(words.out)) as file:
        file.write(f"# origin: captured from {words.port} at {line.text()}\n")
        sys.stderr.write(f"Listening at {line.text()}. Ctrl-C ends.\n")
        try:
            _listen(words, ask, scale, file)
        finally:
            sys.stderr.write(f"\nWhat was heard is in {words.out}.\n")
    return Exit.OK


def _new_file(file: Path) -> TextIO:
    try:
        return file.open("x", encoding="ascii")
    except FileExistsError:
        raise WrongUsage(f"{file} is there already; nothing is overwritten") from None
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error


def _ask(text: str | None) -> bytes:
    try:
        return b"".join(reads_of_hex(text)) if text else b""
    except BadHex as error:
        raise WrongUsage(f"--ask: {error}") from error


def _listen(words: argparse.Namespace, ask: bytes, scale: RawLine, file: TextIO) -> None:
    began, asked_at, heard = time.monotonic(), 0.0, 0
    while words.seconds is None or time.monotonic() - began < words.seconds:
        now = time.monotonic()
        if ask and now - asked_at >= words.every:
            asked_at = now
            scale.write(ask)
            _write(file, "W", ask, now - began)
        chunk = scale.read()
        if chunk:
            heard += len(chunk)
            _write(file, "R", chunk, time.monotonic() - began)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{heard} bytes, {now - began:.0f} s ")


def _write(file: TextIO, kind: str, content: bytes, seconds: float) -> None:
    # Each entry is on the disk before the next is read: Ctrl-C and a lost line lose nothing.
    file.write("".join(f"{row}\n" for row in entry(kind, content, seconds)))
    file.flush()
