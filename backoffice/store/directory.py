"""Who and what there is: organisation, stores, terminals, price lists."""

from dataclasses import dataclass, replace

from backoffice.store.statements import Row, Statements
from broker.codec import decode_prices

ORG = 1
"""The organisation of this file; further ones get files of their own until PostgreSQL."""


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """A terminal and what its messages need of its store and organisation."""

    org: int
    id: int
    code: str
    store: int
    store_code: str
    stall: str
    suspended: bool
    key_number: int
    epoch: int
    zone: str
    cutoff_hour: int
    currency: str
    exponent: int
    organisation: str
    store_name: str
    list_version: int
    stall_id: int = 0
    """0 = at no stall."""
    list_taken: int = 0
    """The price list that it says it sells by."""
    list_forms: int = 0
    """As it said them (`broker.list_changes.ListForm`)."""
    list_sent_at: int = 0
    """When a list was last sent to it, Unix milliseconds."""
    list_taken_at: int = 0
    """Since when it says that it has the list it has; 0 = it has not said anything yet."""
    upload: int = 0
    """The `broker.collect.Upload` of its store."""
    asked: int = 0
    collected: int = 0
    """The last collection asked for, and the last that brought everything; Unix seconds."""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """The organisation; `levels` is a JSON list of names."""

    name: str
    name_zh: str
    currency: str
    exponent: int
    zone: str
    cutoff_hour: int
    issuer: int
    levels: str
    list_version: int
    next_serial: int
    country: str = ""
    """ISO 3166 alpha-2, for the rules of prepaid cards; empty = none kept."""


class Directory:
    """Reads and changes who is who; terminals are remembered between messages."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements
        self._terminals: dict[str, TerminalRow] = {}
        self._made_at: dict[int, int] = {}

    def forget(self) -> None:
        """Drops what is remembered."""
        self._terminals.clear()
        self._made_at.clear()

    def terminal(self, code: str) -> TerminalRow | None:
        """The terminal of that id, or None."""
        known = self._terminals.get(code)
        if known is None:
            row = self._sql.one("terminal_by_code", code=code)
            if row is None:
                return None
            known = replace(TerminalRow(*row), suspended=bool(row[6]))
            self._terminals[code] = known
        return known

    def terminals(self) -> list[Row]:
        """Rows for the list: code, store, stall, suspended, key number, epoch, seen."""
        return self._sql.rows("terminal_list", org=ORG)

    def keep_sign_on(self, terminal: TerminalRow, *, rid: bytes, answer: bytes) -> None:
        """Notes the sign-on last granted and its answer."""
        self._sql.run(
            "terminal_keep_sign_on", org=terminal.org, id=terminal.id, rid=rid, answer=answer
        )

    def raise_epoch(self, terminal: TerminalRow, epoch: int) -> TerminalRow:
        """Notes that the terminal has begun that epoch; the terminal as it is now."""
        self._sql.run("terminal_raise_epoch", org=terminal.org, id=terminal.id, epoch=epoch)
        return self._changed(replace(terminal, epoch=epoch))

    def last_sign_on(self, terminal: TerminalRow) -> tuple[bytes, bytes]:
        """Rid and answer body of the sign-on last granted; empty when there was none."""
        row = self._sql.one("terminal_sign_on", org=terminal.org, id=terminal.id)
        return (row[0], row[1]) if row else (b"", b"")

    def seen(
        self, terminal: TerminalRow, *, at: int, state: int, unsent: int, software: str = "",
        said_at: int = 0, upload: int = -1, waits_since: int = 0,
    ) -> None:  # fmt: skip
        """Notes a heartbeat; of an old will (`said_at` long before it was last heard) not all."""
        self._sql.run(
            "terminal_seen",
            org=terminal.org, id=terminal.id, at=at, state=state, unsent=unsent,
            software=software[:40], said_at=said_at, upload=upload, waits_since=waits_since,
        )  # fmt: skip

    def health(self) -> list[Row]:
        """Every scale, by its code.

        Rows: code, store, stall, suspended, key number, seen at, state, unsent, software, list
        taken, when, epoch, upload, waits since.
        """
        return self._sql.rows("terminal_health", org=ORG)

    def list_taken(
        self, terminal: TerminalRow, version: int, forms: int, *, at: int
    ) -> TerminalRow:
        """Notes which list a scale says it has, and which forms it takes."""
        same = (terminal.list_taken, terminal.list_forms) == (version, forms)
        if same and terminal.list_taken_at:
            return terminal
        self._sql.run(
            "terminal_list_taken",
            org=terminal.org, id=terminal.id, version=version, forms=forms, at=at,
        )  # fmt: skip
        since = terminal.list_taken_at if terminal.list_taken == version else 0
        return self._changed(
            replace(terminal, list_taken=version, list_forms=forms, list_taken_at=since or at)
        )

    def list_sent(self, terminal: TerminalRow, at: int) -> TerminalRow:
        """Notes that a list is on its way."""
        self._sql.run("terminal_list_sent", org=terminal.org, id=terminal.id, at=at)
        return self._changed(replace(terminal, list_sent_at=at))

    def ask(self, terminal: TerminalRow, number: int) -> TerminalRow:
        """Notes that a scale is asked for what it owes."""
        self._sql.run("terminal_ask", org=terminal.org, id=terminal.id, number=number)
        return self._changed(replace(terminal, asked=number))

    def collected(self, terminal: TerminalRow, number: int) -> TerminalRow:
        """Notes that a scale has brought everything."""
        self._sql.run("terminal_collected", org=terminal.org, id=terminal.id, number=number)
        return self._changed(replace(terminal, collected=number))

    def _changed(self, terminal: TerminalRow) -> TerminalRow:
        if terminal.code in self._terminals:
            self._terminals[terminal.code] = terminal
        return terminal

    def lists(self) -> list[Row]:
        """Rows of `terminal_lists`: which scale has which list since when."""
        return self._sql.rows("terminal_lists", org=ORG)

    def suspend(self, terminal: TerminalRow, *, suspended: bool) -> None:
        """Locks a terminal out, or lets it back in."""
        self._sql.run(
            "terminal_suspend", org=terminal.org, id=terminal.id, suspended=int(suspended)
        )
        self._terminals.pop(terminal.code, None)

    def enrol(self, terminal: TerminalRow, at: int) -> None:
        """Raises the terminal's key number; its old key is worth nothing from now on."""
        self._sql.run("terminal_enrol", org=terminal.org, id=terminal.id, at=at)
        self._terminals.pop(terminal.code, None)

    def organisation(self) -> OrganisationRow | None:
        """The organisation, or None before the first `apply`."""
        row = self._sql.one("organisation_get", org=ORG)
        return OrganisationRow(*row) if row else None

    def save_organisation(self, values: dict[str, int | str]) -> None:
        """Makes or changes the organisation."""
        self._sql.run("organisation_save", **{"org": ORG, "country": "", **values})
        self.forget()

    def next_serial(self) -> int:
        """A card serial never given before."""
        row = self._sql.one("organisation_next_serial", org=ORG)
        assert row is not None, "the organisation stands before cards are made"
        return int(row[0])

    def stores(self) -> list[Row]:
        """Rows (id, code, name)."""
        return self._sql.rows("store_list", org=ORG)

    def save_store(
        self, number: int, code: str, name: str, *,
        agent: int = 0, market: int = 0, zone: str = "", cutoff_hour: int = -1, upload: int = 0,
    ) -> None:  # fmt: skip
        """Makes or changes a store; `zone` empty and `cutoff_hour` -1: the organisation's."""
        self._sql.run(
            "store_save",
            org=ORG, id=number, code=code, name=name, agent=agent, market=market, zone=zone,
            cutoff_hour=cutoff_hour, upload=upload,
        )  # fmt: skip
        self.forget()

    def save_terminal(
        self, number: int, code: str, *, store: int, stall: str, stall_id: int = 0
    ) -> None:
        """Makes a terminal or moves it to another store or stall; `stall` is the stall's name."""
        self._sql.run(
            "terminal_save",
            org=ORG, id=number, code=code, store=store, stall=stall, stall_id=stall_id,
        )  # fmt: skip
        self.forget()

    def save_list(self, version: int, content: bytes, *, places: str, made_at: int) -> None:
        """Keeps a price list as the current one, and its names for the reports."""
        products = decode_prices(content).products
        self._sql.run(
            "list_version_save",
            org=ORG,
            version=version,
            made_at=made_at,
            places=places,
            content=content,
        )
        self._sql.run("list_version_current", org=ORG, version=version)
        self._sql.run("product_word_clear", org=ORG)
        words = [(ORG, one.plu, one.name_en, one.name_zh, one.category) for one in products]
        self._sql.many("product_word_keep", words)
        self.forget()

    def terms(self) -> tuple[int, int, bytes]:
        """Version, time of making and content of what scales may sell without an answer."""
        row = self._sql.one("terms_get", org=ORG)
        return (int(row[0]), int(row[1]), row[2]) if row else (0, 0, b"")

    def save_terms(self, version: int, made_at: int, content: bytes) -> None:
        """Keeps the terms in force."""
        self._sql.run("terms_save", org=ORG, version=version, made_at=made_at, content=content)

    def list_places(self, version: int) -> str:
        """Stores, terminals and stalls as they were when that list was made, JSON text."""
        row = self._sql.one("list_version_places", org=ORG, version=version)
        return str(row[0]) if row else ""

    def list_made_at(self, version: int) -> int:
        """When that price list was made, Unix milliseconds; 0 = there is none."""
        known = self._made_at.get(version)
        if known is None:
            row = self._sql.one("list_version_made_at", org=ORG, version=version)
            known = self._made_at[version] = int(row[0]) if row else 0
        return known

    def list_content(self, version: int) -> bytes | None:
        """The encoded price list of that version."""
        row = self._sql.one("list_version_get", org=ORG, version=version)
        return row[0] if row else None
