"""Planted bugs: patches of the programs' tables and functions, made here and never in the programs.

Each must break an invariant; a simulator that misses one is not looking.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast
from unittest.mock import patch

from msgspec.structs import replace as changed

from backoffice import operations
from backoffice.accounts import payment_code
from backoffice.errors import StoreFault
from backoffice.handlers import entries as office_entries
from backoffice.handlers import incoming, settling
from backoffice.handlers import operations as asked
from backoffice.handlers.desk import Batch, receipts
from backoffice.ledger import reversed_transfers
from backoffice.operations import Effect, Event, OpState, Step
from backoffice.second_journal import SecondJournal
from backoffice.server import Server
from backoffice.store.heads import Heads
from backoffice.store.journal import Journal as OfficeJournal
from broker.messages import Code, Kind, Paid, ReverseReason
from broker.sale import SaleKind
from broker.seal import split
from scale_app import stand_in
from scale_app.journal import store
from scale_app.journal.entries import append
from scale_app.journal.kept import SavedSale
from scale_app.journal.store import Journal
from scale_app.shift import shift_report
from scale_app.terminal import office_line, reports, stand_ins
from scale_app.terminal.cashbox import Cashbox, Counter
from scale_app.terminal.core import Core
from scale_app.terminal.office_line import OfficeLine
from scale_app.terminal.teller import Teller
from scale_app.terminal.undoing import Undoing
from tests.sim.goods_mutants import GOODS
from tests.sim.purse_mutants import PURSES

Patches = Callable[[], list[Any]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One planted bug."""

    name: str
    story: str
    patches: Patches

    @contextlib.contextmanager
    def planted(self) -> Iterator[None]:
        """While inside, the programs have this bug."""
        with contextlib.ExitStack() as stack:
            for one in self.patches():
                stack.enter_context(one)
            yield


def _replaced(where: object, name: str, what: Any) -> Any:
    return patch.object(where, name, what)


# The till.


def _fresh_op_id() -> list[Any]:
    def unanswered(self: Teller, desk: Any, news: Any, now: float) -> Any:
        pending = self.cashbox.pending
        if pending is None or (pending.op, pending.attempt) != (news.op, news.attempt):
            return []
        self.cashbox._named = (0, b"", 0)
        facts = Counter(desk.cashier, desk.catalog.version, desk.policy)
        intent = self.cashbox.begin_card(pending.number, pending.basket, pending.card, facts)
        again = self.cashbox.pending
        assert again is not None, "begun just now"
        self._office.ask_sale(again.op, again.attempt, intent, now)
        self.cashbox.sent()
        return []

    return [_replaced(Teller, "unanswered", unanswered)]


def _boot_forgets() -> list[Any]:
    return [_replaced(Journal, "undo_open_intents", lambda *_: [])]


def _late_approval() -> list[Any]:
    no_answer, move = Cashbox.no_answer, Journal._move

    def kept(self: Cashbox, op: bytes, attempt: int, reason: ReverseReason) -> bool:
        pending = self.pending
        done = no_answer(self, op, attempt, reason)
        self.pending = pending
        return done

    def any_move(self: Journal, subject: Any, old: Any, new: Any) -> None:
        now = self.tender_state(subject.op, subject.attempt)
        move(self, subject, now or old, new)

    return [
        _replaced(Cashbox, "no_answer", kept),
        _replaced(Journal, "_move", any_move),
        _replaced(OfficeLine, "forget_sale", lambda _self: None),
    ]


def _outbox_apart() -> list[Any]:
    def save_cash(self: Journal, subject: Any, sale: Any, undo: Any = None) -> Any:
        with self._transaction():
            if undo is not None:
                self._reverse(replace(subject, attempt=undo.attempt), undo.reason)
            kept = self._book(subject, sale, None)
        with self._transaction():
            append(self._db, Kind.PAID, subject, Paid(kept.receipt, sale, None))
        return kept

    return [_replaced(Journal, "save_cash", save_cash)]


def _sent_is_delivered() -> list[Any]:
    upload = OfficeLine._upload

    def sent(self: OfficeLine, now: float) -> None:
        upload(self, now)
        self._receipted(self.uploader.epoch, self.uploader.sent, now)

    # A sign-on alone would find out and mend it.
    return [_replaced(OfficeLine, "_upload", sent), *_rewind_ignored()]


def _rewind_ignored() -> list[Any]:
    keep_welcome = Journal.keep_welcome

    def kept(self: Journal, welcome: Any) -> None:
        upto, epoch = self.standing().upto, self.standing().epoch
        keep_welcome(self, welcome)
        if self.standing().epoch == epoch:
            with self._transaction():
                self._db.execute("UPDATE standing SET upto = max(upto, ?)", (upto,))

    return [_replaced(Journal, "keep_welcome", kept)]


def _carry_over_forgets() -> list[Any]:
    def carried(db: Any, epoch: int) -> None:
        db.execute(
            "UPDATE standing SET epoch = ?, last_seq = 0, head = zeroblob(16), upto = 0", (epoch,)
        )

    return [_replaced(store, "carry_over", carried)]


def _no_limits() -> list[Any]:
    def refusal(terms: Any, card: int, amount: int, usage: Any) -> Any:
        return stand_in.refusal(terms, card, 1, replace(usage, card_sum=0, till_sum=0))

    return [_replaced(stand_ins, "refusal", refusal)]


def _denied_pays() -> list[Any]:
    def refusal(terms: Any, card: int, amount: int, usage: Any) -> Any:
        return stand_in.refusal(terms, 0, amount, usage)

    return [_replaced(stand_ins, "refusal", refusal)]


def _z_without_refunds() -> list[Any]:
    report = shift_report

    def without(sales: Any, *rest: Any, **named: Any) -> Any:
        return report([one for one in sales if one.sale.kind == SaleKind.SALE], *rest, **named)

    return [_replaced(reports, "shift_report", without)]


def _reversal_not_asked() -> list[Any]:
    return [
        _replaced(Undoing, "due", lambda _self, _now: []),
        _replaced(Undoing, "next_due", lambda _self: None),
    ]


def _double_press() -> list[Any]:
    """The basket is sold again when the key bounces: no state guards it."""
    pay = Teller.pay_cash

    def twice(self: Teller, desk: Any, action: Any, now: float) -> Any:
        happened = pay(self, desk, action, now)
        if int(now * 1000) % 7 == 0:
            self.cashbox._named = (0, b"", 0)
            pay(self, desk, action, now)
        return happened

    return [_replaced(Teller, "pay_cash", twice)]


def _spoilt_decides() -> list[Any]:
    return [_replaced(office_line, "decides", lambda _question, _answer: True)]


def _unsealed() -> list[Any]:
    return [_replaced(incoming, "opened", lambda frame, _keys: split(frame))]


def _shown_before_saved() -> list[Any]:
    """The approval is believed and shown, and saved only with the next tick."""
    answered, tick = Teller.answered, Teller.tick

    def shown(self: Teller, desk: Any, news: Any, now: float) -> Any:
        if news.code != Code.OK or not news.decides or self.cashbox.pending is None:
            return answered(self, desk, news, now)
        pending = self.cashbox.pending
        receipt = self._journal.standing().next_receipt
        cast("Any", self)._owed = (desk, news, now)
        kept = SavedSale(receipt, pending.op, 0, 0, pending.sale, None)
        return [self._told(desk, kept)]

    def later(self: Teller, desk: Any, now: float) -> Any:
        owed = getattr(self, "_owed", None)
        if owed is not None and now > owed[2] + 1.0:
            cast("Any", self)._owed = None
            answered(self, *owed)
        return tick(self, desk, now)

    return [_replaced(Teller, "answered", shown), _replaced(Teller, "tick", later)]


def _sells_before_sign_on() -> list[Any]:
    came = Core._new_prices

    def always(self: Core, news: Any) -> Any:
        standing = Journal.standing
        with patch.object(Journal, "standing", lambda journal: replace(standing(journal), epoch=1)):
            return came(self, news)

    return [_replaced(Core, "_new_prices", always)]


# The office.


def _steps(changes: dict[tuple[OpState, Event], Step]) -> list[Any]:
    return [patch.dict(operations.TABLE, changes)]


def _no_tombstone() -> list[Any]:
    reverse = asked.reverse

    def forgetful(desk: Any, terminal: Any, entry: Any, **named: Any) -> bytes:
        if desk.store.operations.get(terminal.org, entry.op, entry.attempt) is None:
            told = reverse(desk, terminal, entry, **named)
            row = desk.store.operations.get(terminal.org, entry.op, entry.attempt)
            settling.save(desk, terminal, entry, replace(row, undo_answer=b""))
            return told
        return reverse(desk, terminal, entry, **named)

    none = Step(OpState.NONE, Effect.NOTE)
    return [
        *_steps({(OpState.NONE, Event.REVERSE): none}),
        _replaced(incoming, "reverse", forgetful),
        _replaced(office_entries, "reverse", forgetful),
    ]


def _answers_before_commit() -> list[Any]:
    def book(self: Server, link: Any) -> None:
        arrived, self._inbox = self._inbox, []
        batch, now = Batch(), self._clock()
        try:
            with self._desk.store.transaction():
                for one in arrived:
                    self._one(one, batch, now)
                for frame in (*batch.frames, *receipts(self._desk, batch)):
                    link.publish(frame.topic, frame.payload, frame.qos)
                for one in arrived:
                    link.acknowledge(one)
        except StoreFault as fault:
            self._hold(link, arrived, fault)

    return [_replaced(Server, "_book", book)]


def _small_reversal() -> list[Any]:
    whole = reversed_transfers

    def less(transfers: Any) -> Any:
        return [replace(one, amount=max(1, one.amount - 1)) for one in whole(transfers)]

    return [_replaced(asked, "reversed_transfers", less)]


def _blocked_pays() -> list[Any]:
    code_of = payment_code

    def lenient(*said: Any) -> Code:
        code = code_of(*said)
        return Code.OK if code is Code.BLOCKED else code

    return [_replaced(asked, "payment_code", lenient)]


def _receipt_over_gaps() -> list[Any]:
    mark = OfficeJournal.mark

    def generous(self: OfficeJournal, terminal: Any, epoch: int) -> Any:
        found = mark(self, terminal, epoch)
        return replace(found, upto=found.highest)

    return [_replaced(OfficeJournal, "mark", generous)]


def _refund_refused_early() -> list[Any]:
    return [_replaced(settling, "_is_early", lambda *_: False)]


def _no_second_journal() -> list[Any]:
    return [_replaced(SecondJournal, "_append", lambda _self, _lines: None)]


def _signatures_unkept() -> list[Any]:
    return [
        _replaced(Heads, "keep", lambda *_: True),
        _replaced(Heads, "signed", lambda *_: 10**6),
    ]


def _repriced() -> list[Any]:
    keep = settling._keep_sale

    def kept(desk: Any, terminal: Any, entry: Any, *, sale: Any, **named: Any) -> None:
        if sale.kind == SaleKind.SALE and sale.total % 1000 == 0:
            lines = [*sale.lines[:-1], _dearer(sale.lines[-1])]
            tenders = [_dearer(sale.tenders[0]), *sale.tenders[1:]]
            sale = changed(sale, lines=lines, tenders=tenders, total=sale.total + 1)
        keep(desk, terminal, entry, sale=sale, **named)

    return [_replaced(settling, "_keep_sale", kept)]


def _dearer(one: Any) -> Any:
    return changed(one, amount=one.amount + 1)


_ALL: tuple[tuple[str, str, Patches], ...] = (
    ("fresh-op-id", "after a timeout the till asks again as another operation", _fresh_op_id),
    ("no-tombstone", "a reversal of an unknown operation is not remembered", _no_tombstone),
    ("boot-forgets", "a start takes no open intent back", _boot_forgets),
    ("late-approval", "an approval after the reversal still pays", _late_approval),
    ("outbox-apart", "sale and outbox are two transactions", _outbox_apart),
    ("sent-is-delivered", "what was sent counts as received", _sent_is_delivered),
    ("rewind-ignored", "a restored office gets nothing again", _rewind_ignored),
    ("carry-over-forgets", "a new epoch begins without what was owed", _carry_over_forgets),
    ("no-limits", "sales without an answer know no sums", _no_limits),
    ("denied-pays", "the list of denied cards is not looked at", _denied_pays),
    ("z-without-refunds", "the Z counts no refunds", _z_without_refunds),
    ("reversal-not-asked", "the till never asks for a reversal", _reversal_not_asked),
    ("double-press", "a bouncing key sells the basket again", _double_press),
    ("shown-before-saved", "the screen says paid before the journal does", _shown_before_saved),
    ("spoilt-decides", "a refusal that names nothing is a decline", _spoilt_decides),
    ("unsealed", "the office looks at no seal", _unsealed),
    ("sells-before-sign-on", "a price list alone begins the selling", _sells_before_sign_on),
    ("answers-before-commit", "the office answers before it is on disk", _answers_before_commit),
    ("small-reversal", "a reversal gives a fen too little", _small_reversal),
    ("blocked-pays", "the office approves blocked cards", _blocked_pays),
    ("receipt-over-gaps", "the office receipts what it does not have", _receipt_over_gaps),
    ("refund-refused-early", "a refund before its sale goes to suspense", _refund_refused_early),
    ("no-second-journal", "the office's commands are kept once only", _no_second_journal),
    ("signatures-unkept", "the office keeps no signature and says it does", _signatures_unkept),
    ("repriced", "the books change the price of a sale", _repriced),
    *PURSES,
    *GOODS,
)

MUTANTS = {name: Mutant(name, story, patches) for name, story, patches in _ALL}
