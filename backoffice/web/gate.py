"""What stands before every page: whose name was called, how long a body may be, the headers.

A browser sends along the name it was told to call. Only names that are ours are answered, and bare
addresses: a page of somebody else that makes its own name lead here (DNS rebinding) gets nothing.
"""

import ipaddress
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from backoffice.web.site import Site

MOST_BYTES: Final = 8 << 20
"""Of a body, files in it included."""


def is_ours(host: str, names: frozenset[str]) -> bool:
    """True when a Host header calls us by a name of ours or by a bare address."""
    try:
        split = urlsplit(f"//{host}")
        name = (split.hostname or "").lower()
    except ValueError:
        return False
    if not name or split.netloc != host or "@" in host or split.path:
        return False
    if name in names or name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Gate:
    """An ASGI application around the pages."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._names = site.hosts
        self._headers = [(name.encode(), value.encode()) for name, value in site.headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Pages are never kept by a browser; files carry their version in the address.
        keeps = b"public, max-age=604800" if scope["path"].startswith("/static/") else b"no-store"

        async def told(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"], *self._headers, (b"cache-control", keeps),
                ]  # fmt: skip
            await send(message)

        host = Headers(scope=scope).get("host", "")
        if self._names and not is_ours(host, self._names):
            text = "This name is not known here; start `backoffice web` with --name NAME.\n"
            await PlainTextResponse(text, 421)(scope, receive, told)
            return
        await self._app(scope, _counted(receive), told)


def _counted(receive: Receive) -> Receive:
    """Receives until the body is too long, whatever its headers say of its length."""
    length = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > MOST_BYTES:
            raise HTTPException(413)
        return message

    return counted
