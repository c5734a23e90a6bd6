"""Random walks over checkout and tender machine together; what must hold whatever happens.

The walk plays keys, goods, cards, answers, silence and restarts in any order. Laws: the back-office
is asked only after a saved intent; never more approvals are used than intents were saved; at most
one sale is saved per basket; the saved total is the basket's total; no tender leaves a final state.
"""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from broker.sale import Tender, TenderKind
from scale_app.checkout import happenings as h
from scale_app.checkout.basket import SaleFacts, sale_of
from scale_app.checkout.desk import Pan, TapMode
from scale_app.events import Key
from scale_app.tender_machine import Effect, TenderEvent, TenderState, after
from scale_app.view import Message, Stage
from tests.scale_app.checkout.driver import Checkout
from tests.scale_app.samples import card

FACTS = SaleFacts(20261124, 1, 7, 3)
FINAL = {TenderState.PAID, TenderState.DECLINED, TenderState.REVERSED}


@dataclass
class Bank(Checkout):
    """The till with a journal of lists: what is saved, in order."""

    intents: list[tuple[int, int]] = field(default_factory=list)
    asked_of: list[int] = field(default_factory=list)
    sales: dict[int, int] = field(default_factory=dict)
    approvals: int = 0
    state: TenderState | None = None
    pending: h.PayCard | None = None

    def event(self, event: TenderEvent) -> Effect:
        """The tender machine, with the law that a final state stays."""
        assert self.state is not None
        was = self.state
        self.state, effect = after(was, event)
        assert was not in FINAL or self.state is was
        return effect

    def _answer(self, action: h.Action) -> list[h.Happening]:
        if isinstance(action, h.PayCash):
            return [self._sell(action.number, action.basket.total, action)]
        if isinstance(action, h.PayCard):
            assert self.pending is None, "one tender at a time"
            self.state, effect = after(TenderState.NEW, TenderEvent.PAY)
            assert effect is Effect.SAVE_INTENT
            self.intents.append((action.number, action.basket.total))
            if self.event(TenderEvent.SENT) is Effect.ASK:
                assert self.intents[-1][0] == action.number, "asked without an intent"
                self.asked_of.append(action.number)
            self.pending = action
            return []
        if isinstance(action, h.GiveUp):
            return self._give_up(action)
        return super()._answer(action)

    def _sell(self, number: int, total: int, action: h.PayCash | h.PayCard) -> h.Happening:
        assert number not in self.sales, "a basket is sold once"
        kind = TenderKind.CASH if isinstance(action, h.PayCash) else TenderKind.STORED_VALUE
        sale = sale_of(action.basket, Tender(kind, total), FACTS)
        assert sale.total == total == sum(line.amount for line in action.basket.lines)
        self.sales[number] = sale.total
        return h.Saved((), len(self.sales), Message("paid"))

    def _give_up(self, action: h.GiveUp) -> list[h.Happening]:
        assert self.pending is not None
        assert self.event(TenderEvent.CANCELLED) is Effect.SAVE_REVERSING
        pending, self.pending = self.pending, None
        if action.cash:
            return [self._sell(action.number, pending.basket.total, pending)]
        return [h.NotCharged(Message("given-up"))]


class Walk(RuleBasedStateMachine):
    """One till, one walk."""

    @initialize(tap=st.sampled_from(TapMode), online=st.booleans())
    def begin(self, tap: TapMode, online: bool) -> None:
        opened = Checkout.opened(tap, online=online)
        self.till = Bank(opened.desk, opened.now)
        self.late: list[TenderEvent] = []

    @rule(text=st.sampled_from("1297z"))
    def hot_key(self, text: str) -> None:
        entry = self.till.desk.entry is not None and text.isdigit()
        self.till.key(Key.DIGIT if entry else Key.ITEM, text)

    @rule(key=st.sampled_from([k for k in Key if k not in (Key.ITEM, Key.DIGIT)]))
    def other_key(self, key: Key) -> None:
        self.till.key(key)

    @rule(net_g=st.integers(1, 15_000))
    def put(self, net_g: int) -> None:
        self.till.put(net_g)

    @rule(net_g=st.integers(1, 90))
    def put_little(self, net_g: int) -> None:
        self.till.below_minimum(net_g)

    @rule()
    def move(self) -> None:
        self.till.moving()

    @rule()
    def take_off(self) -> None:
        self.till.take_off()

    @rule()
    def lose_scale(self) -> None:
        self.till.happen(h.PanChanged(Pan(empty=True, refusal="lost"), self.till.now))

    @rule(kind=st.sampled_from(["member", "stored", "both"]), level=st.integers(1, 2))
    def tap(self, kind: str, level: int) -> None:
        self.till.tap(card(kind, level=level))

    @rule()
    def lift(self) -> None:
        self.till.lift()

    @rule(seconds=st.sampled_from([0.1, 1.0, 3.5, 31.0]))
    def wait(self, seconds: float) -> None:
        self.till.pass_time(seconds)

    @rule(online=st.booleans())
    def network(self, online: bool) -> None:
        self.till.happen(h.LinkChanged(online))

    @rule()
    def slow(self) -> None:
        self.till.happen(h.AskSlow())

    @rule(again=st.booleans())
    def approve(self, again: bool) -> None:
        till = self.till
        if till.state is None:
            return
        pending = till.pending
        if till.event(TenderEvent.APPROVED) is Effect.SAVE_PAID:
            assert pending is not None
            till.pending = None
            till.approvals += 1
            saved = till._sell(pending.number, pending.basket.total, pending)
            till.happen(saved)
            if again:
                till.happen(saved)

    @rule(level=st.sampled_from([None, 0, 1, 2]))
    def decline(self, level: int | None) -> None:
        till = self.till
        if till.state is not None and till.event(TenderEvent.REFUSED) is Effect.SAVE_DECLINED:
            till.pending = None
            till.happen(h.Refused(Message("no"), level))

    @rule()
    def silence(self) -> None:
        till = self.till
        if till.state is not None and till.event(TenderEvent.NO_ANSWER) is Effect.SAVE_REVERSING:
            till.pending = None
            till.happen(h.NotCharged(Message("not-charged")))

    @rule()
    def stop(self) -> None:
        self.till.happen(h.Stopped(Message("disk-full")))

    @rule()
    def recover(self) -> None:
        if self.till.desk.stage is Stage.STOPPED:
            self.silence()
            self.till.happen(h.Recovered())

    @rule()
    def undone(self) -> None:
        if self.till.state is not None:
            self.till.event(TenderEvent.UNDONE)

    @invariant()
    def laws(self) -> None:
        if not hasattr(self, "till"):
            return
        till = self.till
        assert till.approvals <= len(till.intents)
        assert till.asked_of == [number for number, _ in till.intents]
        assert len(till.sales) <= till.desk.number
        if till.desk.stage is Stage.ASKING:
            assert till.pending is not None
        if till.pending is not None:
            stage = till.desk.guarded_from if till.desk.guard else till.desk.stage
            assert stage in (Stage.ASKING, Stage.STOPPED)
        if till.desk.stage is Stage.PAID:
            assert till.sales[till.desk.number] == till.desk.basket.total


Walk.TestCase.settings = settings(max_examples=120, stateful_step_count=60)
TestWalks = Walk.TestCase
