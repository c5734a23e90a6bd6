"""What goes out, beside the server: events to hooks, reports by mail.

A process of its own: it reads the books, talks to the outside, and has every word about how far it
came written by the server, so that a crash repeats a delivery and never loses one. A receiver knows
a repeated one by its name.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog

from backoffice.deliveries import (
    DELIVERY,
    SIGNATURE,
    STAMP,
    Hook,
    MailSchedule,
    MailServer,
    days_of,
    hook_secret,
    signature,
)
from backoffice.errors import OfficeError
from backoffice.events import alert_event, sale_event
from backoffice.http_post import post
from backoffice.mailer import attach, letter, send
from backoffice.reports import render
from backoffice.reports.all import REPORTS
from backoffice.reports.answer import answered
from backoffice.reports.question import question_of
from backoffice.reports.report import names_of
from backoffice.reports.xlsx import write_xlsx
from backoffice.store import Store
from backoffice.words import Translate
from broker.business_day import business_day

MOST_EVENTS = 100
Change = Callable[[str, dict[str, Any]], dict[str, Any]]

log = structlog.get_logger("steelyard.deliver")


@dataclass(frozen=True, slots=True)
class Outside:
    """What deliveries need besides the books."""

    change: Change
    master: bytes
    mail: MailServer | None
    language: str
    translate: Translate


def deliver(store: Store, outside: Outside, now: int) -> int:
    """Delivers what is due now; how many went out."""
    went = 0
    for hook in store.deliveries.hooks():
        if hook.is_due(now):
            went += _tell(store, outside, hook, now)
    organisation = store.directory.organisation()
    zone = organisation.zone if organisation else "UTC"
    for one in store.deliveries.schedules():
        due = one.due(zone, now)
        if due and outside.mail is not None:
            went += _mail(store, outside, one, due)
    return went


def events_for(store: Store, hook: Hook) -> list[dict[str, Any]]:
    """What a hook has not been told yet, sales first; at most a hundred of each."""
    found: list[dict[str, Any]] = []
    if hook.wants_sales:
        sales = store.sales.after(hook.sale, MOST_EVENTS)
        found += [{"event": "sale", **sale_event(*one)} for one in sales]
    if hook.wants_alerts:
        alerts = store.notes.alerts_after(hook.alert, MOST_EVENTS)
        found += [{"event": "alert", **alert_event(row)} for row in alerts]
    return found


def _tell(store: Store, outside: Outside, hook: Hook, now: int) -> int:
    events = events_for(store, hook)
    if not events:
        return 0
    upto = {
        kind: max((one["id"] for one in events if one["event"] == kind), default=before)
        for kind, before in (("sale", hook.sale), ("alert", hook.alert))
    }
    body = json.dumps({"hook": hook.id, "events": events}, ensure_ascii=False).encode()
    stamp = now // 1000
    why = post(hook.url, body, {
        "Content-Type": "application/json",
        STAMP: str(stamp),
        SIGNATURE: signature(hook_secret(outside.master, hook.id), stamp, body),
        DELIVERY: f"{hook.id}-{upto['sale']}-{upto['alert']}",
    })  # fmt: skip
    said = outside.change("hook.told", {"hook": hook.id, **upto, "why": why})
    log.info("hook", hook=hook.id, events=len(events), why=why, dead=said["dead"])
    return int(not why)


def _mail(store: Store, outside: Outside, one: MailSchedule, due: int) -> int:
    assert outside.mail is not None, "asked before"
    try:
        made = report_letter(store, outside, one, due)
        why = send(outside.mail, made)
    except OfficeError as error:
        why = str(error)
    said = outside.change("mail.told", {"schedule": one.id, "due": due, "why": why})
    log.info("mail", schedule=one.id, report=one.report, why=why, given_up=said["given_up"])
    return int(not why)


def report_letter(store: Store, outside: Outside, one: MailSchedule, due: int) -> Any:  # noqa: ANN401  an EmailMessage
    """The mail of a schedule for the moment `due`: its report as of that day, attached.

    Raises:
        OfficeError: no such report, or one that this person may not see any more.
    """
    organisation = store.directory.organisation()
    assert organisation is not None, "a schedule belongs to an organisation"
    report = REPORTS.get(one.report)
    person = store.people.get(one.person) if one.person else None
    if report is None or (one.person and (person is None or person.suspended)):
        raise OfficeError("The report or its reader is not there any more.")
    today = business_day(due, organisation.zone, organisation.cutoff_hour)
    said = days_of(one.every, today)
    question = question_of(store, report, said, person=person, today=today)
    names = names_of(store, outside.language, outside.translate)
    answer = answered(store, report, names, question)
    title = outside.translate(report.title)
    days = render.period_text(answer.first, answer.last)
    assert outside.mail is not None, "a letter has a sender"
    made = letter(
        outside.mail.sender, one.to, f"{organisation.name}: {title}, {days}",
        f"{title}\n{days}\n{len(answer.rows)} " + outside.translate("rows") + "\n",
    )  # fmt: skip
    name = f"{one.report}-{answer.first}-{answer.last}.{one.form}"
    attach(made, name, _content(answer, one.form, outside.translate), one.form)
    return made


def _content(answer: Any, form: str, translate: Translate) -> bytes:  # noqa: ANN401  an Answer
    if form == "csv":
        return render.as_csv(answer, translate).encode()
    out = io.BytesIO()
    write_xlsx(out, answer, translate, rows=answer.rows)
    return out.getvalue()
