"""Selling to cards while nobody can be asked: the signed terms, the age of what they say, the sums.

`scale_app.stand_in` decides; this module gathers what it needs. The office counts as heard with
every genuine frame of its; on the disk that moment is at most ten minutes older than in memory.
"""

import logging

from broker.errors import BadMessage
from broker.messages import SignedTerms
from broker.seal import is_genuine
from broker.stand_in import Terms, decode_terms
from scale_app.journal.store import Journal
from scale_app.stand_in import CLOCK_SLACK_MS, NoStandIn, Usage, refusal, room_for
from scale_app.terminal.clock import Clock

log = logging.getLogger("steelyard.stand-in")

KEEP_EVERY_S = 600


class StandIns:
    """One till's right to sell without an answer."""

    def __init__(
        self, journal: Journal, clock: Clock, *, terminal: str, key_number: int, office_key: bytes
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._terminal = terminal
        self._key_number = key_number
        self._office_key = office_key
        self.terms: Terms | None = journal.offline.terms()
        self._heard_ms = journal.offline.heard_at()
        self._heard_mono: float | None = None
        self._kept_mono: float | None = None

    @property
    def version(self) -> int:
        """Of the terms in force; 0 = none that were made for this enrolment."""
        terms = self.terms
        return terms.version if terms and terms.key_number == self._key_number else 0

    def offered(self, offer: SignedTerms) -> bool:
        """Takes newer terms of the office for this till; false when they are refused."""
        try:
            terms = self._checked(offer)
        except BadMessage as error:
            log.warning("terms %d refused: %s", offer.version, error)
            return False
        if terms.version > self.version:
            self._journal.offline.keep_terms(offer)
            self.terms = terms
        return True

    def _checked(self, offer: SignedTerms) -> Terms:
        if not is_genuine(offer.payload, offer.signature, self._office_key):
            raise BadMessage("the signature is not the back-office's")
        terms = decode_terms(offer.payload)
        if (terms.version, terms.terminal) != (offer.version, self._terminal):
            raise BadMessage(f"signed as {terms.version} for {terms.terminal}")
        return terms

    def heard(self, now: float) -> None:
        """A genuine frame of the office is here."""
        self._heard_mono, self._heard_ms = now, self._clock.wall_ms()
        if self._kept_mono is None or now - self._kept_mono >= KEEP_EVERY_S:
            self._journal.offline.heard(self._heard_ms)
            self._kept_mono = now

    def saw(self, card: int) -> None:
        """The office has approved or named that card here."""
        self._journal.offline.saw(card)

    def refusal(self, card: int, amount: int, now: float) -> NoStandIn | None:
        """Why that card may not pay without an answer; None = it may."""
        return refusal(self.terms, card, amount, self.usage(card, now))

    def room(self, card: int, now: float) -> int:
        """Fen that the card could pay."""
        return room_for(self.terms, self.usage(card, now)) if self.terms else 0

    def usage(self, card: int, now: float) -> Usage:
        """What the limits are held against."""
        till, own = self._journal.offline.sums(card)
        return Usage(self._journal.offline.knows(card), own, till, self._age_ms(now))

    def _age_ms(self, now: float) -> int | None:
        if self._heard_ms is None:
            return None
        age = self._clock.wall_ms() - self._heard_ms
        if age < -CLOCK_SLACK_MS:
            return None
        run = 0 if self._heard_mono is None else round((now - self._heard_mono) * 1000)
        return max(age, run, 0)
