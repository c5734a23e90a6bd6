"""People at a till: they look at the screen and do the next thing, mostly the sensible one."""

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

from scale_app.checkout.desk import Guard
from scale_app.events import Key, KeyPressed
from scale_app.journal.debits import Doubt
from scale_app.view import Stage
from tests.sim.agenda import Agenda
from tests.sim.cards import Pockets
from tests.sim.market import PIN, PLUS, WEIGHED
from tests.sim.options import Options
from tests.sim.till import Till

if TYPE_CHECKING:
    from scale_app.terminal.cashbox import Pending

KEY_MS = (200, 900)
"""Between two keys of a hurried person."""
BESIDE_THE_PAN = (Stage.SELLING, Stage.REFUSED, Stage.PAID)


class Person:
    """The cashier and whoever stands before the till."""

    def __init__(
        self, agenda: Agenda, till: Till, chance: Random, *,
        options: Options, pockets: Pockets, may_sell: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._agenda, self.till, self._chance = agenda, till, chance
        self._options, self._pockets, self._may_sell = options, pockets, may_sell
        self._wanted = 0
        self._by_card = False
        self._typing: list[tuple[Key, str]] = []
        self._patience = 20
        self.is_closing = False
        """The market ends: nothing new is begun, the shift is closed."""
        self.has_closed = False

    def begin(self) -> None:
        """Comes to work."""
        self._soon(self._chance.randint(100, self._options.pace_ms))

    def _soon(self, wait_ms: int) -> None:
        self._agenda.after(wait_ms, f"person {self.till.code}", self._act)

    def _act(self) -> None:
        wait = self._done() if self.till.is_on else 1_000
        self._soon(wait or self._chance.randint(*KEY_MS))

    def _press(self, key: Key, text: str = "") -> None:
        self.till.turn(KeyPressed(key, text))
        if not self._chance.randrange(50):
            self.till.turn(KeyPressed(key, text))  # a key that bounces, or a nervous finger

    def _done(self) -> int:
        """Does one thing; milliseconds until the next one, 0 = a moment."""
        if self._typing:
            self._press(*self._typing.pop(0))
            return 0
        if self.till.pan.is_loaded and self.till.stage in BESIDE_THE_PAN:
            return self._at_the_pan()
        doing = {
            Stage.ASKING: self._waiting, Stage.GUARD: self._questioned,
            Stage.SELLING: self._selling, Stage.REFUSED: self._selling, Stage.PAID: self._paid,
            Stage.STOPPED: self._waits_for_repair, Stage.STARTING: self._waits_for_repair,
        }.get(self.till.stage)  # fmt: skip
        return doing() if doing else 1_000

    def _takes(self) -> int:
        """One more thing: counted, or put on the pan."""
        if self._chance.randrange(100) < self._options.weighed:
            self.till.pan.load()
            return self._chance.randint(100, 1_500)
        self._press(Key.ITEM, str(self._chance.choice(PLUS)))
        return 0

    def _at_the_pan(self) -> int:
        """The goods lie there: their key, and then into the customer's bag."""
        pan, chance = self.till.pan, self._chance
        if not pan.pressed or chance.random() < 0.05:
            pan.pressed = True
            self._press(Key.ITEM, chance.choice(list(WEIGHED.values())))
            return chance.randint(200, 1_200)
        pan.clear()
        return chance.randint(100, 1_500)

    def _waits_for_repair(self) -> int:
        """Nothing can be sold: after a while somebody switches the till off and on."""
        self._patience -= 1
        if self._patience <= 0:
            self._patience = self._chance.randint(5, 40)
            self.till.cut()
        return 1_000

    # One customer.

    def _selling(self) -> int:
        desk, chance = self.till.core._desk, self._chance
        lines = len(desk.basket.items)
        if lines == 0:
            return self._idle()
        if self.till.stage is Stage.REFUSED and chance.random() < 0.3:
            self._by_card = not self._by_card
        if lines < self._wanted and not self.is_closing:
            return self._takes()
        if not self.is_closing and chance.random() < 0.05:
            return self._hesitates()
        if self._by_card and not self.is_closing and self.till.stage is not Stage.REFUSED:
            return self._taps()
        self._by_card = False
        self._press(Key.ENTER)
        return 0

    def _hesitates(self) -> int:
        """Takes a line back, parks the basket, or counts pieces."""
        word = self._chance.choice(("delete", "park", "times", "member"))
        if word == "delete":
            self._typing = [(Key.DELETE_LINE, ""), (Key.DELETE_LINE, "")]
        elif word == "park":
            self._typing = [(Key.PARK, ""), (Key.ITEM, str(self._chance.randint(1, 8)))]
        elif word == "times":
            pieces = str(self._chance.randint(2, 4))
            self._typing = [(Key.ENTRY, ""), (Key.DIGIT, pieces), (Key.TIMES, "")]
            self._typing += [(Key.ITEM, str(self._chance.choice(PLUS)))]
        else:
            self._wanted += 1
        return 0

    def _taps(self) -> int:
        if self.till.card is not None:
            self.till.lift_card()
            return 0
        card = self._pockets.free(self._chance)
        if card is None:
            self._by_card = False
            return 0
        self.till.put_card(card)
        return self._chance.randint(200, 700)

    def _idle(self) -> int:
        if self.till.card is not None:
            self.till.lift_card()
            return 0
        doubts = self.till.journal.debits.doubts() if self.till.purse.doubts else []
        if doubts and (self.is_closing or self._chance.random() < 0.05):
            self._puts_back(self._chance.choice(doubts))
            return 1_000
        if self.is_closing:
            return self._end_of_day()
        if not self._may_sell():
            return 1_000
        chance = self._chance
        if chance.random() < 0.06:
            return self._between_customers()
        self._wanted = chance.choice((1, 1, 2, 3, 5))
        self._by_card = chance.randrange(100) < self._options.card_share
        return self._takes()

    def _between_customers(self) -> int:
        """Looks at the sums, closes the shift, takes a sale back, fetches a parked basket."""
        word = self._chance.choice(("x", "z", "undo", "undo", "void", "park", "balance"))
        if word == "x":
            self._typing = [(Key.SHIFT, ""), (Key.BACK, "")]
        elif word == "z":
            self._typing = [(Key.SHIFT, ""), (Key.SHIFT, ""), (Key.ENTER, "")]
        elif word == "undo":
            self._press(Key.UNDO)
        elif word == "void":
            self._press(Key.UNDO)
            if self.till.core._desk.guard is Guard.UNDO:
                self._press(Key.UNDO)
        elif word == "park":
            self._typing = [(Key.PARK, ""), (Key.ITEM, str(self._chance.randint(1, 8)))]
        else:
            self._wanted = 0
            return self._taps()
        return 0

    def _waiting(self) -> int:
        """The office is asked; after a while some people choose cash, or give up."""
        desk, chance = self.till.core._desk, self._chance
        if self.till.purse.is_in_doubt:
            return self._in_doubt()
        if chance.random() < 0.03:
            self._press(Key.ENTER)  # impatient: too early it does nothing
        elif desk.slow and chance.random() < 0.25:
            self._press(Key.ENTER if chance.random() < 0.6 else Key.BACK)
        elif self.till.card is not None and chance.random() < 0.15:
            self.till.lift_card()
        return 0

    def _in_doubt(self) -> int:
        """The card was torn while it paid: put back, another one tried, or given up."""
        chance, till = self._chance, self.till
        if till.card is not None:
            till.lift_card()
        elif chance.random() < 0.2:
            self._press(Key.ENTER if chance.random() < 0.5 else Key.BACK)
        elif chance.random() < 0.15:
            return self._taps()
        else:
            self._puts_back(till.purse._cashbox.pending)
        return 1_000

    def _puts_back(self, doubt: "Pending | Doubt | None") -> None:
        number = doubt.card if isinstance(doubt, Doubt) else doubt and doubt.card.number
        card = self._pockets.purse(number or 0)
        if card is not None:
            self.till.put_card(card)

    def _questioned(self) -> int:
        guard, chance = self.till.core._desk.guard, self._chance
        if guard in (Guard.CLOSE_SHIFT, Guard.PAY_BY_CARD):
            self._press(Key.ENTER)
        elif guard in (Guard.UNDO, Guard.VOID_WHICH, Guard.VOID_WHY):
            self._press(Key.ITEM, str(chance.randint(1, 3)))
        elif guard is Guard.PIN:
            digits = PIN if chance.random() < 0.9 else "1357"
            self._typing = [(Key.DIGIT, one) for one in digits] + [(Key.ENTER, "")]
            if chance.random() < 0.2:
                self._typing = [(Key.LANGUAGE, "")] * 2
                self._press(Key.BACK)
        else:
            self._press(Key.BACK)
        return 0

    def _paid(self) -> int:
        """The customer goes; the next one comes when he comes."""
        if self.till.card is not None:
            self.till.lift_card()
            return 0
        if self.is_closing:
            self._press(Key.BACK)
            return 0
        chance = self._chance
        if chance.random() < 0.04:
            self._press(Key.UNDO)
            return 0
        if self._may_sell() and chance.random() < 0.5:
            self._wanted = chance.choice((1, 1, 2, 3, 5))
            self._by_card = chance.randrange(100) < self._options.card_share
            return self._takes() or chance.randint(100, self._options.pace_ms)
        self._press(Key.BACK)
        return chance.randint(100, self._options.pace_ms)

    # The end.

    def _end_of_day(self) -> int:
        if self.has_closed:
            return 60_000
        desk = self.till.core._desk
        for slot, basket in enumerate(desk.parked, 1):
            if basket.items:
                self._typing = [(Key.PARK, ""), (Key.ITEM, str(slot))]
                return 0
        if self.till.said == "shift-closed":
            self.has_closed = True
            return 0
        self._typing = [(Key.SHIFT, ""), (Key.SHIFT, ""), (Key.ENTER, "")]
        if desk.report_shown:
            self._typing = self._typing[1:]
        return 0
