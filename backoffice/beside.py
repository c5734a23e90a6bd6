"""What the server does beside booking: a sign of life, numbers for a Prometheus, events of sales.

None of it may hold up or stop the loop; all of it reads what is on disk already.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from backoffice.alerts import BACKUP_OLD_MS, SILENT_AFTER_MS, Alert
from backoffice.handlers.desk import Desk
from backoffice.handlers.watching import once_since
from backoffice.metrics import Metrics, Seen, TerminalSeen
from backoffice.store import Store
from backoffice.supervised import Supervised

LOOK_EVERY_S = 5.0
DAY_MS = 24 * 3_600_000


def newest_backup_ms(folder: Path | None) -> int:
    """When the newest backup in a folder was written, Unix milliseconds; 0 = there is none."""
    if folder is None or not folder.is_dir():
        return 0
    try:
        times = [one.stat().st_mtime_ns for one in folder.glob("*.db")]
    except OSError:
        return 0
    return max(times, default=0) // 1_000_000


@dataclass(slots=True)
class Beside:
    """All that runs beside the loop; what is None or empty does not run."""

    supervised: Supervised | None = None
    metrics: Metrics | None = None
    books: Path | None = None
    backups: Path | None = None
    tells_sales: bool = False
    """Each sale goes to the broker once it is on disk."""
    collect_at: tuple[int, ...] = ()
    """Minutes after midnight, by each store's clock, at which records are collected."""
    sales: int = 0
    _last_sale: int = -1
    _look_at: float = 0.0

    def turned(self, queue: int, *, is_up: bool) -> None:
        """The loop has turned."""
        if self.supervised is not None:
            link = "broker connected" if is_up else "NO BROKER"
            self.supervised.alive(f"{link}, {self.sales} sales booked")
        if self.metrics is not None:
            self.metrics.turned(queue, is_up=is_up)

    def booked(self, seconds: float) -> None:
        """A batch was booked."""
        if self.metrics is not None:
            self.metrics.booked(seconds)

    def begin(self, store: Store) -> None:
        """Sales that are in the books now were told of before."""
        self._last_sale = store.sales.last()

    def fresh_sales(self, store: Store) -> int:
        """Counts what was booked since; the number after which sales are fresh."""
        before = self._last_sale
        count, self._last_sale = store.sales.count_after(before)
        self.sales += count
        return before

    def look(self, store: Store, *, ticks: float, now: int) -> None:
        """Looks up numbers now and then."""
        if self.metrics is None or ticks < self._look_at:
            return
        self._look_at = ticks + LOOK_EVERY_S
        self.metrics.looked(self.seen(store, now), now)

    def seen(self, store: Store, now: int) -> Seen:
        """What there is to be told at this moment."""
        silent = {code for code, _ in store.watching.silent(now - SILENT_AFTER_MS)}
        rows = store.directory.terminals()
        backup = newest_backup_ms(self.backups)
        return Seen(
            sales=self.sales,
            counters=store.notes.counters(),
            terminals=tuple(
                TerminalSeen(row[0], row[6], row[8], is_silent=row[0] in silent)
                for row in rows
                if row[4] and not row[3]
            ),
            bytes_of=self._sizes(),
            backup_age_s=(now - backup) / 1000 if backup else -1.0,
        )

    def _sizes(self) -> dict[str, int]:
        if self.books is None:
            return {}
        log = self.books.with_name(self.books.name + "-wal")
        try:
            return {
                "books": self.books.stat().st_size,
                "log": log.stat().st_size if log.exists() else 0,
                "disk-free": shutil.disk_usage(self.books.parent).free,
            }
        except OSError:
            return {}

    def watch_backups(self, desk: Desk, now: int) -> None:
        """An alert, once a day, when backups are wanted and none was made lately."""
        if self.backups is None:
            return
        newest = newest_backup_ms(self.backups)
        if now - newest < BACKUP_OLD_MS:
            return
        hours = f"{(now - newest) // 3_600_000} hours old" if newest else "not there"
        once_since(
            desk, Alert.BACKUP_OLD, now, since=now - DAY_MS, terminal="",
            detail=f"the newest backup is {hours}",
        )  # fmt: skip
