"""One request of one person: whose it is, what it may see, and how its page is made.

Every page is a function from a `Visit` to a response, wrapped by `page`, which alone opens the
books, checks the session, the right, where the form came from, and turns our errors into pages.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from backoffice.config import LANGUAGES
from backoffice.errors import OfficeError, UsageFault
from backoffice.people import May, Person
from backoffice.store import Store, open_read_only
from backoffice.store.directory import OrganisationRow
from backoffice.web.render import rendered
from backoffice.web.session import Session
from backoffice.web.site import COOKIE, LANGUAGE_COOKIE, Site
from backoffice.words import N_, Translate, translator

MOST_FIELDS: Final = 200
MOST_BYTES: Final = 8 << 20
"""Of a form, files in it included."""


@dataclass(slots=True)
class Visit:
    """What a page is given."""

    site: Site
    request: Request
    form: FormData
    store: Store
    organisation: OrganisationRow
    session: Session | None
    person: Person | None
    language: str
    now: int
    """Unix milliseconds."""
    _: Translate
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def me(self) -> Person:
        """Who is signed in; pages behind a right always have one."""
        assert self.person is not None, "checked by page()"
        return self.person

    @property
    def mine(self) -> Session:
        """The session of who is signed in."""
        assert self.session is not None, "checked by page()"
        return self.session

    def said(self, name: str, most: int = 200) -> str:
        """A field of the form, without blanks around it; empty when it is not there.

        Raises:
            UsageFault: longer than `most` characters.
        """
        value = self.form.get(name, "")
        text = "" if isinstance(value, UploadFile) else value.strip()
        if len(text) > most:
            raise UsageFault("{field} is too long.", field=name)
        return text

    def asked(self, name: str, default: str = "") -> str:
        """A value of the address, at most 200 characters of it."""
        return self.request.query_params.get(name, default)[:200].strip()

    def show(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401
        """The page of that template."""
        text = rendered(template, self, values)
        return Response(text, status, media_type="text/html; charset=utf-8")

    def go(self, where: str, note: str = "") -> Response:
        """Sends the browser to another of our pages, which says `note`."""
        if note and self.session is not None:
            self.session.note(note)
        return RedirectResponse(where, status_code=303)

    def change(self, name: str, /, **said: Any) -> dict[str, Any]:  # noqa: ANN401
        """Runs a command of the office in this person's name.

        Raises:
            OfficeError: the books said no; nothing was changed.
        """
        return self.site.change(name, {**said, "by": self.me.name})


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
    store = open_read_only(site.books)
    try:
        visit = visit_of(site, request, form, store)
        response = _refused(visit, right, open_to_all=open_to_all) or _viewed(visit, view)
        for name, value in visit.cookies.items():
            response.set_cookie(
                name, value, secure=site.secure, httponly=True, samesite="lax", path="/",
                max_age=None if name == COOKIE else 365 * 86_400,
            )  # fmt: skip
        return response
    finally:
        store.close()


def _viewed(visit: Visit, view: View) -> Response:
    try:
        return view(visit)
    except OfficeError as error:
        sentence = error.told(visit._)
        return visit.show("refused.html", 409, sentence=sentence)


def visit_of(
    site: Site, request: Request, form: FormData, store: Store, *, seen: bool = True
) -> Visit:
    """The visit that a request is; signed in only by a living session of an unchanged person."""
    organisation = store.directory.organisation()
    if organisation is None:
        raise UsageFault("There is no organisation yet; run `backoffice apply market.toml` first.")
    session = site.sessions.find(request.cookies.get(COOKIE, ""), site.ticks(), seen=seen)
    person = store.people.get(session.person) if session else None
    if person is None or person.suspended or session is None:
        session = person = None
    elif person.generation != session.generation:
        site.sessions.end(request.cookies.get(COOKIE, ""))
        session = person = None
    language = _language(request, site.language)
    return Visit(
        site, request, form, store, organisation, session, person, language, site.clock(),
        translator(language),
    )  # fmt: skip


def _language(request: Request, default: str) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    accepted = request.headers.get("accept-language", "").lower()
    return "zh_CN" if accepted.startswith("zh") else default


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
            path = request.url.path
            return RedirectResponse(f"/sign-in?to={path}", status_code=303)
        return Response("", 401, headers={"hx-redirect": "/sign-in"})
    if right is not None and not visit.person.may(right):
        sentence = N_("Your role does not allow this; ask an owner.")
        return visit.show("refused.html", 403, sentence=visit._(sentence))
    return None


def _is_from_here(visit: Visit, *, open_to_all: bool) -> bool:
    origin = visit.request.headers.get("origin", "")
    if origin and urlsplit(origin).netloc != visit.request.headers.get("host", ""):
        return False
    if open_to_all:
        return bool(origin) or visit.request.headers.get("sec-fetch-site", "none") != "cross-site"
    token = visit.form.get("csrf", "")
    if visit.session is None or not isinstance(token, str):
        return visit.session is None
    return compare_digest(token.encode(), visit.session.csrf.encode())
