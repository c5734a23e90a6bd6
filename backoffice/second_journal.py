"""Door: the second durable journal, on another path than the books (decision 18).

One JSON line for each command that a person gave at the office and the books carried out: uid,
time, command, arguments, the random tokens it drew, and its result. A restored backup lost those
commands; they are carried out again from here, once each, by their uid.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from backoffice.errors import StoreFault


@dataclass(frozen=True, slots=True)
class OfficeOperation:
    """A command that was carried out at `at`, Unix milliseconds; `tokens` are hex."""

    uid: str
    at: int
    command: str
    said: dict[str, Any]
    tokens: tuple[str, ...]
    result: dict[str, Any]

    def line(self) -> str:
        """As it stands in the journal."""
        return json.dumps(asdict(self), ensure_ascii=False)


def uid_of(at: int, command: str, said: dict[str, Any], *, place: int) -> str:
    """Name of the command carried out at that time and place in the books, 32 hex digits."""
    text = json.dumps([place, at, command, said], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def operation_in(line: str) -> OfficeOperation:
    """The operation in a line of the journal or the books."""
    said = json.loads(line)
    return OfficeOperation(**{**said, "tokens": tuple(said["tokens"])})


class SecondJournal:
    """The file; only the books' one writer opens it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = {one.uid for one in self.operations()}
        self._told = 0
        self._whole = False

    def operations(self) -> list[OfficeOperation]:
        """All operations, oldest first; a last line that a power cut tore was never answered.

        Raises:
            StoreFault: the file cannot be read, or is damaged in the middle.
        """
        try:
            content = self._path.read_bytes() if self._path.exists() else b""
        except OSError as error:
            raise _fault(self._path, error) from error
        whole = content[: content.rfind(b"\n") + 1].decode("utf-8", errors="replace")
        try:
            return [operation_in(line) for line in whole.splitlines() if line]
        except (ValueError, TypeError, KeyError) as error:
            raise _fault(self._path, error) from error

    def catch_up(self, rows: list[tuple[int, str, str]]) -> None:
        """Adds rows (number, uid, line) of the books that are not here; on disk when it returns.

        Raises:
            StoreFault: the file cannot be written.
        """
        fresh = [(uid, line) for _, uid, line in rows if uid not in self._known]
        if fresh:
            self._append("".join(f"{line}\n" for _, line in fresh).encode())
        self._known.update(uid for uid, _ in fresh)
        if rows:
            self._told = rows[-1][0]

    def rewrite(self, change: Callable[[OfficeOperation], OfficeOperation]) -> None:
        """Writes the journal anew with every operation changed; the whole file, or not at all.

        Raises:
            StoreFault: the file cannot be written.
        """
        before = self.operations()
        after = [change(one) for one in before]
        if after == before:
            return
        half = self._path.with_name(self._path.name + ".new")
        try:
            handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write("".join(f"{one.line()}\n" for one in after).encode())
                file.flush()
                os.fsync(file.fileno())
            half.replace(self._path)
        except OSError as error:
            raise _fault(self._path, error) from error
        self._whole = True

    @property
    def told(self) -> int:
        """Rows of the books up to this number are here."""
        return self._told

    def _append(self, lines: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as file:
                if not self._whole:
                    file.truncate(file.read().rfind(b"\n") + 1)
                    self._whole = True
                file.seek(0, os.SEEK_END)
                file.write(lines)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _fault(self._path, error) from error


def _fault(path: Path, error: Exception) -> StoreFault:
    return StoreFault(
        "The second journal {path} cannot be used ({error}); what was done stands in the books.",
        path=path,
        error=error,
    )
