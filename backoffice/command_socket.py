"""Door: the Unix socket for commands, JSON lines, for the owner of the state folder only.

A request is one line `{"do": "card.block", "with": {...}}`; the answer is one line
`{"ok": true, "result": {...}}` or `{"ok": false, "error": "...", "exit": 1}`. The socket is reached
through its folder's descriptor, because a socket's path may be 107 bytes long and no longer.
"""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backoffice.errors import Busy, Exit, OfficeError, UsageFault

MAX_LINE = 1 << 20
MAX_CALLERS = 16
CALL_TIMEOUT_S = 30.0


@contextlib.contextmanager
def _short_path(path: Path) -> Iterator[str]:
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listen(path: Path) -> socket.socket:
    """The listening socket, mode 0600; a stale one is replaced (the caller holds the lock)."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _short_path(path) as short:
            listener.bind(short)
    finally:
        os.umask(before)
    listener.listen(MAX_CALLERS)
    listener.setblocking(False)
    return listener


def call(path: Path, name: str, said: dict[str, Any]) -> dict[str, Any] | None:
    """Asks the running server; None when no server listens.

    Raises:
        OfficeError: what the server refused, in its own words.
        Busy: the server listens but does not answer.
    """
    line = json.dumps({"do": name, "with": said}, ensure_ascii=False).encode() + b"\n"
    if len(line) > MAX_LINE:
        raise UsageFault("The command is longer than 1 MiB.")
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    caller.settimeout(CALL_TIMEOUT_S)
    with caller:
        try:
            with _short_path(path) as short:
                caller.connect(short)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        try:
            caller.sendall(line)
            answer = caller.makefile("rb").readline(MAX_LINE)
        except OSError as error:
            raise Busy("The server does not answer; try again or restart it.") from error
    if not answer.endswith(b"\n"):
        raise Busy("The server ended before it answered; look what it did and try again.")
    return _result(json.loads(answer))


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("ok"):
        result: dict[str, Any] = answer["result"]
        return result
    refused = OfficeError(
        str(answer.get("sentence", answer.get("error"))), **answer.get("params", {})
    )
    refused.exit_code = Exit(answer.get("exit", 1))
    raise refused


class Callers:
    """Those who are connected, with what they have sent so far."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._open: dict[socket.socket, bytes] = {}

    def sockets(self) -> tuple[socket.socket, ...]:
        """All sockets to wait for."""
        return (self._listener, *self._open)

    def ready(self, sockets: list[socket.socket]) -> list[tuple[socket.socket, bytes]]:
        """Whole lines from the sockets that can be read, with whom to answer."""
        lines: list[tuple[socket.socket, bytes]] = []
        for one in sockets:
            if one is self._listener:
                self._accept()
            elif one in self._open:
                line = self._read(one)
                if line is not None:
                    lines.append((one, line))
        return lines

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            caller, _ = self._listener.accept()
            if len(self._open) >= MAX_CALLERS:
                caller.close()
                return
            caller.setblocking(False)
            self._open[caller] = b""

    def _read(self, caller: socket.socket) -> bytes | None:
        try:
            piece = caller.recv(65536)
        except BlockingIOError:
            return None
        except OSError:
            piece = b""
        text = self._open[caller] + piece
        if not piece or len(text) > MAX_LINE:
            self.drop(caller)
            return None
        if b"\n" not in text:
            self._open[caller] = text
            return None
        self._open[caller] = b""
        return text.split(b"\n", 1)[0]

    def answer(self, caller: socket.socket, answer: dict[str, Any]) -> None:
        """Sends the one answer and hangs up."""
        with contextlib.suppress(OSError):
            caller.settimeout(2.0)
            caller.sendall(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        self.drop(caller)

    def drop(self, caller: socket.socket) -> None:
        """Hangs up."""
        self._open.pop(caller, None)
        caller.close()

    def close(self) -> None:
        """Hangs up on everybody and stops listening."""
        for caller in list(self._open):
            self.drop(caller)
        self._listener.close()
