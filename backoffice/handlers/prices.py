"""The price list for one scale: the organisation's products, its own store and stall, signed."""

import msgspec

from backoffice.handlers.desk import Desk, Outgoing
from backoffice.store.directory import TerminalRow
from broker.codec import Form, decode_prices, encode, encode_prices
from broker.messages import VERSION, Heartbeat, Kind, SignedPrices
from broker.pricelist import PriceList
from broker.seal import sealed, signed
from broker.topics import Channel, down


def price_frame(desk: Desk, terminal: TerminalRow, form: Form) -> Outgoing | None:
    """The signed list in force, sealed for that terminal; None before the first `apply`."""
    version = terminal.list_version
    made = desk.prices.get((terminal.code, version, form))
    if made is None:
        content = desk.store.directory.list_content(version)
        if content is None:
            return None
        payload = encode_prices(_for_scale(desk, terminal, decode_prices(content)))
        signature = signed(payload, desk.signing_key)
        message = SignedPrices(VERSION, Kind.PRICES, version, payload, signature)
        made = desk.prices[terminal.code, version, form] = encode(message, form)
    return Outgoing(down(terminal.code, Channel.PRICES), sealed(made, desk.key(terminal)), 1)


def _for_scale(desk: Desk, terminal: TerminalRow, prices: PriceList) -> PriceList:
    """The list with the names of its store and stall, and those who may sell there."""
    elsewhere = {
        one.number
        for one in desk.store.places.cashiers()
        if one.store not in ("", terminal.store_code)
    }
    return msgspec.structs.replace(
        prices, store=terminal.store_name[:40], stall=terminal.stall[:40],
        cashiers=[one for one in prices.cashiers if one.number not in elsewhere],
    )  # fmt: skip


def prices_after(desk: Desk, terminal: TerminalRow, beat: Heartbeat, form: Form) -> list[Outgoing]:
    """The list again for a scale that tells of the same older one a second time: it was lost.

    Once is no reason: the heartbeat and the list may have met on the way.
    """
    before = desk.behind.pop(terminal.code, None)
    if beat.state == 0 or beat.list_version >= terminal.list_version:
        return []
    if before != beat.list_version:
        desk.behind[terminal.code] = beat.list_version
        return []
    frame = price_frame(desk, terminal, form)
    return [frame] if frame else []
