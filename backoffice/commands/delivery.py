"""Commands about what goes out.

    hook.add     {url, sales, alerts, by}                    -> {hook}
    hook.end     {hook, by}                                  -> {hook}
    hook.resume  {hook, by}                                  -> {hook}
    hook.told    {hook, sale, alert, why}  (deliver)         -> {hook, dead}
    mail.add     {report, every, minute, form, to, person, by}  -> {schedule}
    mail.end     {schedule, by}                              -> {schedule}
    mail.told    {schedule, due, why}  (deliver)             -> {schedule, given_up}

`why` empty = it went well. A hook starts with what happens after it was made.
"""

from dataclasses import replace
from typing import Any

from backoffice.alerts import Alert
from backoffice.deliveries import (
    EVERY,
    FORMS,
    MOST_HOOK_TRIES,
    MOST_MAIL_TRIES,
    Hook,
    MailSchedule,
    checked_address,
    checked_url,
    wait_ms,
)
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk

Arguments = dict[str, Any]
MOST_HOOKS, MOST_SCHEDULES, MOST_ADDRESSES = 20, 200, 20


def hook_add(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Makes a hook."""
    known = desk.store.deliveries.hooks()
    if sum(1 for one in known if not one.ended_at) >= MOST_HOOKS:
        raise Refused("There are {most} hooks already; end one first.", most=MOST_HOOKS)
    sales, alerts = bool(said.get("sales")), bool(said.get("alerts"))
    if not sales and not alerts:
        raise UsageFault("A hook wants sales, alerts or both.")
    hook = Hook(
        max((one.id for one in known), default=0) + 1, checked_url(str(said["url"])), sales,
        alerts, now, sale=desk.store.sales.last(), alert=desk.store.notes.last_alert(),
    )  # fmt: skip
    desk.store.deliveries.save_hook(hook)
    return {"hook": hook.id}


def _hook(desk: Desk, said: Arguments) -> Hook:
    hook = desk.store.deliveries.hook(int(said["hook"]))
    if hook is None or hook.ended_at:
        raise Refused("There is no hook {number}.", number=int(said["hook"]))
    return hook


def hook_end(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Ends a hook; its number is never given again."""
    hook = _hook(desk, said)
    desk.store.deliveries.save_hook(replace(hook, ended_at=now))
    return {"hook": hook.id}


def hook_resume(desk: Desk, said: Arguments, _batch: Batch, _now: int) -> Arguments:
    """Tries a hook again that was given up; it goes on where it stopped."""
    hook = _hook(desk, said)
    desk.store.deliveries.save_hook(replace(hook, dead_at=0, tries=0, next_at=0, why=""))
    return {"hook": hook.id}


def hook_told(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Notes how far a hook was told, or why not; after the last try it is given up."""
    hook, why = _hook(desk, said), str(said.get("why", ""))[:200]
    if not why:
        told = replace(
            hook, sale=max(hook.sale, int(said["sale"])), alert=max(hook.alert, int(said["alert"])),
            tries=0, next_at=0, why="",
        )  # fmt: skip
        desk.store.deliveries.save_hook(told)
        return {"hook": hook.id, "dead": False}
    tries = hook.tries + 1
    is_dead = tries >= MOST_HOOK_TRIES
    failed = replace(hook, tries=tries, next_at=now + wait_ms(tries), why=why)
    desk.store.deliveries.save_hook(replace(failed, dead_at=now if is_dead else 0))
    if is_dead:
        detail = f"hook {hook.id} was given up after {tries} tries: {why}"
        desk.store.notes.alert(Alert.HOOK_DEAD, now, detail=detail)
    return {"hook": hook.id, "dead": is_dead}


def mail_add(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Makes a schedule; its first report is that of the next scheduled moment."""
    known = desk.store.deliveries.schedules()
    if sum(1 for one in known if not one.ended_at) >= MOST_SCHEDULES:
        raise Refused("There are {most} schedules already; end one first.", most=MOST_SCHEDULES)
    to = tuple(checked_address(str(one)) for one in said["to"])
    every, form, minute = str(said["every"]), str(said["form"]), int(said["minute"])
    if every not in EVERY or form not in FORMS or not 0 <= minute < 24 * 60:
        raise UsageFault("A schedule is daily, weekly or monthly, at a time of day.")
    if not 0 < len(to) <= MOST_ADDRESSES:
        raise UsageFault("A report is mailed to 1 to {most} addresses.", most=MOST_ADDRESSES)
    person = str(said.get("person", ""))
    if person and desk.store.people.get(person) is None:
        raise Refused("There is nobody called {name}.", name=person[:40])
    one = MailSchedule(
        max((one.id for one in known), default=0) + 1, str(said["report"])[:40], every, minute,
        form, to, person, now, done_at=now,
    )  # fmt: skip
    desk.store.deliveries.save_schedule(one)
    return {"schedule": one.id}


def _schedule(desk: Desk, said: Arguments) -> MailSchedule:
    one = desk.store.deliveries.schedule(int(said["schedule"]))
    if one is None or one.ended_at:
        raise Refused("There is no schedule {number}.", number=int(said["schedule"]))
    return one


def mail_end(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Ends a schedule."""
    one = _schedule(desk, said)
    desk.store.deliveries.save_schedule(replace(one, ended_at=now))
    return {"schedule": one.id}


def mail_told(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Notes that a report went out, or why not; after the last try this one is given up."""
    one, why = _schedule(desk, said), str(said.get("why", ""))[:200]
    tries = one.tries + 1 if why else 0
    given_up = tries >= MOST_MAIL_TRIES
    if why and not given_up:
        later = replace(one, tries=tries, next_at=now + wait_ms(tries), why=why)
    else:
        later = replace(one, done_at=int(said["due"]), tries=0, next_at=0, why=why)
    desk.store.deliveries.save_schedule(later)
    if given_up:
        detail = f"report {one.report} of schedule {one.id} was not mailed: {why}"
        desk.store.notes.alert(Alert.MAIL_FAILED, now, detail=detail)
    return {"schedule": one.id, "given_up": given_up}
