"""Logs as JSON lines on stderr; of card numbers the last four digits, of secrets nothing."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_CARD = re.compile(r"\b\d{11}(\d{4})\b")
_SECRET = frozenset({"token", "key", "pin", "mac", "password", "secret", "phone"})


def masked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """The event without what must not be read in a log."""
    return {name: "..." if name in _SECRET else _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:  # noqa: ANN401  a log field
    if isinstance(value, int) and not isinstance(value, bool) and value >= 10**14:
        return f"...{value % 10_000:04d}"
    return _CARD.sub(r"...\1", value) if isinstance(value, str) else value


def start_log() -> None:
    """Writes our events and those of the standard library in one form."""
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    plain = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processor=structlog.processors.JSONRenderer(ensure_ascii=False),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(plain)
    logging.getLogger().handlers = [handler]
    logging.getLogger().setLevel(logging.INFO)
