"""Collecting a branch's records: the office asks, the scale sends what it owes and says so.

What was asked for stands in the books until the scale has said that collection's number, so a
scale that was silent, or an office that went away, is asked again with the next heartbeat; and
every connection begins with one. A scale that knows no COLLECT sends by itself: it has delivered
when it says that nothing is unsent.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backoffice.alerts import NOT_COLLECTED_AFTER_MS, Alert
from backoffice.handlers.desk import Batch, Desk, Outgoing
from backoffice.handlers.watching import once_since
from backoffice.store.directory import TerminalRow
from broker.codec import Form, encode
from broker.collect import Collect, Upload
from broker.messages import VERSION, Heartbeat, Kind
from broker.seal import sealed
from broker.topics import Channel, down


def ask(desk: Desk, terminal: TerminalRow, batch: Batch, now: int) -> int:
    """Asks a scale for everything that it owes; the number of this collection."""
    # Seconds keep a number from coming back in a restored office.
    number = max(terminal.asked + 1, now // 1000)
    terminal = desk.store.directory.ask(terminal, number)
    batch.frames.append(_frame(desk, terminal, number, Form.MSGPACK))
    return number


def tell_mode(desk: Desk, store: str, batch: Batch) -> None:
    """Tells the scales of a store whether they wait to be asked, as it stands now."""
    for row in desk.store.collecting.scales():
        terminal = desk.store.directory.terminal(row.code) if row.store == store else None
        if terminal is not None and row.upload >= 0:
            batch.frames.append(_frame(desk, terminal, _open_number(terminal), Form.MSGPACK))


def collect_after(desk: Desk, terminal: TerminalRow, beat: Heartbeat, form: Form) -> list[Outgoing]:
    """Notes what a heartbeat says is delivered; tells a scale again what it has not heard."""
    terminal = desk.store.directory.terminal(terminal.code) or terminal
    if beat.state != 1:
        return []
    if terminal.asked > terminal.collected and _has_delivered(desk, terminal, beat):
        terminal = desk.store.directory.collected(terminal, terminal.asked)
    number = _open_number(terminal)
    if beat.upload is None or (number == 0 and beat.upload == terminal.upload):
        return []
    return [_frame(desk, terminal, number, form)]


def _has_delivered(desk: Desk, terminal: TerminalRow, beat: Heartbeat) -> bool:
    if beat.upload is not None:
        return beat.collected == terminal.asked
    return beat.unsent == 0 and desk.store.journal.mark(terminal, beat.epoch).upto >= beat.last_seq


def _open_number(terminal: TerminalRow) -> int:
    return terminal.asked if terminal.asked > terminal.collected else 0


def _frame(desk: Desk, terminal: TerminalRow, number: int, form: Form) -> Outgoing:
    told = Collect(VERSION, Kind.COLLECT, terminal.code, number, terminal.upload)
    frame = sealed(encode(told, form), desk.key(terminal))
    return Outgoing(down(terminal.code, Channel.RECEIPT), frame, 1)


def last_moment(minutes: tuple[int, ...], zone: str, now: int) -> int:
    """The last time of the timetable before `now`, Unix milliseconds; 0 without a timetable.

    Args:
        minutes: after midnight, by the clock of the zone.
        zone: as `Asia/Shanghai`.
        now: Unix milliseconds.
    """
    here = datetime.fromtimestamp(now // 1000, tz=ZoneInfo(zone))
    moments = [
        here.replace(hour=minute // 60, minute=minute % 60, second=0) - timedelta(days=day)
        for minute in minutes
        for day in (0, 1)
    ]
    return max((int(one.timestamp()) * 1000 for one in moments if one <= here), default=0)


def collect_by_timetable(
    desk: Desk, batch: Batch, now: int, *, minutes: tuple[int, ...]
) -> list[str]:
    """Asks the scales of stores that are collected from, once for each time of the timetable."""
    asked = []
    for row in desk.store.collecting.scales() if minutes else ():
        terminal = desk.store.directory.terminal(row.code)
        due = last_moment(minutes, row.zone, now) // 1000
        if terminal is not None and row.wanted == Upload.WHEN_ASKED and terminal.asked < due:
            ask(desk, terminal, batch, now)
            asked.append(row.code)
    return asked


def watch_collecting(desk: Desk, now: int) -> None:
    """Scales whose records wait and have not been collected for too long."""
    for row in desk.store.collecting.scales():
        waits = row.upload == Upload.WHEN_ASKED and row.waits_since > 0
        if waits and now - row.waits_since > NOT_COLLECTED_AFTER_MS:
            once_since(
                desk, Alert.NOT_COLLECTED, now, since=row.waits_since, terminal=row.code,
                detail=f"{row.unsent} records wait, the oldest for"
                f" {(now - row.waits_since) // 3_600_000} hours",
            )  # fmt: skip
