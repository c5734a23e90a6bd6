"""From a template and values to a page; names of the trade in the reader's language and zone."""

import functools
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from backoffice.people import May
from backoffice.reports.render import day_text
from backoffice.words import N_
from broker.units import decimal_text

if TYPE_CHECKING:
    from backoffice.web.visit import Visit

HERE = Path(__file__).parent
NAV: tuple[tuple[str, str, May | None], ...] = (
    ("/", N_("Today"), May.LOOK),
    ("/cards", N_("Cards"), May.CARDS),
    ("/tills", N_("Tills"), May.LOOK),
    ("/alerts", N_("Alerts"), May.LOOK),
    ("/people", N_("People"), May.PEOPLE),
)


@functools.cache
def _templates() -> Environment:
    """Every value is escaped unless a template says otherwise; none does."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = day_text
    return environment


@functools.cache
def static_version() -> str:
    """Changes whenever a file that browsers keep has changed."""
    import hashlib  # noqa: PLC0415  once

    parts = [file.read_bytes() for file in sorted((HERE / "static").iterdir())]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def rendered(template: str, visit: "Visit", values: dict[str, Any]) -> str:
    """The text of a page."""
    zone = ZoneInfo(visit.organisation.zone)
    exponent = visit.organisation.exponent

    def money(amount: int | None) -> str:
        return "" if amount is None else decimal_text(amount, exponent)

    def when(at_ms: int) -> str:
        """Unix milliseconds as the store's clock shows them."""
        if not at_ms:
            return visit._("never")
        moment = datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(zone)
        return moment.strftime("%Y-%m-%d %H:%M:%S")

    path = visit.request.url.path
    return (
        _templates()
        .get_template(template)
        .render(
            _=visit._,
            visit=visit,
            person=visit.person,
            May=May,
            organisation=visit.organisation,
            currency=visit.organisation.currency,
            lang="zh-CN" if visit.language == "zh_CN" else "en",
            nav=[one for one in NAV if visit.person and (not one[2] or visit.person.may(one[2]))],
            path=path,
            notes=visit.session.take_notes() if visit.session else [],
            csrf=visit.session.csrf if visit.session else "",
            version=static_version(),
            money=money,
            when=when,
            last4=lambda number: f"…{number % 10_000:04d}" if number else "",
            **values,
        )
    )
