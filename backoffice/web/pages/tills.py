"""Tills: who is here, what waits to be sent, which price list stands there."""

from dataclasses import dataclass

from starlette.responses import Response

from backoffice.alerts import SILENT_AFTER_MS
from backoffice.traffic import MONTHLY_LIMIT, month_of
from backoffice.web.pages.sure import is_sure
from backoffice.web.visit import Visit
from broker.collect import Upload


@dataclass(frozen=True, slots=True)
class Till:
    """A row of the page; times are Unix milliseconds, traffic is bytes of this month."""

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
    software: str
    list_taken: int
    """The price list it sells by; 0 = not known."""
    list_taken_at: int
    up: int
    down: int
    is_collected: bool = False
    """Its records wait until the office asks for them."""

    @property
    def share(self) -> int:
        """Of the month's 20 MB, per cent, at most 100."""
        return min(100, (self.up + self.down) * 100 // MONTHLY_LIMIT)


def tills_of(visit: Visit) -> list[Till]:
    """The tills this person sees."""
    silent = {row[0] for row in visit.store.watching.silent(visit.now - SILENT_AFTER_MS)}
    traffic = visit.store.traffic.of_month(month_of(visit.now))
    made = []
    for row in visit.store.directory.health():
        (
            code,
            store,
            stall,
            suspended,
            key,
            seen_at,
            state,
            unsent,
            software,
            taken,
            at,
            _,
            upload,
            _,
        ) = row
        up, down, _count = traffic.get(code, (0, 0, 0))
        if visit.me.sees(store):
            made.append(Till(
                code=code, store=store, stall=stall, suspended=bool(suspended),
                is_enrolled=key > 0, is_here=state == 1, is_silent=code in silent,
                seen_at=seen_at, unsent=unsent, software=software, list_taken=taken,
                list_taken_at=at, up=up, down=down, is_collected=upload == Upload.WHEN_ASKED,
            ))  # fmt: skip
    return made


def tills(visit: Visit) -> Response:
    """All tills of the person's stores."""
    return visit.show(
        "tills.html",
        tills=tills_of(visit),
        newest=visit.organisation.list_version,
        limit=MONTHLY_LIMIT // 1_000_000,
    )


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
