"""The office for other programs: JSON under /api/v1, read only, by a key made with `user key`.

A key reads in the name of a person, with her rights and her stores. What each address gives is
written down in `backoffice.web.openapi`, served at /api/v1/openapi.json. Sums are whole minor
units, days YYYYMMDD, times Unix milliseconds.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from backoffice.errors import OfficeError, Refused, StoreFault, UsageFault
from backoffice.people import May, Person
from backoffice.store import Store, open_read_only
from backoffice.web.api_answers import (
    alerts,
    card,
    reports,
    statement,
    tills,
    today,
    whole_report,
)
from backoffice.web.openapi import document
from backoffice.web.page import LONGEST_READ_S
from backoffice.web.site import Site
from backoffice.web.visit import Visit
from backoffice.words import translator

KEY_BEGINS: Final = "sy_"

Answering = Callable[[Visit], dict[str, Any]]
_CODES: Final[tuple[tuple[type[OfficeError], int], ...]] = (
    (UsageFault, 400), (StoreFault, 503), (Refused, 404),
)  # fmt: skip


def api_routes(site: Site) -> list[BaseRoute]:
    """Every address under /api/v1."""

    def given(path: str, answering: Answering, right: May) -> Route:
        return Route(f"/api/v1{path}", _endpoint(site, answering, right), methods=["GET"])

    async def contract(_request: Request) -> Response:
        return JSONResponse(document())

    return [
        Route("/api/v1/openapi.json", contract, methods=["GET"]),
        given("/today", today, May.LOOK),
        given("/reports", reports, May.LOOK),
        given("/reports/{name}", whole_report, May.LOOK),
        given("/cards/{number}", card, May.CARDS),
        given("/cards/{number}/statement", statement, May.CARDS),
        given("/tills", tills, May.LOOK),
        given("/alerts", alerts, May.LOOK),
    ]


def _endpoint(
    site: Site, answering: Answering, right: May
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(_answered, site, request, answering, right)

    return endpoint


def _answered(site: Site, request: Request, answering: Answering, right: May) -> Response:
    try:
        store = open_read_only(site.books)
    except OfficeError as error:
        return _refused(error)
    try:
        person = _person(site, request, store)
        if person is None:
            return _told(401, "Give a key that is in force: Authorization: Bearer sy_...")
        if not person.may(right):
            return _told(403, "The role of this key's person does not allow this.")
        with store.reading(LONGEST_READ_S):
            return JSONResponse(answering(_visit(site, request, store, person)))
    except OfficeError as error:
        return _refused(error)
    finally:
        store.close()


def _person(site: Site, request: Request, store: Store) -> Person | None:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key.startswith(KEY_BEGINS) or len(key) > 100:
        return None
    name = store.api_keys.person_of(key_hash(key), site.clock())
    person = store.people.get(name) if name else None
    return person if person and not person.suspended else None


def key_hash(key: str) -> bytes:
    """What is kept of a key; it has 256 random bits, so nothing slow is needed."""
    return hashlib.sha256(key.encode()).digest()


def _visit(site: Site, request: Request, store: Store, person: Person) -> Visit:
    organisation = store.directory.organisation()
    if organisation is None:
        raise UsageFault("There is no organisation yet; run `backoffice apply market.toml` first.")
    return Visit(
        site, request, FormData(), store, organisation, None, person, "en", site.clock(),
        translator("en"),
    )  # fmt: skip


def _refused(error: OfficeError) -> Response:
    codes = [code for kind, code in _CODES if isinstance(error, kind)]
    return _told(codes[0] if codes else 409, str(error))


def _told(status: int, sentence: str) -> Response:
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse({"error": sentence}, status, headers=headers)
