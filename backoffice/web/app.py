"""The routes: address, page, and the right that it takes."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from backoffice.people import May
from backoffice.web.api import api_routes
from backoffice.web.gate import Gate
from backoffice.web.page import View, page
from backoffice.web.pages import (
    alerts,
    card_acts,
    cards,
    exports,
    log,
    members,
    people,
    price_edit,
    prices,
    quarantine,
    reports,
    settlement,
    sign_in,
    stock,
    stores,
    tills,
    today,
)
from backoffice.web.render import static_version
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
        *_price_routes(site),
        *_member_routes(site),
        *_stock_routes(site),
        *api_routes(site),
        shown("/cards", cards.cards, May.CARDS),
        shown("/cards/{number}", cards.card, May.CARDS),
        shown("/cards/{number}", card_acts.act, May.CARDS, "POST"),
        shown("/tills", tills.tills, May.LOOK),
        shown("/tills/suspend", tills.suspend, May.TILLS, "POST"),
        shown("/alerts", alerts.alerts, May.LOOK),
        shown("/alerts/settle", alerts.settle, May.SETTLE, "POST"),
        shown("/quarantine", quarantine.quarantine, May.LOOK),
        shown("/quarantine", quarantine.act, May.SETTLE, "POST"),
        shown("/settlement", settlement.settlement, May.LOOK),
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


def _price_routes(site: Site) -> list[BaseRoute]:
    def shown(path: str, view: View, right: May, *methods: str) -> Route:
        return Route(path, page(site, view, right), methods=list(methods or ("GET",)))

    return [
        shown("/prices", prices.prices, May.LOOK),
        shown("/prices/lists", prices.lists, May.LOOK),
        shown("/prices/export/{kind}", prices.export, May.LOOK),
        shown("/prices/import", price_edit.sheet, May.PRICES),
        shown("/prices/import", price_edit.read_sheet, May.PRICES, "POST"),
        shown("/prices/sure", price_edit.sure, May.PRICES, "POST"),
        shown("/prices/withdraw", price_edit.withdraw, May.PRICES, "POST"),
        shown("/prices/{plu}", price_edit.product, May.PRICES),
        shown("/prices/{plu}", price_edit.save, May.PRICES, "POST"),
        shown("/prices/{plu}/remove", price_edit.remove, May.PRICES, "POST"),
    ]


def _member_routes(site: Site) -> list[BaseRoute]:
    def shown(path: str, view: View, right: May, *methods: str) -> Route:
        return Route(path, page(site, view, right), methods=list(methods or ("GET",)))

    return [
        shown("/members", members.members, May.CARDS),
        shown("/members", members.add, May.MEMBERS, "POST"),
        shown("/members/find", members.find, May.CARDS, "POST"),
        shown("/members/{member}", members.member, May.CARDS),
        shown("/members/{member}", members.act, May.MEMBERS, "POST"),
    ]


def _stock_routes(site: Site) -> list[BaseRoute]:
    def shown(path: str, view: View, right: May, *methods: str) -> Route:
        return Route(path, page(site, view, right), methods=list(methods or ("GET",)))

    return [
        shown("/stock", stock.stock, May.LOOK),
        shown("/stock", stock.save, May.STOCK, "POST"),
        shown("/stock/undo", stock.undo, May.STOCK, "POST"),
    ]


async def _missing(_request: Request, _error: Exception) -> Response:
    return _bare(404, "There is no such page.", "没有这个页面。")


async def _broken(_request: Request, _error: Exception) -> Response:
    return _bare(
        500, "This page failed; nothing was changed. Its log says why.",
        "页面出错；没有任何更改。原因见日志。",
    )  # fmt: skip


def _bare(status: int, *sentences: str) -> Response:
    """A page without books, in every language we have."""
    said = "".join(f"<p>{one}</p>" for one in sentences)
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Steelyard</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/static/style.css?{static_version()}">'
        f'<body><main><div class="card narrow gate">{said}<p><a href="/">← Steelyard</a></p></div>'
    )
    return Response(text, status, media_type="text/html; charset=utf-8")
