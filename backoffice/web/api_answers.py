"""What each address of the office's JSON gives: the same figures as the pages."""

from dataclasses import asdict, replace
from typing import Any, Final

from backoffice.errors import Refused, UsageFault
from backoffice.people import May
from backoffice.prepaid_rules import CardClass
from backoffice.reports.all import REPORTS
from backoffice.reports.answer import answered
from backoffice.reports.card_statement import card_statement
from backoffice.reports.question import TENDER_NAMES
from backoffice.reports.render import as_json
from backoffice.store.notes import NEWEST
from backoffice.web.glance import Takings, glance_of
from backoffice.web.pages.alerts import alerts_of
from backoffice.web.pages.cards import card_of, today_of
from backoffice.web.pages.reports import asked_by, my_names
from backoffice.web.pages.tills import tills_of
from backoffice.web.visit import Visit

MOST_ROWS: Final = 10_000
MOST_ALERTS: Final = 500
_TENDERS: Final = {int(kind): name for name, kind in TENDER_NAMES.items()}


def _takings(now: Takings, before: Takings) -> dict[str, int]:
    return {
        "sales": now.sales, "amount": now.amount,
        "sales_before": before.sales, "amount_before": before.amount,
    }  # fmt: skip


def today(visit: Visit) -> dict[str, Any]:
    """Takings of today so far, beside the same weekday a week ago up to this time."""
    glance = glance_of(visit.store, visit.me, visit.organisation, visit.now)
    return {
        "day": glance.day, "day_before": glance.day_before,
        "currency": visit.organisation.currency, "exponent": visit.organisation.exponent,
        **_takings(glance.now, glance.before),
        "average": glance.now.average, "average_before": glance.before.average,
        "stores": [
            {"store": code, "name": name, **_takings(now, before)}
            for code, name, now, before in glance.stores
        ],
        "tenders": [
            {"tender": _TENDERS.get(kind, str(kind)), **_takings(now, before)}
            for kind, now, before in glance.tenders
        ],
        "hours": [
            {"hour": int(bar.hour), "amount": bar.amount, "amount_before": bar.before}
            for bar in glance.bars
        ],
    }  # fmt: skip


def reports(_visit: Visit) -> dict[str, Any]:
    """The reports there are, and what narrows each."""
    return {
        "reports": [
            {"name": one.name, "title": one.title, "filters": [str(name) for name in one.filters]}
            for one in REPORTS.values()
        ]
    }


def whole_report(visit: Visit) -> dict[str, Any]:
    """One report with its total row."""
    shown = REPORTS.get(str(visit.request.path_params["name"]))
    if shown is None:
        raise Refused("There is no such report.")
    unknown = set(visit.request.query_params) - {"from", "to", "period", "compare", *shown.filters}
    if unknown:
        raise UsageFault("This report cannot be narrowed by {name}.", name=min(unknown)[:40])
    question = asked_by(visit, shown)
    if shown.is_list:
        question = replace(question, most=MOST_ROWS)
    compare = visit.asked("compare") == "true"
    answer = answered(visit.store, shown, my_names(visit), question, compare=compare)
    return as_json(answer)


def card(visit: Visit) -> dict[str, Any]:
    """One card as the books know it, without anything that pays."""
    known = card_of(visit)
    return {
        "number": known.number, "life": visit.store.cards.life(known, today_of(visit)).value,
        "balance": known.balance, "bonus": known.bonus, "level": known.level,
        "class": CardClass(known.card_class).name.lower(), "valid_from": known.valid_from,
        "valid_to": known.valid_to, "holder": known.holder, "member": known.member,
        "replaces": known.replaces, "replaced_by": known.replaced_by, "lost_at": known.lost_at,
    }  # fmt: skip


def statement(visit: Visit) -> dict[str, Any]:
    """What moved on a card: opening, moves, closing."""
    known = card_of(visit)
    first, last = visit.day("from", 20000101), visit.day("to", 20991231)
    if first > last:
        raise UsageFault("--from {begin} is after --to {end}.", begin=first, end=last)
    told = card_statement(visit.store, known.number, first, last)
    if told is None:
        raise Refused("There is no such card with a purse; check the number.")
    return told.as_json()


def tills(visit: Visit) -> dict[str, Any]:
    """The tills, how they are, and what they have sent this month."""
    newest = visit.organisation.list_version
    return {"list_version": newest, "tills": [asdict(one) for one in tills_of(visit)]}


def alerts(visit: Visit) -> dict[str, Any]:
    """The newest alerts, open ones only unless all are asked for."""
    shows_all, before = visit.asked("all") == "true", visit.number("before", NEWEST)
    found = alerts_of(visit, MOST_ALERTS, before=before, settled=shows_all)
    if not visit.me.may(May.CARDS):
        found = [{**one, "card": one["card"] and one["card"] % 10_000} for one in found]
    return {"alerts": found}
