"""A security module of keys in a PKCS#11 token, with the same interface as a PSAM.

It holds the purchase master only, and not even that: the token diversifies and enciphers inside,
and what comes out is one session key for one purchase. The serial numbers are the till's; they
must never repeat, so the till takes them from its journal.
"""

from collections.abc import Callable

from card.keys import PurchaseKeys, PurseMaster
from card.mac import Terms, is_right, purchase_block, purchase_mac1, purchase_mac2
from card.sam import PurchaseAnswer, PurchaseRequest


class SoftSam:
    """Implements `card.sam.Sam`.

    Args:
        keys: the till's keyring.
        terminal: 6 bytes.
        next_serial: gives a number never given before, 1 to 2^32-1.
        key_index: the purchase key of our cards.
    """

    def __init__(
        self,
        keys: PurchaseKeys,
        *,
        terminal: bytes,
        next_serial: Callable[[], int],
        key_index: int = 1,
    ) -> None:
        self._keys = keys
        self._next_serial = next_serial
        self._expected = b""
        self.terminal = terminal
        self.key_index = key_index
        self.pending_serial: int | None = None

    def mac1(self, request: PurchaseRequest, /) -> PurchaseAnswer:
        """MAC1, and MAC2 as the card must answer it.

        Raises:
            KeyMissing: the token was made before purses were known.
        """
        serial = self._next_serial()
        block = purchase_block(request.random, request.offline_counter, serial)
        session = self._keys.des_session_key(PurseMaster.PURCHASE, request.factors, block)
        terms = Terms(request.amount, request.kind, self.terminal)
        mac1 = purchase_mac1(session, terms, request.moment, request.identification)
        self._expected = purchase_mac2(session, request.amount)
        self.pending_serial = serial
        return PurchaseAnswer(serial, mac1, self._expected)

    def check_mac2(self, mac2: bytes, /) -> bool:
        """True when `mac2` is what this purchase's session key makes."""
        expected, self._expected, self.pending_serial = self._expected, b"", None
        return bool(expected) and is_right(mac2, expected)
