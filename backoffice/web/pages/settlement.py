"""What is to be settled with each stall and issuer of cards; and each Z beside the books."""

from typing import Any, Final

from starlette.responses import Response

from backoffice.reports.all import REPORTS
from backoffice.reports.answer import Answer, answered
from backoffice.reports.question import question_of
from backoffice.reports.render import day_text, headings, is_left, writing
from backoffice.web.pages.cards import today_of
from backoffice.web.pages.reports import my_names
from backoffice.web.visit import Visit
from backoffice.words import N_

REPORTS_SHOWN: Final = ("by-stall", "by-issuer")
VERDICTS: Final = {
    -1: (N_("waits for records"), "warn"),
    0: (N_("differs"), "bad"),
    1: (N_("agrees"), "good"),
}
MOST_ZS: Final = 500


def settlement(visit: Visit) -> Response:
    """The settlements of some days, today's when none are asked for."""
    asked = {name: visit.asked(name) for name in ("from", "to") if visit.asked(name)}
    today, names, answers = today_of(visit), my_names(visit), []
    for name in REPORTS_SHOWN:
        question = question_of(visit.store, REPORTS[name], asked, person=visit.me, today=today)
        answers.append(answered(visit.store, REPORTS[name], names, question, compare=False))
    first, last = answers[0].first, answers[0].last
    return visit.show(
        "settlement.html",
        tables=[_table(visit, one) for one in answers],
        zs=zs_of(visit, first, last)[:MOST_ZS],
        days=(day_text(first), day_text(last)),
    )


def zs_of(visit: Visit, first: int, last: int) -> list[dict[str, Any]]:
    """The Z reports of the tills that this person sees, newest first."""
    store_of = {row[0]: row[1] for row in visit.store.directory.terminals()}
    rows = visit.store.sales.z_reports(first, last)
    found = [
        {"till": code, "day": day, "shift": shift, "agrees": agrees, "difference": difference,
         "word": VERDICTS[agrees][0], "look": VERDICTS[agrees][1]}
        for _, code, _epoch, _seq, day, shift, agrees, difference in rows
        if visit.me.sees(store_of.get(code, ""))
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one["day"], one["till"], one["shift"]), reverse=True)


def _table(visit: Visit, answer: Answer) -> dict[str, Any]:
    """A report as a table without what only its own page can do."""
    columns = answer.columns
    looks = ["" if is_left(answer, column) else "number" for column in columns]
    writers = [writing(answer, column) for column in columns]
    total = [write(answer.total) for write in writers]
    total[0] = visit._("Total")
    return {
        "name": answer.report.name,
        "title": answer.report.title,
        "heads": list(zip(headings(answer, visit._), looks, strict=True)),
        "rows": [
            list(zip([write(row) for write in writers], looks, strict=True)) for row in answer.rows
        ],
        "total": list(zip(total, looks, strict=True)),
    }
