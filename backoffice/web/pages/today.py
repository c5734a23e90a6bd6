"""Today at a glance: takings so far beside those of a week ago, tills, alerts; live."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from backoffice.people import May
from backoffice.reports.by_tender import TENDER_WORDS
from backoffice.store import open_read_only
from backoffice.web.glance import glance_of, per_mille
from backoffice.web.page import LONGEST_READ_S
from backoffice.web.pages.alerts import alerts_of
from backoffice.web.pages.tills import tills_of
from backoffice.web.render import grouped, rendered
from backoffice.web.site import Site
from backoffice.web.visit import Visit, visit_of

LOOK_EVERY_S: Final = 1.0
LONGEST_STREAM_S: Final = 3600.0
MOST_STREAMS: Final = 100


def home(visit: Visit) -> Response:
    """The first page after signing in; who may not look at takings begins with the cards."""
    if not visit.me.may(May.LOOK):
        return visit.go("/cards")
    return visit.show("today.html", **_values(visit))


def _values(visit: Visit) -> dict[str, Any]:
    tills = tills_of(visit)
    exponent = visit.organisation.exponent
    return {
        "tender_word": lambda kind: visit._(TENDER_WORDS.get(kind, str(kind))),
        "axis": lambda amount: grouped(str(amount // 10**exponent)),
        "per_mille": per_mille,
        "glance": glance_of(visit.store, visit.me, visit.organisation, visit.now),
        "tills": tills,
        "here": sum(one.is_here for one in tills),
        "silent": [one for one in tills if one.is_silent],
        "away": [one for one in tills if one.seen_at and not (one.is_here or one.is_silent)],
        "unsent": sum(one.unsent for one in tills),
        "alerts": alerts_of(visit, 5, settled=False),
    }


def live(site: Site) -> Callable[[Request], Awaitable[Response]]:
    """The stream of the page: its changing part, sent again whenever the books have changed."""
    open_streams = 0

    async def endpoint(request: Request) -> Response:
        if open_streams >= MOST_STREAMS or await run_in_threadpool(_part, site, request) is None:
            return Response(status_code=403 if open_streams < MOST_STREAMS else 503)
        return StreamingResponse(events(request), media_type="text/event-stream")

    async def events(request: Request) -> AsyncIterator[str]:
        nonlocal open_streams
        open_streams += 1
        before, end = "", site.ticks() + LONGEST_STREAM_S
        try:
            while site.ticks() < end and not await request.is_disconnected():
                part = await run_in_threadpool(_part, site, request)
                if part is None:
                    return
                if part != before:
                    yield "".join(f"data: {line}\n" for line in part.splitlines()) + "\n"
                    before = part
                await asyncio.sleep(LOOK_EVERY_S)
        finally:
            open_streams -= 1

    return endpoint


def _part(site: Site, request: Request) -> str | None:
    """The changing part for who asks; None when she may not see it (any more)."""
    store = open_read_only(site.books)
    try:
        visit = visit_of(site, request, FormData(), store, seen=False)
        if visit.person is None or not visit.person.may(May.LOOK):
            return None
        with store.reading(LONGEST_READ_S):
            return rendered("glance.html", visit, _values(visit))
    finally:
        store.close()
