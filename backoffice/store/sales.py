"""Sales as rows: header, lines, rounding, tenders; and Z reports beside them."""

from dataclasses import dataclass

from backoffice.rollups import Where, savings_of, z_totals
from backoffice.store.directory import ORG, TerminalRow
from backoffice.store.rolls import Rolls
from backoffice.store.statements import Row, Statements
from backoffice.store.stock import Stock
from broker.business_day import local_hour
from broker.messages import Entry, Paid, ZReport
from broker.sale import Line, Rounding, Sale, Tender


@dataclass(frozen=True, slots=True)
class SaleEvent:
    """What stands around a sale: which entry made it final, which receipt it has."""

    uid: bytes
    attempt: int
    epoch: int
    seq: int
    receipt: int
    at: int
    received_at: int
    faults: tuple[str, ...] = ()
    offline: int = 0
    reason: int = 0
    approved_by: int = 0


def _where(terminal: TerminalRow, event: SaleEvent) -> Where:
    return Where(
        terminal.org, terminal.store, terminal.stall_id, terminal.id, event.at, event.received_at,
        local_hour(event.at, terminal.zone), bool(event.offline), bool(event.faults),
    )  # fmt: skip


class Sales:
    """Keeps sales once and reads them back."""

    def __init__(self, statements: Statements, rolls: Rolls, stock: Stock) -> None:
        self._sql, self._rolls, self._stock = statements, rolls, stock
        self._next = 0

    def forget(self) -> None:
        """Drops what is remembered."""
        self._next = 0

    def keep(self, terminal: TerminalRow, sale: Sale, event: SaleEvent) -> bool:
        """Writes a sale with all its parts; False when one of that uid is in the books already."""
        if not self._next:
            row = self._sql.one("sale_last")
            self._next = (row[0] if row else 0) + 1
        number, self._next, org = self._next, self._next + 1, terminal.org
        where, savings = _where(terminal, event), savings_of(sale)
        made = self._sql.run(
            "sale_keep",
            org=org, id=number, uid=event.uid, terminal=terminal.id, store=terminal.store,
            epoch=event.epoch, seq=event.seq, attempt=event.attempt, receipt=event.receipt,
            at=event.at, received_at=event.received_at, day=sale.day, shift=sale.shift,
            cashier=sale.cashier, kind=sale.kind, member=sale.member, level=sale.level,
            list_version=sale.list_version, total=sale.total,
            saving=sum(savings), ref=sale.ref, faults=" ".join(event.faults),
            price_interval=sale.interval, stall=terminal.stall_id,
            hour=where.hour, offline=event.offline, reason=event.reason,
            approved_by=event.approved_by,
        )  # fmt: skip
        if made.rowcount == 0:
            return False
        self._keep_parts(org, number, sale)
        self._rolls.add_sale(sale, where, savings)
        self._stock.add_sale(sale, where)
        return True

    def note_issuers(self, terminal: TerminalRow, sale: Sale, event: SaleEvent) -> None:
        """Notes who owes what for a sale, once all its transfers are posted."""
        where = _where(terminal, event)
        self._rolls.add_issuers(where, sale, uid=event.uid, attempt=event.attempt)

    def _keep_parts(self, org: int, number: int, sale: Sale) -> None:
        self._sql.many(
            "sale_line_keep",
            [
                (
                    org, number, n, line.plu, line.quantity, line.unit, line.unit_price, line.base,
                    line.shelf_price, line.tare, line.discount, line.amount, line.flags,
                )
                for n, line in enumerate(sale.lines, 1)
            ],
        )  # fmt: skip
        self._sql.many(
            "sale_tender_keep",
            [(org, number, n, t.kind, t.amount, t.card) for n, t in enumerate(sale.tenders, 1)],
        )
        if sale.rounding:
            self._sql.many(
                "sale_rounding_keep",
                [(org, number, n, r.kind, r.amount) for n, r in enumerate(sale.rounding, 1)],
            )

    def last(self) -> int:
        """Number of the newest sale; 0 when there is none."""
        row = self._sql.one("sale_last")
        return int(row[0] or 0) if row else 0

    def count_after(self, number: int) -> tuple[int, int]:
        """How many sales came after that number, and the newest one's number."""
        row = self._sql.one("sale_count_after", org=ORG, after=number)
        return (int(row[0]), int(row[1])) if row else (0, number)

    def after(self, number: int, most: int) -> list[tuple[Row, list[Row], list[Row]]]:
        """(head, lines, tenders) of sales after that number, in the order of booking."""
        heads = self._sql.rows("sale_after", org=ORG, after=number, most=most)
        return [
            (head, self._sql.rows("sale_lines", org=ORG, sale=head[0]),
             self._sql.rows("sale_tenders", org=ORG, sale=head[0]))
            for head in heads
        ]  # fmt: skip

    def between(
        self, terminal_id: int, epoch: int, first: int, last: int
    ) -> list[tuple[int, Sale]]:
        """(receipt number, sale) of a terminal's receipts first..last, rebuilt from the rows."""
        heads = self._sql.rows(
            "sale_between_receipts",
            org=ORG, terminal=terminal_id, epoch=epoch, first=first, last=last,
        )  # fmt: skip
        return [(head[1], self._rebuilt(head)) for head in heads]

    def of_shift(
        self, terminal_id: int, epoch: int, first: int, last: int
    ) -> list[tuple[int, Sale]]:
        """The same over all epochs up to that one: a shift goes on when a new one begins.

        A number that was given again after an old copy of the journal counts as it was given last.
        """
        newest: dict[int, list[tuple[int, Sale]]] = {}
        for one in range(1, epoch + 1):
            found: dict[int, list[tuple[int, Sale]]] = {}
            for receipt, sale in self.between(terminal_id, one, first, last):
                found.setdefault(receipt, []).append((receipt, sale))
            newest.update(found)
        return [row for receipt in sorted(newest) for row in newest[receipt]]

    def last_receipt(self, terminal_id: int) -> int:
        """The last receipt number of a terminal, in the newest epoch that has sales; 0 = none."""
        row = self._sql.one("sale_last_receipt", org=ORG, terminal=terminal_id)
        return int(row[0]) if row else 0

    def of_uid(self, uid: bytes) -> Sale | None:
        """The sale of that uid, or None."""
        head = self._sql.one("sale_by_uid", org=ORG, uid=uid)
        return self._rebuilt(head) if head else None

    def holds(self, terminal_id: int, entry: Entry) -> bool:
        """True for a PAID whose sale stands here by another epoch's entry: it was entered again."""
        paid = entry.content
        assert isinstance(paid, Paid), "asked of a PAID only"
        row = self._sql.one(
            "sale_again",
            org=ORG, uid=entry.op, terminal=terminal_id, epoch=entry.epoch, attempt=entry.attempt,
            receipt=paid.receipt, total=paid.sale.total if paid.sale else None,
        )  # fmt: skip
        return bool(row and row[0])

    def same_z(self, terminal: TerminalRow, entry: Entry) -> tuple[int, int, bool] | None:
        """(epoch, seq, was it compared) of a Z that stands here under another epoch's entry."""
        report = entry.content
        assert isinstance(report, ZReport), "asked of a Z only"
        row = self._sql.one(
            "z_again",
            org=terminal.org, terminal=terminal.id, epoch=entry.epoch, shift=report.shift,
            day=report.day, at=entry.at, total=report.total,
        )  # fmt: skip
        return (row[0], row[1], row[2] >= 0) if row else None

    def refunds_of(self, uid: bytes, but: bytes) -> list[Sale]:
        """What was given back of that sale so far, without the refund of uid `but`."""
        heads = self._sql.rows("sale_refunds", org=ORG, ref=uid, uid=but)
        return [self._rebuilt(head) for head in heads]

    def _rebuilt(self, head: Row) -> Sale:
        number, _, kind, day, shift, cashier, list_version, member, level, total, *rest = head
        ref, interval = rest
        return Sale(
            kind=kind, day=day, shift=shift, cashier=cashier, list_version=list_version,
            member=member, level=level, total=total, ref=ref,
            interval=interval,
            lines=[Line(*row) for row in self._sql.rows("sale_lines", org=ORG, sale=number)],
            rounding=[
                Rounding(*row) for row in self._sql.rows("sale_roundings", org=ORG, sale=number)
            ],
            tenders=[Tender(*row) for row in self._sql.rows("sale_tenders", org=ORG, sale=number)],
        )  # fmt: skip

    def keep_z(
        self, terminal: TerminalRow, epoch: int, seq: int, *,
        report: ZReport, at: int, difference: str | None,
    ) -> None:  # fmt: skip
        """Notes a Z report; `difference` None = not compared yet, empty = agrees."""
        agrees = -1 if difference is None else int(not difference)
        self._sql.run(
            "z_keep",
            org=terminal.org, terminal=terminal.id, epoch=epoch, seq=seq, day=report.day,
            shift=report.shift, agrees=agrees, difference=difference or "", at=at,
            **z_totals(report),
        )  # fmt: skip
        if difference is not None:
            # The same Z of an epoch that ended before it could be compared there.
            self._sql.run(
                "z_settle_same",
                org=terminal.org, terminal=terminal.id, shift=report.shift, day=report.day,
                at=at, total=report.total, agrees=agrees, difference=difference,
            )  # fmt: skip

    def waiting_z(self, terminal: TerminalRow, epoch: int, upto: int) -> list[int]:
        """Numbers of Z entries up to `upto` that could not be compared when they came."""
        rows = self._sql.rows(
            "z_waiting", org=terminal.org, terminal=terminal.id, epoch=epoch, upto=upto
        )
        return [row[0] for row in rows]

    def z_reports(self, first_day: int, last_day: int) -> list[Row]:
        """Rows (terminal id, code, epoch, seq, day, shift, agrees, difference)."""
        return self._sql.rows("z_list", org=ORG, first=first_day, last=last_day)
