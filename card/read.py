"""A tap: who is this card, and which token does it carry. And the new token after a sale.

A member's card costs nine APDUs to read: serial, then key, open and two blocks for each of the
two sectors; a new token costs four. A token that was lost or torn is told, never a reason to
refuse: the office repairs it at the next tap (decision 23).
"""

import hmac
from dataclasses import dataclass, replace

from card.atr import CardFamily, family_of
from card.connection import Connection
from card.diversify import KeySide
from card.errors import (
    CardRefused,
    NotAuthenticated,
    StaleToken,
    WrongCard,
    WrongReason,
)
from card.keys import Master, MasterKeys, cmac_of, identity_key, token_key
from card.layout import (
    IDENTITY,
    IDENTITY_BLOCKS,
    NO_TOKEN,
    SLOT_BLOCKS,
    TOKEN,
    TOKEN_BYTES,
    TRANSPORT_KEY,
    CardIdentity,
    CardKind,
    Slot,
    SlotState,
    TokenSeal,
    current_slot,
    decode_identity,
    identity_mac,
    is_after,
)
from card.mifare import MifareCard

MIFARE_FAMILIES = (CardFamily.M1_1K, CardFamily.M1_4K)
_LOST = Slot(SlotState.DAMAGED, 0, NO_TOKEN)


@dataclass(frozen=True, slots=True)
class TappedCard:
    """A card of ours as it was read; dates are YYYYMMDD and not compared with today."""

    number: int
    uid: bytes
    family: CardFamily
    kind: CardKind
    level: int
    valid_from: int
    valid_to: int
    key_version: int
    slots: tuple[Slot, Slot]

    @property
    def is_member(self) -> bool:
        """True when member prices apply."""
        return CardKind.MEMBER in self.kind

    @property
    def has_purse(self) -> bool:
        """True when the card stands for stored value (kept by the office)."""
        return CardKind.STORED_VALUE in self.kind

    @property
    def token_is_lost(self) -> bool:
        """True when neither slot is valid."""
        return current_slot(self.slots) is None

    @property
    def token_seq(self) -> int:
        """Number of the current token; 0 when lost."""
        at = current_slot(self.slots)
        return 0 if at is None else self.slots[at].seq

    @property
    def token(self) -> bytes:
        """The current token, 8 bytes; zeros when lost."""
        at = current_slot(self.slots)
        return NO_TOKEN if at is None else self.slots[at].token


def read_card(connection: Connection, keys: MasterKeys) -> TappedCard:
    """The card on the reader.

    Raises:
        WrongCard: FAMILY (not a MIFARE Classic), FOREIGN (our keys do not open it), BLANK (never
            issued, or pulled while being issued), MAC or FORMAT (an identity nobody of ours wrote).
        CardGone, ReaderGone, BadAnswer, CardRefused: the conversation broke off.
    """
    family = family_of(connection.atr)
    if family not in MIFARE_FAMILIES:
        raise WrongCard(WrongReason.FAMILY)
    card = MifareCard(connection)
    uid = card.uid()
    _open_identity(card, keys, uid)
    identity, key_version = read_identity(card, keys, uid)
    return TappedCard(
        number=identity.number,
        uid=uid,
        family=family,
        kind=identity.kind,
        level=identity.level,
        valid_from=identity.valid_from,
        valid_to=identity.valid_to,
        key_version=key_version,
        slots=_read_slots(card, keys, uid, identity.number),
    )


def read_identity(card: MifareCard, keys: MasterKeys, uid: bytes) -> tuple[CardIdentity, int]:
    """Identity and key version from the opened identity sector.

    Raises:
        WrongCard: MAC or FORMAT.
    """
    first, second = (card.read(block) for block in IDENTITY_BLOCKS)
    mac = identity_mac(cmac_of(keys, Master.IDENTITY), uid, first, second[:8])
    if not hmac.compare_digest(mac, second[8:]):
        raise WrongCard(WrongReason.MAC)
    return decode_identity(first, second), first[1]


def write_token(
    connection: Connection, keys: MasterKeys, card: TappedCard, *, seq: int, token: bytes
) -> TappedCard:
    """`card` with its new token, written into the slot that is not current and read back.

    Whatever goes wrong, the current slot stays as it is; the caller's verdict does not change.

    Args:
        connection: the same card, still or again on the reader.
        keys: the keeper that read it.
        card: as read at the tap.
        seq: number of the new token, after `card.token_seq` (modulo 2^32).
        token: 8 bytes.

    Raises:
        StaleToken: `seq` is not after the card's; nothing was sent.
        CardGone: another card, or none.
        NotAuthenticated, CardRefused, TornWrite: the token was not written.
    """
    assert len(token) == TOKEN_BYTES, "a token is 8 bytes"
    at = current_slot(card.slots)
    if at is not None and not is_after(seq, card.token_seq):
        raise StaleToken(seq=seq, on_card=card.token_seq)
    target = 0 if at is None else 1 - at
    chip = MifareCard(connection, uid=card.uid)
    chip.open_sector(TOKEN.first_block, token_key(keys, card.uid), KeySide.A)
    seal = TokenSeal(cmac_of(keys, Master.TOKEN), card.uid, card.number)
    chip.write(SLOT_BLOCKS[target], seal.encode(target, seq, token))
    written = Slot(SlotState.VALID, seq, token)
    slots = (written, card.slots[1]) if target == 0 else (card.slots[0], written)
    return replace(card, slots=slots)


def _open_identity(card: MifareCard, keys: MasterKeys, uid: bytes) -> None:
    try:
        card.open_sector(IDENTITY.first_block, identity_key(keys, uid), KeySide.A)
    except NotAuthenticated:
        blank = opens(card, IDENTITY.first_block, TRANSPORT_KEY)
        raise WrongCard(WrongReason.BLANK if blank else WrongReason.FOREIGN) from None


def opens(card: MifareCard, block: int, key: bytes, side: KeySide = KeySide.A) -> bool:
    """True when `key` opens the sector of `block`; it is then open."""
    try:
        card.open_sector(block, key, side)
    except NotAuthenticated:
        return False
    return True


def _read_slots(card: MifareCard, keys: MasterKeys, uid: bytes, number: int) -> tuple[Slot, Slot]:
    if not opens(card, TOKEN.first_block, token_key(keys, uid)):
        return _LOST, _LOST
    seal = TokenSeal(cmac_of(keys, Master.TOKEN), uid, number)
    a, b = (_read_block_or_nothing(card, block) for block in SLOT_BLOCKS)
    return seal.decode(0, a), seal.decode(1, b)


def _read_block_or_nothing(card: MifareCard, block: int) -> bytes:
    try:
        return card.read(block)
    except CardRefused:
        return b""
