"""Signing in and out, one's own password, the language."""

import structlog
from starlette.responses import Response

from backoffice.config import LANGUAGES
from backoffice.errors import Refused
from backoffice.passwords import fits, hashed
from backoffice.people import check_password
from backoffice.web.site import LANGUAGE_COOKIE
from backoffice.web.visit import Visit

log = structlog.get_logger("steelyard.web")


def sign_in(visit: Visit) -> Response:
    """The form, and what it says when name and password do not fit."""
    to = _inside(visit.asked("to", "/"))
    if visit.request.method == "GET":
        return visit.show("sign_in.html", to=to, name="", sentence="")
    name, to = visit.said("name", 64).lower(), _inside(visit.said("to", 300))
    sentence = _refusal(visit, name)
    if sentence:
        return visit.show("sign_in.html", 401, to=to, name=name, sentence=sentence)
    person = visit.store.people.get(name)
    assert person is not None, "its password fits"
    site = visit.site
    site.sessions.end(visit.request.cookies.get(site.cookie, ""))
    visit.cookies[site.cookie] = site.sessions.begin(name, person.generation, site.ticks())
    log.info("signed in", person=name)
    return visit.go(to)


def _refusal(visit: Visit, name: str) -> str:
    """Why this name and password open nothing; empty when they do."""
    throttle, client = visit.site.throttle, visit.request.client
    keys = (f"name {name}", f"from {client.host if client else ''}")
    wait = throttle.begin(*keys, visit.site.ticks())
    if wait > 0:
        return visit._("Too many tries; wait {seconds} s.").format(seconds=int(wait) + 1)
    person = visit.store.people.get(name)
    kept = person.password if person and not person.suspended else ""
    if fits(kept, str(visit.form.get("password", ""))[:200]):
        throttle.right(*keys)
        return ""
    # Some people type their password where the name belongs.
    log.warning("sign-in refused", person=name if person else "?")
    return visit._("Name and password do not fit.")


def _inside(to: str) -> str:
    """Only a page of ours, never another site."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"


def sign_out(visit: Visit) -> Response:
    """Ends the session."""
    site = visit.site
    site.sessions.end(visit.request.cookies.get(site.cookie, ""))
    visit.session = None
    return visit.go("/sign-in")


def language(visit: Visit) -> Response:
    """Keeps the language chosen in this browser."""
    chosen = visit.said("language", 8)
    if chosen in LANGUAGES:
        visit.cookies[LANGUAGE_COOKIE] = chosen
    return visit.go(_inside(visit.said("to", 300)))


def password(visit: Visit) -> Response:
    """One's own password; all sessions end, this one too."""
    if visit.request.method == "GET":
        return visit.show("password.html", sentence="")
    me = visit.me
    fresh = str(visit.form.get("fresh", ""))[:200]
    try:
        prove(visit)
        check_password(me.name, fresh)
    except Refused as refused:
        return visit.show("password.html", 409, sentence=refused.told(visit._))
    visit.change(
        "person.save", name=me.name, role=me.role, stores=list(me.stores), password=hashed(fresh)
    )
    return visit.go("/sign-in")


def prove(visit: Visit) -> None:
    """Holds the form's password against the person's own.

    Raises:
        Refused: another one, or too many tries.
    """
    refusal = _refusal(visit, visit.me.name)
    if refusal:
        raise Refused(refusal)
    visit.mine.proved = visit.site.ticks()
