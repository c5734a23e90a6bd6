"""Commands of the office: what a person at the desk changes in the books.

The running server and a command line without server run the same functions, each in one
transaction. Arguments and results are what JSON can carry.
"""

from collections.abc import Callable
from typing import Any

from backoffice.commands.card import (
    card_block,
    card_refund,
    card_release,
    card_retire,
    card_topup,
)
from backoffice.commands.collect import COLLECT_COMMANDS
from backoffice.commands.delivery import (
    hook_add,
    hook_end,
    hook_resume,
    hook_told,
    mail_add,
    mail_end,
    mail_told,
)
from backoffice.commands.issue import (
    card_activate,
    card_begun,
    card_reserve,
    card_sell,
    card_shelve,
)
from backoffice.commands.key import KEY_COMMANDS
from backoffice.commands.member import (
    kept_private,
    member_add,
    member_card,
    member_change,
    member_find,
    member_forget,
    member_level,
    member_uncard,
    scrub_second,
)
from backoffice.commands.move import move_done, move_open, move_settle, move_tell
from backoffice.commands.people import cashier_pin
from backoffice.commands.place import (
    PLACE_COMMANDS,
    save_cashier,
    save_stall,
    save_store,
    save_terminal,
)
from backoffice.commands.product import PRODUCT_COMMANDS
from backoffice.commands.settle import alert_settle, quarantine_retry, quarantine_settle
from backoffice.commands.stock import stock_add, stock_undo
from backoffice.commands.swap import card_swap
from backoffice.commands.topup import (
    bonus_add,
    bonus_end,
    card_collect,
    card_collected,
    card_order,
    card_order_end,
)
from backoffice.commands.user import person_save, person_suspend
from backoffice.errors import OfficeError, Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.terms import renew_terms
from backoffice.organisation import Checked, parse_market
from backoffice.pinyin import initials
from backoffice.price_lists import renew_list
from backoffice.second_journal import OfficeOperation, uid_of
from backoffice.store.directory import TerminalRow
from backoffice.store.products import ProductRow

Arguments = dict[str, Any]
Result = dict[str, Any]
Command = Callable[[Desk, Arguments, Batch, int], Result]

MARKET_FILE = "market file"
"""Who changed a price that `apply` changed."""


def apply_market(desk: Desk, said: Arguments, batch: Batch, now: int) -> Result:
    """Makes the books agree with a market file; the same file again changes nothing."""
    checked = parse_market(str(said.get("text", "")))
    market = checked.market
    organisation = market.organisation
    before = desk.store.directory.organisation()
    if before and (before.currency, before.exponent) != (
        organisation.currency, organisation.exponent,
    ):  # fmt: skip
        raise Refused("The currency of an organisation with books cannot be changed.")
    directory = desk.store.directory
    directory.save_organisation(
        {
            "name": organisation.name, "name_zh": organisation.name_zh,
            "currency": organisation.currency, "exponent": organisation.exponent,
            "zone": organisation.zone, "cutoff_hour": organisation.cutoff_hour,
            "issuer": organisation.issuer, "levels": checked.levels_json,
            "country": organisation.country,
        }
    )  # fmt: skip
    _save_places(desk, checked)
    _save_products(desk, checked)
    policy = checked.prices.policy
    version, changed = renew_list(desk, batch, now, by=MARKET_FILE, policy=policy)
    renew_terms(desk, batch, now, limits=checked.limits)
    return {
        "stores": len(market.store), "terminals": len(market.terminal),
        "products": len(market.product), "cashiers": len(market.cashier),
        "list_version": version, "changed": changed,
    }  # fmt: skip


def _save_places(desk: Desk, checked: Checked) -> None:
    market, places = checked.market, desk.store.places
    for agent in market.agent:
        places.save_agent(agent.id, agent.name)
    for one in market.market:
        places.save_market(one.id, one.name)
    for store in market.store:
        said = {"code": store.id, "name": store.name, "agent": store.agent, "zone": store.zone}
        said |= {"upload": store.upload, "market": store.market}
        save_store(desk, {**said, "cutoff_hour": store.cutoff_hour})
    for stall in market.stall:
        save_stall(desk, {"code": stall.id, "store": stall.store, "name": stall.name})
    for scale in market.terminal:
        save_terminal(desk, {"code": scale.id, "store": scale.store, "stall": scale.stall})
    named = {cashier.number for cashier in market.cashier}
    for known in places.cashiers() if named else ():
        if known.number not in named:
            places.remove_cashier(known.number)
    for cashier in market.cashier:
        save_cashier(desk, {"number": cashier.number, "name": cashier.name, "store": cashier.store})


def _save_products(desk: Desk, checked: Checked) -> None:
    """Products as the file has them; a file without any leaves those of the books alone."""
    wanted = {one.plu: one for one in checked.prices.products}
    known = desk.store.products.all()
    for plu in known.keys() - wanted.keys() if wanted else ():
        desk.store.products.remove(plu)
    organisation = desk.store.directory.organisation()
    assert organisation is not None, "saved above"
    for plu, one in wanted.items():
        if plu not in known or known[plu].product != one:
            row = ProductRow(one, initials(one.name_zh), organisation.list_version + 1, MARKET_FILE)
            desk.store.products.save(row)


def known_terminal(desk: Desk, said: Arguments) -> TerminalRow:
    """The terminal that a command names.

    Raises:
        Refused: there is none of that id.
    """
    code = str(said.get("terminal", ""))
    row = desk.store.directory.terminal(code)
    if row is None:
        raise Refused(
            "There is no terminal {code}; add it to the market file and apply that.", code=code
        )
    return row


def terminal_enrol(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Result:
    """Gives a terminal its next MAC key number; an older key is worth nothing from now on."""
    terminal = known_terminal(desk, said)
    desk.store.directory.enrol(terminal, now)
    row = known_terminal(desk, said)
    return {
        "terminal": row.code, "key_number": row.key_number, "organisation": row.organisation,
        "store": row.store_code, "store_name": row.store_name, "stall": row.stall,
        "currency": row.currency, "exponent": row.exponent, "zone": row.zone,
        "cutoff_hour": row.cutoff_hour,
    }  # fmt: skip


def terminal_suspend(desk: Desk, said: Arguments, _batch: Batch, _now: int) -> Result:
    """Locks a terminal out, or lets it back in."""
    terminal = known_terminal(desk, said)
    suspended = bool(said.get("suspended", True))
    desk.store.directory.suspend(terminal, suspended=suspended)
    return {"terminal": terminal.code, "suspended": suspended}


def ping(_desk: Desk, _said: Arguments, _batch: Batch, now: int) -> Result:
    """Shows that the server answers."""
    return {"at": now}


COMMANDS: dict[str, Command] = {
    "apply": apply_market,
    "stock.add": stock_add,
    "stock.undo": stock_undo,
    "terminal.enrol": terminal_enrol,
    "terminal.suspend": terminal_suspend,
    "bonus.add": bonus_add,
    "bonus.end": bonus_end,
    "card.collect": card_collect,
    "card.collected": card_collected,
    "card.order": card_order,
    "card.order.end": card_order_end,
    "card.reserve": card_reserve,
    "card.activate": card_activate,
    "card.begun": card_begun,
    "card.block": card_block,
    "card.move.done": move_done,
    "card.move.open": move_open,
    "card.move.settle": move_settle,
    "card.move.tell": move_tell,
    "card.refund": card_refund,
    "card.release": card_release,
    "card.retire": card_retire,
    "card.sell": card_sell,
    "card.swap": card_swap,
    "card.shelve": card_shelve,
    "card.topup": card_topup,
    "cashier.pin": cashier_pin,
    "hook.add": hook_add,
    "hook.end": hook_end,
    "hook.resume": hook_resume,
    "hook.told": hook_told,
    "mail.add": mail_add,
    "mail.end": mail_end,
    "mail.told": mail_told,
    "member.add": member_add,
    "member.card": member_card,
    "member.change": member_change,
    "member.find": member_find,
    "member.forget": member_forget,
    "member.level": member_level,
    "member.uncard": member_uncard,
    "person.save": person_save,
    "person.suspend": person_suspend,
    "ping": ping,
    "alert.settle": alert_settle,
    "quarantine.retry": quarantine_retry,
    "quarantine.settle": quarantine_settle,
    **COLLECT_COMMANDS,
    **KEY_COMMANDS,
    **PLACE_COMMANDS,
    **PRODUCT_COMMANDS,
}


DENIES = frozenset(
    {
        "card.block",
        "card.collected",
        "card.move.done",
        "card.move.settle",
        "card.refund",
        "card.release",
        "card.retire",
        "card.reserve",
        "card.sell",
        "card.swap",
        "card.topup",
    }
)
"""Commands after which other cards may be denied than before."""

NOT_KEPT = frozenset(
    {
        "alert.settle",
        "card.begun",
        "card.move.open",
        "collect.ask",
        "hook.resume",
        "hook.told",
        "mail.told",
        "member.find",
        "ping",
        "quarantine.retry",
        "quarantine.settle",
    }
)
"""Not in the second journal: questions, and what is about rows that a backup does not have."""


def run_command(desk: Desk, name: str, said: Arguments, batch: Batch, *, now: int) -> Result:
    """Runs one command in its own transaction.

    Raises:
        OfficeError: with a sentence for the person at the desk; nothing was changed.
    """
    command = COMMANDS.get(name)
    if command is None:
        raise UsageFault("There is no command {name}.", name=name)
    try:
        if name in NOT_KEPT or said.get("dry_run") is True:
            with desk.store.transaction():
                return command(desk, said, batch, now)
        result = _kept(desk, name, said, batch, now=now)
    except (KeyError, ValueError, TypeError) as error:
        raise UsageFault(
            "The command {name} was given something it cannot use.", name=name
        ) from error
    except OfficeError:
        batch.frames.clear()
        raise
    if desk.second is not None:
        # Before the answer: what a person was told is done stands on two disks.
        desk.second.catch_up(desk.store.office.after(desk.second.told))
        if name == "member.forget":
            scrub_second(desk)
    return result


def carry_out(desk: Desk, name: str, said: Arguments, batch: Batch, *, now: int) -> Result:
    """Does a command and what follows from it, inside the caller's transaction."""
    result = COMMANDS[name](desk, said, batch, now)
    if name in DENIES:
        renew_terms(desk, batch, now)
    return result


def _kept(desk: Desk, name: str, said: Arguments, batch: Batch, *, now: int) -> Result:
    """Carries a command out and notes it, in one transaction."""
    with desk.store.transaction():
        return keep_inside(desk, name, said, batch, now=now)


def keep_inside(desk: Desk, name: str, said: Arguments, batch: Batch, *, now: int) -> Result:
    """Carries a command out and notes it with the tokens it drew, in the caller's transaction."""
    drawn: list[str] = []
    source = desk.new_token

    def draw() -> bytes:
        token = source()
        drawn.append(token.hex())
        return token

    said = kept_private(desk, name, said)
    desk.new_token = draw
    try:
        result = carry_out(desk, name, said, batch, now=now)
        uid = uid_of(now, name, said, place=desk.store.office.last() + 1)
        one = OfficeOperation(uid, now, name, said, tuple(drawn), result)
        desk.store.office.keep(uid, one.line())
        batch.has_commands = True
        return result
    finally:
        desk.new_token = source
