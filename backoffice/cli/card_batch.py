"""`backoffice card issue --batch N FILE`: one card after another at the reader.

What is done stands in the books under each row's name, so the same command goes on where it was
stopped: by Ctrl-C, by a power cut, or by a card pulled half way. Such a card keeps its number and
is finished when it comes back, at once or as the last one; meanwhile other cards go on.
"""

import csv
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backoffice.card_rows import CardRow, rows_of, text_of
from backoffice.cli.card_said import exponent_of, issue_one
from backoffice.cli.desk import Office, change, give_json, say
from backoffice.errors import CardPulled, Exit, OfficeError, Refused, Unavailable, UsageFault

if TYPE_CHECKING:
    from backoffice.issuing import Chip

LOOK_AGAIN_S = 0.3
GOOD = ("issued", "before")
COLUMNS = ("line", "outcome", "number", "pulled", "said")


@dataclass(slots=True)
class Outcome:
    """What became of a row: issued, before (in an earlier run), refused, or waiting."""

    row: CardRow
    outcome: str = "waiting"
    number: int | None = None
    pulled: int = 0
    said: list[str] = field(default_factory=list)

    def as_row(self) -> dict[str, Any]:
        """For programs."""
        return {
            "line": self.row.line, "outcome": self.outcome, "number": self.number,
            "pulled": self.pulled, "said": " ".join(self.said),
        }  # fmt: skip


class Batch:
    """The rows of a file at a reader."""

    def __init__(self, office: Office, said: dict[str, Any], rows: Iterable[CardRow]) -> None:
        self._office = office
        self._said = said
        self._who = {"by": said["by"], "reason": said["reason"]}
        self._done: set[bytes] = set()
        self.outcomes = [self._looked_up(row) for row in rows]
        fresh = [one for one in self.outcomes if one.outcome == "waiting"]
        self._wanted = fresh[: said["batch"]]

    @property
    def listed(self) -> list[Outcome]:
        """The rows done before, and those of this run."""
        return [one for one in self.outcomes if one.outcome == "before" or one in self._wanted]

    @property
    def is_good(self) -> bool:
        """True when every row of this run has its card."""
        return all(one.outcome in GOOD for one in self._wanted)

    def _looked_up(self, row: CardRow) -> Outcome:
        known = change(self._office, "card.begun", {"batch": row.key.hex()})["batch"]
        if known and known["state"] != "stock":
            return Outcome(row, "before", known["number"])
        return Outcome(row)

    def _waiting(self) -> list[Outcome]:
        return [one for one in self._wanted if one.outcome == "waiting"]

    def run(self) -> None:
        """Issues until no row waits; ends early when no card comes any more."""
        while waiting := self._waiting():
            place = f"[{len(self._wanted) - len(waiting) + 1}/{len(self._wanted)}]"
            say(f"{place} {self._office._('Put the next card on the reader.')}")
            try:
                self._one(waiting)
            except CardPulled as error:
                say(error.told(self._office._))
            except Unavailable as error:
                waiting[0].said.append(error.told(self._office._))
                say(waiting[0].said[-1])
                return

    def _one(self, waiting: list[Outcome]) -> None:
        from backoffice.issuing import chip_on_reader

        where = {"reader": self._said["reader"], "wait_s": self._said["wait_s"]}
        family = self._said["family"]
        chip, until = None, time.monotonic() + self._said["wait_s"]
        while chip is None:
            try:
                chip = chip_on_reader(
                    self._office.config,
                    self._office.state,
                    family=family,
                    but=self._done,
                    **where,
                )
            except Refused as error:
                self._set_aside(waiting[0], error)
                if time.monotonic() > until:
                    raise Unavailable(
                        "No card came to the reader within {seconds} s.",
                        seconds=self._said["wait_s"],
                    ) from error
                time.sleep(LOOK_AGAIN_S)
        target = self._target(chip, waiting)
        if target is None:
            self._done.add(chip.uid)  # as long as it lies there, the others are waited for
            strange = Refused("The cards still wanted are of the other kind; put one of those on.")
            self._set_aside(waiting[0], strange)
            return
        wishes = {**target.row.wishes, "batch": target.row.key.hex()}
        try:
            counter = bool(self._said.get("counter"))
            made = issue_one(self._office, wishes, chip, said=self._who, counter=counter, **where)
        except CardPulled:
            target.pulled += 1
            raise
        except Unavailable:
            raise
        except OfficeError as error:
            self._refused(target, chip, error)
            return
        self._done.add(chip.uid)
        target.outcome, target.number = "issued", made["number"]
        say(f"  {self._office._('Card issued')}: {made['number']}")

    def _target(self, chip: "Chip", waiting: list[Outcome]) -> Outcome | None:
        """The row for this chip: its own when it was begun for one, else the first it fits."""
        begun = change(self._office, "card.begun", {"chip": chip.uid.hex()})["chip"]
        key = begun.get("batch", "")
        own = [one for one in waiting if one.row.key.hex() == key]
        fits = [one for one in waiting if one.row.wishes["family"] in ("auto", chip.family)]
        return next(iter([*own, *fits]), None)

    def _set_aside(self, target: Outcome, error: OfficeError) -> None:
        """A card that cannot be used; told once, then waited for its end on the reader."""
        told = error.told(self._office._)
        if not target.said or target.said[-1] != told:
            target.said.append(told)
            say(told)

    def _refused(self, target: Outcome, chip: "Chip", error: OfficeError) -> None:
        told = error.told(self._office._)
        target.said.append(told)
        say(told)
        known = change(self._office, "card.begun", {"chip": chip.uid.hex()})["chip"]
        if known and known.get("batch") == target.row.key.hex() and known["state"] == "stock":
            # The chip is spoiled: its number ends, the row waits for another card.
            change(self._office, "card.retire", {"number": known["number"], **self._who})
            self._done.add(chip.uid)
        elif chip.number is not None or known.get("state", "stock") != "stock":
            self._done.add(chip.uid)
        else:
            target.outcome = "refused"


def issue_batch(office: Office, file: Path, said: dict[str, Any]) -> None:
    """Issues up to `said["batch"]` rows of a file and lists what happened, on stdout."""
    try:
        text = text_of(file.read_bytes())
    except OSError as error:
        raise UsageFault("{file} cannot be read.", file=file) from error
    name = said["name"] or file.name
    batch = Batch(office, said, rows_of(text, name, exponent_of(office)))
    try:
        batch.run()
    finally:
        _list(batch, as_json=said["as_json"])
    if not batch.is_good:
        sys.exit(Exit.DIFFERENCE)


def _list(batch: Batch, *, as_json: bool) -> None:
    rows = [one.as_row() for one in batch.listed]
    if as_json:
        give_json(rows)
        return
    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
