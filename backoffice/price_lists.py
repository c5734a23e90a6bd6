"""The price list in force, made from the tables of products and cashiers, and its sending.

A new version is made when anything that a scale sees has changed; every version is kept as its
encoded bytes. Names of stores and stalls stand on each scale's own copy, so they count as well.
"""

import json

import msgspec

from backoffice.errors import UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.prices import send_prices
from broker.codec import Form, decode_prices, encode_prices
from broker.list_changes import fits_a_frame
from broker.pricelist import Cashier, Policy, PriceList, Product


def list_in_force(desk: Desk) -> PriceList | None:
    """The list that scales ought to sell by, without store and stall; None before the first."""
    organisation = desk.store.directory.organisation()
    content = desk.store.directory.list_content(organisation.list_version) if organisation else None
    return decode_prices(content) if content else None


def products_at(desk: Desk, version: int) -> dict[int, Product]:
    """The products of a list by PLU; {} when there is no such list."""
    content = desk.store.directory.list_content(version)
    return {one.plu: one for one in decode_prices(content).products} if content else {}


def renew_list(
    desk: Desk, batch: Batch, now: int, *, by: str = "", approved_by: str = "",
    policy: Policy | None = None,
) -> tuple[int, bool]:  # fmt: skip
    """Version in force, and whether it is new; a new one goes to all scales.

    Raises:
        UsageFault: the list would be too long for a scale.
    """
    organisation = desk.store.directory.organisation()
    assert organisation is not None, "commands about prices come after the first apply"
    version, before = organisation.list_version, list_in_force(desk)
    kept = before.policy if before else Policy()
    made = PriceList(
        version=version, store="", stall="",
        products=[row.product for row in desk.store.products.all().values()],
        cashiers=[Cashier(one.number, one.name) for one in desk.store.places.cashiers()],
        levels=json.loads(organisation.levels), policy=kept if policy is None else policy,
    )  # fmt: skip
    places = _places(desk)
    if made == before and places == desk.store.directory.list_places(version):
        return version, False
    content = encode_prices(msgspec.structs.replace(made, version=version + 1))
    if not fits_a_frame(content):
        raise UsageFault("The price list is longer than one message; use fewer products.")
    desk.store.directory.save_list(version + 1, content, places=places, made_at=now)
    desk.store.products.note_maker(version + 1, by, approved_by)
    desk.prices.clear()
    announce(desk, batch, now)
    return version + 1, True


def _places(desk: Desk) -> str:
    """Whatever makes one scale's copy of a list another than the next one's, as JSON text."""
    scales = [(row[0], row[1], row[2]) for row in desk.store.directory.terminals()]
    stores = [(one.code, one.name) for one in desk.store.places.stores()]
    sellers = [(one.number, one.store) for one in desk.store.places.cashiers() if one.store]
    return json.dumps([scales, stores, sellers], ensure_ascii=False)


def announce(desk: Desk, batch: Batch, now: int) -> None:
    """The list in force for every scale that is let in."""
    for row in desk.store.directory.terminals():
        terminal = desk.store.directory.terminal(row[0])
        if terminal is not None and terminal.key_number and not terminal.suspended:
            batch.frames += send_prices(desk, terminal, Form.MSGPACK, now)
