"""Books a pretend year: tills that write their journals, and the office's handlers that take them.

What a real till would have sent goes through the same functions in the same order, a day in a
transaction: questions are answered, outcomes settled, Z reports compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from backoffice.commands.table import keep_inside
from backoffice.demo.chain import Till
from backoffice.demo.shopping import WEEKDAYS, Around, Shopping, Visit, given_back
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.entries import keep_entry, upload
from backoffice.handlers.operations import authorise, reverse
from backoffice.store.directory import TerminalRow
from broker.codec import Form, decode, encode
from broker.messages import (
    Answer,
    Authorised,
    Content,
    Entry,
    Kind,
    Paid,
    Reversed,
    Reversing,
    ZReport,
)
from broker.sale import Sale, Tender, TenderKind
from broker.seal import FIRST_LINK, link_of
from broker.tally import tally
from broker.uid import new_uid

OPENING: Final = 50_000
"""Fen on a card when it is sold."""
TOP_UP: Final = 30_000
LAG_MS: Final = 400
OUTAGE: Final = 0.02
"""Part of the days of tills on which the network is gone for hours."""
CARDS_AT_ONCE: Final = 500


@dataclass(slots=True)
class Purse:
    """A member's card as the card itself knows it."""

    number: int
    token_seq: int
    token: bytes
    balance: int

    def shown(self) -> Tender:
        """The card as a tender of nothing that shows its token."""
        return Tender(TenderKind.STORED_VALUE, 0, self.number, self.token_seq, self.token)


@dataclass(slots=True)
class Scale:
    """A till's journal while it is written."""

    till: Till
    row: TerminalRow
    seq: int = 0
    prev: bytes = FIRST_LINK
    receipt: int = 0
    shift: int = 0
    sold: list[tuple[int, Sale]] = field(default_factory=list)
    """Receipts of the shift."""
    last: tuple[bytes, Sale] | None = None
    """The newest sale that can be given back."""


class Year:
    """Books days one after another."""

    def __init__(
        self, desk: Desk, shopping: Shopping, scales: list[Scale], *, outage: float = OUTAGE
    ) -> None:
        self._outages = outage
        self._desk, self._shopping, self._scales = desk, shopping, scales
        self._purses: list[Purse] = []
        self._batch = Batch()

    def issue(self, count: int, now: int) -> Iterator[int]:
        """Sells cards to members, some at once; gives back how many there are."""
        for begin in range(0, count, CARDS_AT_ONCE):
            with self._desk.store.transaction():
                for member in range(begin, min(begin + CARDS_AT_ONCE, count)):
                    self._purses.append(self._issued(member, now))
            yield len(self._purses)

    def _issued(self, member: int, now: int) -> Purse:
        wish = {
            "chip": (member + 1).to_bytes(7, "big").hex(), "kind": 3, "opening": OPENING,
            "level": self._shopping.levels[member], "valid_to": 20991231, "by": "demo-data",
        }  # fmt: skip
        row = self._carry("card.reserve", wish, now)
        self._carry("card.activate", {"number": row["number"], "by": "demo-data"}, now)
        return Purse(row["number"], row["token_seq"], bytes.fromhex(row["token"]), OPENING)

    def _carry(self, name: str, said: dict[str, Any], now: int) -> dict[str, Any]:
        return keep_inside(self._desk, name, said, self._batch, now=now)

    def day(self, day: date, sales: int) -> int:
        """Books one day of all tills in one transaction; gives back how many sales it has."""
        shares = self._shopping.rng.choices(range(len(self._scales)), k=sales)
        counts = [0] * len(self._scales)
        for number in shares:
            counts[number] += 1
        self._batch = Batch()
        with self._desk.store.transaction():
            for scale, count in zip(self._scales, counts, strict=True):
                if count:
                    self._shift(scale, day, count)
        return sales

    def _shift(self, scale: Scale, day: date, count: int) -> None:
        scale.shift += 1
        scale.sold.clear()
        scale.last = None
        number = day.year * 10_000 + day.month * 100 + day.day
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(scale.till.zone))
        begin = int(midnight.astimezone(UTC).timestamp()) * 1000
        store = int(scale.till.store[1:])
        visits = self._shopping.visits(count, store)
        away = self._outage(visits)
        for visit in visits:
            at = begin + visit.second * 1000
            is_away = away is not None and away[0] <= visit.second < away[1]
            heard = begin + away[1] * 1000 if away and is_away else at + LAG_MS
            self._served(scale, visit, number, (at, heard, is_away))
        closed = begin + (visits[-1].second + 1800) * 1000
        self._close(scale, number, begin, closed)

    def _outage(self, visits: list[Visit]) -> tuple[int, int] | None:
        """Seconds of the day between which the network is gone; None on most days."""
        rng = self._shopping.rng
        if rng.random() >= self._outages:
            return None
        begin = visits[len(visits) // 3].second
        return begin, begin + rng.randint(1, 4) * 3600

    def _served(self, scale: Scale, visit: Visit, day: int, when: tuple[int, int, bool]) -> None:
        at, heard, is_away = when
        purse = self._purses[visit.member] if visit.member >= 0 else None
        around = Around(day, scale.shift, scale.till.cashier, scale.row.list_version,
                        purse.number if purse else None)  # fmt: skip
        if visit.ends == "refund" and scale.last is not None:
            self._give_back(scale, around, (at, heard))
            return
        by_card = visit.way is TenderKind.STORED_VALUE and purse is not None
        sale = self._shopping.sale(visit, around, purse.shown() if by_card and purse else None)
        while by_card and purse is not None and purse.balance < sale.total and not is_away:
            self._top_up(purse, heard)
        op = new_uid(at, self._shopping.rng.randbytes(10))
        if not by_card or purse is None or sale.total <= 0:
            self._paid(scale, op, Paid(0, sale), (at, heard))
        elif is_away:
            self._alone(scale, op, sale, (at, heard))
            purse.balance -= sale.total
        elif not self._asked(scale, op, sale, purse=purse, when=(at, heard, visit.ends == "void")):
            return
        self._note(scale, op, sale)

    def _note(self, scale: Scale, op: bytes, sale: Sale) -> None:
        scale.sold.append((scale.receipt, sale))
        # What went back to a card of ours is booked by the office alone; pretend tills keep to
        # what they can give back themselves.
        if all(one.kind in (TenderKind.CASH, TenderKind.QR) for one in sale.tenders):
            scale.last = (op, sale)

    def _give_back(self, scale: Scale, around: Around, when: tuple[int, int]) -> None:
        assert scale.last is not None, "asked before"
        uid, sale = scale.last
        scale.last = None
        refund = given_back(sale, uid, around)
        op = new_uid(when[0], self._shopping.rng.randbytes(10))
        reason = self._shopping.rng.randint(1, 4)
        self._paid(scale, op, Paid(0, refund, None, 0, reason, 1), when)
        scale.sold.append((scale.receipt, refund))

    def _top_up(self, purse: Purse, now: int) -> None:
        op = new_uid(now, self._shopping.rng.randbytes(10)).hex()
        said = {"op": op, "number": purse.number, "amount": TOP_UP, "by": "demo-data"}
        self._carry("card.topup", {**said, "reason": "demo"}, now)
        purse.balance += TOP_UP

    def _asked(
        self, scale: Scale, op: bytes, sale: Sale, *, purse: Purse, when: tuple[int, int, bool]
    ) -> bool:
        """Asks for a card payment, and pays or takes it back; False when nothing was sold."""
        at, heard, is_void = when
        entry, body = self._entry(scale, Kind.INTENT, op, content=sale, at=at)
        _, link = keep_entry(
            self._desk, scale.row, entry, body=body, batch=self._batch, now=heard
        )  # fmt: skip
        answer = decode(authorise(self._desk, scale.row, entry, body=body, link=link, now=heard))
        assert isinstance(answer, Answer), "authorise answers"
        assert isinstance(answer.content, Authorised), f"the card pays: {answer}"
        assert answer.code == 0, f"the card pays: {answer}"
        purse.token_seq, purse.token = answer.content.token_seq, answer.content.token
        if is_void:
            self._taken_back(scale, op, at=at, heard=heard)
            return False
        purse.balance -= sale.total
        self._paid(scale, op, Paid(0), (at, heard))
        return True

    def _taken_back(self, scale: Scale, op: bytes, *, at: int, heard: int) -> None:
        entry, body = self._entry(scale, Kind.REVERSING, op, content=Reversing(2), at=at)
        keep_entry(self._desk, scale.row, entry, body=body, batch=self._batch, now=heard)
        reverse(self._desk, scale.row, entry, body=body, now=heard)
        self._send(scale, Kind.REVERSED, op, content=Reversed(0), when=(at, heard))

    def _alone(self, scale: Scale, op: bytes, sale: Sale, when: tuple[int, int]) -> None:
        """A card payment without the office: INTENT and PAID come later, together."""
        self._send(scale, Kind.INTENT, op, content=sale, when=when)
        self._paid(scale, op, Paid(0, None, None, 1), when)

    def _paid(self, scale: Scale, op: bytes, paid: Paid, when: tuple[int, int]) -> None:
        scale.receipt += 1
        whole = Paid(scale.receipt, paid.sale, paid.balance, paid.offline, paid.reason,
                     paid.approved_by)  # fmt: skip
        self._send(scale, Kind.PAID, op, content=whole, when=when)

    def _close(self, scale: Scale, day: int, opened: int, closed: int) -> None:
        sums = tally(scale.sold)
        report = ZReport(
            scale.shift, day, scale.till.cashier, opened, sums.sales, sums.lines, sums.total,
            sums.saving, list(sums.tenders), sums.first_receipt, sums.last_receipt, 0,
            list(sums.rounding),
        )  # fmt: skip
        op = new_uid(closed, self._shopping.rng.randbytes(10))
        self._send(scale, Kind.Z, op, content=report, when=(closed, closed + LAG_MS))
        self._desk.store.directory.seen(scale.row, at=closed + LAG_MS, state=1, unsent=0)

    def _entry(
        self, scale: Scale, kind: Kind, op: bytes, *, content: Content, at: int
    ) -> tuple[Entry, bytes]:
        scale.seq += 1
        entry = Entry(kind, scale.till.code, 1, scale.seq, scale.prev, at, op, 1, content)
        body = encode(entry, Form.MSGPACK)
        scale.prev = link_of(body)
        return entry, body

    def _send(
        self, scale: Scale, kind: Kind, op: bytes, *, content: Content, when: tuple[int, int]
    ) -> None:
        entry, body = self._entry(scale, kind, op, content=content, at=when[0])
        upload(self._desk, scale.row, entry, body=body, batch=self._batch, now=when[1])


def days_before(today: date, months: int) -> list[date]:
    """Whole months of days, the last of them the one before `today`'s month ends, up to today."""
    year, month = divmod(today.year * 12 + today.month - 1 - (months - 1), 12)
    first = date(year, month + 1, 1)
    return [first + timedelta(days=n) for n in range((today - first).days + 1)]


def sales_of(days: list[date], total: int) -> list[int]:
    """How many sales each day gets: by weekday, all together exactly `total`."""
    weights = [WEEKDAYS[day.weekday()] for day in days]
    whole, given, made = sum(weights), 0, []
    for n, _ in enumerate(days):
        upto = total * sum(weights[: n + 1]) // whole
        made.append(upto - given)
        given = upto
    return made
