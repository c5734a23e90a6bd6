"""Hooks and mail schedules, and how far each was served."""

import json
from dataclasses import asdict

from backoffice.deliveries import Hook, MailSchedule
from backoffice.store.directory import ORG
from backoffice.store.statements import Statements


class Deliveries:
    """Reads and changes what goes out."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def hooks(self) -> list[Hook]:
        """All hooks, ended ones too."""
        rows = self._sql.rows("hook_list", org=ORG)
        return [Hook(row[0], row[1], bool(row[2]), bool(row[3]), *row[4:]) for row in rows]

    def hook(self, number: int) -> Hook | None:
        """The hook of that number, or None."""
        return next((one for one in self.hooks() if one.id == number), None)

    def save_hook(self, hook: Hook) -> None:
        """Makes or changes a hook."""
        values = asdict(hook)
        values["wants_sales"], values["wants_alerts"] = (
            int(hook.wants_sales), int(hook.wants_alerts),
        )  # fmt: skip
        self._sql.run("hook_save", org=ORG, **values)

    def schedules(self) -> list[MailSchedule]:
        """All schedules, ended ones too."""
        rows = self._sql.rows("mail_schedule_list", org=ORG)
        return [
            MailSchedule(number, report, every, minute, form, tuple(json.loads(to)), *rest)
            for number, report, every, minute, form, to, *rest in rows
        ]

    def schedule(self, number: int) -> MailSchedule | None:
        """The schedule of that number, or None."""
        return next((one for one in self.schedules() if one.id == number), None)

    def save_schedule(self, one: MailSchedule) -> None:
        """Makes or changes a schedule."""
        values = asdict(one)
        values["mail_to"] = json.dumps(values.pop("to"))
        self._sql.run("mail_schedule_save", org=ORG, **values)
