"""Transfers and balances; a balance is kept with every transfer and equals their sum."""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.ledger import Reason, Transfer, changes_of
from backoffice.store.rolls import Rolls
from backoffice.store.statements import Statements


@dataclass(frozen=True, slots=True)
class Cause:
    """What a set of transfers belongs to; posting the same cause twice is refused by the books."""

    org: int
    op: bytes
    attempt: int
    reason: Reason
    day: int
    at: int


class Ledger:
    """Posts transfers; nothing here is ever changed or deleted."""

    def __init__(self, statements: Statements, rolls: Rolls) -> None:
        self._sql, self._rolls = statements, rolls
        self._accounts: dict[tuple[int, str], int] = {}
        self._next = 0

    def forget(self) -> None:
        """Drops what is remembered."""
        self._accounts.clear()
        self._next = 0

    def _next_account(self) -> int:
        if not self._next:
            row = self._sql.one("account_last")
            self._next = (row[0] if row else 0) + 1
        number, self._next = self._next, self._next + 1
        return number

    def account(self, org: int, code: str) -> int:
        """Number of an account, opened at its first use."""
        known = self._accounts.get((org, code))
        if known is not None:
            return known
        row = self._sql.one("account_id", org=org, code=code)
        number = row[0] if row else self._next_account()
        if row is None:
            self._sql.run("account_make", org=org, id=number, code=code)
        if len(self._accounts) > 100_000:
            self._accounts.clear()
        self._accounts[org, code] = number
        return int(number)

    def post(self, cause: Cause, transfers: Sequence[Transfer]) -> None:
        """Writes transfers and the balances they change."""
        for leg, one in enumerate(transfers):
            self._sql.run(
                "transfer_post",
                org=cause.org,  op=cause.op, attempt=cause.attempt,
                reason=int(cause.reason), leg=leg, debit=self.account(cause.org, one.debit),
                credit=self.account(cause.org, one.credit), amount=one.amount, tender=one.tender,
                day=cause.day, at=cause.at,
            )  # fmt: skip
        for code, change in changes_of(transfers).items():
            if change:
                self._sql.run(
                    "account_change",
                    org=cause.org, id=self.account(cause.org, code), change=change,
                )  # fmt: skip
        self._rolls.add_transfers(cause.org, int(cause.reason), cause.day, transfers)

    def posted(self, org: int, op: bytes, attempt: int, reason: Reason) -> list[Transfer]:
        """What was posted for one cause."""
        rows = self._sql.rows(
            "transfer_of_operation", org=org, op=op, attempt=attempt, reason=int(reason)
        )
        return [Transfer(*row) for row in rows]

    def day_of(self, org: int, op: bytes, attempt: int) -> int:
        """Business day on which an operation was first posted; 0 when it never was."""
        row = self._sql.one("transfer_day", org=org, op=op, attempt=attempt)
        return int(row[0]) if row else 0

    def balance(self, org: int, code: str) -> int:
        """Credits minus debits of an account; 0 when it was never used."""
        row = self._sql.one("account_balance", org=org, code=code)
        return int(row[0]) if row else 0
