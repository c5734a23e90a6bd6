"""Plays the till around the checkout's table: answers actions at once, as the core does."""

from collections import deque
from dataclasses import dataclass, field
from typing import TypeVar

from scale_app.checkout import happenings as h
from scale_app.checkout.desk import Desk, Goods, KnownCard, Pan, TapMode
from scale_app.checkout.table import step
from scale_app.events import Key
from scale_app.view import Message
from tests.scale_app.samples import TODAY, catalog, grams

Done = TypeVar("Done")
EMPTY = Pan(empty=True, refusal="not-loaded", net="0.000")


@dataclass
class Checkout:
    """A desk, a pretend scale of one number, and every action that was asked for."""

    desk: Desk = field(default_factory=Desk)
    now: float = 0.0
    seq: int = 0
    goods: Goods | None = None
    answers_cash: bool = True
    stale: int = 0
    """So many times more the scale's last reading is too old to be sold by."""
    asked: list[h.Action] = field(default_factory=list)
    receipts: int = 0

    @classmethod
    def opened(cls, tap: TapMode = TapMode.PAY, *, online: bool = True) -> "Checkout":
        """A till that can sell."""
        till = cls(Desk(tap_mode=tap))
        till.happen(h.Opened(catalog(), ready=True))
        till.happen(h.LinkChanged(online))
        till.happen(h.PanChanged(EMPTY, 0.0))
        return till

    def happen(self, happening: h.Happening) -> None:
        """One happening, and what follows from it."""
        todo = deque([happening])
        while todo:
            self.desk, actions = step(self.desk, todo.popleft())
            for action in actions:
                self.asked.append(action)
                todo.extend(self._answer(action))

    def _answer(self, action: h.Action) -> list[h.Happening]:
        if isinstance(action, h.TakeWeight):
            return self._weigh(action)
        if isinstance(action, h.ProductTare):
            return [h.PanChanged(self.desk.pan, self.now)]
        if isinstance(action, h.PayCash) and self.answers_cash:
            self.receipts += 1
            return [h.Saved(("receipt",), self.receipts, Message("paid-cash"))]
        return []

    def _weigh(self, action: h.TakeWeight) -> list[h.Happening]:
        if self.stale:
            self.stale -= 1
            return [h.NotTaken("stale", self.now)]
        if self.goods is None:
            return [h.NotTaken("same-load", self.now)]
        goods, self.goods = self.goods, None
        sold = Pan(empty=False, seq=action.seq, refusal="same-load", net="sold")
        return [h.Taken(goods, self.now), h.PanChanged(sold, self.now)]

    def key(self, key: Key, text: str = "") -> None:
        """One key, half a second after the last."""
        self.now += 0.5
        self.happen(h.KeyIn(key, text, self.now))

    def keys(self, text: str) -> None:
        """Hot keys."""
        for character in text:
            self.key(Key.ITEM, character)

    def put(self, net_g: int) -> None:
        """A stable load on the pan."""
        self.moving()
        self.seq += 1
        self.goods = grams(net_g, self.seq)
        pan = Pan(ready=True, seq=self.seq, empty=False, net=f"{net_g / 1000:.3f}")
        self.happen(h.PanChanged(pan, self.now))

    def moving(self) -> None:
        """Something moves on the pan."""
        self.happen(h.PanChanged(Pan(empty=False, refusal="moving"), self.now))

    def below_minimum(self, net_g: int) -> None:
        """A stable load below the minimum."""
        self.seq += 1
        self.goods = grams(net_g, self.seq)
        pan = Pan(seq=self.seq, empty=False, refusal="below-minimum", net=f"{net_g / 1000:.3f}")
        self.happen(h.PanChanged(pan, self.now))

    def take_off(self) -> None:
        """The pan is empty."""
        self.goods = None
        self.happen(h.PanChanged(EMPTY, self.now))

    def weigh(self, key: str, net_g: int) -> None:
        """One weighed item, from pan to pan."""
        self.put(net_g)
        self.keys(key)
        self.take_off()

    def tap(self, card: KnownCard, *, asked: bool = False) -> None:
        """A card on the reader, read."""
        self.now += 0.3
        self.happen(h.CardPut())
        self.happen(h.CardShown(card, TODAY, self.now, asked))

    def lift(self) -> None:
        """The card leaves the reader."""
        self.happen(h.CardLifted(self.now))

    def pass_time(self, seconds: float) -> None:
        """Time passes."""
        self.now += seconds
        self.happen(h.Tick(self.now))

    @property
    def said(self) -> str:
        """Code on the screen."""
        return self.desk.message.code if self.desk.message else ""

    def done(self, kind: type[Done]) -> list[Done]:
        """Actions of one kind so far."""
        return [action for action in self.asked if isinstance(action, kind)]
