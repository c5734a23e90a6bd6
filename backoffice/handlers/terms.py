"""What scales may do without asking: limits by store, denied cards, second persons; signed, pushed.

The whole list goes out when it has changed, to every scale that is enrolled; a scale that missed it
says an older version with its next sign-on or heartbeat and gets it then. A card in debt is denied
until it is topped up.
"""

import msgspec

from backoffice.handlers.desk import Batch, Desk, Outgoing
from backoffice.pins import salt_of, unboxed
from backoffice.store import Store
from backoffice.store.directory import ORG, TerminalRow
from broker.business_day import business_day
from broker.codec import Form, encode
from broker.messages import VERSION, Kind, SignedTerms
from broker.pins import Person, verifier_of
from broker.pricelist import Cashier
from broker.seal import sealed, signed
from broker.stand_in import MAX_DENIED, Limits, Terms, encode_terms
from broker.topics import Channel, down


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """The terms as the books keep them; limits by the store's code."""

    limits: dict[str, Limits] = {}
    denied: list[int] = []
    pins: dict[int, bytes] = {}
    """Boxes of `backoffice.pins` by cashier number."""


def kept_terms(desk: Desk) -> tuple[int, int, Kept]:
    """Version, time of making, content; version 0 before the first."""
    return kept_terms_of(desk.store)


def kept_terms_of(store: Store) -> tuple[int, int, Kept]:
    """The same, out of the books alone."""
    version, made_at, content = store.directory.terms()
    kept = msgspec.msgpack.decode(content, type=Kept) if content else Kept()
    return version, made_at, kept


def cashiers_in(store: Store) -> list[Cashier]:
    """Everybody who may sell, by number."""
    return [Cashier(one.number, one.name) for one in store.places.cashiers()]


def cashiers_of(desk: Desk) -> list[Cashier]:
    """The same, for a desk."""
    return cashiers_in(desk.store)


def renew_terms(
    desk: Desk, batch: Batch, now: int, *,
    limits: dict[str, Limits] | None = None, pins: dict[int, bytes] | None = None,
) -> bool:  # fmt: skip
    """Makes a new version when anything in it has changed, and sends it to all scales."""
    organisation = desk.store.directory.organisation()
    if organisation is None:
        return False
    version, _, before = kept_terms(desk)
    day = business_day(now, organisation.zone, organisation.cutoff_hour)
    denied = desk.store.cards.denied(ORG, day, MAX_DENIED + 1)
    known = {cashier.number for cashier in cashiers_of(desk)}
    kept_pins = before.pins if pins is None else pins
    after = Kept(
        before.limits if limits is None else limits,
        denied,
        {number: box for number, box in sorted(kept_pins.items()) if number in known},
    )
    if after == before:
        return False
    # Seconds keep a version from coming back in a restored office.
    desk.store.directory.save_terms(
        max(version + 1, now // 1000), now, msgspec.msgpack.encode(after)
    )
    _announce(desk, batch)
    return True


def _announce(desk: Desk, batch: Batch) -> None:
    for row in desk.store.directory.terminals():
        terminal = desk.store.directory.terminal(row[0])
        if terminal is not None and terminal.key_number and not terminal.suspended:
            batch.frames.append(_frame(desk, terminal, Form.MSGPACK))


def terms_after(desk: Desk, terminal: TerminalRow, known: int | None, form: Form) -> list[Outgoing]:
    """The terms for a scale that knows version `known`, when they are newer."""
    if known is None or known >= kept_terms(desk)[0]:
        return []
    return [_frame(desk, terminal, form)]


def _frame(desk: Desk, terminal: TerminalRow, form: Form) -> Outgoing:
    version, made_at, kept = kept_terms(desk)
    limits, denied = kept.limits.get(terminal.store_code, Limits()), kept.denied
    if len(denied) > MAX_DENIED:
        limits, denied = Limits(), []
    terms = Terms(
        version, terminal.code, made_at, limits, denied,
        pin_salt=salt_of(desk.mac_master) if kept.pins else b"",
        people=_people(desk, terminal, kept.pins),
        key_number=terminal.key_number,
    )  # fmt: skip
    payload = encode_terms(terms)
    message = SignedTerms(VERSION, Kind.TERMS, version, payload, signed(payload, desk.signing_key))
    frame = sealed(encode(message, form), desk.key(terminal))
    return Outgoing(down(terminal.code, Channel.PRICES), frame, 1)


def _people(desk: Desk, terminal: TerminalRow, pins: dict[int, bytes]) -> list[Person]:
    """Verifiers that are good at this scale and nowhere else."""
    found = []
    for number, box in pins.items():
        slow = unboxed(box, number, desk.mac_master)
        if slow is not None:
            found.append(Person(number, verifier_of(slow, number, desk.key(terminal))))
    return found
