"""What a terminal's security module does for a purchase, whether a chip or keys in a token.

It alone can tell the card that this terminal is genuine (MAC1), and hear from the card that it
took the money (MAC2). It holds the purchase master and nothing else.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """What INIT SAM FOR PURCHASE asks for.

    factors: the card's key is made of the master with these, 8 bytes each, one a level.
    identification: the 9-byte code of a MOHURD city card, else empty.
    """

    random: bytes
    offline_counter: int
    amount: int
    kind: int
    moment: bytes
    key_version: int
    algorithm: int
    factors: tuple[bytes, ...]
    identification: bytes = b""


@dataclass(frozen=True, slots=True)
class PurchaseAnswer:
    """The terminal's serial number of this purchase, its MAC1, and MAC2 if it can be told."""

    terminal_serial: int
    mac1: bytes
    expected_mac2: bytes = b""


class Sam(Protocol):
    """A security module that is ready."""

    @property
    def terminal(self) -> bytes:
        """The terminal's number, 6 bytes."""
        ...

    @property
    def key_index(self) -> int:
        """Which of the card's purchase keys goes with it."""
        ...

    @property
    def pending_serial(self) -> int | None:
        """Serial number of the purchase whose MAC2 it still waits for."""
        ...

    def mac1(self, request: PurchaseRequest, /) -> PurchaseAnswer:
        """The terminal's proof for one purchase, under a serial number never used before."""
        ...

    def check_mac2(self, mac2: bytes, /) -> bool:
        """True when the card's proof of the pending purchase is right.

        Raises:
            CardError, KeyringError: it could not be asked; the card's word stands unchecked.
        """
        ...
