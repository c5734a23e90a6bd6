"""What a person should look at: alerts, quarantined messages, counters."""

from backoffice.alerts import Alert
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements

MOST_QUARANTINED = 10_000
MOST_BYTES = 64 * 1024


class Notes:
    """Writes and lists notes; the quarantine is bounded, alerts are kept."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def alert(
        self,
        word: Alert,
        now: int,
        *,
        terminal: str = "",
        card: int | None = None,
        op: bytes = b"",
        detail: str = "",
    ) -> None:
        """Raises an alert at Unix millisecond `now`."""
        row = self._sql.one("alert_last")
        self._sql.run(
            "alert_raise",
            org=ORG, id=(row[0] if row else 0) + 1, at=now, word=word.value, terminal=terminal,
            card=card, op=op, detail=detail[:500],
        )  # fmt: skip
        self.count(f"alert.{word.value}")

    def alerts(self, most: int) -> list[Row]:
        """The newest alerts: id, at, word, terminal, card, op, detail."""
        return self._sql.rows("alert_list", org=ORG, most=most)

    def quarantine(
        self, payload: bytes, now: int, *, topic: str, reason: str, detail: str = ""
    ) -> None:
        """Keeps a message that could not be used, raw, at most 64 KiB of it."""
        self._sql.run(
            "quarantine_keep",
            at=now, topic=topic[:200], reason=reason, detail=detail[:300], length=len(payload),
            payload=payload[:MOST_BYTES],
        )  # fmt: skip
        self._sql.run("quarantine_bound", most=MOST_QUARANTINED)
        self.count(f"quarantine.{reason}")

    def quarantined(self, most: int) -> list[Row]:
        """The newest ones: id, at, topic, reason, detail, length, payload."""
        return self._sql.rows("quarantine_list", most=most)

    def count(self, word: str) -> None:
        """Adds one to a counter."""
        self._sql.run("counter_add", word=word)

    def counters(self) -> dict[str, int]:
        """All counters."""
        return dict(self._sql.rows("counter_list"))
