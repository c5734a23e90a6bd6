"""From a template and values to a page; names of the trade in the reader's language and zone."""

import functools
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from backoffice.people import May
from backoffice.reports.render import day_text
from backoffice.web.trade_words import (
    CLASS_WORDS,
    EVENT_WORDS,
    QUARANTINE_WORDS,
    ROLE_NAMES,
    alert_word,
    field_word,
    sums_in,
)
from backoffice.words import N_
from broker.units import decimal_text

if TYPE_CHECKING:
    from backoffice.web.visit import Visit

_TYPED = re.compile("`([^`<]{1,120})`")
HERE = Path(__file__).parent
NAV: tuple[tuple[str, str, May | None], ...] = (
    ("/", N_("Today"), May.LOOK),
    ("/reports", N_("Reports"), May.LOOK),
    ("/prices", N_("Prices"), May.LOOK),
    ("/stock", N_("Stock"), May.LOOK),
    ("/cards", N_("Cards"), May.CARDS),
    ("/members", N_("Members"), May.CARDS),
    ("/tills", N_("Tills"), May.LOOK),
    ("/alerts", N_("Alerts"), May.LOOK),
    ("/quarantine", N_("Quarantine"), May.LOOK),
    ("/settlement", N_("Settlement"), May.LOOK),
    ("/stores", N_("Stores"), May.LOOK),
    ("/log", N_("Log"), May.AUDIT),
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
    environment.filters["per_cent"] = per_cent
    environment.filters["coded"] = coded
    return environment


@functools.cache
def static_version() -> str:
    """Changes whenever a file that browsers keep has changed."""
    import hashlib  # noqa: PLC0415  once

    parts = [file.read_bytes() for file in sorted((HERE / "static").iterdir())]
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def grouped(text: str) -> str:
    """A decimal number with a comma after each three digits of its whole part."""
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole != "-0" else text


def per_cent(per_mille: int) -> str:
    """Thousandths as a change in per cent with its sign."""
    sign = "+" if per_mille > 0 else "−" if per_mille < 0 else "±"
    return f"{sign}{decimal_text(abs(per_mille), 1)} %"


def coded(text: str) -> Markup:
    """The text with what stands between backticks as something to type."""
    return Markup(_TYPED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped before


def _came_from(visit: "Visit") -> str:
    """The page of ours that led here, or nothing."""
    came = urlsplit(visit.request.headers.get("referer", ""))
    if came.netloc != visit.request.headers.get("host", "") or not came.path.startswith("/"):
        return ""
    return came.path + (f"?{came.query}" if came.query else "")


def rendered(template: str, visit: "Visit", values: dict[str, Any]) -> str:
    """The text of a page."""
    zone = ZoneInfo(visit.organisation.zone)
    exponent = visit.organisation.exponent

    def money(amount: int | None) -> str:
        """Minor units in groups of three, without the currency."""
        return "" if amount is None else grouped(decimal_text(amount, exponent))

    def sums(detail: str) -> str:
        currency = visit.organisation.currency
        return sums_in(detail, lambda amount: f"{money(amount)} {currency}")

    def when(at_ms: int) -> str:
        """Unix milliseconds as the store's clock shows them."""
        if not at_ms:
            return visit._("never")
        moment = datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(zone)
        return moment.strftime("%Y-%m-%d %H:%M:%S")

    def soon(at_ms: int) -> str:
        """The same, without the day when it is today's."""
        text, today = when(at_ms), when(visit.now)
        return text[11:] if text[:10] == today[:10] else text[:-3] if at_ms else text

    path = visit.request.url.path
    query = f"?{visit.request.url.query}" if visit.request.url.query else ""
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
            came_from=_came_from(visit),
            role_word=ROLE_NAMES[visit.person.role] if visit.person else "",
            path=path,
            address=path + query if visit.request.method == "GET" else "/",
            notes=visit.session.take_notes() if visit.session else [],
            csrf=visit.session.csrf if visit.session else "",
            version=static_version(),
            money=money,
            when=when,
            soon=soon,
            sums=sums,
            alert_word=lambda word: visit._(alert_word(word)),
            quarantine_word=lambda word: visit._(QUARANTINE_WORDS.get(str(word), str(word))),
            field_word=lambda name: field_word(str(name), visit._),
            event_word=lambda word: visit._(EVENT_WORDS.get(str(word), str(word))),
            class_word=lambda word: visit._(CLASS_WORDS.get(str(word), str(word))),
            last4=lambda number: f"…{number % 10_000:04d}" if number else "",
            **values,
        )
    )
