"""The security module in the second slot: opened when a purchase first needs it, kept for the day.

Asked only on the card thread, from within a conversation with the customer's card. After any
exchange that failed it is opened anew: the chip has lost what it knew (`card.pcsc.HeldSlot`).
"""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from card.errors import CardGone, ReaderGone, SamMissing
from scale_app.config import ModuleTable

if TYPE_CHECKING:
    from card.pcsc.slot import HeldSlot
    from card.psam import Psam
    from card.purse_facts import PurseProfile

log = logging.getLogger("steelyard.module")

_IDENTIFIER_BYTES = 2


class SecurityModule:
    """The till's PSAM, as its settings describe it; without a table it serves no card."""

    def __init__(self, table: ModuleTable | None) -> None:
        self._table = table
        self._slot: HeldSlot | None = None
        self._psam: Psam | None = None

    @property
    def at_hand(self) -> "Psam | None":
        """As the last purchase left it: it can still tell whether that card's proof is right."""
        return self._psam

    @property
    def schemes(self) -> tuple[str, ...]:
        """Families of cards that pay with it."""
        return tuple(self._table.schemes) if self._table else ()

    def profile(self, usual: "PurseProfile") -> "PurseProfile":
        """The ways of a family of cards as this module's operator wants them."""
        from card.purse_facts import Purchase  # noqa: PLC0415  late: after the first frame

        told = self._table.purchase if self._table and usual.scheme in self.schemes else ""
        if not told:
            return usual
        kind = Purchase.PLAIN if told == "plain" else Purchase.CAPP
        return replace(usual, purchase=kind)

    def opened(self) -> "Psam":
        """The module, its application selected afresh: a purchase begins from a known state.

        Raises:
            SamMissing: no such slot, nothing in it, or no such application.
        """
        from card.pcsc.slot import HeldSlot  # noqa: PLC0415  late: libpcsclite is loaded here
        from card.psam import open_psam  # noqa: PLC0415

        table = self._table
        assert table is not None, "asked only for schemes that it serves"
        self._slot = self._slot or HeldSlot(table.reader)
        name = bytes.fromhex(table.application)
        application = int.from_bytes(name) if len(name) == _IDENTIFIER_BYTES else name
        # A module that still waits for the MAC2 of a torn purchase may refuse every other one.
        waits = self._psam is not None and self._psam.pending_serial is not None
        self._psam = None
        try:
            self._psam = open_psam(
                self._slot.open(reset=waits),
                application=application,
                append_le=True,  # a T=1 module wants it; the link leaves it out on T=0
                tell_code=bytes.fromhex(table.tell_code),
            )
        except (CardGone, ReaderGone) as gone:
            log.warning("the security module is not there: %s", gone.code)
            raise SamMissing(sw=gone.code) from gone
        return self._psam

    def close(self) -> None:
        """Gives the chip back."""
        if self._slot is not None:
            self._slot.close()
