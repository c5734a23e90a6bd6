"""After a restore: what the office did since the backup is done again, from the second journal.

Each command once, by its uid, at its own time, with the tokens it drew then. One that is refused,
or would now give another result (a refund before the sales of that card are back), waits and is
tried again; nothing is ever carried out differently from how it was answered.
"""

from dataclasses import dataclass

from backoffice.commands.table import carry_out
from backoffice.errors import OfficeError
from backoffice.handlers.desk import Batch, Desk
from backoffice.second_journal import OfficeOperation

COMPARED = (
    "number",
    "amount",
    "to",
    "key_number",
    "list_version",
    "token",
    "member",
    "rule",
    "collection",
)


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many commands were carried out again, and which still wait, with why."""

    done: int
    waiting: tuple[tuple[OfficeOperation, str], ...]


class _AnotherResult(OfficeError):
    """The command would not do what it did then."""


def replay(desk: Desk, batch: Batch) -> Replayed:
    """Carries out what the second journal knows and the books do not."""
    done, waiting = 0, []
    if desk.second is None:
        return Replayed(0, ())
    for one in desk.second.operations():
        if desk.store.office.known(one.uid):
            continue
        try:
            _again(desk, one, batch)
            done += 1
        except (OfficeError, KeyError, ValueError, TypeError) as error:
            waiting.append((one, str(error)))
    desk.forget()
    return Replayed(done, tuple(waiting))


def _again(desk: Desk, one: OfficeOperation, batch: Batch) -> None:
    drawn = iter(one.tokens)
    source, desk.new_token = desk.new_token, lambda: bytes.fromhex(next(drawn))
    try:
        with desk.store.transaction():
            result = carry_out(desk, one.command, one.said, batch, now=one.at)
            for name in COMPARED:
                if name in one.result and result.get(name) != one.result[name]:
                    raise _AnotherResult(
                        f"{name} would be {result.get(name)}, was {one.result[name]}"
                    )
            desk.store.office.keep(one.uid, one.line())
    except StopIteration:
        raise _AnotherResult("it would draw another token") from None
    finally:
        desk.new_token = source
