"""Commands about people: who may be the second person at a scale, and with which PIN.

The PIN itself never comes here; the command line sends it boxed (`backoffice.pins`).
"""

from typing import Any

from backoffice.errors import Refused
from backoffice.handlers.desk import Batch, Desk
from backoffice.handlers.terms import cashiers_of, kept_terms, renew_terms
from backoffice.pins import unboxed


def cashier_pin(desk: Desk, said: dict[str, Any], batch: Batch, now: int) -> dict[str, Any]:
    """Gives a cashier a PIN, or takes it away (`box` empty), and tells all scales."""
    number = int(said["number"])
    if number not in {cashier.number for cashier in cashiers_of(desk)}:
        raise Refused("There is no cashier {number} in the market file.", number=number)
    pins = dict(kept_terms(desk)[2].pins)
    box = bytes.fromhex(str(said.get("box", "")))
    if box:
        _check(desk, pins, number, box)
        pins[number] = box
    else:
        pins.pop(number, None)
    renew_terms(desk, batch, now, pins=pins)
    return {"number": number, "has_pin": bool(box)}


def _check(desk: Desk, pins: dict[int, bytes], number: int, box: bytes) -> None:
    slow = unboxed(box, number, desk.mac_master)
    if slow is None:
        raise Refused("This PIN was made with other secrets; set it on the office's machine.")
    others = (unboxed(kept, who, desk.mac_master) for who, kept in pins.items() if who != number)
    if slow in others:
        raise Refused("Choose another PIN.")
