"""What a scale says of itself: where its journal stands, what waits, which lists it has.

In the heartbeat, and when it signs on.
"""

from broker.messages import VERSION, Heartbeat, Kind, SignOn
from scale_app import __version__
from scale_app.journal.store import Journal
from scale_app.terminal.collecting import Collecting
from scale_app.terminal.list_taking import ListTaking
from scale_app.terminal.stand_ins import StandIns

SOFTWARE = f"steelyard {__version__}"


def heartbeat_of(
    collecting: Collecting, lists: ListTaking, stand_ins: StandIns, *, state: int
) -> Heartbeat:
    """The heartbeat of this moment; state 0 is the will that the broker keeps."""
    now = collecting.standing()
    return Heartbeat(
        VERSION, Kind.HEARTBEAT, now.terminal, collecting.now_ms(), state, now.epoch, now.last_seq,
        now.last_seq - now.upto, lists.version, SOFTWARE, stand_ins.version if state else None,
        lists.forms, int(collecting.upload), collecting.collected, collecting.waiting_s(),
    )  # fmt: skip


def sign_on_of(
    journal: Journal, lists: ListTaking, stand_ins: StandIns,
    fork: tuple[int, int, bytes] | None = None,
) -> SignOn:  # fmt: skip
    """Content of a SIGN_ON; `fork` says epoch, number and hash where this journal parts."""
    now = journal.standing()
    ends = fork or (now.epoch, now.last_seq, now.head)
    gone = journal.let_go.checkpoint(ends[0])
    kept = (journal.signatures.public, *((gone.seq, gone.head) if gone else ()))
    return SignOn(*ends, lists.version, SOFTWARE, stand_ins.version, lists.forms, *kept)
