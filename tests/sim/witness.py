"""What people saw: promises on screens, held against the journals and books at the end."""

from collections import Counter
from dataclasses import dataclass, field

from broker.codec import decode
from broker.messages import Entry, Kind, Paid
from broker.sale import Sale
from scale_app.say import Say
from scale_app.terminal.core import Core
from scale_app.view import Stage
from tests.sim.market import MAX_AGE_MS, PER_CARD, PER_PAYMENT, PER_TILL
from tests.sim.till import Till


@dataclass(frozen=True, slots=True)
class Promise:
    """A screen said that this receipt is paid."""

    till: str
    receipt: int
    total: str
    said: str
    at: int


@dataclass(slots=True)
class Witness:
    """Looks at every screen after every step, and remembers."""

    promises: dict[tuple[str, int], Promise] = field(default_factory=dict)
    at_cuts: set[tuple[str, int]] = field(default_factory=set)
    """(till, receipt) that was the last in a journal when the power went."""
    counted: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)
    """(invariant, what was seen)"""
    heard: dict[str, int] = field(default_factory=dict)
    """Till -> when a frame of the office last came to it."""
    age_is_known: bool = True
    """False where clocks jump: then nobody can say how old a till believes its list to be."""
    is_limited: bool = False
    _last: dict[str, int] = field(default_factory=dict)

    def look(self, till: Till) -> None:
        """After a step of that till."""
        desk = till.core._desk
        if desk.stage is Stage.PAID and self._last.get(till.code) != desk.receipt_number:
            self._last[till.code] = desk.receipt_number
            with till.disk.database.unharmed():
                self._paid(till, till.core)

    def _paid(self, till: Till, core: Core) -> None:
        desk = core._desk
        message = desk.message
        total = str(message.params.get("total", "")) if message else ""
        said = message.code if message else ""
        name = (till.code, desk.receipt_number)
        if name in self.promises and not till.lost:
            self.broken.append(("I18", f"{till.code} showed receipt {name[1]} as paid twice"))
        self.promises[name] = Promise(till.code, desk.receipt_number, total, said, till.agenda.now)
        self.counted["promises"] += 1
        if said == Say.PAID_OFFLINE:
            self._offline(till, desk.receipt_number)

    def restarted(self, till: Till) -> None:
        """The screen after a start may say that the last sale was paid."""
        message = till.core._desk.message
        if message is None or message.code != Say.LAST_SALE_PAID:
            return
        receipt = int(str(message.params["receipt"]))
        total = str(message.params["total"])
        self.promises.setdefault(
            (till.code, receipt), Promise(till.code, receipt, total, message.code, till.agenda.now)
        )

    def cut(self, till: Till) -> None:
        """The power went: what was committed last may never have been shown."""
        self._last.pop(till.code, None)
        row = till.disk.database.rows("SELECT max(receipt) FROM sale")
        if row[0][0] is not None:
            self.at_cuts.add((till.code, row[0][0]))

    def _offline(self, till: Till, receipt: int) -> None:
        """A sale without an answer: the sums of what is not confirmed, added up by hand."""
        by_card: Counter[int] = Counter()
        amount, card = 0, 0
        upto = till.journal.standing().upto
        intents: dict[tuple[bytes, int], Sale] = {}
        for seq, body in till.journal.unsent(0, 10**9):
            entry = decode(body)
            assert isinstance(entry, Entry), "the journal holds entries only"
            if entry.kind == Kind.INTENT and isinstance(entry.content, Sale):
                intents[entry.op, entry.attempt] = entry.content
            if not isinstance(entry.content, Paid) or not entry.content.offline:
                continue
            tender = intents[entry.op, entry.attempt].tenders[0]
            assert tender.card is not None, "only cards pay offline"
            if seq > upto:
                by_card[tender.card] += tender.amount
            if entry.content.receipt == receipt:
                amount, card = tender.amount, tender.card
        self.counted["offline"] += 1
        most = (amount, by_card[card], sum(by_card.values()))
        limits = (PER_PAYMENT, PER_CARD, PER_TILL)
        if not self.is_limited or any(one > limit for one, limit in zip(most, limits, strict=True)):
            self.broken.append(("I10", f"{till.code} receipt {receipt} offline: {most}"))
        self._by_the_list(till, card, receipt)

    def _by_the_list(self, till: Till, card: int, receipt: int) -> None:
        terms = till.journal.offline.terms()
        if terms is None or card in terms.denied:
            self.broken.append(("I13", f"{till.code} receipt {receipt}: a denied card paid"))
        age = till.agenda.now - self.heard.get(till.code, 0)
        if self.age_is_known and age > MAX_AGE_MS:
            self.broken.append(("I13", f"{till.code} receipt {receipt}: list {age} ms old"))
