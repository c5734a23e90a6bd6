"""Door: the file lock that makes one process the only writer of the books."""

import fcntl
import os
from pathlib import Path
from typing import Self

from backoffice.errors import Busy


class WriterLock:
    """Held while this process may write; the kernel frees it when the process ends."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._handle)
            raise Busy("Another program writes the books now; try again in a moment.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Lets others write."""
        os.close(self._handle)
