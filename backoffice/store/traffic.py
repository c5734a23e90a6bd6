"""What went over the line to and from each scale, by month."""

from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements


class LineTraffic:
    """Adds up and lists."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def add(self, month: int, rows: list[tuple[str, int, int, int]]) -> None:
        """Adds (scale, bytes up, down, messages) to a month, YYYYMM; strangers are left out."""
        for code, up, down, messages in rows:
            self._sql.run(
                "traffic_add", org=ORG, code=code, month=month, up=up, down=down, messages=messages
            )

    def of_month(self, month: int) -> dict[str, Row]:
        """Scale -> (bytes up, bytes down, messages) in a month, YYYYMM."""
        return {row[0]: row[1:] for row in self._sql.rows("traffic_month", org=ORG, month=month)}
