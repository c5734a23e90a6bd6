"""X and Z of the open shift, as the core shows and saves them."""

from broker.messages import ZReport
from scale_app.checkout.desk import Desk
from scale_app.checkout.happenings import ReportShown
from scale_app.journal.entries import Subject
from scale_app.say import Say
from scale_app.shift import shift_report
from scale_app.terminal.boot import Books
from scale_app.terminal.news import NotCollected, NotConfirmed, ShiftCompared
from scale_app.view import Message, Severity

MOST_SHOWN = 3


def open_shift_report(books: Books, cashier: int) -> ZReport:
    """Totals of the open shift."""
    standing = books.journal.standing()
    return shift_report(
        books.journal.sales_of_shift(standing.shift),
        standing,
        day=books.teller.cashbox.today(),
        cashier=cashier,
        reversals=books.journal.undone_since(standing.shift_opened_at),
    )


def x_report(books: Books, desk: Desk) -> ReportShown:
    """The interim report on the screen."""
    report = open_shift_report(books, desk.cashier)
    rows = books.paper.report(
        report,
        books.clock.wall_ms(),
        desk.language,
        cashier=desk.catalog.cashier_name(desk.cashier),
        closed=False,
    )
    return ReportShown(rows, _message(Say.X_SHOWN, report, desk, Severity.INFO))


def close_shift(books: Books, desk: Desk) -> ReportShown:
    """The Z report: saved, printed, on the screen; the next shift is open."""
    report = open_shift_report(books, desk.cashier)
    at = books.clock.wall_ms()
    books.journal.close_shift(Subject(books.clock.uid(), 1, at), report)
    cashier = desk.catalog.cashier_name(desk.cashier)
    rows = books.paper.report(report, at, desk.language, cashier=cashier, closed=True)
    books.paper.print_report(report, rows)
    return ReportShown(rows, _message(Say.SHIFT_CLOSED, report, desk, Severity.DONE), closed=True)


TOLD = (ShiftCompared, NotConfirmed, NotCollected)
"""News that are a sentence and nothing else."""


def told(news: ShiftCompared | NotConfirmed | NotCollected) -> Message:
    """The sentence of it."""
    if isinstance(news, ShiftCompared):
        return _compared(news)
    if isinstance(news, NotConfirmed):
        params = {"count": str(news.count), "tries": str(news.tries)}
        return Message(Say.NOT_CONFIRMED, Severity.FAULT, params)
    params = {"count": str(news.count), "hours": str(news.hours)}
    return Message(Say.NOT_COLLECTED, Severity.WARN, params)


def _compared(news: ShiftCompared) -> Message:
    shift = str(news.shift)
    if news.differing:
        shown = ", ".join(map(str, news.differing[:MOST_SHOWN]))
        params = {"shift": shift, "count": str(len(news.differing)), "numbers": shown}
        return Message(Say.SHIFT_DIFFERS, Severity.FAULT, params)
    if news.repaired:
        params = {"shift": shift, "count": str(len(news.repaired))}
        return Message(Say.SHIFT_REPAIRED, Severity.INFO, params)
    return Message(Say.SHIFT_AGREES, Severity.INFO, {"shift": shift})


def office_lost(count: int) -> Message:
    """The sentence about records that the office has lost and this till does not keep any more."""
    return Message(Say.OFFICE_LOST, Severity.FAULT, {"count": str(count)})


def _message(say: Say, report: ZReport, desk: Desk, severity: Severity) -> Message:
    params = {"shift": str(report.shift), "total": desk.money(report.total)}
    return Message(say, severity, params)
