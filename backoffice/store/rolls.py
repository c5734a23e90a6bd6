"""The sums kept by day, month and year: what a booking adds, and a second computation beside them.

`ROLLS` names each table with its naive statement. The naive one reads sales, lines, tenders,
transfers and entries; it fills the tables when older books are brought up to date, and
`report check` compares it with what was kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from backoffice.ledger import Transfer
from backoffice.rollups import Where, added, is_day, periods_of
from backoffice.store.statements import Row, Statements
from broker.business_day import utc_day
from broker.sale import Sale, TenderKind


@dataclass(frozen=True, slots=True)
class Roll:
    """One table: its keys after org and period, its sums, and what keeps the largest."""

    table: str
    keys: tuple[str, ...]
    sums: tuple[str, ...]
    largest: tuple[str, ...] = ()
    has_years: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, as they stand in the table."""
        return ("org", "period", *self.keys, *self.sums, *self.largest)

    def summed_sql(self, below: str) -> str:
        """The statement that adds up shorter periods to `below`: `period / 100` and so on."""
        parts = [*self.keys, *(f"sum({one})" for one in self.sums)]
        parts += [f"max({one})" for one in self.largest]
        keys = ", ".join(("org", below, *self.keys))
        what = f"SELECT org, {below} AS period, {', '.join(parts)} FROM {self.table}"  # noqa: S608
        return f"{what} WHERE period > 9999999 GROUP BY {keys}"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ROLLS: Final = (
    Roll(
        "roll_sale",
        _words("store stall terminal cashier level"),
        _words(
            "sales refunds lines gross discount saving rounding goodwill refunded amount grams"
            " offline late faulty"
        ),
        _words("last_at last_received longest_delay"),
    ),
    Roll(
        "roll_tender",
        _words("store stall terminal cashier level kind"),
        _words("payments amount refunds refunded mixed"),
    ),
    Roll(
        "roll_product",
        _words("store plu unit"),
        _words("lines quantity amount discount member_amount refunds refunded"),
    ),
    Roll("roll_hour", _words("store weekday hour"), _words("sales amount")),
    Roll("roll_saving", _words("store level rule"), _words("lines gross saving discount")),
    Roll(
        "roll_member",
        _words("store member level"),
        _words("visits amount saved"),
        ("last_day",),
        has_years=True,
    ),
    Roll("roll_issuer", _words("store issuer"), _words("payments refunds amount")),
    Roll("roll_value", _words("place reason part"), _words("moves given taken")),
    Roll("roll_traffic", ("terminal",), _words("entries bytes")),
)
MOST_SHOWN: Final = 20


class Rolls:
    """Adds what is booked, inside the transaction that books it."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._places: dict[tuple[int, str], int] = {}

    def forget(self) -> None:
        """Drops what is remembered."""
        self._places.clear()

    def add_sale(self, sale: Sale, where: Where, savings: list[int]) -> None:
        """Adds a sale or refund, whose rows were written just now."""
        if not is_day(sale.day):
            return
        for statement, rows in added(sale, where, savings).items():
            self._sql.many(statement, rows)

    def add_issuers(self, where: Where, sale: Sale, *, uid: bytes, attempt: int) -> None:
        """Adds what issuers of cards owe for it, once all its transfers are posted."""
        owed = {TenderKind.STORED_VALUE, TenderKind.CITY_CARD}
        if not is_day(sale.day) or owed.isdisjoint(one.kind for one in sale.tenders):
            return
        for period in periods_of(sale.day):
            self._sql.run(
                "roll_issuer_add",
                org=where.org, period=period, store=where.store, uid=uid, attempt=attempt,
            )  # fmt: skip

    def add_transfers(self, org: int, reason: int, day: int, transfers: Iterable[Transfer]) -> None:
        """Adds what transfers put on cards and take from them."""
        rows = []
        for one in transfers:
            for mine, other, given in ((one.debit, one.credit, 0), (one.credit, one.debit, 1)):
                if not mine.startswith("card/"):
                    continue
                key = (self._place(org, other), reason, int(mine.endswith("/bonus")), 1)
                sums = (one.amount, 0) if given else (0, one.amount)
                rows += [(org, period, *key, *sums) for period in periods_of(day)]
        if rows and is_day(day):
            self._sql.many("roll_value_add", rows)

    def add_entry(self, org: int, terminal: int, received_at: int, length: int) -> None:
        """Adds the bytes of a journal entry; its day is that of UTC, for data plans know none."""
        day = utc_day(received_at)
        rows = [(org, period, terminal, 1, length) for period in periods_of(day)]
        self._sql.many("roll_traffic_add", rows)

    def _place(self, org: int, code: str) -> int:
        """Store whose takings an account holds; 0 for every other account."""
        if not code.startswith("sales/"):
            return 0
        known = self._places.get((org, code))
        if known is None:
            row = self._sql.one("store_of_code", org=org, code=code.removeprefix("sales/"))
            known = self._places[org, code] = int(row[0]) if row else 0
        return known

    def unlike(self, roll: Roll, first: int, last: int) -> list[tuple[str, Row]]:
        """Rows on one side only: ("kept" or "computed", the row), at most some of each.

        Days `first`..`last` are computed anew out of the books; months and years out of the days.
        """
        naive, columns = self._sql.text(f"naive_{roll.table}"), ", ".join(roll.columns)
        table = f"SELECT {columns} FROM {roll.table} WHERE "  # noqa: S608  names of our own tables
        pairs = [(naive, f"{table} period >= :first AND period <= :last AND period > 9999999")]
        months = f"{table} period BETWEEN 10000 AND 9999999"
        pairs.append((roll.summed_sql("period / 100"), months))
        if roll.has_years:
            pairs.append((roll.summed_sql("period / 10000"), f"{table} period < 10000"))
        days = {"first": max(first, 10_000_000), "last": min(last, 99_999_999)}
        return [
            (side, row)
            for computed, kept in pairs
            for side, rows in self._apart(columns, kept, computed, days).items()
            for row in rows[:MOST_SHOWN]
        ]

    def _apart(
        self, columns: str, kept: str, computed: str, days: dict[str, int]
    ) -> dict[str, list[Row]]:
        """Rows that stand on one side only; each side is computed once."""
        both = f"SELECT 'kept' AS side, * FROM ({kept}) UNION ALL SELECT 'computed', * FROM ({computed})"  # noqa: E501, S608
        found: dict[str, list[Row]] = {"kept": [], "computed": []}
        for side, *row in self._sql.connection.execute(
            f"SELECT side, {columns} FROM ({both}) GROUP BY {columns} HAVING count(*) = 1",  # noqa: S608
            days,
        ):
            found[side].append(tuple(row))
        return found
