"""Taking price lists: whole, packed, or as changes against the one in force.

What cannot be made from the list in force is asked for whole: until a list was taken, this scale
says that it takes no changes, and the office sends the whole one.
"""

import logging

from broker.errors import BadMessage
from broker.list_changes import ListForm, whole_list
from broker.messages import PackedPrices, SignedPrices
from scale_app.catalog import Catalog, accepted_prices, catalog_of
from scale_app.errors import PricesRefused
from scale_app.journal.store import Journal

log = logging.getLogger("steelyard.prices")


class ListTaking:
    """The version in force, and what becomes of an offered list."""

    def __init__(self, journal: Journal, office_key: bytes) -> None:
        self._journal = journal
        self._office_key = office_key
        self._takes = ListForm.PACKED | ListForm.CHANGES
        self.version = 0

    @property
    def forms(self) -> int:
        """What the next sign-on and heartbeat say of the forms that are taken here."""
        return int(self._takes)

    def offered(self, offer: SignedPrices | PackedPrices, at_ms: int) -> Catalog | None:
        """The newer list, on disk; None when there is nothing new or it cannot be used."""
        if isinstance(offer, PackedPrices) and offer.version <= self.version:
            return None
        try:
            signed = offer if isinstance(offer, SignedPrices) else self._whole(offer)
            prices = accepted_prices(signed, self._office_key, self.version)
        except (PricesRefused, BadMessage) as error:
            log.warning("price list %d refused: %s", offer.version, error)
            if isinstance(offer, PackedPrices) and offer.base:
                self._takes = ListForm.PACKED
            return None
        if prices.version == self.version:
            return None
        self._journal.keep_prices(signed, at_ms)
        self.version, self._takes = prices.version, ListForm.PACKED | ListForm.CHANGES
        return catalog_of(prices)

    def _whole(self, offer: PackedPrices) -> SignedPrices:
        return whole_list(offer, self._journal.prices() if offer.base else None)
