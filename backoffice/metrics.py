"""Door: numbers about this office for a Prometheus on this machine, and nobody else.

The loop hands over what it has seen; the page's own thread only reads the last numbers. There is no
sum of money here and no card.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Histogram, start_wsgi_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from backoffice.errors import Unavailable

if TYPE_CHECKING:
    import threading
    from wsgiref.simple_server import WSGIServer

LOOPBACK = "127.0.0.1"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


@dataclass(frozen=True, slots=True)
class TerminalSeen:
    """One scale: when it was heard (Unix ms, 0 = never), what waits on it, is it silent?"""

    code: str
    seen_at: int
    unsent: int
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What the loop has looked up lately."""

    sales: int = 0
    """Booked since the start."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """The books' own: `alert.WORD`, `quarantine.REASON`, `declined.CODE`."""
    terminals: tuple[TerminalSeen, ...] = ()
    bytes_of: Mapping[str, int] = field(default_factory=dict)
    """`books`, `log` and `disk-free`."""
    backup_age_s: float = -1.0
    """Below zero = there is no backup that we know of."""


class Metrics:
    """Keeps the last numbers and serves them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._batches = Histogram(
            "steelyard_batch_seconds", "Time to book one batch of frames, the commit included.",
            buckets=_BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._seen, self._queue, self._link = Seen(), 0, False
        self._now = 0
        self._server: WSGIServer | None = None
        self._thread: threading.Thread | None = None

    def booked(self, seconds: float) -> None:
        """A batch was booked in that time."""
        self._batches.observe(seconds)

    def turned(self, queue: int, *, is_up: bool) -> None:
        """The loop has turned: frames that wait, and is there a broker?"""
        self._queue, self._link = queue, is_up

    def looked(self, seen: Seen, now: int) -> None:
        """The loop has looked around."""
        self._seen, self._now = seen, now

    def collect(self) -> Iterator[Metric]:
        """What Prometheus is told; called by its thread."""
        seen = self._seen
        yield _gauge("steelyard_queue_frames", "Frames that wait to be booked.", self._queue)
        yield _gauge("steelyard_broker_up", "1 = connected to the broker.", int(self._link))
        sales = CounterMetricFamily("steelyard_sales_booked", "Sales booked since the start.")
        sales.add_metric([], seen.sales)
        yield sales
        for beginning, name, label, text in _COUNTED:
            family = CounterMetricFamily(name, text, labels=[label])
            for word, value in sorted(seen.counters.items()):
                if word.startswith(beginning):
                    family.add_metric([word.removeprefix(beginning)], value)
            yield family
        yield from _terminals(seen.terminals, self._now)
        sizes = GaugeMetricFamily("steelyard_bytes", "Sizes on disk.", labels=["what"])
        for what, size in sorted(seen.bytes_of.items()):
            sizes.add_metric([what], size)
        yield sizes
        yield _gauge(
            "steelyard_backup_age_seconds", "Age of the newest backup; -1 = none.",
            seen.backup_age_s,
        )  # fmt: skip

    def serve(self, port: int) -> int:
        """Answers on this machine from now on; the port.

        Raises:
            Unavailable: the port is taken.
        """
        try:
            self._server, self._thread = start_wsgi_server(
                port, addr=LOOPBACK, registry=self._registry
            )
        except OSError as error:
            raise Unavailable(
                "The page for metrics cannot listen at port {port} ({error}).",
                port=port, error=error.strerror or error,
            ) from error  # fmt: skip
        return int(self._server.server_port)

    def stop(self) -> None:
        """Answers no longer."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(timeout=5)
            self._server = None


_COUNTED = (
    ("quarantine.", "steelyard_messages_refused", "reason", "Messages that could not be used."),
    ("declined.", "steelyard_payments_declined", "code", "Payments declined by the office."),
    ("alert.", "steelyard_alerts", "word", "Alerts raised."),
)


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _terminals(terminals: Iterable[TerminalSeen], now: int) -> Iterator[Metric]:
    known = tuple(terminals)
    silent = sum(one.is_silent for one in known)
    yield _gauge("steelyard_terminals", "Scales that are enrolled.", len(known))
    yield _gauge("steelyard_terminals_silent", "Scales silent in an open shift.", silent)
    unsent = GaugeMetricFamily(
        "steelyard_terminal_unsent", "Journal entries that wait on a scale.", labels=["terminal"]
    )
    age = GaugeMetricFamily(
        "steelyard_terminal_seen_seconds", "Since a scale was heard.", labels=["terminal"]
    )
    for one in known:
        unsent.add_metric([one.code], one.unsent)
        if one.seen_at:
            age.add_metric([one.code], max(0.0, (now - one.seen_at) / 1000))
    yield unsent
    yield age
