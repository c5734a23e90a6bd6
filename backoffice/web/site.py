"""What every page needs, and the headers that every answer carries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, Final

from backoffice.web.jobs import Jobs
from backoffice.web.session import Sessions
from backoffice.web.throttle import Throttle

COOKIE: Final = "steelyard"
COOKIE_BOUND: Final = "__Host-steelyard"
"""Over https: browsers take it from this host alone, for all paths, and send it back by https."""
LANGUAGE_COOKIE: Final = "language"

HEADERS: Final = {
    # Nothing from outside, nothing inline: what a product's name may hold cannot become a script.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
SECURE_HEADERS: Final = {"strict-transport-security": "max-age=31536000"}

Change = Callable[[str, dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Site:
    """The one site of a process."""

    books: Path
    change: Change
    """Runs a command of the office; raises OfficeError with a sentence."""
    clock: Callable[[], int]
    """Unix milliseconds."""
    ticks: Callable[[], float]
    """Monotonic seconds."""
    language: str = "en"
    secure: bool = False
    """Reached by https: the cookie travels no other way."""
    hosts: frozenset[str] = frozenset()
    """Names by which browsers call us, small letters; empty = any. Bare addresses always do."""
    sessions: Sessions = field(default_factory=lambda: Sessions(lambda: token_urlsafe(32)))
    throttle: Throttle = field(default_factory=Throttle)
    jobs: Jobs = field(default_factory=Jobs)

    @property
    def cookie(self) -> str:
        """Name of the cookie that carries a session."""
        return COOKIE_BOUND if self.secure else COOKIE

    @property
    def headers(self) -> dict[str, str]:
        """Headers of every answer."""
        return {**HEADERS, **SECURE_HEADERS} if self.secure else HEADERS
