"""When to send what of the outbox: a pure planner; the numbers are journal numbers of one epoch.

Everything after `upto` is owed to the back-office. Entries go in order, at most `BATCH` in a
message and `WINDOW` without a receipt; a new entry waits a moment so that it can ride with the
next question (decision 10). Without a receipt in time everything owed is sent again, with a wait
that doubles from 5 s to 300 s, jittered by the caller.

Where entries wait until the office collects them (`waits`), nothing goes by itself but what is
`urged`, with what stands before it; a collection sends until nothing is owed any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from broker.codec import encode
from broker.messages import VERSION, Batch, Kind

BATCH = 50
WINDOW = 100
MAX_PARCEL_BYTES = 48 * 1024
"""A batch stays well below the largest frame of the contract (64 KiB)."""
LINGER_S = 0.8
"""A new entry waits so long for company; decision 10 allows a second."""
WAIT_FIRST_S = 5.0
WAIT_MOST_S = 300.0


@dataclass(frozen=True, slots=True)
class Parcel:
    """Send entries after number `after`, at most `limit`."""

    after: int
    limit: int


@dataclass(slots=True)
class Uploader:
    """Where sending stands."""

    epoch: int = 0
    upto: int = 0
    last_seq: int = 0
    sent: int = 0
    open: bool = False
    linger_until: float | None = None
    resend_at: float | None = None
    wait_s: float = WAIT_FIRST_S
    tries: int = 0
    """How often everything owed was sent again since the last receipt."""
    waits: bool = False
    """Entries wait until the back-office asks for them."""
    collecting: bool = False
    """It has asked; true until nothing is owed."""
    urged: int = 0
    """What cannot wait: up to this number entries go although they wait."""

    @property
    def owed(self) -> int:
        """Number of entries without a receipt."""
        return self.last_seq - self.upto

    @property
    def goal(self) -> int:
        """Number of the last entry that may go now."""
        return self.urged if self.waits and not self.collecting else self.last_seq

    def may_go(self, seq: int) -> bool:
        """Entry `seq` need not wait, and the back-office is there."""
        return self.open and self.goal >= seq

    def urge(self, seq: int) -> None:
        """Entry `seq` cannot wait."""
        self.urged = max(self.urged, seq)

    def signed_on(self, epoch: int, upto: int, last_seq: int) -> None:
        """The back-office said up to where it holds everything; the rest goes again, now."""
        if epoch != self.epoch:
            self.urged = 0  # the numbers of another epoch
        self.epoch, self.upto, self.last_seq, self.sent = epoch, upto, last_seq, upto
        self.open, self.linger_until, self.resend_at = True, None, None
        self.wait_s = WAIT_FIRST_S

    def lost(self) -> None:
        """Nothing can be sent until the next sign-on."""
        self.open = False

    def appended(self, last_seq: int, now: float) -> None:
        """The journal grew to `last_seq`."""
        if last_seq > self.last_seq:
            self.last_seq = last_seq
            if self.linger_until is None:
                self.linger_until = now + LINGER_S

    def sent_to(self, seq: int, now: float, jitter: float) -> None:
        """Everything up to `seq` was handed to the link; `jitter` is about 1 (0.8 to 1.2)."""
        self.sent = max(self.sent, seq)
        self.resend_at = now + self.wait_s * jitter
        if self.sent >= self.last_seq:
            self.linger_until = None

    def receipted(self, epoch: int, upto: int, now: float) -> None:
        """The back-office holds everything up to `upto`; news start the wait anew."""
        if epoch != self.epoch or not self.upto < upto <= self.last_seq:
            return
        self.upto, self.sent = upto, max(self.sent, upto)
        self.wait_s, self.tries = WAIT_FIRST_S, 0
        self.resend_at = now + self.wait_s if self.sent > self.upto else None

    def plan(self, now: float) -> Parcel | None:
        """What to send at monotonic second `now`, if anything."""
        if not self.open or self.goal <= self.upto:
            return None
        if self.resend_at is not None and now >= self.resend_at and self.sent > self.upto:
            self.sent, self.tries = self.upto, self.tries + 1
            self.wait_s = min(self.wait_s * 2, WAIT_MOST_S)
        waiting = self.goal - self.sent
        room = WINDOW - (self.sent - self.upto)
        if waiting <= 0 or room <= 0:
            return None
        if waiting < BATCH and self.linger_until is not None and now < self.linger_until:
            return None
        return Parcel(self.sent, min(BATCH, waiting, room))

    def next_due(self) -> float | None:
        """Monotonic second at which `plan` may have something new to say."""
        if not self.open or self.goal <= self.upto:
            return None
        has_room = self.sent - self.upto < WINDOW
        if self.sent < self.goal and has_room and self.linger_until is not None:
            return self.linger_until
        return self.resend_at


def fitting(rows: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """As many rows as fit into one message, at least one."""
    chosen: list[tuple[int, bytes]] = []
    size = 0
    for seq, body in rows:
        size += len(body)
        if chosen and size > MAX_PARCEL_BYTES:
            break
        chosen.append((seq, body))
    return chosen


def parcel_of(bodies: list[bytes]) -> bytes:
    """One body as it stands, several as a batch; each keeps its bytes."""
    return bodies[0] if len(bodies) == 1 else encode(Batch(VERSION, Kind.BATCH, bodies))
