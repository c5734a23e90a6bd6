"""What a person should look at."""

from typing import Any

from starlette.responses import Response

from backoffice.web.visit import Visit

MOST = 200
_SETTLED = ("settled_by", "settled_why", "settled_at")


def alerts(visit: Visit) -> Response:
    """The newest alerts of the person's stores."""
    return visit.show("alerts.html", alerts=alerts_of(visit, MOST))


def alerts_of(visit: Visit, most: int) -> list[dict[str, Any]]:
    """Alerts this person sees; one without a till belongs to no store."""
    store_of = {row[0]: row[1] for row in visit.store.directory.terminals()}
    names = ("id", "at", "word", "terminal", "card", "op", "detail", *_SETTLED)
    rows = [dict(zip(names, row, strict=True)) for row in visit.store.notes.alerts(most)]
    return [
        row
        for row in rows
        if not visit.me.stores or visit.me.sees(store_of.get(row["terminal"], ""))
    ]
