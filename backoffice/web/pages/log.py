"""Who changed what, when: every command of the office that was carried out, newest first."""

from typing import Any, Final

from starlette.responses import Response

from backoffice.second_journal import OfficeOperation, operation_in
from backoffice.store.notes import NEWEST
from backoffice.web.trade_words import COMMAND_WORDS
from backoffice.web.visit import Visit
from broker.units import decimal_text

MOST: Final = 100
_READ_MOST: Final = 5000
"""So many are looked through for a page of a choice."""

_SHOWN: Final = (
    "till", "terminal", "store", "stall", "code", "name", "role", "stores", "plu", "level",
    "member", "rule", "version", "to", "reference", "lost", "blocked", "suspended",
)  # fmt: skip
"""What a command says that may stand on a page: no passwords, no PINs, no boxes of secrets."""
_SUMS: Final = ("opening", "amount", "bonus")


def log(visit: Visit) -> Response:
    """A page of the log, perhaps of one person or one sort of change."""
    person, command = visit.asked("person"), visit.asked("command")
    before, rows, number = visit.number("before", NEWEST), [], 0
    found = visit.store.office.before(before, _READ_MOST if person or command else MOST + 1)
    for number, line in found:
        one = operation_in(line)
        if person in ("", _who(one)) and command in ("", one.command):
            rows.append((number, one))
        if len(rows) > MOST:
            break
    return visit.show(
        "log.html",
        rows=[_row(visit, *one) for one in rows[:MOST]],
        older=_older(rows, number, len(found)),
        who=person,
        sort=command,
        commands={name: COMMAND_WORDS[name] for name in sorted(COMMAND_WORDS)},
        people=[one.name for one in visit.store.people.all()],
    )


def _older(rows: list[tuple[int, OfficeOperation]], last: int, read: int) -> int:
    """Number before which the next page begins; 0 = there is none."""
    if len(rows) > MOST:
        return rows[MOST - 1][0]
    return last if read == _READ_MOST else 0


def _who(one: OfficeOperation) -> str:
    return str(one.said.get("by", ""))


def _row(visit: Visit, number: int, one: OfficeOperation) -> dict[str, Any]:
    exponent, currency = visit.organisation.exponent, visit.organisation.currency
    said = [f"{name} {_text(one.said[name])}" for name in _SHOWN if one.said.get(name)]
    said += [
        f"{name} {decimal_text(int(one.said[name]), exponent)} {currency}"
        for name in _SUMS
        if isinstance(one.said.get(name), int) and one.said[name]
    ]
    about = one.said.get("number") or one.result.get("number") or 0
    is_card = one.command.startswith("card.")
    return {
        "number": number, "at": one.at, "who": _who(one), "command": one.command,
        "word": COMMAND_WORDS.get(one.command, one.command),
        "card": about if is_card else 0, "cashier": about if not is_card else 0,
        "said": ", ".join(said), "reason": str(one.said.get("reason", "")),
    }  # fmt: skip


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "✓"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)[:120]
