"""The heartbeat: this scale is here, where its journal stands, which lists it sells by."""

from broker.messages import VERSION, Heartbeat, Kind
from scale_app import __version__
from scale_app.journal.store import Journal
from scale_app.terminal.list_taking import ListTaking
from scale_app.terminal.stand_ins import StandIns

SOFTWARE = f"steelyard {__version__}"


def heartbeat_of(
    journal: Journal, lists: ListTaking, stand_ins: StandIns, *, at: int, state: int
) -> Heartbeat:
    """The heartbeat at Unix millisecond `at`; state 0 is the will that the broker keeps."""
    now = journal.standing()
    return Heartbeat(
        VERSION, Kind.HEARTBEAT, now.terminal, at, state, now.epoch, now.last_seq,
        now.last_seq - now.upto, lists.version, SOFTWARE, stand_ins.version if state else None,
        lists.forms,
    )  # fmt: skip
