"""Planted bugs about purses on chips; see `tests.sim.mutants`."""

from typing import Any
from unittest.mock import patch

from card.errors import CardError
from scale_app.journal.debits import Debits
from scale_app.tender_machine import TenderState
from scale_app.terminal import purse_till
from scale_app.terminal.purse_till import PurseTill


def _debit_not_journalled() -> list[Any]:
    def wanted(self: PurseTill, event: Any) -> list[Any]:
        if self._pending(event.name) is not None:
            self._now_in(TenderState.INTENT)
            event.gate.allow()
        return []

    return [patch.object(PurseTill, "wanted", wanted)]


def _torn_is_refused() -> list[Any]:
    return [patch.object(purse_till, "_NOTHING_TAKEN", (CardError,))]


def _doubts_forgotten() -> list[Any]:
    return [patch.object(Debits, "doubts", lambda _self: [])]


def _cash_ends_the_doubt() -> list[Any]:
    """What the card took before cash was paid is not looked for any more."""
    proved = PurseTill._proved

    def paid(self: PurseTill, desk: Any, doubt: Any, resolution: Any, finish: Any) -> Any:
        if doubt.state is not TenderState.UNSURE_CASH:
            return proved(self, desk, doubt, resolution, finish)
        name = (doubt.op, doubt.attempt)
        finish(lambda: self._not_taken(name, doubt.state, 15))
        return self._back(desk, doubt, None), None

    return [patch.object(PurseTill, "_proved", paid)]


PURSES = (
    ("debit-not-journalled", "a purse is told to pay before it is written", _debit_not_journalled),
    ("torn-is-refused", "a torn purse counts as one that took nothing", _torn_is_refused),
    ("doubts-forgotten", "a purse put back is not asked what it did", _doubts_forgotten),
    ("cash-ends-the-doubt", "a purse that paid beside cash took nothing", _cash_ends_the_doubt),
)
"""Name, story, patches."""
