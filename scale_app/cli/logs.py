"""The till's log: `till.log` in the state directory, rotated; never keys, tokens, whole numbers."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 2_000_000
BACKUPS = 3


def log_to(directory: Path) -> None:
    """Everything of level INFO and above goes to the file; nothing to the screen."""
    handler = RotatingFileHandler(
        directory / "till.log", maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
