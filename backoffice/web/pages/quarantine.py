"""Messages that could not be used: try them again, or say why they need nothing more."""

from typing import Any, Final

from starlette.responses import Response

from backoffice.errors import Refused
from backoffice.people import May
from backoffice.store.notes import NEWEST
from backoffice.web.visit import Visit

MOST: Final = 100
_READ: Final = 2000
_NAMES: Final = (
    "id", "at", "topic", "reason", "detail", "length", "word", "by", "why", "settled_at",
)  # fmt: skip


def terminal_of(topic: str) -> str:
    """The till that a topic of a scale names; empty when it names none."""
    parts = topic.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "u" else ""


def quarantined(
    visit: Visit, most: int, *, before: int = NEWEST, settled: bool = True
) -> list[dict[str, Any]]:
    """The newest messages this person sees; what names no till of ours belongs to no store."""
    store_of = {row[0]: row[1] for row in visit.store.directory.terminals()}
    read = _READ if visit.me.stores else most
    rows = visit.store.notes.quarantine_page(read, before=before, settled=settled)
    found = [dict(zip(_NAMES, row, strict=True)) for row in rows]
    for one in found:
        one["terminal"] = terminal_of(one["topic"])
    if visit.me.stores:
        found = [one for one in found if visit.me.sees(store_of.get(one["terminal"], ""))]
    return found[:most]


def quarantine(visit: Visit) -> Response:
    """The messages that wait for a person, or all of them."""
    shows_all = visit.asked("show") == "all"
    found = quarantined(visit, MOST + 1, before=visit.number("before", NEWEST), settled=shows_all)
    return visit.show(
        "quarantine.html",
        messages=found[:MOST],
        older=found[MOST - 1]["id"] if len(found) > MOST else 0,
        shows_all=shows_all,
        may_settle=visit.me.may(May.SETTLE),
    )


def act(visit: Visit) -> Response:
    """Tries one again, or settles it with a reason."""
    number, what = visit.chosen("id"), visit.said("what", 8)
    seen = quarantined(visit, 1, before=number + 1)
    if not seen or seen[0]["id"] != number:
        raise Refused("There is no message {id} in the quarantine.", id=number)
    if what not in ("retry", "settle"):
        raise Refused("Nothing was chosen.")
    visit.change(f"quarantine.{what}", id=number, reason=visit.said("reason", 300))
    told = visit._("Message {id} is settled.").format(id=number)
    return visit.go("/quarantine", told)
