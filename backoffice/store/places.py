"""The chain as a tree: agents, markets, stores, stalls, and who may sell."""

from dataclasses import dataclass

from backoffice.store.directory import ORG
from backoffice.store.statements import Statements


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store; `agent` and `market` are codes, empty = the company's own, in no market."""

    id: int
    code: str
    name: str
    agent: str
    market: str
    own_zone: str
    """Empty: the organisation's."""
    own_cutoff: int
    """-1: the organisation's."""
    zone: str
    """In force."""
    cutoff_hour: int
    upload: int = 0
    """A `broker.collect.Upload`: its scales send at once, or wait to be asked."""


@dataclass(frozen=True, slots=True)
class StallRow:
    """A stall in a store."""

    id: int
    code: str
    name: str
    store: int
    store_code: str


@dataclass(frozen=True, slots=True)
class CodedRow:
    """An agent or a market."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CashierRow:
    """Who may sell; `store` is a code, empty = at every store."""

    number: int
    name: str
    store: str


class Places:
    """Reads and changes the tree; stores themselves are saved by `Directory.save_store`."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def stores(self) -> list[StoreRow]:
        """All stores by code."""
        return [StoreRow(*row) for row in self._sql.rows("place_stores", org=ORG)]

    def stalls(self) -> list[StallRow]:
        """All stalls by store."""
        return [StallRow(*row) for row in self._sql.rows("stall_list", org=ORG)]

    def agents(self) -> list[CodedRow]:
        """All agents by code."""
        return [CodedRow(*row) for row in self._sql.rows("agent_list", org=ORG)]

    def markets(self) -> list[CodedRow]:
        """All markets by code."""
        return [CodedRow(*row) for row in self._sql.rows("market_list", org=ORG)]

    def cashiers(self) -> list[CashierRow]:
        """All cashiers by number."""
        return [CashierRow(*row) for row in self._sql.rows("cashier_list", org=ORG)]

    def save_agent(self, code: str, name: str) -> None:
        """Makes or renames an agent."""
        self._sql.run("agent_save", org=ORG, code=code, name=name)

    def save_market(self, code: str, name: str) -> None:
        """Makes or renames a market."""
        self._sql.run("market_save", org=ORG, code=code, name=name)

    def save_stall(self, store: int, code: str, name: str) -> StallRow:
        """Makes a stall, or renames the one of that code, its scales included."""
        self._sql.run("stall_save", org=ORG, store=store, code=code, name=name)
        [made] = [one for one in self.stalls() if one.code == code]
        self._sql.run("stall_rename_terminals", org=ORG, stall=made.id, name=name)
        return made

    def save_cashier(self, number: int, name: str, store: int) -> None:
        """Makes or changes a cashier; `store` 0 = at every store."""
        self._sql.run("cashier_save", org=ORG, number=number, name=name, store=store)

    def remove_cashier(self, number: int) -> None:
        """Takes a cashier off all scales; what he sold keeps his number."""
        self._sql.run("cashier_remove", org=ORG, number=number)
