"""What the handlers share: the books, the office's secrets, and what one batch will send.

An answer is stored as its body and sealed again for each request, so the same request gets the same
bytes, and a stored answer still covers the MAC of the request that asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from backoffice.purse import PurseRecord, Verdict
from backoffice.second_journal import SecondJournal
from backoffice.store import Store
from backoffice.store.directory import TerminalRow
from broker.codec import Form, decode, encode
from broker.collect import Upload
from broker.messages import VERSION as WIRE_VERSION
from broker.messages import Answer, Entry, Kind, Receipt
from broker.sale import Sale
from broker.seal import sealed, terminal_key
from broker.topics import Channel, down

MOST_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Incoming:
    """A frame as it came from the broker."""

    topic: str
    payload: bytes
    reply_to: str = ""
    correlation: bytes = b""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A frame to publish once the batch is on disk."""

    topic: str
    payload: bytes
    qos: int = 0
    correlation: bytes = b""


@dataclass(slots=True)
class Batch:
    """What a transaction will send when it is committed."""

    frames: list[Outgoing] = field(default_factory=list)
    touched: dict[tuple[str, int], Form] = field(default_factory=dict)
    """(terminal, epoch) with new or repeated entries -> form of the receipt."""
    told: dict[tuple[str, int], int] = field(default_factory=dict)
    """(terminal, epoch) -> `upto` that an answer of this batch already tells."""
    signed: set[tuple[str, int]] = field(default_factory=set)
    """(terminal, epoch) of signatures that were kept: only a receipt tells that."""
    has_commands: bool = False
    """A command was carried out on the way: the second journal has to catch up first."""


@dataclass(slots=True)
class Desk:
    """The books and the secrets."""

    store: Store
    mac_master: bytes
    signing_key: bytes
    new_token: Callable[[], bytes]
    """Eight fresh random bytes at each call."""
    judge_tac: Callable[[bytes, PurseRecord], Verdict] | None = None
    """Is the TAC of the purse with that serial genuine? None: no key token here."""
    load_word: Callable[[dict[str, Any], bytes], bytes | None] | None = None
    """MAC2 for a card's request and a moment; empty when its MAC1 is wrong, None without keys."""
    carry: "Carry | None" = None
    """Carries an office command out inside the transaction, kept for the second journal, too."""
    has_new_debt: bool = False
    """A card went below zero: the denied cards are looked at again after the frame."""
    second: SecondJournal | None = None
    """Where commands of the office are kept once more; None: nowhere, for tests only."""
    _keys: dict[tuple[str, int], bytes] = field(default_factory=dict)
    _sales: dict[bytes, Sale] = field(default_factory=dict)
    prices: dict[tuple[str, int, int, int, Form], bytes] = field(default_factory=dict)
    """Signed price lists by (terminal, version, version it has, forms it takes, form)."""

    def forget(self) -> None:
        """Drops what is remembered, after an office command changed the books."""
        self.store.forget()
        self.prices.clear()

    def key(self, terminal: TerminalRow) -> bytes:
        """The MAC key of a terminal."""
        name = (terminal.code, terminal.key_number)
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = terminal_key(self.mac_master, *name)
        return known

    def remember_sale(self, link: bytes, sale: Sale) -> None:
        """Keeps a sale by the hash of the entry that carries it."""
        if len(self._sales) > MOST_REMEMBERED:
            self._sales.clear()
        self._sales[link] = sale

    def sale_of(self, terminal: TerminalRow, epoch: int, *, seq: int, link: bytes) -> Sale | None:
        """The sale in a stored INTENT, or None when that entry is not here."""
        known = self._sales.pop(link, None)
        if known is not None:
            return known
        body = self.store.journal.body(terminal, epoch, seq)
        entry = decode(body) if body else None
        content = entry.content if isinstance(entry, Entry) else None
        return content if isinstance(content, Sale) else None


class Carry(Protocol):
    """`backoffice.commands.keep_inside`, which stands above the handlers."""

    def __call__(
        self, desk: Desk, name: str, said: dict[str, Any], batch: Batch, /, *, now: int
    ) -> dict[str, Any]:
        """The command's result.

        Raises:
            OfficeError: refused; nothing was changed.
        """
        ...


def seal_answer(
    desk: Desk, terminal: TerminalRow, asked: Incoming, *, body: bytes, covers: bytes
) -> Outgoing:
    """The frame of an answer, to the topic where the asker waits."""
    here = f"d/{terminal.code}/"
    wants = asked.reply_to
    allowed = wants.startswith(here) and len(wants) > len(here) and not set(wants) & set("#+\0")
    topic = wants if allowed else down(terminal.code, Channel.ANSWER)
    frame = sealed(body, desk.key(terminal), covers)
    return Outgoing(topic, frame, 0, asked.correlation)


def answer_body(answer: Answer, form: Form) -> bytes:
    """The encoded answer."""
    return encode(answer, form)


def receipts(desk: Desk, batch: Batch) -> list[Outgoing]:
    """One receipt for each journal that the batch touched and no answer has told already."""
    made = []
    for (code, epoch), form in batch.touched.items():
        terminal = desk.store.directory.terminal(code)
        if terminal is None:
            continue
        mark = desk.store.journal.mark(terminal, epoch)
        # What is missing before the question of a scale that waits to be asked is no news to it.
        nothing_waits = mark.upto == mark.highest or terminal.upload == Upload.WHEN_ASKED
        is_told = batch.told.get((code, epoch)) == mark.upto and nothing_waits
        if is_told and (code, epoch) not in batch.signed:
            continue
        missing = desk.store.journal.missing(terminal, epoch, mark)
        signed = desk.store.heads.signed(terminal, epoch)
        receipt = Receipt(
            WIRE_VERSION, Kind.RECEIPT, code, epoch, mark.upto, mark.head, missing, signed
        )
        frame = sealed(encode(receipt, form), desk.key(terminal))
        made.append(Outgoing(down(code, Channel.RECEIPT), frame))
    return made
