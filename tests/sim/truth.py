"""The truth by hand: journals and books read row by row and added up without the programs' sums."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from broker.codec import decode
from broker.messages import Entry, Kind, Paid, ZReport
from broker.sale import Sale
from tests.sim.disk import Memory

Op = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Sold:
    """A receipt as a till's journal has it."""

    till: str
    receipt: int
    op: bytes
    attempt: int
    sale: Sale
    offline: bool
    at: int


@dataclass(slots=True)
class Journal:
    """What one till has written down."""

    till: str
    bodies: dict[tuple[int, int], bytes] = field(default_factory=dict)
    intents: dict[Op, Sale] = field(default_factory=dict)
    sold: dict[int, list[Sold]] = field(default_factory=lambda: defaultdict(list))
    outcomes: dict[Op, list[int]] = field(default_factory=lambda: defaultdict(list))
    zs: list[tuple[int, int, ZReport]] = field(default_factory=list)
    """(epoch, seq, report), each once."""


def journal_of(till: str, database: Memory) -> Journal:
    """A till's journal; what was entered again in a new epoch counts once."""
    found = Journal(till)
    seen: set[tuple[int, bytes, int, int]] = set()
    for epoch, seq, body in database.rows("SELECT epoch, seq, body FROM entry ORDER BY epoch, seq"):
        found.bodies[epoch, seq] = body
        entry = decode(body)
        assert isinstance(entry, Entry), "the journal holds entries only"
        # By its time, too: a purse that paid beside cash is in doubt twice.
        name = (int(entry.kind), entry.op, entry.attempt, entry.at)
        if name in seen and epoch > 1:
            continue
        seen.add(name)
        _note(found, entry)
    return found


def op_of(body: bytes) -> Op:
    """Which operation an entry is about."""
    entry = decode(body)
    assert isinstance(entry, Entry), "the journal holds entries only"
    return entry.op, entry.attempt


def _note(found: Journal, entry: Entry) -> None:
    op = (entry.op, entry.attempt)
    content = entry.content
    if isinstance(content, Sale):
        found.intents[op] = content
    elif isinstance(content, ZReport):
        found.zs.append((entry.epoch, entry.seq, content))
    else:
        found.outcomes[op].append(int(entry.kind))
    if isinstance(content, Paid):
        sale = content.sale or found.intents[op]
        sold = Sold(
            found.till, content.receipt, entry.op, entry.attempt, sale, bool(content.offline),
            entry.at,
        )  # fmt: skip
        found.sold[content.receipt].append(sold)


def card_moves(books: Memory) -> dict[Op, int]:
    """What each operation has taken from cards in the end, fen; zero is left out."""
    rows = books.rows(
        "SELECT t.op, t.attempt, t.amount, d.code, c.code FROM transfer AS t"
        " JOIN account AS d ON d.org = t.org AND d.id = t.debit"
        " JOIN account AS c ON c.org = t.org AND c.id = t.credit WHERE t.reason IN (1, 2, 3, 6)"
    )
    moved: Counter[Op] = Counter()
    for op, attempt, amount, debit, credit in rows:
        if debit.startswith("card/"):
            moved[op, attempt] += amount
        if credit.startswith("card/"):
            moved[op, attempt] -= amount
    return {op: amount for op, amount in moved.items() if amount}


def balances(books: Memory) -> dict[str, tuple[int, int]]:
    """Account -> (balance as kept, balance as the sum of its transfers)."""
    codes = dict(books.rows("SELECT id, code FROM account"))
    kept = dict(books.rows("SELECT code, balance FROM account"))
    summed: Counter[str] = Counter()
    for debit, credit, amount in books.rows("SELECT debit, credit, amount FROM transfer"):
        summed[codes[debit]] -= amount
        summed[codes[credit]] += amount
    return {code: (balance, summed[code]) for code, balance in kept.items()}


def booked(books: Memory) -> dict[bytes, tuple[Any, ...]]:
    """uid -> (terminal, receipt, content) of each sale in the books, content as tuples."""
    lines: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in books.rows(
        "SELECT sale, plu, quantity, unit, unit_price, base, shelf_price, tare, discount, amount,"
        " flags FROM sale_line ORDER BY sale, n"
    ):
        lines[row[0]].append(row[1:])
    tenders: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in books.rows("SELECT sale, kind, amount, card FROM sale_tender ORDER BY sale, n"):
        tenders[row[0]].append(row[1:])
    found = {}
    for number, uid, terminal, *head in books.rows(
        "SELECT s.id, s.uid, t.code, s.receipt, s.kind, s.day, s.shift, s.cashier, s.list_version,"
        " s.member, s.level, s.total FROM sale AS s"
        " JOIN terminal AS t ON t.org = s.org AND t.id = s.terminal"
    ):
        found[uid] = (terminal, *head, tuple(lines[number]), tuple(tenders[number]))
    return found


def content_of(sold: Sold) -> tuple[Any, ...]:
    """The same for a receipt of a till."""
    sale = sold.sale
    lines = tuple(
        (
            one.plu, one.quantity, one.unit, one.unit_price, one.base, one.shelf_price, one.tare,
            one.discount, one.amount, one.flags,
        )
        for one in sale.lines
    )  # fmt: skip
    tenders = tuple((one.kind, one.amount, one.card) for one in sale.tenders)
    return (
        sold.till, sold.receipt, sale.kind, sale.day, sale.shift, sale.cashier,
        sale.list_version, sale.member, sale.level, sale.total, lines, tenders,
    )  # fmt: skip


FINAL = frozenset({
    (int(Kind.PAID),), (int(Kind.DECLINED),), (int(Kind.REVERSING),),
    (int(Kind.REVERSING), int(Kind.REVERSED)), (int(Kind.UNSURE), int(Kind.PAID)),
    (int(Kind.UNSURE), int(Kind.DECLINED)), OWED := (int(Kind.UNSURE), int(Kind.UNSURE)),
})  # fmt: skip
"""The ways in which a card operation may end in a journal; OWED: a purse paid, and cash too."""


_STATE = {
    "entry": "SELECT terminal, epoch, seq, hash FROM entry",
    "transfer": "SELECT op, attempt, reason, leg, debit, credit, amount FROM transfer",
    "account": "SELECT code, balance FROM account",
    "sale": "SELECT uid, receipt, total FROM sale",
    "sale_tender": "SELECT sale, n, kind, amount FROM sale_tender",
    "operation": "SELECT op, attempt, state, amount FROM operation WHERE state IN (1, 3, 5, 6)",
    "terminal": "SELECT code, epoch FROM terminal",
    "card": "SELECT number, state, token_seq, token FROM card",
}


def state_of(books: Memory) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in the books of money, sales, cards and journals, table by table."""
    return {name: sorted(books.rows(sql)) for name, sql in _STATE.items()}
