"""Conversations with a purse as jobs for the card thread; what comes of them goes on the queue.

The card thread stops at a gate before the one command that takes money: the core journals the
intent and opens the gate. No answer of the core within two seconds means no, and nothing was sent.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from card.errors import CardError, JobFailed
from scale_app.purse_proof import terminal_number
from scale_app.terminal.devices import Reader
from scale_app.terminal.happened import (
    DebitEnded,
    DebitJudged,
    DebitWanted,
    Happened,
    OpName,
)

if TYPE_CHECKING:
    from card.connection import Connection
    from card.intent import DebitIntent
    from card.pcsc.events import JobDone
    from card.purse import DebitProof
    from card.read import TappedCard
    from card.sam import Sam
    from card.verdict import Resolution

GATE_S = 2.0


class NotAllowed(CardError):
    """The core did not open the gate; nothing was sent."""

    code = "not_allowed"


class Gate:
    """Holds the card thread until the intent is durable."""

    def __init__(self) -> None:
        self._answered = threading.Event()
        self._allowed = False

    def allow(self) -> None:
        """The card may be told to pay."""
        self._allowed = True
        self._answered.set()

    def refuse(self) -> None:
        """It must not."""
        self._answered.set()

    def pass_through(self) -> None:
        """Waits for the core's word.

        Raises:
            NotAllowed: it said no, or nothing in time.
        """
        if not self._answered.wait(GATE_S) or not self._allowed:
            raise NotAllowed


@dataclass(frozen=True, slots=True)
class DebitOrder:
    """What a card is to pay; `serial` is a number never given before."""

    name: OpName
    card: "TappedCard"
    tap: int
    amount: int
    serial: int
    when: datetime


class PurseJobs:
    """Debits, and looks at what became of them.

    Args:
        reader: the till's reader and key ring.
        terminal: name of this terminal.
        put: the core's queue.
    """

    def __init__(self, reader: Reader, terminal: str, put: Callable[[Happened], None]) -> None:
        self._reader, self._put = reader, put
        self._terminal = terminal_number(terminal)

    def debit(self, order: DebitOrder) -> None:
        """Ends with DebitEnded; DebitWanted comes before when the card is ready to pay."""
        from card.purse import debit  # noqa: PLC0415  late: after the first frame
        from card.softsam import SoftSam  # noqa: PLC0415

        keys, module, facts = self._reader.keys, self._reader.module, order.card.purse
        assert facts is not None, "only a card with a purse is debited"
        facts = replace(facts, profile=module.profile(facts.profile))

        def before_commit(intent: "DebitIntent") -> None:
            gate = Gate()
            self._put(DebitWanted(order.name, intent, gate))
            gate.pass_through()

        def job(connection: "Connection") -> "DebitProof":
            if keys is None:
                raise JobFailed(reason="key_missing")
            sam: Sam = (
                module.opened()
                if facts.scheme in module.schemes
                else SoftSam(keys, terminal=self._terminal, next_serial=lambda: order.serial)
            )
            return debit(
                connection, sam, order.amount, card=facts, when=order.when,
                before_commit=before_commit, uid=order.card.uid,
            )  # fmt: skip

        def done(ended: "JobDone[DebitProof]") -> None:
            self._put(DebitEnded(order.name, order.tap, ended.value, ended.error))

        if not self._reader.run(job, done, order.tap):
            self._put(DebitEnded(order.name, order.tap, None, JobFailed(reason="reader_gone")))

    def judge(self, name: OpName, intent: "DebitIntent", card: "TappedCard", tap: int) -> None:
        """Asks the card of a doubt what it did; ends with DebitJudged."""
        from card.purse import resolve  # noqa: PLC0415

        facts = card.purse
        assert facts is not None, "only a card with a purse can be in doubt"

        module = self._reader.module

        def job(connection: "Connection") -> "Resolution":
            sam = module.at_hand if facts.scheme in module.schemes else None
            return resolve(connection, sam, intent, profile=facts.profile)

        def done(ended: "JobDone[Resolution]") -> None:
            self._put(DebitJudged(name, tap, ended.value))

        if not self._reader.run(job, done, tap):
            self._put(DebitJudged(name, tap, None))
