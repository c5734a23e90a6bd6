"""Watches what is sent again and again, and tells once that a person has to look."""

import logging
from dataclasses import dataclass

from scale_app.terminal.collecting import Collecting
from scale_app.terminal.news import News, NotConfirmed
from scale_app.terminal.undoing import Undoing

ALARM_TRIES = 6
"""ISO 8583 practice: sent so often without a word, a person has to look."""

log = logging.getLogger("steelyard.office")


@dataclass(slots=True)
class Unconfirmed:
    """Whether it was told."""

    is_told: bool = False
    is_stuck: bool = False
    """It was sent so often, whoever asked for it."""
    has_stuck_now: bool = False
    """Since the last look: where the two journals part shows at a sign-on."""

    def look(self, collecting: Collecting, undoing: Undoing) -> list[News]:
        """Once, when the back-office answers and yet confirms nothing however often it is sent."""
        was_stuck = self.is_stuck
        self.is_stuck = max(collecting.sent_again, undoing.tries) >= ALARM_TRIES
        self.has_stuck_now = self.is_stuck and not was_stuck
        tries = max(collecting.tries, undoing.tries)
        before, self.is_told = self.is_told, tries >= ALARM_TRIES
        if not self.is_told or before:
            return []
        log.error("sent %d times, and the back-office confirms nothing", tries)
        return [NotConfirmed(collecting.owed, tries)]
