"""A small market for the office's tests: real books on a real file, and a scale written by hand."""

import itertools
from pathlib import Path
from typing import Any

from backoffice.commands.table import run_command
from backoffice.handlers.desk import Batch, Desk, Incoming, Outgoing, receipts
from backoffice.handlers.incoming import receive
from backoffice.store import open_store
from broker.codec import Form, decode, encode
from broker.messages import (
    Answer,
    Code,
    Content,
    Entry,
    Heartbeat,
    Kind,
    Paid,
    Question,
    Receipt,
    Reversing,
    SignOn,
)
from broker.messages import Batch as BatchMessage
from broker.sale import Line, Sale, Tender, TenderKind
from broker.seal import FIRST_LINK, link_of, opened, sealed, split, terminal_key

NOW = 1_795_500_000_000
"""2026-11-24 05:20 UTC, 13:20 in Shanghai."""
DAY = 20261124
MASTER = bytes(range(32))

MARKET = """
[organisation]
name = "Riverside Market"
currency = "CNY"
zone = "Asia/Shanghai"
issuer = 6200
levels = ["shelf", "silver"]
[[store]]
id = "S03"
name = "河边市场"
[[terminal]]
id = "S03-12"
store = "S03"
stall = "Zhang"
[[terminal]]
id = "S03-13"
store = "S03"
stall = "Li"
[[cashier]]
number = 7
name = "张三"
[[product]]
plu = 1
name_zh = "苹果"
name_en = "Apple"
base = "kg"
prices = ["6.80", "6.46"]
key = "1"
"""

_numbers = itertools.count(1)


def new_op() -> bytes:
    """An operation's name never used before in this run."""
    return next(_numbers).to_bytes(16, "big")


class World:
    """The office in one process, without broker; `now` is a clock that moves when told."""

    def __init__(self, folder: Path, market: str = MARKET) -> None:
        self.path = folder / "office.db"
        self.now = NOW
        tokens = (n.to_bytes(8, "big") for n in itertools.count(0x1000))
        self.desk = Desk(open_store(self.path), MASTER, bytes(32), lambda: next(tokens))
        self.command("apply", text=market)
        for row in self.desk.store.directory.terminals():
            self.command("terminal.enrol", terminal=row[0])

    def command(self, name: str, /, **said: object) -> dict[str, object]:
        """An office command."""
        result = run_command(self.desk, name, said, Batch(), now=self.now)
        self.desk.forget()
        return result

    def card(self, opening: int = 10_000, *, kind: int = 2, level: int = 0,
             valid_to: int = 20991231) -> Tender:  # fmt: skip
        """A fresh card as a tender of 0.00 that shows its token."""
        wishes = {"kind": kind, "level": level, "opening": opening if kind & 2 else 0}
        row = self.command("card.reserve", chip=new_op().hex(), valid_to=valid_to, **wishes)
        self.command("card.activate", number=row["number"])
        number, seq, token = row["number"], row["token_seq"], row["token"]
        assert isinstance(number, int)
        assert isinstance(seq, int)
        assert isinstance(token, str)
        return Tender(TenderKind.STORED_VALUE, 0, number, seq, bytes.fromhex(token))

    def receive(self, topic: str, frame: bytes, reply_to: str = "") -> list[Outgoing]:
        """What the office sends after one frame."""
        batch = Batch()
        with self.desk.store.transaction(), self.desk.store.savepoint():
            receive(self.desk, Incoming(topic, frame, reply_to), batch, self.now)
            told = receipts(self.desk, batch)
        return batch.frames + told

    def balance(self, code: str) -> int:
        """Credits minus debits of an account."""
        return self.desk.store.ledger.balance(1, code)

    def alerts(self) -> list[str]:
        """Words of all alerts, oldest first."""
        return [row[2] for row in reversed(self.desk.store.notes.alerts(1000))]

    def quarantined(self) -> list[str]:
        """Reasons of all quarantined messages, oldest first."""
        return [row[3] for row in reversed(self.desk.store.notes.quarantined(1000))]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What stands in the books."""
        return self.desk.store.report_text(sql)[1]

    def count(self, table: str) -> int:
        """Rows of a table."""
        _, rows = self.desk.store.report_text(f"SELECT count(*) FROM {table}")
        return int(rows[0][0])


class Scale:
    """Writes entries and questions of one terminal, by hand and not with the till's code."""

    def __init__(self, world: World, terminal: str = "S03-12", form: Form = Form.MSGPACK) -> None:
        self.world, self.terminal, self.form = world, terminal, form
        self.key = terminal_key(MASTER, terminal, 1)
        self.epoch, self.seq, self.prev, self.receipt = 1, 0, FIRST_LINK, 0
        self.at: int | None = None

    def entry(self, kind: Kind, op: bytes, content: Content, attempt: int = 1) -> bytes:
        """The body of the next journal entry."""
        self.seq += 1
        made = Entry(
            kind, self.terminal, self.epoch, self.seq, self.prev, self.at or self.world.now, op,
            attempt, content,
        )  # fmt: skip
        body = encode(made, self.form)
        self.prev = link_of(body)
        return body

    def batch(self, *bodies: bytes) -> bytes:
        """Several bodies as one."""
        return encode(BatchMessage(1, Kind.BATCH, list(bodies)), self.form)

    def send(self, channel: str, body: bytes) -> list[Outgoing]:
        """Sends a body and returns everything that comes back."""
        return self.world.receive(f"u/{self.terminal}/{channel}", sealed(body, self.key))

    def ask(self, body: bytes) -> Answer:
        """Asks and returns the answer, seal checked."""
        frame = sealed(body, self.key)
        out = self.world.receive(f"u/{self.terminal}/a", frame)
        [answer] = [one for one in out if one.topic == f"d/{self.terminal}/a"]
        message = decode(opened(answer.payload, (self.key,), split(frame)[1])[0])
        assert isinstance(message, Answer)
        return message

    def upload(self, *bodies: bytes) -> Receipt:
        """Uploads and returns the receipt, seal checked."""
        out = self.send("s", bodies[0] if len(bodies) == 1 else self.batch(*bodies))
        [told] = [one for one in out if one.topic == f"d/{self.terminal}/k"]
        message = decode(opened(told.payload, (self.key,))[0])
        assert isinstance(message, Receipt)
        return message

    def sign_on_question(
        self,
        *,
        epoch: int = 0,
        last_seq: int = 0,
        head: bytes = FIRST_LINK,
        rid: bytes | None = None,
        list_version: int = 1,
    ) -> bytes:
        """The body of a SIGN_ON."""
        said = SignOn(epoch, last_seq, head, list_version, "test")
        question = Question(Kind.SIGN_ON, self.terminal, rid or new_op(), self.world.now, said)
        return encode(question, self.form)

    def heartbeat(self) -> bytes:
        """The body of a HEARTBEAT, as one follows each sign-on."""
        beat = Heartbeat(
            1, Kind.HEARTBEAT, self.terminal, self.world.now, 1, self.epoch, self.seq, 0, 1, "test"
        )
        return encode(beat, self.form)

    def sign_on(self, **said: Any) -> Answer:
        """Signs on; words as for the question."""
        return self.ask(self.sign_on_question(**said))

    def intent(self, card: Tender, amount: int = 840, op: bytes | None = None) -> bytes:
        """The body of an INTENT that charges a card."""
        return self.entry(Kind.INTENT, op or new_op(), card_sale(card, amount))

    def paid(self, op: bytes, sale: Sale | None = None, attempt: int = 1) -> bytes:
        """The body of a PAID."""
        self.receipt += 1
        return self.entry(Kind.PAID, op, Paid(self.receipt, sale), attempt)

    def reversing(self, op: bytes, attempt: int = 1) -> bytes:
        """The body of a REVERSING."""
        return self.entry(Kind.REVERSING, op, Reversing(1), attempt)

    def pay(self, card: Tender, amount: int = 840) -> bytes:
        """A whole card sale; the operation's name."""
        op = new_op()
        answer = self.ask(self.intent(card, amount, op))
        assert answer.code == Code.OK
        self.upload(self.paid(op))
        return op


def pieces(amount: int) -> Line:
    """One piece at `amount` fen."""
    return Line(1, 1, 9, amount, 9, amount, 0, 0, amount)


def card_sale(
    card: Tender, amount: int = 840, member: int | None = None, level: int = 0, *,
    proof: bytes = b"",
) -> Sale:  # fmt: skip
    """A sale of one line charged to a card."""
    tender = Tender(card.kind, amount, card.card, card.token_seq, card.token, proof=proof)
    return Sale(1, DAY, 1, 7, 1, member, level, amount, [pieces(amount)], [], [tender])


def cash_sale(amount: int = 840) -> Sale:
    """A sale of one line paid in cash."""
    tender = Tender(TenderKind.CASH, amount)
    return Sale(1, DAY, 1, 7, 1, None, 0, amount, [pieces(amount)], [], [tender])
