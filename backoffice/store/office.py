"""Operations born in the office, as they stand in the second journal too."""

from backoffice.store.statements import Row, Statements


class OfficeOperations:
    """Keeps one line for each command that was carried out."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def keep(self, uid: str, line: str) -> None:
        """Keeps a command's line, in the transaction that carries the command out."""
        self._sql.run("office_operation_keep", uid=uid, line=line)

    def after(self, number: int) -> list[Row]:
        """Rows (number, uid, line) after that number, in order."""
        return self._sql.rows("office_operation_after", after=number)

    def before(self, number: int, most: int) -> list[Row]:
        """Rows (number, line) before that number, newest first."""
        return self._sql.rows("office_operation_before", before=number, most=most)

    def last(self) -> int:
        """Number of the newest one; 0 when there is none."""
        row = self._sql.one("office_operation_last")
        return int(row[0]) if row else 0

    def count(self) -> int:
        """How many there are."""
        row = self._sql.one("office_operation_count")
        return int(row[0]) if row else 0

    def known(self, uid: str) -> bool:
        """Was that command carried out in these books?"""
        return self._sql.one("office_operation_known", uid=uid) is not None

    def of_members(self) -> list[Row]:
        """Rows (uid, line) of the commands about members, oldest first."""
        return self._sql.rows("office_operation_of_members")

    def rewrite(self, uid: str, line: str) -> None:
        """Keeps a command about a member without the person; the books allow no other change."""
        self._sql.run("office_operation_rewrite", uid=uid, line=line)
