"""Operations: one row for each try to pay with a card, with the answers given."""

from dataclasses import dataclass

from backoffice.operations import OpState
from backoffice.store.directory import TerminalRow
from backoffice.store.statements import Statements


@dataclass(frozen=True, slots=True)
class OperationRow:
    """What is known of an operation; answers are bodies, sealed anew for each request."""

    state: OpState = OpState.NONE
    code: int = 0
    terminal: int = 0
    epoch: int = 0
    seq: int = 0
    """Where its INTENT stands; 0 = not here."""
    hash: bytes = b""
    answer: bytes = b""
    undo_answer: bytes = b""
    card: int | None = None
    amount: int = 0
    at: int = 0
    paid_seq: int = 0
    paid_epoch: int = 0
    """Where a PAID stands that waits; epoch 0 = in that of the INTENT."""


class Operations:
    """Reads and writes operations; never deletes one."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, org: int, op: bytes, attempt: int) -> OperationRow | None:
        """The operation, or None when it was never heard of."""
        row = self._sql.one("operation_get", org=org, op=op, attempt=attempt)
        return OperationRow(OpState(row[0]), *row[1:]) if row else None

    def save(self, terminal: TerminalRow, op: bytes, attempt: int, row: OperationRow) -> None:
        """Makes or replaces an operation."""
        self._sql.run(
            "operation_save",
            org=terminal.org, op=op, attempt=attempt, state=int(row.state), code=row.code,
            terminal=terminal.id, epoch=row.epoch, seq=row.seq, hash=row.hash, answer=row.answer,
            undo_answer=row.undo_answer, card=row.card, amount=row.amount, at=row.at,
            paid_seq=row.paid_seq, paid_epoch=row.paid_epoch,
        )  # fmt: skip

    def waiting(self, terminal: TerminalRow, epoch: int, upto: int) -> list[tuple[bytes, int, int]]:
        """Operations of a terminal whose PAID waits in that epoch, with its number up to `upto`."""
        rows = self._sql.rows(
            "operation_waiting", org=terminal.org, terminal=terminal.id, epoch=epoch, upto=upto
        )
        return [(op, attempt, seq) for op, attempt, seq in rows]

    def settle(self, org: int, op: bytes, attempt: int, *, state: OpState, paid_seq: int) -> None:
        """Notes that the operation was paid by entry `paid_seq`."""
        self._sql.run(
            "operation_settle", org=org, op=op, attempt=attempt, state=int(state), paid_seq=paid_seq
        )
