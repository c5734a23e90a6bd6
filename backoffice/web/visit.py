"""One request of one person: whose it is, what it may see, and how its page is made."""

from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from backoffice.config import LANGUAGES
from backoffice.errors import UsageFault
from backoffice.people import Person
from backoffice.reports.question import day_of
from backoffice.store import Store
from backoffice.store.directory import OrganisationRow
from backoffice.web.render import rendered
from backoffice.web.session import Session
from backoffice.web.site import LANGUAGE_COOKIE, Site
from backoffice.words import Translate, translator

MOST_FIELDS: Final = 200
LONGEST_READ_S: Final = 20.0


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

    def number(self, name: str, default: int) -> int:
        """A whole number of the address; `default` where there is none."""
        text = self.asked(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else default

    def day(self, name: str, default: int) -> int:
        """A day of the address as YYYYMMDD; `default` where there is none.

        Raises:
            UsageFault: that is no day.
        """
        text = self.asked(name)
        if not text:
            return default
        return day_of(text)

    def chosen(self, name: str) -> int:
        """A whole number of the form.

        Raises:
            UsageFault: there is none.
        """
        text = self.said(name, 18)
        if not (text.isascii() and text.isdigit()):
            raise UsageFault("Nothing was chosen.")
        return int(text)

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


def visit_of(
    site: Site, request: Request, form: FormData, store: Store, *, seen: bool = True
) -> Visit:
    """The visit that a request is; signed in only by a living session of an unchanged person."""
    organisation = store.directory.organisation()
    if organisation is None:
        raise UsageFault("There is no organisation yet; run `backoffice apply market.toml` first.")
    session = site.sessions.find(request.cookies.get(site.cookie, ""), site.ticks(), seen=seen)
    person = store.people.get(session.person) if session else None
    if person is None or person.suspended or session is None:
        session = person = None
    elif person.generation != session.generation:
        site.sessions.end(request.cookies.get(site.cookie, ""))
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
