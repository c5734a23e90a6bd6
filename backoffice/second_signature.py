"""Is the second person who she says? Proved at the edge, by password or by a cashier's PIN.

The command then gets her name alone, so that no secret reaches the books or the second journal.
"""

import hmac

from backoffice.errors import Refused
from backoffice.handlers.terms import kept_terms_of
from backoffice.passwords import fits
from backoffice.pins import salt_of, unboxed
from backoffice.store import Store
from broker.pins import stretched


def signed_by(store: Store, who: str, secret: str, master: bytes | None = None) -> str:
    """The name for `approved_by` of a command about prices.

    Args:
        store: the books.
        who: a person of the office, or the number of a cashier with a PIN.
        secret: her password, or the PIN.
        master: the office's MAC master; without it (in the pages) no PIN can be proved.

    Raises:
        Refused: no such person, or not her secret; takes as long as the right one.
    """
    person = store.people.get(who)
    is_pin = person is None and master is not None and who.isascii() and who.isdigit()
    if is_pin and master is not None and _has_pin(store, int(who), secret, master):
        return who
    if not is_pin and fits(person.password if person else "", secret) and person:
        return person.name
    raise Refused("The name or the secret of the second person is not right.")


def _has_pin(store: Store, number: int, pin: str, master: bytes) -> bool:
    box = kept_terms_of(store)[2].pins.get(number)
    kept = unboxed(box, number, master) if box else None
    return kept is not None and hmac.compare_digest(kept, stretched(pin, salt_of(master)))
