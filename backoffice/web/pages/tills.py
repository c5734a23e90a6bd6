"""Tills: who is here, what waits to be sent, which price list stands there."""

from dataclasses import dataclass

from starlette.responses import Response

from backoffice.alerts import SILENT_AFTER_MS
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Till:
    """A row of the page; times are Unix milliseconds."""

    code: str
    store: str
    stall: str
    suspended: bool
    is_enrolled: bool
    is_here: bool
    is_silent: bool
    """Its shift is open and nothing is heard of it."""
    seen_at: int
    unsent: int


def tills_of(visit: Visit) -> list[Till]:
    """The tills this person sees."""
    rows = visit.store.directory.terminals()
    silent = {row[0] for row in visit.store.watching.silent(visit.now - SILENT_AFTER_MS)}
    return [
        Till(
            code=row[0], store=row[1], stall=row[2], suspended=bool(row[3]),
            is_enrolled=row[4] > 0, is_here=row[7] == 1, is_silent=row[0] in silent, seen_at=row[6],
            unsent=row[8],
        )
        for row in rows
        if visit.me.sees(row[1])
    ]  # fmt: skip


def tills(visit: Visit) -> Response:
    """All tills of the person's stores."""
    return visit.show("tills.html", tills=tills_of(visit))


def suspend(visit: Visit) -> Response:
    """Locks a till out or lets it back in, after asking."""
    code, suspended = visit.said("till", 8), visit.said("suspended") == "1"
    question = (
        visit._("Lock {till} out at once? It can sell nothing more by card.")
        if suspended
        else visit._("Let {till} back in?")
    ).format(till=code)
    asked = is_sure(visit, question, "/tills")
    if asked is not None:
        return asked
    visit.change("terminal.suspend", terminal=code, suspended=suspended)
    done = visit._("{till} is locked out.") if suspended else visit._("{till} is back in.")
    return visit.go("/tills", done.format(till=code))
