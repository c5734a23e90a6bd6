"""The till's log: `till.log` in the state directory, rotated; never keys, tokens, whole numbers."""

import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 2_000_000
BACKUPS = 3

_log = logging.getLogger("steelyard.threads")


def log_to(directory: Path, *, traces_cards: bool = False) -> None:
    """Everything of level INFO and above goes to the file; nothing to the screen.

    `traces_cards`: the conversation with cards too, keys and PINs masked, card numbers not.
    """
    handler = RotatingFileHandler(
        directory / "till.log", maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    if traces_cards:
        from card.apdu import TRACE_LEVEL, TRACE_NAME  # noqa: PLC0415  only then

        logging.getLogger(TRACE_NAME).setLevel(TRACE_LEVEL)
    # A library's own thread that dies (pyserial's RFC 2217 reader) would write over the screen.
    threading.excepthook = _in_the_log


def _in_the_log(died: threading.ExceptHookArgs) -> None:
    name = died.thread.name if died.thread else "a thread"
    if died.exc_value is not None:
        _log.error("%s ended: %s", name, died.exc_value, exc_info=died.exc_value)
