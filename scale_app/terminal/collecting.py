"""A till whose records the office collects: what waits, what cannot, and what was asked for.

The office's word decides (sign-on, COLLECT), so no till can wait for an office that does not know
that it has to ask. What changes a card's balance without having been asked for (a sale without an
answer, money given back to a card) does not wait: other scales sell to that card meanwhile.
"""

from broker import messages as m
from broker.codec import decode
from broker.collect import Collect, Upload
from broker.sale import SaleKind, TenderKind
from scale_app.journal.kept import Standing
from scale_app.journal.store import Journal
from scale_app.terminal.clock import Clock
from scale_app.terminal.news import News, NotCollected
from scale_app.uploader import BATCH, Uploader

OVERDUE_S = 26 * 3600
"""A record this old should have been collected: once a day, and two hours for a late one."""
LOOK_EVERY_S = 60.0


def cannot_wait(entry: m.Entry) -> bool:
    """True for what changes a card's balance although nobody was asked."""
    paid = entry.content
    if not isinstance(paid, m.Paid):
        return False
    sale = paid.sale
    gives_back = sale is not None and sale.kind == SaleKind.REFUND
    kinds = {tender.kind for tender in sale.tenders} if sale is not None else set()
    return paid.offline == 1 or (gives_back and TenderKind.STORED_VALUE in kinds)


class Collecting:
    """When the entries of one journal go; drives the planner."""

    def __init__(self, journal: Journal, clock: Clock, uploader: Uploader) -> None:
        self._journal, self._clock, self._uploader = journal, clock, uploader
        self._number = 0
        self._has_news = False
        self._looked = (0, 0)
        self._told_of = 0
        self._overdue_at = 0.0
        self.collected = 0
        """Number of the last collection that was answered in full."""
        welcome = journal.welcome()
        uploader.waits = welcome is not None and welcome.upload == Upload.WHEN_ASKED

    @property
    def waits(self) -> bool:
        """Entries wait until the office asks."""
        return self._uploader.waits

    @property
    def upload(self) -> Upload:
        """How the office wants it."""
        return Upload.WHEN_ASKED if self.waits else Upload.AT_ONCE

    @property
    def sent_again(self) -> int:
        """How often everything owed was sent again without a receipt."""
        return self._uploader.tries

    @property
    def tries(self) -> int:
        """What counts for an alarm: an office that went away while it collected comes back."""
        return 0 if self.waits else self._uploader.tries

    def mode(self, upload: int) -> None:
        """How the office wants it from now on; what it does not know how to say goes at once."""
        self._uploader.waits = upload == Upload.WHEN_ASKED
        self.look()

    def asked(self, message: Collect) -> None:
        """The office collects, or only says how it wants it.

        It is told at once when another way holds now, or when that collection was answered before.
        A frame that brings nothing new is no reason: the two would talk for ever.
        """
        before = self.waits
        self.mode(message.upload)
        if message.number and message.number != self.collected:
            self._number = message.number
            self._uploader.collecting = True
        self._has_news = self.waits != before or 0 < message.number == self.collected

    def has_news(self, *, has_past: bool) -> bool:
        """True once when the office should be told at once; a collection ends here.

        It ends when nothing is owed, of ended epochs (`has_past`) neither.
        """
        told, self._has_news = self._has_news, False
        if not self._number or self._uploader.owed or has_past or not self._uploader.open:
            return told
        self.collected, self._number, self._uploader.collecting = self._number, 0, False
        return True

    def grew(self, now: float) -> None:
        """The journal has new entries."""
        self.look()
        self._uploader.appended(self._journal.standing().last_seq, now)

    def look(self) -> None:
        """Looks through new entries for what cannot wait."""
        now = self._journal.standing()
        if not self.waits or now.epoch == 0:
            return
        seen = self._looked[1] if self._looked[0] == now.epoch else 0
        seen = max(seen, now.upto)
        while rows := self._journal.unsent(seen, BATCH):
            for seq, body in rows:
                entry = decode(body)
                if isinstance(entry, m.Entry) and cannot_wait(entry):
                    self._uploader.urge(seq)
            seen = rows[-1][0]
        self._looked = (now.epoch, seen)

    def overdue(self, now: float) -> list[News]:
        """Nobody has collected for too long; told once for each oldest record."""
        if not self.waits or now < self._overdue_at:
            return []
        self._overdue_at = now + LOOK_EVERY_S
        oldest, standing = self._journal.oldest_unsent_at() or 0, self.standing()
        waited_s = self.waiting_s()
        if waited_s < OVERDUE_S or oldest == self._told_of:
            return []
        self._told_of = oldest
        return [NotCollected(standing.last_seq - standing.upto, waited_s // 3600)]

    @property
    def owed(self) -> int:
        """Entries without a receipt."""
        return self._uploader.owed

    def now_ms(self) -> int:
        """The clock on the wall."""
        return self._clock.wall_ms()

    def standing(self) -> Standing:
        """Where the journal stands."""
        return self._journal.standing()

    def waiting_s(self) -> int:
        """Age of the oldest entry without a receipt; 0 = there is none."""
        oldest = self._journal.oldest_unsent_at()
        return max(0, self._clock.wall_ms() - oldest) // 1000 if oldest else 0
