"""What a person should look at, and saying that she has."""

from typing import Any, Final

from starlette.responses import Response

from backoffice.errors import Refused
from backoffice.people import May
from backoffice.store.notes import NEWEST
from backoffice.web.visit import Visit

MOST: Final = 100
_NAMES: Final = (
    "id", "at", "word", "terminal", "card", "detail", "by", "reason", "settled_at", "store",
)  # fmt: skip


def alerts_of(
    visit: Visit, most: int, *, before: int = NEWEST, settled: bool = True
) -> list[dict[str, Any]]:
    """The newest alerts this person sees; one without a till belongs to no store."""
    notes = visit.store.notes
    rows = [
        row
        for store in visit.me.stores or ("",)
        for row in notes.alert_page(most, before=before, store=store, settled=settled)
    ]
    newest = sorted(rows, key=lambda row: row[0], reverse=True)[:most]
    return [dict(zip(_NAMES, row, strict=True)) for row in newest]


def alerts(visit: Visit) -> Response:
    """The open alerts, or all of them, a page at a time."""
    shows_all = visit.asked("show") == "all"
    found = alerts_of(visit, MOST + 1, before=visit.number("before", NEWEST), settled=shows_all)
    return visit.show(
        "alerts.html",
        alerts=found[:MOST],
        older=found[MOST - 1]["id"] if len(found) > MOST else 0,
        shows_all=shows_all,
        may_settle=visit.me.may(May.SETTLE),
    )


def settle(visit: Visit) -> Response:
    """Notes that she has looked at an alert, and what it was."""
    number = visit.chosen("id")
    seen = alerts_of(visit, 1, before=number + 1)
    if not seen or seen[0]["id"] != number:
        raise Refused("There is no alert {id}.", id=number)
    visit.change("alert.settle", id=number, reason=visit.said("reason", 300))
    return visit.go("/alerts", visit._("Alert {id} is settled.").format(id=number))
