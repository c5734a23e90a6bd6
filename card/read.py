"""A tap: who is this card, and which token does it carry. And the new token after a sale.

An M1 card costs nine APDUs to read: serial, then key, open and two blocks for each of the
two sectors; a new token costs four. With a counter (`CardIdentity.has_counter`) it is one more to
read and three more to count a token off. A token that was lost or torn is told, never a reason to
refuse: the office repairs it at the next tap (decision 23).
"""

import hmac
from dataclasses import dataclass, replace

from card.atr import CardFamily, family_of, name_of
from card.city import read_city_card
from card.connection import Connection
from card.cpu.chip import Chip
from card.cpu.money import get_balance
from card.cpu.select import select_name
from card.diversify import KeySide
from card.errors import (
    BadAnswer,
    CardError,
    CardGone,
    CardRefused,
    NotAuthenticated,
    StaleToken,
    TornWrite,
    WrongCard,
    WrongReason,
)
from card.keys import Master, MasterKeys, cmac_of, identity_key, token_key
from card.layout import (
    COUNTER_BLOCK,
    COUNTER_START,
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
    is_rolled_back,
    number_is_valid,
)
from card.mifare import MifareCard
from card.open_purse import chip_serial, open_purse
from card.purse_facts import OURS, PurseFacts, digits
from card.values import count_down, read_value

MIFARE_FAMILIES = (CardFamily.M1_1K, CardFamily.M1_4K)
_LOST = Slot(SlotState.DAMAGED, 0, NO_TOKEN)
_NONE = Slot(SlotState.EMPTY, 0, NO_TOKEN)


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
    purse: PurseFacts | None = None
    spent: int | None = None
    """Number of the last token that the card's own counter has counted off; None: no counter."""

    @property
    def is_city(self) -> bool:
        """True for a city card: not ours, read without keys."""
        return self.family is CardFamily.CITY

    @property
    def carries_token(self) -> bool:
        """True for the cards that carry a rolling token (M1)."""
        return self.family in MIFARE_FAMILIES

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
    """The card on the reader, whatever its family.

    The ATR decides where to begin. A combined chip may show either face: a processor card without
    an application that we know is asked as M1, an M1 that is not ours is asked for applications.

    Raises:
        WrongCard: FAMILY (no card we talk with; `name` says what it is), FOREIGN (our keys do not
            open it), BLANK (never issued, or pulled while being issued), MAC or FORMAT (an identity
            nobody of ours wrote), ROLLED_BACK (its tokens are older than its counter).
        CardBlocked: its application is blocked.
        CardGone, ReaderGone, BadAnswer, CardRefused: the conversation broke off.
    """
    family = family_of(connection.atr)
    if family in MIFARE_FAMILIES:
        return _read_mifare_first(connection, keys, family)
    if family is not CardFamily.CPU:
        raise WrongCard(WrongReason.FAMILY, name_of(connection.atr))
    found = read_processor_card(connection, keys)
    if found is not None:
        return found
    try:
        return _read_mifare(connection, keys, CardFamily.M1_1K)
    except (CardRefused, NotAuthenticated, WrongCard, CardGone, BadAnswer) as not_m1:
        if isinstance(not_m1, WrongCard) and not_m1.reason is not WrongReason.FOREIGN:
            raise
        raise WrongCard(WrongReason.FAMILY, _application_name(connection)) from not_m1


def read_processor_card(connection: Connection, keys: MasterKeys) -> TappedCard | None:
    """Our purse or a city card; None when neither's application is there.

    Raises:
        WrongCard: MAC or FORMAT, a purse of ours with an identity nobody of ours wrote.
    """
    try:
        chip, public = open_purse(connection, OURS)
    except WrongCard:
        city = read_city_card(connection)
        if city is None:
            return None
        number, facts = city
        return _of_city(number, facts, chip_serial(connection))
    return _our_purse(chip, public, keys)


def public_file(identity: CardIdentity, keys: MasterKeys) -> bytes:
    """File 0015 of a purse of ours: PBOC's 30 bytes, then the identity MAC (8 bytes)."""
    serial = bytes.fromhex(str(identity.number).zfill(20))
    dates = bytes.fromhex(f"{identity.valid_from:08d}{identity.valid_to:08d}")
    head = bytes(8) + bytes((0x01, keys.key_version)) + serial + dates
    public = head + bytes((identity.kind, identity.level))
    return public + purse_identity_mac(keys, public)


def purse_identity_mac(keys: MasterKeys, public: bytes) -> bytes:
    """The 8 bytes behind the public file's 30."""
    return keys.cmac(Master.IDENTITY, b"P" + public[:30])[:8]


def _our_purse(chip: Chip, public: bytes, keys: MasterKeys) -> TappedCard:
    if not hmac.compare_digest(public[30:38], purse_identity_mac(keys, public)):
        raise WrongCard(WrongReason.MAC)
    number, valid_from, valid_to = (
        digits(field) for field in (public[10:20], public[20:24], public[24:28])
    )
    if number is None or not number_is_valid(number) or valid_from is None or valid_to is None:
        raise WrongCard(WrongReason.FORMAT)
    facts = PurseFacts(
        serial=public[10:20],
        balance_fen=get_balance(chip, OURS.purse),
        valid_from=valid_from,
        valid_to=valid_to,
        city_code=None,
        is_enabled=public[8] == 0x01,
        records=(),
        profile=OURS,
    )
    return TappedCard(
        number=number,
        uid=chip_serial(chip.connection),
        family=CardFamily.CPU,
        kind=CardKind(public[28] & 3),
        level=public[29],
        valid_from=valid_from,
        valid_to=valid_to,
        key_version=public[9],
        slots=(_NONE, _NONE),
        purse=facts,
    )


def _of_city(number: int, facts: PurseFacts, uid: bytes) -> TappedCard:
    return TappedCard(
        number=number,
        uid=uid,
        family=CardFamily.CITY,
        kind=CardKind(0),
        level=0,
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        key_version=0,
        slots=(_NONE, _NONE),
        purse=facts,
    )


def _application_name(connection: Connection) -> str:
    chip = Chip(connection)
    for name, said in ((b"2PAY.SYS.DDF01", "bank card"), (b"1PAY.SYS.DDF01", "bank card")):
        try:
            select_name(chip, name)
        except CardError:
            continue
        return said
    return name_of(connection.atr)


def _read_mifare_first(connection: Connection, keys: MasterKeys, family: CardFamily) -> TappedCard:
    try:
        return _read_mifare(connection, keys, family)
    except WrongCard as wrong:
        if wrong.reason is not WrongReason.FOREIGN:
            raise
        try:
            other = read_processor_card(connection, keys)
        except (CardRefused, BadAnswer):
            other = None
        if other is None:
            raise
        return other


def _read_mifare(connection: Connection, keys: MasterKeys, family: CardFamily) -> TappedCard:
    card = MifareCard(connection)
    uid = card.uid()
    _open_identity(card, keys, uid)
    identity, key_version = read_identity(card, keys, uid)
    slots = _read_slots(card, keys, uid, identity.number)
    spent = None
    if identity.has_counter and slots != (_LOST, _LOST):
        spent = _read_counter(card)
        if spent is None:
            slots = _LOST, _LOST
        elif is_rolled_back(slots, spent):
            raise WrongCard(WrongReason.ROLLED_BACK)
    return TappedCard(
        number=identity.number,
        uid=uid,
        family=family,
        kind=identity.kind,
        level=identity.level,
        valid_from=identity.valid_from,
        valid_to=identity.valid_to,
        key_version=key_version,
        slots=slots,
        spent=spent,
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
    assert card.carries_token, "only an M1 card carries a token"
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
    spent = None if card.spent is None else _count_off(chip, card.spent, seq)
    return replace(card, slots=slots, spent=spent)


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


def _read_counter(card: MifareCard) -> int | None:
    try:
        return COUNTER_START - read_value(card, COUNTER_BLOCK)
    except (BadAnswer, CardRefused):
        return None


def _count_off(chip: MifareCard, spent: int, seq: int) -> int:
    """The counter after `seq`; one that could not be moved lags, and the next reader moves it."""
    by = seq - spent
    if by <= 0:
        return spent
    try:
        left = count_down(chip, COUNTER_BLOCK, by)
    except TornWrite:
        left = None
    return spent if left is None else COUNTER_START - left


def _read_block_or_nothing(card: MifareCard, block: int) -> bytes:
    try:
        return card.read(block)
    except CardRefused:
        return b""
