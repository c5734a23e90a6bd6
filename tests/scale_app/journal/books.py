"""A journal with a first sign-on behind it, and sales to put into it."""

from pathlib import Path

from broker.heads import HeadKey
from broker.messages import Welcome
from broker.sale import Line, Sale, SaleKind, Tender, TenderKind
from scale_app.journal.entries import Subject
from scale_app.journal.store import Journal

TERMINAL = "S03-12"
WELCOME = Welcome(1, 0, bytes(16), 3, "Test Market", "Store", "Stall", "CNY", 2, "Asia/Shanghai", 4)
AT = 1_795_484_645_000


def journal(file: Path, key: HeadKey | None = None) -> Journal:
    """The journal in `file`, signed on; with a key it can sign."""
    books = Journal(file, TERMINAL, AT, key=key)
    if books.standing().epoch == 0:
        books.keep_welcome(WELCOME)
    return books


def sale(amount: int = 680, kind: TenderKind = TenderKind.CASH) -> Sale:
    """One kilogram of something."""
    line = Line(1, 1000, 0, amount, 0, amount, 0, 0, amount)
    number = 620000000000018 if kind is TenderKind.STORED_VALUE else None
    tender = Tender(kind, amount, number)
    return Sale(SaleKind.SALE, 20261124, 1, 7, 3, None, 0, amount, [line], [], [tender])


def subject(number: int, attempt: int = 1) -> Subject:
    """Operation `number`."""
    return Subject(number.to_bytes(16, "big"), attempt, AT + number)


CARD = TenderKind.STORED_VALUE
