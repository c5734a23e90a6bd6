"""The talk with the back-office: sign-on, questions, outbox, reversals, prices, heartbeat.

Lives in the core thread; the link's thread only puts what arrived on the core's queue. Nothing
here decides about money: it turns frames into news and the journal's entries into frames.
"""

import contextlib
import logging
import math
from collections.abc import Callable

from broker import messages as m
from broker.codec import decode, encode
from broker.collect import Collect
from broker.compared import Compare, Compared
from broker.errors import BadMessage
from broker.seal import opened, sealed
from broker.topics import Channel, down, up
from scale_app.checkout.desk import KnownCard
from scale_app.errors import JournalFull
from scale_app.journal.entries import Appended, Subject
from scale_app.journal.store import Journal
from scale_app.terminal.asking import Asking, Purpose, Question, decides
from scale_app.terminal.clock import Clock
from scale_app.terminal.collecting import Collecting
from scale_app.terminal.comparing import Comparing
from scale_app.terminal.heartbeat import heartbeat_of, sign_on_of
from scale_app.terminal.list_taking import ListTaking
from scale_app.terminal.news import (
    BalanceAnswered,
    News,
    OutboxMoved,
    PricesCame,
    SaleAnswered,
    SaleUnanswered,
    ShiftCompared,
    SignedOn,
    SignOnRefused,
    WentOffline,
)
from scale_app.terminal.past import Past
from scale_app.terminal.signing import Signing
from scale_app.terminal.stand_ins import StandIns
from scale_app.terminal.unconfirmed import Unconfirmed
from scale_app.terminal.undoing import Undoing, undo_question
from scale_app.uploader import BATCH, Uploader, fitting, parcel_of

log = logging.getLogger("steelyard.office")

HEARTBEAT_S = 60.0
SIGN_ON_AGAIN_S = 5.0

Publish = Callable[[str, bytes, int, bool], bool]
"""(topic, frame, QoS, retain) -> handed to the link."""


class OfficeLine:
    """One till's side of the contract."""

    def __init__(
        self, terminal: str, *, key: bytes, key_number: int, office_key: bytes,
        journal: Journal, clock: Clock,
    ) -> None:  # fmt: skip
        self.stand_ins = StandIns(
            journal, clock, terminal=terminal, key_number=key_number, office_key=office_key
        )
        self._terminal, self._key = terminal, key
        self._journal, self._clock = journal, clock
        self._publish: Publish = lambda _topic, _frame, _qos, _retain: False
        self.asking = Asking(key)
        self.uploader = Uploader()
        self.past = Past(journal)
        self.collecting = Collecting(journal, clock, self.uploader)
        self.comparing = Comparing(journal)
        self.signing = Signing(journal)
        self.connected = False
        self.signed_on = False
        self.lists = ListTaking(journal, office_key)
        self.bad_frames = 0
        self.undoing = Undoing(journal)
        self._unconfirmed = Unconfirmed()
        self._sign_on_at: float | None = None
        self._heartbeat_at: float | None = None

    def attach(self, publish: Publish) -> None:
        """The link is there; until now nothing could be sent."""
        self._publish = publish

    def link_up(self, now: float) -> list[News]:
        """Connected: every connection begins with a sign-on."""
        self.connected = True
        self.asking.drop(Purpose.SIGN_ON)
        self._sign_on(now)
        return []

    def link_down(self, why: str) -> list[News]:
        """Lost: sales that wait go on waiting, the rest is asked again after the next sign-on."""
        was, self.connected, self.signed_on = self.signed_on, False, False
        self.uploader.lost()
        self.past.lost()
        self._sign_on_at = self._heartbeat_at = None
        for purpose in (Purpose.SIGN_ON, Purpose.UNDO, Purpose.COMPARE):
            self.asking.drop(purpose)
        self.comparing.lost()
        balances = self.asking.drop(Purpose.BALANCE)
        news: list[News] = [BalanceAnswered(q.card, None) for q in balances]
        return [*news, WentOffline(why)] if was or not news else news

    def _sign_on(self, now: float, fork: tuple[int, int, bytes] | None = None) -> None:
        content = sign_on_of(self._journal, self.lists, self.stand_ins, fork)
        self._sign_on_at = None
        self._ask_question(m.Kind.SIGN_ON, Purpose.SIGN_ON, content, now)

    def _ask_question(
        self, kind: m.Kind, purpose: Purpose, content: m.SignOn | m.AskBalance | Compare,
        now: float,
    ) -> None:  # fmt: skip
        rid = self._clock.uid()
        question = m.Question(kind, self._terminal, rid, self._clock.wall_ms(), content)
        card = content.card if isinstance(content, m.AskBalance) else 0
        frame = sealed(encode(question), self._key)
        self._send_up(Channel.ASK, self.asking.ask(Question(purpose, rid, 0, card), frame, now))

    def _send_up(self, channel: Channel, frame: bytes) -> bool:
        qos = 0 if channel is Channel.ASK else 1
        return self._publish(up(self._terminal, channel), frame, qos, channel is Channel.HEARTBEAT)

    def ask_balance(self, card: KnownCard, now: float) -> bool:
        """A balance inquiry; false when it cannot be asked now."""
        if not self.signed_on or not self.asking.has_room:
            return False
        self.asking.drop(Purpose.BALANCE)
        content = m.AskBalance(card.number, card.token_seq, card.token)
        self._ask_question(m.Kind.BALANCE, Purpose.BALANCE, content, now)
        return True

    def ask_sale(self, op: bytes, attempt: int, intent: Appended, now: float) -> None:
        """The intent goes out as the question; what waited in the outbox rides with it."""
        self.uploader.appended(intent.seq, now)
        bodies = self._before(intent)
        frame = sealed(parcel_of(bodies or [intent.body]), self._key)
        question = Question(Purpose.SALE, op, attempt, epoch=intent.epoch)
        frame = self.asking.ask(question, frame, now)
        if self._send_up(Channel.ASK, frame) and bodies is not None:
            self.uploader.sent_to(intent.seq, now, self._clock.jitter())

    def _before(self, intent: Appended) -> list[bytes] | None:
        """Bodies not yet sent, the intent last; None when they are too many to ride along."""
        rows = self._journal.unsent(self.uploader.sent, BATCH)
        may_go = not self.past.is_open and self.uploader.may_go(intent.seq)
        if not rows or rows[-1][0] != intent.seq or not may_go:
            return None
        return [body for _, body in rows] if len(fitting(rows)) == len(rows) else None

    def forget_sale(self) -> None:
        """Nobody waits for that answer any more."""
        self.asking.drop(Purpose.SALE)

    def tick(self, now: float) -> list[News]:
        """Sends what is due; tells what got no answer."""
        again, gone = self.asking.due(now)
        for frame in again:
            self._send_up(Channel.ASK, frame)
        news = [one for question in gone for one in self._unanswered(question, now)]
        self.signing.tick(now, (self.uploader.epoch, self.uploader.last_seq))
        if self.signed_on:
            self._upload(now)
            self.signing.send(self.uploader, now, self._send_sales, self._clock.jitter)
            self._send_undos(now)
            self._compare(now)
            news += self._unconfirmed.look(self.collecting, self.undoing)
            if self._unconfirmed.has_stuck_now:  # a new epoch may bring what is stuck here
                self.signed_on, self._sign_on_at = False, now
            is_due = self._heartbeat_at is not None and now >= self._heartbeat_at
            if is_due or self.collecting.has_news(has_past=self.past.is_open):
                self.heartbeat(now)
        elif self.connected and self._sign_on_at is not None and now >= self._sign_on_at:
            self._sign_on(now)
        return news + self.collecting.overdue(now)

    def _unanswered(self, question: Question, now: float) -> list[News]:
        if question.purpose is Purpose.SIGN_ON:
            self._sign_on_at = now + SIGN_ON_AGAIN_S * self._clock.jitter()
        if question.purpose is Purpose.COMPARE:
            self.comparing.unanswered(now)
        if question.purpose is Purpose.BALANCE:
            return [BalanceAnswered(question.card, None)]
        if question.purpose is Purpose.SALE:
            return [SaleUnanswered(question.rid, question.attempt), *self._silent(now)]
        return []

    def _silent(self, now: float) -> list[News]:
        """Nobody answers: the next customer does not wait for it, until a sign-on is answered."""
        if not self.signed_on:
            return []
        news = self.link_down("no answer")
        self.connected = True
        self._sign_on(now)
        return news

    def _upload(self, now: float) -> None:
        self.past.send(now, self._send_sales, self._clock.jitter)
        while not self.past.is_open and (parcel := self.uploader.plan(now)):
            if not (rows := fitting(self._journal.unsent(parcel.after, parcel.limit))):
                return
            upto, jitter = rows[-1][0], self._clock.jitter()
            bodies = [body for _, body in rows]
            bodies += self.signing.bodies(upto, now, self._clock.jitter)
            if not self._send_sales(parcel_of(bodies)):
                return
            self.uploader.sent_to(upto, now, jitter)

    def _send_sales(self, body: bytes) -> bool:
        return self._send_up(Channel.SALES, sealed(body, self._key))

    def _send_undos(self, now: float) -> None:
        for undo in self.undoing.due(now):
            self.undoing.sent(undo, now, self._clock.jitter())
            if self.asking.has_room:
                frame, question = sealed(undo.body, self._key), undo_question(undo)
                self.asking.close(question)
                self._send_up(Channel.ASK, self.asking.ask(question, frame, now))

    def _compare(self, now: float) -> None:
        if self.uploader.owed or self.past.is_open or not self.asking.has_room:
            return
        if (content := self.comparing.question(now)) is not None:
            self._ask_question(m.Kind.COMPARE, Purpose.COMPARE, content, now)

    def heartbeat(self, now: float) -> None:
        """This scale is here; and how much it still owes."""
        self._heartbeat_at = now + HEARTBEAT_S
        self._send_up(Channel.HEARTBEAT, self.heartbeat_frame(state=1))

    def say_goodbye(self) -> None:
        """The program ends in order: the retained heartbeat says so."""
        self._send_up(Channel.HEARTBEAT, self.heartbeat_frame(state=0))

    def heartbeat_frame(self, state: int) -> bytes:
        """The sealed heartbeat; state 0 is the will that the broker keeps."""
        beat = heartbeat_of(self.collecting, self.lists, self.stand_ins, state=state)
        return sealed(encode(beat), self._key)

    def next_due(self) -> float | None:
        """Monotonic second of the next thing to do."""
        dues = [self.asking.requests.next_due(), self._sign_on_at]
        if self.signed_on:
            sends = self.past if self.past.is_open else self.uploader
            dues += [sends.next_due(), self._heartbeat_at, self.undoing.next_due()]
            dues.append(self.signing.next_due())
            if self.uploader.owed == 0 and not self.past.is_open and self.asking.has_room:
                dues.append(self.comparing.next_due())
        return min((due for due in dues if due is not None), default=None)

    # What arrives.

    def arrived(self, topic: str, frame: bytes, now: float) -> list[News]:
        """News in a frame of the back-office; what cannot be read is counted and dropped."""
        try:
            if topic == down(self._terminal, Channel.ANSWER):
                return self._answer(frame, now)
            message = decode(opened(frame, [self._key])[0])
        except BadMessage as error:
            self.bad_frames += 1
            log.warning("a frame on %s cannot be used: %s", topic, error)
            return []
        self._heard(now)
        if isinstance(message, m.Receipt):
            self.signing.kept(message.epoch, message.signed)
            return self._receipt(message, now)
        if isinstance(message, m.SignedPrices | m.PackedPrices):
            return self._prices(message)
        if isinstance(message, m.SignedTerms):
            self.stand_ins.offered(message)
        elif isinstance(message, Collect):
            self.collecting.asked(message)
        else:
            self.bad_frames += 1
        return []

    def _answer(self, frame: bytes, now: float) -> list[News]:
        found = self.asking.answer_in(frame)
        if found is None:
            return []
        question, answer = found
        if answer.code == m.Code.BUSY:
            return []
        self._heard(now)
        self.asking.close(question)
        meaning: dict[Purpose, Callable[[], list[News]]] = {
            Purpose.SIGN_ON: lambda: self._welcomed(answer, now),
            Purpose.BALANCE: lambda: self._balance_answered(question, answer),
            Purpose.COMPARE: lambda: self._compared(answer, now),
            Purpose.SALE: lambda: self._sale_answered(question, answer, now),
            Purpose.UNDO: lambda: self._undone(question, answer, now),
        }
        return meaning[question.purpose]()

    def _balance_answered(self, question: Question, answer: m.Answer) -> list[News]:
        content = answer.content if isinstance(answer.content, m.CardStanding) else None
        if answer.code == m.Code.OK:
            self.stand_ins.saw(question.card)
        return [BalanceAnswered(question.card, content)]

    def _heard(self, now: float) -> None:
        with contextlib.suppress(JournalFull):  # what has come must not be lost for it
            self.stand_ins.heard(now)

    def _welcomed(self, answer: m.Answer, now: float) -> list[News]:
        welcome = answer.content
        if answer.code != m.Code.OK or not isinstance(welcome, m.Welcome):
            self._sign_on_at = now + 60 * self._clock.jitter()
            return [SignOnRefused(answer.code)]
        # Should the journal refuse, sign-on is tried again.
        self._sign_on_at = now + SIGN_ON_AGAIN_S
        fork = self._journal.compared.other_head(welcome.epoch, welcome.upto, welcome.head)
        if fork is not None:  # told where we part, the office grants a new epoch
            self._sign_on(now, (welcome.epoch, welcome.upto, fork))
            return []
        self._journal.keep_welcome(welcome)
        self._sign_on_at = None
        standing = self._journal.standing()
        self.signed_on = True
        self.uploader.signed_on(standing.epoch, standing.upto, standing.last_seq)
        self.past.signed_on(welcome.older)
        self.collecting.mode(welcome.upload)
        self.comparing.wake(now)
        self.undoing.anew(now)
        self.signing.welcomed(welcome.signed)
        self.heartbeat(now)
        behind_s = (self._clock.wall_ms() - answer.at) // 1000
        self._clock.agree(answer.at)
        return [SignedOn(welcome, behind_s)]

    def _sale_answered(self, question: Question, answer: m.Answer, now: float) -> list[News]:
        content = answer.content if isinstance(answer.content, m.Authorised) else None
        news: list[News] = []
        if content is not None:
            news += self._receipted(question.epoch, content.upto, now)
        said = answer.code, content, decides(question, answer)
        return [*news, SaleAnswered(question.rid, question.attempt, *said)]

    def _undone(self, question: Question, answer: m.Answer, now: float) -> list[News]:
        if not isinstance(answer.content, m.Undone):
            log.error("a reversal was refused with code %d; it stays open", answer.code)
            return []
        subject = Subject(question.rid, question.attempt, self._clock.wall_ms())
        if self._journal.save_reversed(subject, answer.content.was):
            self.grew(now)
        # Its `upto` may be of the epoch in which it was answered first; a receipt comes with it.
        self.undoing.confirmed((question.rid, question.attempt))
        return []

    def _compared(self, answer: m.Answer, now: float) -> list[News]:
        if not isinstance(answer.content, Compared):
            self.comparing.unanswered(now)
            return []
        for body in self.comparing.told(answer.content, now):
            self._send_sales(body)
        ended = self.comparing.ended(self._clock.wall_ms())
        return [] if ended is None else [ShiftCompared(*ended)]

    def grew(self, now: float) -> None:
        """The journal has new entries, a Z perhaps."""
        self.comparing.wake(now)
        self.collecting.grew(now)

    def _receipt(self, receipt: m.Receipt, now: float) -> list[News]:
        """What the office holds; less than it told before, or others: one of us has an old copy."""
        fork = self._journal.compared.other_head(receipt.epoch, receipt.upto, receipt.head)
        if receipt.epoch < self.uploader.epoch and not fork:
            self.past.receipted(receipt.epoch, receipt.upto, now)
            return []
        lost = fork or any(seq <= self.uploader.upto for seq in receipt.missing)
        if not lost:
            return self._receipted(receipt.epoch, receipt.upto, now)
        if self.signed_on and receipt.epoch == self.uploader.epoch:
            log.warning("the office holds other entries than it had: signing on again")
            self.signed_on, self._sign_on_at = False, now
            self.uploader.lost()
        return [] if fork else self._receipted(receipt.epoch, receipt.upto, now)

    def _receipted(self, epoch: int, upto: int, now: float) -> list[News]:
        try:
            if not self._journal.keep_receipt(epoch, upto):
                return []
        except JournalFull:
            # Receipts come again; an answer that carries one must not be lost for it.
            return []
        self.uploader.receipted(epoch, upto, now)
        return [OutboxMoved(upto)]

    def _prices(self, offer: m.SignedPrices | m.PackedPrices) -> list[News]:
        forms = self.lists.forms
        catalog = self.lists.offered(offer, self._clock.wall_ms())
        if catalog is None and forms == self.lists.forms:
            return []
        # The office is told at once which list is in force, or that a whole one is needed.
        self._heartbeat_at = -math.inf
        return [PricesCame(catalog)] if catalog else []
