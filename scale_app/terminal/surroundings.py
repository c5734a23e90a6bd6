"""What the screen shows around the sale: names, clock, the words of the first row."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from broker.messages import Welcome
from scale_app.config import Settings
from scale_app.terminal.boot import Books
from scale_app.terminal.clock import Clock
from scale_app.terminal.show import Surroundings
from scale_app.view import Links, LinkState

NET_SLOW_S = 1.5
RETRY_S = 1.0


@dataclass(slots=True)
class _Outbox:
    upto: int = -1
    last_seq: int = -1
    oldest_at: int | None = None
    sales: int = 0


class Watch:
    """Keeps what changes seldom, so that a frame costs no more than it must."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        terminal = settings.enrolment.terminal
        self._terminal = terminal.terminal
        self._store, self._stall, self._currency = terminal.store, terminal.stall, terminal.currency
        self._zone = ZoneInfo(terminal.zone)
        self._clock = clock
        self._off_since = self._clock_text()
        self._outbox = _Outbox()
        self._retried_at = 0.0

    def signed_on(self, welcome: Welcome) -> None:
        """Names as the back-office has them now."""
        self._store, self._stall = welcome.store, welcome.stall
        self._currency, self._zone = welcome.currency, ZoneInfo(welcome.zone)

    def link_turned(self, *, connected: bool) -> None:
        """Since when the network is away."""
        self._off_since = "" if connected else self._off_since or self._clock_text()

    def may_retry(self, now: float) -> bool:
        """Once a second: is there room on the disk again?"""
        if now - self._retried_at < RETRY_S:
            return False
        self._retried_at = now
        return True

    def around(
        self, books: Books | None, scale: LinkState, reader: LinkState, now: float
    ) -> Surroundings:
        """Everything beside the sale."""
        links = Links(net=LinkState.OFF, scale=scale, reader=reader)
        if books is not None:
            links = self._links(books, scale, reader, now)
        return Surroundings(
            terminal=self._terminal,
            store=self._store,
            stall=self._stall,
            currency=self._currency,
            clock=self._clock_text(),
            links=links,
            sales_today=self._outbox.sales,
        )

    def _links(self, books: Books, scale: LinkState, reader: LinkState, now: float) -> Links:
        self._look_at(books)
        outbox = self._outbox
        net = LinkState.OK if books.office.signed_on else LinkState.OFF
        if books.teller.asking_for(now) > NET_SLOW_S:
            net = LinkState.SLOW
        waiting_s = 0
        if outbox.oldest_at is not None:
            waiting_s = max(0, self._clock.wall_ms() - outbox.oldest_at) // 1000
        return Links(
            net=net,
            scale=scale,
            reader=reader,
            unsent=max(0, outbox.last_seq - outbox.upto),
            oldest_unsent_s=waiting_s,
            net_off_since="" if books.office.signed_on else self._off_since,
        )

    def _look_at(self, books: Books) -> None:
        standing = books.journal.standing()
        outbox = self._outbox
        if (standing.upto, standing.last_seq) == (outbox.upto, outbox.last_seq):
            return
        oldest = books.journal.oldest_unsent_at()
        sales = books.journal.count_of_shift()
        self._outbox = _Outbox(standing.upto, standing.last_seq, oldest, sales)

    def _clock_text(self) -> str:
        seconds = self._clock.wall_ms() // 1000
        return f"{datetime.fromtimestamp(seconds, tz=UTC).astimezone(self._zone):%H:%M}"
