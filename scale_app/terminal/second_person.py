"""The second person: whose PIN is it, and how often may be guessed.

The office sends verifiers with its signed terms (`broker.pins`); no PIN is ever kept. After five
wrong ones nothing is looked at for five minutes, then twice as long with each further one, an hour
at most; counted on the disk.
"""

import logging

from broker.pins import person_of, stretched
from scale_app.journal.store import Journal
from scale_app.say import Say
from scale_app.terminal.clock import Clock
from scale_app.terminal.stand_ins import StandIns
from scale_app.view import Message, Severity

log = logging.getLogger("steelyard.pin")

FREE_TRIES = 5
FIRST_LOCK_MS = 300_000
LONGEST_LOCK_MS = 3_600_000


def lock_after(failed: int) -> int:
    """Milliseconds without any look after so many wrong PINs in a row."""
    over = failed - FREE_TRIES
    return 0 if over < 0 else min(FIRST_LOCK_MS << min(over, 8), LONGEST_LOCK_MS)


class SecondPerson:
    """Judges a PIN typed at this till."""

    def __init__(
        self, journal: Journal, clock: Clock, *, stand_ins: StandIns, terminal_key: bytes
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._stand_ins = stand_ins
        self._key = terminal_key

    def may_be_asked(self, cashier: int) -> bool:
        """True when the office has named somebody else than the cashier."""
        terms = self._stand_ins.terms
        return terms is not None and any(one.number != cashier for one in terms.people)

    def approves(self, pin: str, cashier: int) -> int | Message:
        """Number of the person whose PIN it is and who is not the cashier; or what to say."""
        failed, locked_until = self._journal.tries.standing()
        now = self._clock.wall_ms()
        if now < locked_until:
            return _locked(locked_until - now)
        terms = self._stand_ins.terms
        assert terms is not None, "asked for only where somebody may be asked"
        people = [one for one in terms.people if one.number != cashier]
        number = person_of(stretched(pin, terms.pin_salt), people, self._key)
        if number is not None:
            if failed:
                self._journal.tries.note(0, 0)
            return number
        lock = lock_after(failed + 1)
        self._journal.tries.note(failed + 1, now + lock if lock else 0)
        log.warning("a wrong PIN, %d in a row", failed + 1)
        if lock:
            return _locked(lock)
        return Message(Say.PIN_WRONG, Severity.WARN, {"left": str(FREE_TRIES - failed - 1)})


def _locked(for_ms: int) -> Message:
    minutes = str(-(-for_ms // 60_000))
    return Message(Say.PIN_LOCKED, Severity.WARN, {"minutes": minutes})
