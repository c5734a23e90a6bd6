"""Patterns in what comes in, and in what does not come: each raises its alert once.

Some are seen when a message is booked, others only by looking around now and then (`look_around`),
because what they tell of is that nothing came.
"""

from backoffice import alerts
from backoffice.alerts import Alert
from backoffice.handlers.desk import Desk
from backoffice.handlers.terms import kept_terms
from backoffice.store.directory import TerminalRow
from broker.messages import Entry, Heartbeat
from broker.sale import Sale, SaleKind


def watch_clock(
    desk: Desk, terminal: TerminalRow, at: int, now: int, *, may_be_old: bool = False
) -> None:
    """A scale whose clock is off; what a broker may have kept can only tell that it is ahead."""
    if not alerts.is_skewed(at, now, may_be_old=may_be_old):
        return
    once_since(
        desk, Alert.CLOCK_SKEW, now, since=now - alerts.AGAIN_AFTER_MS, terminal=terminal.code,
        detail=f"its clock is {(at - now) // 1000} s from ours",
    )  # fmt: skip


def watch_prices(desk: Desk, terminal: TerminalRow, beat: Heartbeat, now: int) -> None:
    """A scale that still sells by an older list although it has had time to take the new one."""
    made_at = desk.store.directory.list_made_at(terminal.list_version)
    late = beat.at > made_at + alerts.LIST_TAKEN_WITHIN_MS
    if beat.state == 0 or not late or not 0 < beat.list_version < terminal.list_version:
        return
    once_since(
        desk, Alert.LIST_BEHIND, now, since=made_at, terminal=terminal.code,
        detail=f"sells by list {beat.list_version}, list {terminal.list_version} is in force",
    )  # fmt: skip


def watch_velocity(desk: Desk, terminal: TerminalRow, card: int, now: int) -> None:
    """A card that has just paid, and has paid very often of late."""
    since = now - alerts.VELOCITY_WITHIN_MS
    times = desk.store.watching.payments(card, since)
    if times < alerts.VELOCITY_TIMES:
        return
    minutes = alerts.VELOCITY_WITHIN_MS // 60_000
    once_since(
        desk, Alert.VELOCITY, now, since=since, terminal=terminal.code, card=card,
        detail=f"paid {times} times within {minutes} minutes",
    )  # fmt: skip


def watch_refunds(desk: Desk, terminal: TerminalRow, entry: Entry, *, sale: Sale, now: int) -> None:
    """A cashier who gives back often on one day; told again at each further handful."""
    if sale.kind != SaleKind.REFUND:
        return
    times = desk.store.watching.refunds(sale.day, terminal.store, sale.cashier)
    if times and times % alerts.MANY_VOIDS == 0:
        desk.store.notes.alert(
            Alert.MANY_VOIDS, now, terminal=terminal.code, op=entry.op,
            detail=f"cashier {sale.cashier} has given back {times} times on {sale.day}",
        )  # fmt: skip


def watch_limits(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, card: int | None, amount: int, now: int
) -> None:
    """A payment that a scale took by itself, above what its store may take without an answer."""
    _, _, kept = kept_terms(desk)
    limits = kept.limits.get(terminal.store_code)
    most = limits.per_payment if limits else 0
    if amount > most:
        desk.store.notes.alert(
            Alert.OVER_LIMIT, now, terminal=terminal.code, op=entry.op, card=card,
            detail=f"{amount} fen paid without an answer; {most} are allowed",
        )  # fmt: skip


def look_around(desk: Desk, now: int) -> None:
    """Scales that fell silent in an open shift, and approvals that nobody paid or took back."""
    for code, seen_at in desk.store.watching.silent(now - alerts.SILENT_AFTER_MS):
        once_since(
            desk, Alert.SCALE_SILENT, now, since=seen_at + 1, terminal=code,
            detail=f"not heard for {(now - seen_at) // 60_000} minutes, its shift is open",
        )  # fmt: skip
    for code, op, card, amount, at in desk.store.watching.orphans(
        before=now - alerts.ORPHAN_AFTER_MS,
        soon=alerts.ORPHAN_AFTER_MS,
        long_ago=now - alerts.ORPHAN_AT_LAST_MS,
    ):
        once_since(
            desk, Alert.ORPHAN_APPROVAL, now, since=at, terminal=code, card=card, op=op,
            detail=f"{amount} fen were approved, and neither paid nor taken back",
        )  # fmt: skip


def once_since(
    desk: Desk, word: Alert, now: int, *,
    since: int, terminal: str, detail: str, card: int | None = None, op: bytes = b"",
) -> None:  # fmt: skip
    """Raises an alert unless the same was raised at `since` or later."""
    if not desk.store.notes.raised(word, since, terminal=terminal, card=card, op=op):
        desk.store.notes.alert(word, now, terminal=terminal, card=card, op=op, detail=detail)
