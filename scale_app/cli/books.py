"""Commands on the till's books while no till runs: shift x, shift z, receipts."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from broker.uid import uid_text
from scale_app.checkout.desk import Desk, TapMode
from scale_app.checkout.happenings import ReportShown
from scale_app.cli.exits import Exit
from scale_app.cli.lock import state_lock
from scale_app.config import Settings
from scale_app.terminal.boot import Books, open_books
from scale_app.terminal.clock import Clock
from scale_app.terminal.devices import Reader
from scale_app.terminal.reports import close_shift, open_shift_report, x_report

_OLDER = "Receipts older than {days} days are kept by the office and not on this scale.\n"


@contextmanager
def _open(settings: Settings) -> Iterator[tuple[Books, Desk]]:
    with state_lock(settings.state_directory):
        books = open_books(settings, Reader(settings), Clock(), lambda _happened: None)
        try:
            yield books, _desk(settings, books)
        finally:
            books.journal.close()


def _desk(settings: Settings, books: Books) -> Desk:
    return Desk(
        tap_mode=TapMode(settings.till.tap),
        language=settings.till.language,
        cashier=settings.till.cashier,
        exponent=books.paper.heading("en").exponent,
        catalog=books.catalog,
    )


def shift(settings: Settings, words: argparse.Namespace) -> Exit:
    """`shift x` shows the open shift; `shift z` closes it."""
    with _open(settings) as (books, desk):
        if books.journal.standing().epoch == 0:
            sys.stderr.write("This till has never signed on: it has no shift yet.\n")
            return Exit.FAULTS
        report = open_shift_report(books, desk.cashier)
        shown = close_shift(books, desk) if words.kind == "z" else x_report(books, desk)
        _print_report(shown, msgspec.to_builtins(_named(report)), as_json=words.json)
    return Exit.OK


def _named(report: msgspec.Struct) -> dict[str, object]:
    named = {field: getattr(report, field) for field in report.__struct_fields__}
    named["tenders"] = [
        {field: getattr(tender, field) for field in tender.__struct_fields__}
        for tender in named["tenders"]
    ]
    return named


def _print_report(shown: ReportShown, report: object, *, as_json: bool) -> None:
    text = json.dumps(report, ensure_ascii=False) if as_json else "\n".join(shown.lines)
    sys.stdout.write(text + "\n")


def receipts(settings: Settings, words: argparse.Namespace) -> Exit:
    """The last receipts, newest last; as copies, or as data."""
    with _open(settings) as (books, desk):
        kept = books.journal.last_sales(words.last)[::-1]
        if len(kept) < words.last and books.journal.let_go.has_begun():
            sys.stderr.write(_OLDER.format(days=settings.till.keep_days))
        if words.json:
            rows = [
                {
                    "receipt": one.receipt,
                    "uid": uid_text(one.op),
                    "at_ms": one.at,
                    "day": one.sale.day,
                    "shift": one.shift,
                    "total": one.sale.total,
                    "tenders": [{"kind": t.kind, "amount": t.amount} for t in one.sale.tenders],
                    "lines": len(one.sale.lines),
                    "balance": one.balance,
                }
                for one in kept
            ]
            sys.stdout.write(json.dumps(rows, ensure_ascii=False) + "\n")
            return Exit.OK
        for one in kept:
            text = books.paper.receipt(one, books.catalog, desk.language, copy=True)
            sys.stdout.write("\n".join(text) + "\n\n")
    return Exit.OK
