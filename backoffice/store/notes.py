"""What a person should look at: alerts, quarantined messages, counters."""

from backoffice.alerts import Alert
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements

MOST_QUARANTINED = 10_000
MOST_BYTES = 64 * 1024
NEWEST = 2**62
"""A number above all that are given."""


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

    def raised(
        self, word: Alert, since: int, *, terminal: str, card: int | None = None, op: bytes = b""
    ) -> bool:
        """Was this raised at `since` or later, of that terminal, card and operation if given?"""
        found = self._sql.one(
            "alert_since",
            org=ORG, word=word.value, since=since, terminal=terminal, card=card, op=op,
        )  # fmt: skip
        return found is not None

    def alerts_after(self, number: int, most: int) -> list[Row]:
        """Alerts after that number, in order: id, at, word, terminal, card, op, detail."""
        return self._sql.rows("alert_after", org=ORG, after=number, most=most)

    def last_alert(self) -> int:
        """Number of the newest alert, 0 when there is none."""
        row = self._sql.one("alert_last")
        return int(row[0]) if row and row[0] else 0

    def alerts(self, most: int) -> list[Row]:
        """The newest alerts: id, at, word, terminal, card, op, detail; settled by, why, when."""
        return self._sql.rows("alert_list", org=ORG, most=most)

    def alert_page(
        self, most: int, *, before: int = NEWEST, store: str = "", settled: bool = True
    ) -> list[Row]:
        """Alerts before that number, newest first, of one store or ("") of all and of none.

        Rows: id, at, word, terminal, card, detail; settled by, why, when; store.
        """
        return self._sql.rows(
            "alert_page", org=ORG, before=before, store=store, settled=int(settled), most=most
        )

    def quarantine(
        self, payload: bytes, now: int, *, topic: str, reason: str, detail: str = ""
    ) -> bool:
        """Keeps a message that could not be used, raw, at most 64 KiB of it.

        False when the very same one is here already: a scale sends until it is answered.
        """
        self.count(f"quarantine.{reason}")
        same = self._sql.one(
            "quarantine_same",
            topic=topic[:200], reason=reason, length=len(payload), payload=payload[:MOST_BYTES],
        )  # fmt: skip
        if same:
            return False
        self._sql.run(
            "quarantine_keep",
            at=now, topic=topic[:200], reason=reason, detail=detail[:300], length=len(payload),
            payload=payload[:MOST_BYTES],
        )  # fmt: skip
        self._sql.run("quarantine_bound", most=MOST_QUARANTINED)
        return True

    def quarantined(self, most: int) -> list[Row]:
        """The newest ones: id, at, topic, reason, detail, length, payload; word, by, why, when."""
        return self._sql.rows("quarantine_list", org=ORG, most=most)

    def quarantine_page(
        self, most: int, *, before: int = NEWEST, settled: bool = True
    ) -> list[Row]:
        """Messages before that number, newest first, without their bytes.

        Rows: id, at, topic, reason, detail, length; word, by, why, when.
        """
        return self._sql.rows(
            "quarantine_page", org=ORG, before=before, settled=int(settled), most=most
        )

    def quarantined_one(self, number: int) -> Row | None:
        """One of them: id, at, topic, reason, detail, length, payload; or None."""
        return self._sql.one("quarantine_get", id=number)

    def has_alert(self, number: int) -> bool:
        """Is there an alert of that number?"""
        return self._sql.one("alert_known", org=ORG, id=number) is not None

    def settle(
        self, subject: str, number: int, now: int, *, word: str, person: str, reason: str
    ) -> bool:
        """Notes what a person did about an alert or a message; False: somebody did already."""
        made = self._sql.run(
            "settlement_keep",
            org=ORG, subject=subject, number=number, at=now, word=word, person=person,
            reason=reason,
        )  # fmt: skip
        return made.rowcount == 1

    def count(self, word: str) -> None:
        """Adds one to a counter."""
        self._sql.run("counter_add", word=word)

    def counters(self) -> dict[str, int]:
        """All counters."""
        return dict(self._sql.rows("counter_list"))
