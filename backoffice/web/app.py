"""The routes: address, page, and the right that it takes."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from backoffice.people import May
from backoffice.web.gate import Gate
from backoffice.web.page import View, page
from backoffice.web.pages import (
    alerts,
    card_acts,
    cards,
    exports,
    log,
    people,
    quarantine,
    reports,
    sign_in,
    stores,
    tills,
    today,
)
from backoffice.web.site import Site

STATIC = Path(__file__).parent / "static"


def application(site: Site) -> Starlette:
    """The office's site as an ASGI application."""
    app = Starlette(routes=_routes(site), exception_handlers={404: _missing, 500: _broken})
    app.add_middleware(Gate, site=site)
    return app


def _routes(site: Site) -> list[BaseRoute]:
    def shown(path: str, view: View, right: May | None, *methods: str) -> Route:
        return Route(path, page(site, view, right), methods=list(methods or ("GET",)))

    def everybody(path: str, view: View, *methods: str) -> Route:
        return Route(path, page(site, view, None, open_to_all=True), methods=list(methods))

    return [
        everybody("/sign-in", sign_in.sign_in, "GET", "POST"),
        everybody("/language", sign_in.language, "POST"),
        shown("/sign-out", sign_in.sign_out, None, "POST"),
        shown("/password", sign_in.password, None, "GET", "POST"),
        shown("/", today.home, None),
        Route("/today/live", today.live(site), methods=["GET"]),
        *_report_routes(site),
        shown("/cards", cards.cards, May.CARDS),
        shown("/cards/{number}", cards.card, May.CARDS),
        shown("/cards/{number}", card_acts.act, May.CARDS, "POST"),
        shown("/tills", tills.tills, May.LOOK),
        shown("/tills/suspend", tills.suspend, May.TILLS, "POST"),
        shown("/alerts", alerts.alerts, May.LOOK),
        shown("/alerts/settle", alerts.settle, May.SETTLE, "POST"),
        shown("/quarantine", quarantine.quarantine, May.LOOK),
        shown("/quarantine", quarantine.act, May.SETTLE, "POST"),
        shown("/stores", stores.stores, May.LOOK),
        shown("/log", log.log, May.AUDIT),
        shown("/people", people.people, May.PEOPLE),
        shown("/people", people.save, May.PEOPLE, "POST"),
        shown("/people/suspend", people.suspend, May.PEOPLE, "POST"),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


def _report_routes(site: Site) -> list[BaseRoute]:
    def shown(path: str, view: View, *methods: str) -> Route:
        return Route(path, page(site, view, May.LOOK), methods=list(methods or ("GET",)))

    return [
        shown("/reports", reports.reports),
        shown("/reports/receipt/{uid}", reports.receipt),
        shown("/reports/jobs/{id}", exports.job),
        shown("/reports/jobs/{id}/file", exports.fetch),
        shown("/reports/{name}", reports.report),
        shown("/reports/{name}/{form}", exports.export, "GET", "POST"),
    ]


async def _missing(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is no such page.\n", 404)


async def _broken(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("This page failed; nothing was changed. Its log says why.\n", 500)
