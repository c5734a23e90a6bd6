"""From a page, a function from a `Visit` to a response, to what answers a request.

Here alone the books are opened, and session, right and where a form came from are checked; our
errors become pages.
"""

from collections.abc import Awaitable, Callable
from hmac import compare_digest
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from backoffice.errors import OfficeError
from backoffice.people import May
from backoffice.store import open_read_only
from backoffice.web.gate import MOST_BYTES
from backoffice.web.site import Site
from backoffice.web.visit import Visit, visit_of
from backoffice.words import N_, translator

MOST_FIELDS: Final = 200
LONGEST_READ_S: Final = 20.0
"""So long a page may read the books."""

View = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(site: Site, view: View, right: May | None, *, open_to_all: bool = False) -> Endpoint:
    """An endpoint that shows `view` to whoever has `right` (None: to everybody signed in)."""

    async def endpoint(request: Request) -> Response:
        form = FormData()
        if request.method == "POST":
            _check_length(request)
            form = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=MOST_BYTES)
        return await run_in_threadpool(_answered, site, request, form, (view, right, open_to_all))

    return endpoint


def _check_length(request: Request) -> None:
    length = request.headers.get("content-length", "")
    if not length.isdigit():
        raise HTTPException(411)
    if int(length) > MOST_BYTES:
        raise HTTPException(413)


def _answered(
    site: Site, request: Request, form: FormData, how: tuple[View, May | None, bool]
) -> Response:
    view, right, open_to_all = how
    try:
        store = open_read_only(site.books)
    except OfficeError as error:
        return closed(site, error)
    try:
        try:
            visit = visit_of(site, request, form, store)
        except OfficeError as error:
            return closed(site, error)
        response = _refused(visit, right, open_to_all=open_to_all) or _viewed(visit, view)
        for name, value in visit.cookies.items():
            response.set_cookie(
                name, value, secure=site.secure, httponly=True, samesite="lax", path="/",
                max_age=None if name == site.cookie else 365 * 86_400,
            )  # fmt: skip
        return response
    finally:
        store.close()


def closed(site: Site, error: OfficeError) -> Response:
    """The answer where there are no books to make a page of."""
    return PlainTextResponse(error.told(translator(site.language)) + "\n", 503)


def _viewed(visit: Visit, view: View) -> Response:
    try:
        with visit.store.reading(LONGEST_READ_S):
            return view(visit)
    except OfficeError as error:
        sentence = error.told(visit._)
        return visit.show("refused.html", 409, sentence=sentence)


def _refused(visit: Visit, right: May | None, *, open_to_all: bool) -> Response | None:
    """The answer to who may not have what he asks for; None when he may."""
    request = visit.request
    if request.method == "POST" and not _is_from_here(visit, open_to_all=open_to_all):
        sentence = N_("This form is too old or comes from elsewhere; nothing was changed.")
        return visit.show("refused.html", 403, sentence=visit._(sentence))
    if open_to_all:
        return None
    if visit.person is None:
        if request.method == "GET" and "hx-request" not in request.headers:
            query = f"?{request.url.query}" if request.url.query else ""
            to = quote(request.url.path + query, safe="/")
            return RedirectResponse(f"/sign-in?to={to}", status_code=303)
        return Response("", 401, headers={"hx-redirect": "/sign-in"})
    if right is not None and not visit.person.may(right):
        sentence = N_("Your role does not allow this; ask an owner.")
        return visit.show("refused.html", 403, sentence=visit._(sentence))
    return None


def _is_from_here(visit: Visit, *, open_to_all: bool) -> bool:
    headers = visit.request.headers
    origin = urlsplit(headers.get("origin", ""))
    if origin.path or origin.netloc or origin.scheme:
        if origin.netloc != headers.get("host", ""):
            return False
        if origin.scheme != ("https" if visit.site.secure else "http"):
            return False
    elif headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return False
    if open_to_all:
        return True
    token = visit.form.get("csrf", "")
    if visit.session is None or not isinstance(token, str):
        return visit.session is None
    return compare_digest(token.encode(), visit.session.csrf.encode())
