"""The keys of the scales, and the heads of their journals that they have signed."""

from dataclasses import dataclass

from backoffice.store.directory import TerminalRow
from backoffice.store.statements import Statements
from broker.heads import SignedHead


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A scale's key: its number, since when, and where the scale's journal stood then."""

    number: int
    key: bytes
    told_at: int
    epoch: int
    seq: int


class Heads:
    """Keeps keys and signatures; nothing of it is ever changed."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def keys(self, terminal: TerminalRow) -> list[KeyRow]:
        """Every key that the terminal has told, oldest first; the last one is in force."""
        rows = self._sql.rows("terminal_key_list", org=terminal.org, terminal=terminal.id)
        return [KeyRow(*row) for row in rows]

    def add_key(self, terminal: TerminalRow, row: KeyRow) -> None:
        """Keeps a further key of a terminal."""
        self._sql.run(
            "terminal_key_add",
            org=terminal.org, terminal=terminal.id, number=row.number, key=row.key,
            told_at=row.told_at, epoch=row.epoch, seq=row.seq,
        )  # fmt: skip

    def keep(self, terminal: TerminalRow, said: SignedHead, number: int, now: int) -> bool:
        """Keeps what was signed with that key; false when it was here before."""
        made = self._sql.run(
            "signed_head_keep",
            org=terminal.org, terminal=terminal.id, epoch=said.epoch, seq=said.seq, head=said.head,
            signature=said.signature, number=number, received_at=now,
        )  # fmt: skip
        return made.rowcount == 1

    def signed(self, terminal: TerminalRow, epoch: int) -> int:
        """Number of the last entry of that epoch with a signature here, 0 = none."""
        row = self._sql.one("signed_head_last", org=terminal.org, terminal=terminal.id, epoch=epoch)
        return int(row[0]) if row and row[0] else 0
