"""A serial line without a protocol, for capture and detection; used by one thread.

Every fault is a `LineFault` with a sentence for the person who sets up the scale.
"""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from scale_app.weighing.faults import LineFault
from scale_app.weighing.port import LOST_LINE, open_device
from scale_app.weighing.protocols.family import Line

BY_ID = Path("/dev/serial/by-id")


class RawLine:
    """Bytes as they come, and bytes out."""

    def __init__(self, url: str, line: Line) -> None:
        """Opens the line.

        Raises:
            LineFault: missing, not permitted, in use, or it does not take these settings.
        """
        check(url)
        self._url = url
        try:
            self._device: Any = open_device(url, line)
        except LOST_LINE as error:
            raise LineFault(_why(url, error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(*LOST_LINE):
            self._device.close()

    def read(self) -> bytes:
        """What arrived; waits at most 0.2 s, then nothing.

        Raises:
            LineFault: the line is gone.
        """
        try:
            chunk: bytes = self._device.read(1)
            return chunk + self._device.read(self._device.in_waiting) if chunk else b""
        except LOST_LINE as error:
            raise LineFault(f"{self._url}: the line was lost ({error})") from error

    def write(self, content: bytes) -> None:
        """Sends bytes to the scale.

        Raises:
            LineFault: the line is gone.
        """
        try:
            self._device.write(content)
        except LOST_LINE as error:
            raise LineFault(f"{self._url}: the line was lost ({error})") from error


def check(url: str) -> None:
    """Says early and in words what is wrong with a port; opens nothing.

    Raises:
        LineFault: no such port, or no permission.
    """
    if "://" in url:
        return
    if not Path(url).exists():
        raise LineFault(f"{url}: no such port{_there_are()}")
    if not os.access(url, os.R_OK | os.W_OK):
        raise LineFault(f"{url}: not permitted; put this user into the group that owns the port")


def _there_are() -> str:
    found = sorted(str(path) for path in BY_ID.glob("*"))
    return f"; there are: {', '.join(found)}" if found else "; is the cable in?"


def _why(url: str, error: BaseException) -> str:
    if getattr(error, "errno", None) in (errno.EAGAIN, errno.EBUSY):
        return f"{url}: in use by another program (is the till running?)"
    return f"{url}: cannot be opened: {error}"
