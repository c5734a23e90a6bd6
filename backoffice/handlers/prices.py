"""The price list for one scale: the organisation's products, its own store and stall, signed.

A scale that can is sent the list packed, or only what has changed since the one it has. Its word
which one that is (sign-on, heartbeat) is the acknowledgement. What it does not take is sent again
with pauses that double, so that a scale that never takes it costs little of its SIM.
"""

import msgspec

from backoffice.handlers.desk import Desk, Outgoing
from backoffice.store.directory import TerminalRow
from broker.codec import Form, decode_prices, encode, encode_prices
from broker.list_changes import MOST_PACKED, ListForm, packed_list
from broker.messages import VERSION, Heartbeat, Kind, PackedPrices, SignedPrices
from broker.pricelist import PriceList
from broker.seal import sealed, signed
from broker.topics import Channel, down

AGAIN_AFTER_MS = 60_000


def price_frame(desk: Desk, terminal: TerminalRow, form: Form) -> Outgoing | None:
    """The signed list in force, sealed for that terminal.

    None before the first `apply`, and for a list that is too long for what the scale can take.
    """
    version, taken, forms = terminal.list_version, terminal.list_taken, terminal.list_forms
    made = desk.prices.get((terminal.code, version, taken, forms, form))
    if made is None:
        content = desk.store.directory.list_content(version)
        if content is None:
            return None
        message = _message(desk, terminal, content)
        if message is None:
            return None
        made = desk.prices[terminal.code, version, taken, forms, form] = encode(message, form)
    return Outgoing(down(terminal.code, Channel.PRICES), sealed(made, desk.key(terminal)), 1)


def _message(
    desk: Desk, terminal: TerminalRow, content: bytes
) -> SignedPrices | PackedPrices | None:
    payload = encode_prices(_for_scale(desk, terminal, decode_prices(content)))
    signature = signed(payload, desk.signing_key)
    version = terminal.list_version
    if not terminal.list_forms & ListForm.PACKED:
        whole = SignedPrices(VERSION, Kind.PRICES, version, payload, signature)
        return whole if len(payload) <= MOST_PACKED else None
    old = None
    if terminal.list_forms & ListForm.CHANGES and 0 < terminal.list_taken < version:
        known = desk.store.directory.list_content(terminal.list_taken)
        old = _for_scale(desk, terminal, decode_prices(known)) if known else None
        if old is not None and _places_differ(desk, terminal.list_taken, version):
            # Who may sell there may have been another one: he goes along whole.
            old = msgspec.structs.replace(old, cashiers=[])
    return packed_list(payload, signature, version=version, old=old)


def _places_differ(desk: Desk, one: int, other: int) -> bool:
    places = desk.store.directory.list_places
    return places(one) != places(other)


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


def send_prices(desk: Desk, terminal: TerminalRow, form: Form, now: int) -> list[Outgoing]:
    """The list in force, noted as sent."""
    frame = price_frame(desk, terminal, form)
    if frame is None:
        return []
    desk.store.directory.list_sent(terminal, now)
    return [frame]


def prices_after(
    desk: Desk, terminal: TerminalRow, beat: Heartbeat, form: Form, *, now: int, at_once: bool
) -> list[Outgoing]:
    """What a heartbeat acknowledges is noted; a scale that is behind gets the list again.

    `at_once`: its sign-on was not believed, so no list has followed that.
    """
    if beat.state != 1:
        return []
    asks_whole = bool(terminal.list_forms & ~beat.list_forms & ListForm.CHANGES)
    terminal = desk.store.directory.list_taken(terminal, beat.list_version, beat.list_forms, at=now)
    if beat.list_version >= terminal.list_version:
        return []
    made_at = desk.store.directory.list_made_at(terminal.list_version)
    # A list may be old when a scale first lacks it: the pauses double from then on.
    lacks_since = max(made_at, terminal.list_taken_at)
    pause = max(AGAIN_AFTER_MS, terminal.list_sent_at - lacks_since)
    if not (asks_whole or at_once) and now < terminal.list_sent_at + pause:
        return []
    return send_prices(desk, terminal, form, now)
