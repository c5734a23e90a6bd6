"""Which rows the audit chain witnesses, and in what words; pure.

A trigger of the books writes each witnessed row into the table `audit` when it is made and whenever
one of the columns named here changes. What changes with each payment (a card's token, a balance)
is not named: balances are proved by transfers, and transfers are witnessed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

FIRST_SEAL = bytes(32)
BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A table whose rows are witnessed: its key and the columns that are kept; all after `org`."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    changes: bool = False
    """True: the newest witness counts; False: a row is made once and never changed."""

    def key_sql(self, row: str) -> str:
        """SQL text of the key of a row known as `row` (NEW, or the table's name)."""
        return " || '.' || ".join(f"quote({row}.{name})" for name in self.key)

    def content_sql(self, row: str) -> str:
        """SQL text of the columns of a row."""
        return " || char(31) || ".join(f"quote({row}.{name})" for name in self.columns)

    def difference(self, was: str, now: str) -> str:
        """`amount 840 is 84`, for two contents of one row."""
        pairs = zip(self.columns, was.split(BETWEEN), now.split(BETWEEN), strict=False)
        return ", ".join(f"{name} {old} is {new}" for name, old, new in pairs if old != new)


WITNESSED = (
    Witnessed(
        "transfer",
        ("op", "attempt", "reason", "leg"),
        ("debit", "credit", "amount", "tender", "day", "at"),
    ),
    Witnessed("account", ("id",), ("code",)),
    Witnessed("list_version", ("version",), ("made_at", "places", "content")),
    Witnessed("card_event", ("id",), ("at", "card", "word", "person", "reason", "detail")),
    Witnessed(
        "organisation",
        ("org",),
        ("name", "currency", "exponent", "zone", "cutoff_hour", "issuer", "levels", "country"),
        changes=True,
    ),
    Witnessed("store", ("id",), ("code", "name"), changes=True),
    Witnessed(
        "terminal", ("id",), ("code", "store", "stall", "suspended", "key_number"), changes=True
    ),
    Witnessed(
        "card",
        ("number",),
        (
            "chip", "kind", "level", "state", "valid_from", "valid_to", "account", "bonus_account",
            "opening", "class", "holder", "ended", "replaces", "replaced_by", "held_until",
        ),
        changes=True,
    ),
    Witnessed(
        "member", ("id",), ("level", "terms", "agreed_at", "joined_at", "ended_at"), changes=True
    ),
    Witnessed("terminal_key", ("terminal", "number"), ("key", "told_at", "epoch", "seq")),
    Witnessed(
        "signed_head",
        ("terminal", "epoch", "seq", "head"),
        ("signature", "number", "received_at"),
    ),
    Witnessed(
        "stock_move",
        ("id",),
        (
            "at", "day", "store", "stall", "plu", "word", "quantity", "cost", "supplier", "person",
        ),
    ),
)  # fmt: skip
"""In the order in which they are compared."""


def seal_over(before: bytes, rows: Iterable[tuple[int, str, str, str]]) -> bytes:
    """The seal of one transaction: SHA-256 over the seal before it and its audit rows."""
    digest = hashlib.sha256(before)
    for row in rows:
        digest.update(msgspec.msgpack.encode(row))
    return digest.digest()
