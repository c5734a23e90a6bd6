"""What an assistant may ask over MCP: reports, in the name of one person, and nothing else.

Reads only, on a connection that cannot write. The person is looked up at each question: who is
suspended, or tied to a store, is so here too. Card numbers are whole only for who serves cards.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from backoffice.errors import Refused, UsageFault
from backoffice.people import May, Person
from backoffice.reports.all import REPORTS
from backoffice.reports.answer import answered
from backoffice.reports.question import question_of
from backoffice.reports.render import as_json
from backoffice.reports.report import names_of
from backoffice.store import Store
from backoffice.words import Translate
from broker.business_day import business_day

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Tools:
    """The questions, for one person."""

    open_books: Callable[[], Store]
    name: str
    language: str
    translate: Translate
    clock: Callable[[], int]
    """Unix milliseconds."""

    def _person(self, store: Store) -> Person:
        person = store.people.get(self.name)
        if person is None or not person.may(May.LOOK):
            raise Refused("Your role does not allow this; ask an owner.")
        return person

    def list_reports(self) -> dict[str, Any]:
        """Every report with its title, the meaning of its columns and what may narrow it."""
        store = self.open_books()
        try:
            self._person(store)
        finally:
            store.close()
        return {
            "reports": [
                {
                    "name": name, "title": self.translate(one.title),
                    "columns": {column.key: self.translate(column.meaning or column.heading)
                                for column in one.columns},
                    "filters": [str(word) for word in one.filters],
                }
                for name, one in REPORTS.items()
            ]
        }  # fmt: skip

    def report(
        self, name: str, *, first_day: str = "", last_day: str = "", period: str = "",
        filters: dict[str, str] | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """One report: rows and their total; sums are whole minor units of the currency.

        Days are written 2026-11-24; a period is today, yesterday, week, month, last-month or year.
        Filters are those that list_reports names for the report.
        """
        report = REPORTS.get(name)
        if report is None:
            raise UsageFault(
                "There is no report {name}; there are {known}.",
                name=repr(name[:40]), known=" ".join(REPORTS),
            )  # fmt: skip
        said = {"from": first_day, "to": last_day, "period": period, **(filters or {})}
        said = {word: str(value) for word, value in said.items() if value}
        store = self.open_books()
        try:
            person = self._person(store)
            organisation = store.directory.organisation()
            assert organisation is not None, "there is a person, so there is an organisation"
            today = business_day(self.clock(), organisation.zone, organisation.cutoff_hour)
            question = question_of(store, report, said, person=person, today=today)
            if report.is_list:
                question = replace(question, most=MOST_ROWS)
            sees = person.may(May.CARDS)
            names = names_of(store, self.language, self.translate, sees_cards=sees)
            told = as_json(answered(store, report, names, question))
        finally:
            store.close()
        rows = told["rows"]
        is_cut = len(rows) > MOST_ROWS or told.get("cut", False)
        return {**told, "rows": rows[:MOST_ROWS], "cut": is_cut}
