"""The customer's screen is fed from here: a Unix socket, one JSON line per view, last one first.

The feed never waits for a reader. One that does not take its lines for a while is dropped and may
connect again; the number of readers is bounded. A line is the TillView as a JSON object.
"""

import contextlib
import logging
import socket
import threading
from pathlib import Path

import msgspec

from scale_app.view import TillView

log = logging.getLogger("steelyard.display")

MAX_READERS = 4
MAX_BEHIND_BYTES = 256 * 1024
"""Kernel buffer per reader; a reader that falls behind by more is dropped."""


class DisplayFeed:
    """One socket, any screen; `publish` from the core's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._readers: list[socket.socket] = []
        self._last = b""
        self._server: socket.socket | None = None
        self._thread = threading.Thread(target=self._accept, name="display-feed", daemon=True)
        self.dropped = 0

    def open(self) -> None:
        """Listens; a socket left behind by a killed program is replaced."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(str(self._path))
        server.listen(MAX_READERS)
        self._server = server
        self._thread.start()

    def close(self) -> None:
        """Ends the feed; readers see the end of the stream."""
        server, self._server = self._server, None
        if server is None:
            return
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()
        self._thread.join(timeout=2.0)
        with self._lock:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
        with contextlib.suppress(OSError):
            self._path.unlink()

    def publish(self, view: TillView) -> None:
        """The view to every reader, without waiting for any."""
        line = msgspec.json.encode(view) + b"\n"
        with self._lock:
            self._last = line
            self._readers = [reader for reader in self._readers if self._given(reader, line)]

    def _given(self, reader: socket.socket, line: bytes) -> bool:
        try:
            if reader.send(line) == len(line):
                return True
        except OSError:
            pass
        # A reader that is gone, or so slow that its buffer is full; half a line helps nobody.
        self.dropped += 1
        reader.close()
        return False

    def _accept(self) -> None:
        while (server := self._server) is not None:
            try:
                reader, _ = server.accept()
            except OSError:
                return
            reader.setblocking(False)
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_BEHIND_BYTES)
            with self._lock:
                if len(self._readers) >= MAX_READERS or (
                    self._last and not self._given(reader, self._last)
                ):
                    reader.close()
                    continue
                self._readers.append(reader)


def view_of(line: bytes) -> TillView:
    """The view in one line of the feed.

    Raises:
        ValueError: not such a line.
    """
    try:
        return msgspec.json.decode(line, type=TillView)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
