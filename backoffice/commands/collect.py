"""`collect.ask`: the office pulls the records of a till, of a store, or of all."""

from typing import Any, Final

from backoffice.errors import Refused
from backoffice.handlers import collecting
from backoffice.handlers.desk import Batch, Desk
from backoffice.store.collecting import CollectRow

Said = dict[str, Any]


def collect_ask(desk: Desk, said: Said, batch: Batch, now: int) -> Said:
    """Asks `terminal`, all of `store`, or all: `asked`, one object for each with where it stood.

    Each: `terminal`, `store`, `number` of the collection, `epoch` and `upto` of what is here.
    """
    asked = []
    for row in _meant(desk, said):
        terminal = desk.store.directory.terminal(row.code)
        assert terminal is not None, "it has just been listed"
        asked.append(
            {
                "terminal": row.code, "store": row.store, "epoch": row.epoch, "upto": row.upto,
                "number": collecting.ask(desk, terminal, batch, now),
            }
        )  # fmt: skip
    return {"at": now, "asked": asked}


def _meant(desk: Desk, said: Said) -> list[CollectRow]:
    code, store = str(said.get("terminal", "")), str(said.get("store", ""))
    rows = [
        row for row in desk.store.collecting.scales()
        if code in ("", row.code) and store in ("", row.store)
    ]  # fmt: skip
    if not rows:
        raise Refused("No till is enrolled there that could be asked: see `terminal list`.")
    return rows


COLLECT_COMMANDS: Final = {"collect.ask": collect_ask}
