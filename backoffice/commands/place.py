"""Commands about the tree of the chain: agents, markets, stores, stalls, scales, cashiers.

Each is given codes as people write them and refuses what does not fit in a sentence. Names of
stores and stalls stand on each scale's price list, so a change there makes a new list.
"""

import re
from dataclasses import asdict
from typing import Any, Final

from backoffice.errors import Refused, UsageFault
from backoffice.handlers.collecting import tell_mode
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.terms import renew_terms
from backoffice.organisation import check_zone
from backoffice.price_lists import renew_list
from backoffice.store.places import StallRow, StoreRow
from broker.collect import UPLOAD_WORDS
from broker.topics import is_terminal

CODE: Final = re.compile(r"[A-Za-z0-9-]{1,16}\Z")
STALL_CODE: Final = re.compile(r"[A-Za-z0-9/-]{1,24}\Z")
LONGEST_NAME: Final = 40
HIGHEST_CASHIER: Final = 999_999

Said = dict[str, Any]


def place_name(said: Said, default: str = "") -> str:
    """The name that a command gives to something.

    Raises:
        UsageFault: none, too long, or with characters that nobody sees.
    """
    name = str(said.get("name") or default).strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageFault(
            "A name has 1 to {longest} characters that can be printed.", longest=LONGEST_NAME
        )
    return name


def place_code(said: Said, pattern: re.Pattern[str] = CODE) -> str:
    """The code that a command names.

    Raises:
        UsageFault: not one.
    """
    code = str(said["code"])
    if not pattern.match(code):
        raise UsageFault("A code is up to 16 letters, digits and -, not {code}.", code=repr(code))
    return code


def check_new(said: Said, code: str | int, *, is_there: bool) -> None:
    """Nothing, unless `new` says that it is to be made, or changed, and it is otherwise.

    Raises:
        Refused: it is there already, or there is nothing to change.
    """
    if said.get("new") is True and is_there:
        raise Refused("{code} is there already; change it with `set`.", code=code)
    if said.get("new") is False and not is_there:
        raise Refused("There is no {code}; make it with `add`.", code=code)


def store_of(desk: Desk, code: str) -> StoreRow:
    """The store of that code.

    Raises:
        Refused: there is none.
    """
    for store in desk.store.places.stores():
        if store.code == code:
            return store
    raise Refused("There is no store {store}.", store=code)


def stall_at(desk: Desk, store: StoreRow, word: str) -> StallRow | None:
    """The stall of that store with that code or name; a new name makes a new stall; "" is none."""
    if not word:
        return None
    here = [one for one in desk.store.places.stalls() if one.store == store.id]
    for one in here:
        if word in (one.code, one.name):
            return one
    taken = {one.code for one in desk.store.places.stalls()}
    number = next(n for n in range(1, 10**6) if f"{store.code}/{n}" not in taken)
    return desk.store.places.save_stall(store.id, f"{store.code}/{number}", word)


def save_store(desk: Desk, said: Said) -> StoreRow:
    """Makes a store, or changes what is said of one.

    That is: `name`, `agent`, `market`, `zone`, `cutoff_hour`, `upload` (at-once or asked).
    """
    code = place_code(said)
    known = {one.code: one for one in desk.store.places.stores()}
    before = known.get(code)
    check_new(said, code, is_there=before is not None)
    agents = {one.code: one.id for one in desk.store.places.agents()} | {"": 0}
    markets = {one.code: one.id for one in desk.store.places.markets()} | {"": 0}
    agent = _one_of(agents, "agent", said, before.agent if before else "")
    market = _one_of(markets, "market", said, before.market if before else "")
    zone = str(said.get("zone", before.own_zone if before else ""))
    if zone:
        check_zone(zone, code)
    cutoff = int(said.get("cutoff_hour", before.own_cutoff if before else -1))
    if not -1 <= cutoff <= 23:
        raise UsageFault("A day ends at an hour from 0 to 23.")
    upload = said.get("upload") or UPLOAD_WORDS[before.upload if before else 0]
    if upload not in UPLOAD_WORDS:
        raise UsageFault("Records go at-once or when asked, not {upload}.", upload=repr(upload))
    desk.store.directory.save_store(
        before.id if before else max((one.id for one in known.values()), default=0) + 1,
        code, place_name(said, before.name if before else ""),
        agent=agent, market=market, zone=zone, cutoff_hour=cutoff,
        upload=UPLOAD_WORDS.index(upload),
    )  # fmt: skip
    return store_of(desk, code)


def _one_of(known: dict[str, int], kind: str, said: Said, default: str) -> int:
    code = str(said.get(kind, default))
    if code not in known:
        raise Refused("There is no {kind} {code}; add it first.", kind=kind, code=code)
    return known[code]


def save_stall(desk: Desk, said: Said) -> StallRow:
    """Makes a stall (`store`, `name`, perhaps `code`), or renames the one of `code`."""
    store = store_of(desk, str(said["store"]))
    name = place_name(said)
    stalls = desk.store.places.stalls()
    if not said.get("code"):
        if any(one.store == store.id and one.name == name for one in stalls):
            raise Refused("{store} has a stall of that name already.", store=store.code)
        made = stall_at(desk, store, name)
        assert made is not None, "a name was given"
        return made
    code = place_code(said, STALL_CODE)
    for one in stalls:
        if one.code == code and one.store != store.id:
            raise Refused("Stall {code} stands in {store}.", code=code, store=one.store_code)
        if one.store == store.id and one.name == name and one.code != code:
            raise Refused("{store} has a stall of that name already.", store=store.code)
    return desk.store.places.save_stall(store.id, code, name)


def save_terminal(desk: Desk, said: Said) -> None:
    """Makes a scale (`code`, `store`, `stall` by code or name), or moves one."""
    code = str(said["code"])
    if not is_terminal(code):
        raise UsageFault("The id of a scale is 1 to 8 of A-Z, 0-9 and -, a letter first.")
    store = store_of(desk, str(said["store"]))
    stall = stall_at(desk, store, str(said.get("stall", ""))[:LONGEST_NAME])
    row = desk.store.directory.terminal(code)
    check_new(said, code, is_there=row is not None)
    desk.store.directory.save_terminal(
        row.id if row else len(desk.store.directory.terminals()) + 1, code,
        store=store.id, stall=stall.name if stall else "", stall_id=stall.id if stall else 0,
    )  # fmt: skip


def save_cashier(desk: Desk, said: Said) -> None:
    """Makes or changes a cashier: `number`, `name`, `store` (empty = at every store)."""
    number = int(said["number"])
    if not 1 <= number <= HIGHEST_CASHIER:
        raise UsageFault("A cashier has a number from 1 to {highest}.", highest=HIGHEST_CASHIER)
    known = {one.number: one for one in desk.store.places.cashiers()}
    check_new(said, number, is_there=number in known)
    before = known.get(number)
    code = str(said.get("store", before.store if before else ""))
    store = store_of(desk, code).id if code else 0
    name = place_name(said, before.name if before else "")
    desk.store.places.save_cashier(number, name, store)


def agent_save(desk: Desk, said: Said, _batch: Batch, _now: int) -> Said:
    """Makes or renames an agent: `code`, `name`."""
    code, name = place_code(said), place_name(said)
    check_new(said, code, is_there=code in {one.code for one in desk.store.places.agents()})
    desk.store.places.save_agent(code, name)
    return {"code": code, "name": name}


def market_save(desk: Desk, said: Said, _batch: Batch, _now: int) -> Said:
    """Makes or renames a market: `code`, `name`."""
    code, name = place_code(said), place_name(said)
    check_new(said, code, is_there=code in {one.code for one in desk.store.places.markets()})
    desk.store.places.save_market(code, name)
    return {"code": code, "name": name}


def store_save(desk: Desk, said: Said, batch: Batch, now: int) -> Said:
    """Makes or changes a store: `code`, and what `save_store` takes."""
    made = save_store(desk, said)
    _renewed(desk, said, batch, now)
    if said.get("upload"):
        tell_mode(desk, made.code, batch)
    return asdict(made)


def stall_save(desk: Desk, said: Said, batch: Batch, now: int) -> Said:
    """Makes or renames a stall: `store`, `name`, perhaps `code`."""
    made = save_stall(desk, said)
    desk.store.forget()
    _renewed(desk, said, batch, now)
    return asdict(made)


def terminal_save(desk: Desk, said: Said, batch: Batch, now: int) -> Said:
    """Makes a scale or moves it: `code`, `store`, `stall` (code or name; empty = none)."""
    save_terminal(desk, said)
    _renewed(desk, said, batch, now)
    row = desk.store.directory.terminal(str(said["code"]))
    assert row is not None, "saved above"
    return {"terminal": row.code, "store": row.store_code, "stall": row.stall}


def cashier_save(desk: Desk, said: Said, batch: Batch, now: int) -> Said:
    """Makes or changes a cashier: `number`, `name`, `store` (empty = at every store)."""
    save_cashier(desk, said)
    _renewed(desk, said, batch, now)
    return {"number": int(said["number"])}


def cashier_remove(desk: Desk, said: Said, batch: Batch, now: int) -> Said:
    """Takes a cashier off all scales; what he sold keeps his number: `number`."""
    number = int(said["number"])
    if number not in {one.number for one in desk.store.places.cashiers()}:
        raise Refused("There is no cashier {number}.", number=number)
    desk.store.places.remove_cashier(number)
    _renewed(desk, said, batch, now)
    renew_terms(desk, batch, now)
    return {"number": number}


def _renewed(desk: Desk, said: Said, batch: Batch, now: int) -> None:
    if desk.store.directory.organisation() is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    renew_list(desk, batch, now, by=str(said.get("by", "")))


PLACE_COMMANDS = {
    "agent.save": agent_save,
    "cashier.remove": cashier_remove,
    "cashier.save": cashier_save,
    "market.save": market_save,
    "stall.save": stall_save,
    "store.save": store_save,
    "terminal.save": terminal_save,
}
