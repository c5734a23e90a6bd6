"""Reports: one page for all of them, made from their definitions; its address holds all of a view.

What is asked and whose rows are seen is decided in `backoffice.reports.question`, as for the
command line.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from backoffice.people import May
from backoffice.reports.all import GROUPS, REPORTS
from backoffice.reports.answer import Answer, answered, earlier_keys
from backoffice.reports.by_tender import TENDER_WORDS, tender_word
from backoffice.reports.periods import WORDS
from backoffice.reports.question import TENDER_NAMES, Question, question_of
from backoffice.reports.receipt import ReceiptFound, receipt_of
from backoffice.reports.render import (
    base_text,
    change_text,
    day_text,
    is_left,
    period_text,
    quantity_text,
    writing,
)
from backoffice.reports.report import FILTER_WORDS, Filter, Names, Report, Row, Unit, names_of
from backoffice.store.directory import ORG
from backoffice.web.charts import PHONE, drawing_of
from backoffice.web.visit import Visit
from backoffice.words import N_
from broker.business_day import business_day
from broker.sale import SaleKind

MOST_ROWS: Final = 200
PERIOD_NAMES: Final = {
    "today": N_("Today"), "yesterday": N_("Yesterday"), "week": N_("This week"),
    "month": N_("This month"), "last-month": N_("Last month"), "year": N_("This year"),
}  # fmt: skip


def reports(visit: Visit) -> Response:
    """All reports, each with the question it answers."""
    groups = [(visit._(title), [REPORTS[name] for name in names]) for title, names in GROUPS]
    return visit.show("reports.html", groups=groups)


def words_of(visit: Visit) -> dict[str, str]:
    """What the address asks for."""
    known = ("from", "to", "period", *Filter)
    return {name: visit.asked(name) for name in known if visit.asked(name)}


def report_named(visit: Visit) -> Report | None:
    """The report that the address names."""
    return REPORTS.get(visit.request.path_params["name"])


def asked_by(visit: Visit, report: Report) -> Question:
    """The question of the address, held to what this person may see."""
    organisation = visit.organisation
    today = business_day(visit.now, organisation.zone, organisation.cutoff_hour)
    return question_of(visit.store, report, words_of(visit), person=visit.me, today=today)


def my_names(visit: Visit) -> Names:
    """Names in this person's language; cards whole only for who serves cards."""
    sees_cards = visit.me.may(May.CARDS)
    return names_of(visit.store, visit.language, visit._, sees_cards=sees_cards)


def report(visit: Visit) -> Response:
    """One report: figures, chart, comparison, where each row leads, and how to narrow it."""
    shown = report_named(visit)
    if shown is None:
        return visit.show("refused.html", 404, sentence=visit._("There is no such report."))
    question = asked_by(visit, shown)
    if shown.is_list:
        question = replace(question, most=MOST_ROWS)
    names = my_names(visit)
    found = answered(visit.store, shown, names, question, compare=True)
    answer = folded(_sorted(found, visit), whole=visit.asked("columns") == "all")
    here = {name: value for name, value in words_of(visit).items() if name in FILTER_WORDS}
    return visit.show(
        "report.html",
        report=shown,
        answer=answer,
        heads=_heads(visit, answer),
        rows=list(_rows(visit, answer)),
        total=_total(visit, answer),
        drawings=(("wide-screen", drawing_of(found)), ("phone", drawing_of(found, PHONE))),
        periods=_period_links(visit, here),
        choices=_choices(visit, shown, names),
        days=(_field_day(question.period.first), _field_day(question.period.last)),
        query=urlencode(_state(visit)),
        fold=_fold_link(visit, shown),
        earlier=[period_text(one.first, one.last) for one in answer.compared_with or ()],
        PERIODS=WORDS,
    )


def _field_day(day: int) -> str:
    return day_text(day)


def _state(visit: Visit) -> dict[str, str]:
    more = {name: visit.asked(name) for name in ("sort", "columns") if visit.asked(name)}
    return {**words_of(visit), **more}


def folded(answer: Answer, *, whole: bool) -> Answer:
    """What a page shows of an answer: its heads first, rare columns only when all are wanted."""
    heads = answer.report.heads
    first = [one for one in answer.columns if one.key in heads] or [answer.columns[0]]
    earlier = earlier_keys(answer.report) if answer.compared_with else ()
    gone = {f"{key}_change" for key in earlier}
    gone |= {key for key in earlier if not answer.total[key]}  # nothing was sold then
    kept = [
        one
        for one in answer.columns
        if one not in first and one.key not in gone and (whole or not one.is_rare)
    ]
    return replace(answer, columns=(*first, *kept))


def _fold_link(visit: Visit, shown: Report) -> tuple[str, str]:
    """Word and address that show all columns, or fewer; empty where none is folded."""
    if not any(one.is_rare and one.key not in shown.heads for one in shown.columns):
        return "", ""
    state = _state(visit)
    if state.pop("columns", ""):
        return visit._(N_("Fewer columns")), "?" + urlencode(state)
    return visit._(N_("All columns")), "?" + urlencode({**state, "columns": "all"})


def _sorted(answer: Answer, visit: Visit) -> Answer:
    """Rows in the order of a column, -column = the largest first."""
    wish = visit.asked("sort")
    key = wish.removeprefix("-")
    if key not in {column.key for column in answer.columns}:
        return answer
    empty = [row for row in answer.rows if row.get(key) is None]
    rows = sorted(
        (row for row in answer.rows if row.get(key) is not None),
        key=lambda row: row[key],
        reverse=wish.startswith("-"),
    )
    return replace(answer, rows=(*rows, *empty))


def _heads(visit: Visit, answer: Answer) -> list[dict[str, Any]]:
    wish = visit.asked("sort")
    made = []
    for column in answer.columns:
        text = visit._(column.heading)
        turned = f"-{column.key}" if wish != f"-{column.key}" else column.key
        made.append({
            "text": text,
            "meaning": visit._(column.meaning) if column.meaning else "",
            "is_number": not is_left(answer, column),
            "to": "?" + urlencode({**_state(visit), "sort": turned}),
            "sorted": {f"-{column.key}": "descending", column.key: "ascending"}.get(wish, ""),
        })  # fmt: skip
    count = _heads_of(answer)
    first = {**made[count - 1], "is_number": False}
    if count > 1:
        first["text"] = " / ".join(str(one["text"]) for one in made[:count])
    return [first, *made[count:]]


def _cells(answer: Answer, row: Row) -> list[tuple[str, str]]:
    """Text and class of each cell of a row."""
    made = []
    for column in answer.columns:
        value, change = row.get(column.key), row.get(f"{column.key}_change")
        below = column.unit is Unit.MONEY and isinstance(value, int) and value < 0
        classes = ["" if is_left(answer, column) else "number", "bad" if below else ""]
        text = writing(answer, column)(row)
        if change is not None:
            text = f"{text} ({change_text(change)})"
        made.append((text, " ".join(classes).strip()))
    count = _heads_of(answer)
    together = " ".join(text for text, _kind in made[:count] if text)
    return [(together, ""), *made[count:]]


def _heads_of(answer: Answer) -> int:
    """How many columns stand together in the first."""
    return max(1, len(answer.report.heads))


def _rows(visit: Visit, answer: Answer) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Where each row leads, and its cells."""
    for row in answer.rows:
        yield _leads_to(visit, answer, row), _cells(answer, row)


def _total(visit: Visit, answer: Answer) -> list[tuple[str, str]]:
    cells = _cells(answer, answer.total)
    return [(visit._("Total"), ""), *cells[1:]]


def _leads_to(visit: Visit, answer: Answer, row: Row) -> str:
    drill = answer.report.drill
    if drill is None:
        return ""
    if drill.to == "receipt":
        return f"/reports/receipt/{row['uid']}"
    if Filter.MEMBER in drill.carry and not visit.me.may(May.CARDS):
        return ""
    words = {"from": day_text(answer.first), "to": day_text(answer.last)}
    target = REPORTS[drill.to]
    words |= {name: value for name, value in words_of(visit).items() if name in target.filters}
    for name, key in drill.carry.items():
        if name == "month":
            words |= _days_of_month(row[key])
        else:
            words[name] = day_text(row[key]) if name in ("from", "to") else str(row[key]) or "-"
    return f"/reports/{drill.to}?{urlencode(words)}"


def _days_of_month(month: int) -> dict[str, str]:
    from calendar import monthrange  # noqa: PLC0415  only here

    end = monthrange(month // 100, month % 100)[1]
    return {"from": day_text(month * 100 + 1), "to": day_text(month * 100 + end)}


def _period_links(visit: Visit, here: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Words for periods, their addresses, and which is shown."""
    shown = visit.asked("period") or ("" if visit.asked("from") or visit.asked("to") else "today")
    return [
        (visit._(PERIOD_NAMES[word]), "?" + urlencode({**here, "period": word}), word == shown)
        for word in WORDS
    ]


def _choices(visit: Visit, shown: Report, names: Names) -> list[dict[str, Any]]:
    """The fields that narrow this report; `options` empty = typed."""
    return [
        {
            "name": str(one),
            "word": visit._(FILTER_WORDS[one]),
            "value": visit.asked(one),
            "options": _options(visit, one, names),
        }
        for one in shown.filters
    ]


def _options(visit: Visit, one: Filter, names: Names) -> list[tuple[str, str]]:
    """(value, word) of what can be chosen; none = it is typed."""
    store, me, _ = visit.store, visit.me, visit._
    made: dict[Filter, Callable[[], list[tuple[str, str]]]] = {
        Filter.STORE: lambda: [
            (row[1], f"{row[1]} {row[2]}") for row in store.directory.stores() if me.sees(row[1])
        ],
        Filter.STALL: lambda: [
            (s.code, f"{s.store_code} {s.name}")
            for s in store.places.stalls()
            if me.sees(s.store_code)
        ],
        Filter.TERMINAL: lambda: [
            (row[0], row[0]) for row in store.directory.terminals() if me.sees(row[1])
        ],
        Filter.CASHIER: lambda: [(str(n), f"{n} {name}") for n, name in names.cashiers.items()],
        Filter.TENDER: lambda: [(name, _(TENDER_WORDS[k])) for name, k in TENDER_NAMES.items()],
        Filter.LEVEL: lambda: [(str(n), name) for n, name in enumerate(names.levels)],
        Filter.CATEGORY: lambda: [
            (word or "-", word or _("without a category"))
            for (word,) in store.report("category_list", org=ORG)[1]
        ],
    }
    return made[one]() if one in made else []


def receipt(visit: Visit) -> Response:
    """One receipt as the books have it, if it is of a store this person sees."""
    found = receipt_of(visit.store, visit.request.path_params["uid"], visit.me)
    if found is None:
        return visit.show("refused.html", 404, sentence=visit._("There is no such receipt."))
    return visit.show("receipt.html", **_receipt_words(visit, found))


def _receipt_words(visit: Visit, found: ReceiptFound) -> dict[str, Any]:
    names = my_names(visit)
    lines = [
        {
            "plu": line.plu,
            "name": names.product(found.products.get(line.plu, {})),
            "quantity": quantity_text(line.quantity, line.unit),
            "price": line.unit_price,
            "base": base_text(line.base),
            "discount": line.discount,
            "amount": line.amount,
        }
        for line in found.sale.lines
    ]
    roundings = {1: visit._("Cash rounding"), 2: visit._("Goodwill")}
    return {
        "one": found,
        "is_refund": found.sale.kind == SaleKind.REFUND,
        "lines": lines,
        "tenders": [(tender_word(t.kind, names), t.card, t.amount) for t in found.sale.tenders],
        "rounding": [(roundings.get(r.kind, str(r.kind)), r.amount) for r in found.sale.rounding],
        "cashier": names.cashiers.get(found.sale.cashier, ""),
        "level": names.level(found.sale.level),
    }
