"""Door: posts a body to another program's address, once, without following where it points."""

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

WAIT_S = 10.0
MOST_ANSWER = 1_000


def post(url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Empty when the receiver took it (2xx), else why not, in a few words."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        line = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=WAIT_S, context=context
        )
    else:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=WAIT_S)
    try:
        line.request("POST", path, body, dict(headers))
        answer = line.getresponse()
        answer.read(MOST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"{type(error).__name__}: {error}"[:200]
    finally:
        line.close()
    return "" if 200 <= answer.status < 300 else f"answered {answer.status}"
