"""Money that moves on a purse at the office's reader, from the wish to the end."""

from dataclasses import dataclass
from enum import IntEnum

from backoffice.ledger import Reason
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements


class MoveState(IntEnum):
    """How far a move is; the number is kept in the books. Below DONE it is open."""

    WANTED = 0
    """The books have the money, the chip has not."""
    TOLD = 1
    """The card was told, or was about to be; it decides when it is back."""
    REVIEW = 2
    """The card's answer fits nothing: a person decides."""
    DONE = 3
    NOT_DONE = 4


@dataclass(frozen=True, slots=True)
class PurseMove:
    """One move; `amount` is fen on the chip, `bonus` the part of it that is given."""

    op: bytes
    card: int
    reason: Reason
    amount: int
    bonus: int = 0
    state: MoveState = MoveState.WANTED
    told: str = "{}"
    """JSON: what the card asked and was told, empty before."""
    at: int = 0


class Moves:
    """Reads and writes moves; one may be open for each card."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, op: bytes) -> PurseMove | None:
        """The move of that operation."""
        row = self._sql.one("purse_move_get", op=op)
        return _move(row) if row else None

    def open_of(self, card: int) -> PurseMove | None:
        """The open move of a card."""
        row = self._sql.one("purse_move_open", org=ORG, card=card)
        return _move(row) if row else None

    def open(self) -> list[PurseMove]:
        """All open moves, oldest first."""
        return [_move(row) for row in self._sql.rows("purse_move_list", org=ORG)]

    def save(self, move: PurseMove) -> None:
        """Keeps a new move, or what became of one."""
        self._sql.run(
            "purse_move_save",
            op=move.op, org=ORG, card=move.card, reason=int(move.reason), amount=move.amount,
            bonus=move.bonus, state=int(move.state), told=move.told, at=move.at,
        )  # fmt: skip


def _move(row: Row) -> PurseMove:
    op, card, reason, amount, bonus, state, told, at = row
    return PurseMove(op, card, Reason(reason), amount, bonus, MoveState(state), told, at)
