"""Door: one program per state directory, by a file lock that a killed program leaves free."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from scale_app.errors import BadSettings, StateInUse


@contextlib.contextmanager
def state_lock(directory: Path) -> Iterator[None]:
    """Holds the state directory.

    Raises:
        StateInUse: another program does.
        BadSettings: nothing can be written there.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        held = (directory / "till.lock").open("w")
    except OSError as error:
        raise BadSettings(
            f"{directory}: the till cannot write here ({error.strerror}); "
            "give it a directory of its own with --state"
        ) from error
    with held as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateInUse(
                f"{directory}: the till runs here; close it first (F10 on its screen)"
            ) from None
        yield
