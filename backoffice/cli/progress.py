"""A counter on stderr while something long runs; silent where nobody watches."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_S = 0.2


@contextmanager
def counting(what: str, most: int = 0) -> Iterator[Callable[[int], None]]:
    """Shows how many are done, and how much of `most` that is, at most five times a second."""
    shown = 0.0
    is_watched = sys.stderr.isatty()

    def told(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if not is_watched or now - shown < EVERY_S:
            return
        shown = now
        bar = ""
        if most:
            full = min(done, most) * 30 // most
            bar = f"[{'#' * full}{'.' * (30 - full)}] {min(done, most) * 100 // most:3d} % "
        sys.stderr.write(f"\r{bar}{done} {what}")
        sys.stderr.flush()

    try:
        yield told
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
