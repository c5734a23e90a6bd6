"""What is written down before money moves on a purse, so that a torn card can be judged later.

Bytes, integers and texts only: a journal can keep it as it stands. Amounts and balances are in
fen; `moment` is date and time as seven BCD bytes, the way the card and its MACs have it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Intent:
    """What every movement of money on a purse starts from.

    card_serial: the application's serial (10 bytes of file 0015): whose purse.
    uid: the chip's serial, empty on a contact card.
    scheme: name of the card's family, as in `PurseProfile`.
    kind: the type byte (`TransactionType`).
    purse: 1 deposit, 2 purse.
    counter: the offline (debit) or online (load, unload) counter as INIT told it.
    terminal: its number, 6 bytes.
    """

    card_serial: bytes
    uid: bytes
    scheme: str
    kind: int
    purse: int
    amount: int
    balance_before: int
    counter: int
    terminal: bytes
    moment: bytes

    @property
    def balance_after(self) -> int:
        """What the purse holds once this happened."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class DebitIntent(Intent):
    """A purchase about to be sent; `expected_mac2` is empty when only a PSAM can tell it."""

    terminal_serial: int
    mac1: bytes
    expected_mac2: bytes
    key_index: int
    key_version: int

    @property
    def balance_after(self) -> int:
        """Less by the amount."""
        return self.balance_before - self.amount

    @property
    def offline_counter(self) -> int:
        """The card's offline counter before this purchase."""
        return self.counter


@dataclass(frozen=True, slots=True)
class LoadIntent(Intent):
    """A load or unload about to be sent, with the office's word (MAC2)."""

    mac2: bytes
    is_unload: bool = False

    @property
    def balance_after(self) -> int:
        """More by the amount, or less for an unload."""
        change = -self.amount if self.is_unload else self.amount
        return self.balance_before + change
