"""Our map of a MIFARE Classic card: identity and a rolling token, never trusted value.

    sector 0  MAD             blocks 1, 2   which sectors are ours
    sector 1  identity        block 4       format 1 | key version 1 | number BCD 8 | kind 1 |
                                            level 1 | valid from BCD 4
                              block 5       valid to BCD 4 | flags 1 | zero 3 | MAC 8
    sector 2  token           block 8, 9    two slots: seq 4 | token 8 | MAC 4
                              block 10      with flag 1: value block, 7FFFFFFF less the seq

Who may do what (C1 C2 C3, keys A and B; the till holds neither key B):

    sector    data blocks               trailer                       key A        key B
    0 MAD     100 read A|B, write B     011 written with B only       public       issuing
    1         100 read A|B, write B     011 written with B only       card-read    issuing
    2         000 read and write A|B    011 written with B only       token        issuing
    2, flag 1 8, 9: 000                 111 never written again       token        issuing
              10: 001 read, take away from A|B, nothing else

Multi-byte numbers are big-endian. The identity MAC covers the chip's serial, so copying the
blocks to another card makes no card. Validity is compared with today by the program, not here.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntFlag, StrEnum
from typing import NamedTuple

from card.access_bits import SectorConditions
from card.diversify import Cmac
from card.errors import WrongCard, WrongReason

FORMAT = 1
BLOCK_BYTES = 16
TOKEN_BYTES = 8
NO_TOKEN = bytes(TOKEN_BYTES)
EMPTY_BLOCK = bytes(BLOCK_BYTES)

APPLICATION_ID = 0x6053
"""Ours in the MAD: cluster 60 (food, from memory of AN10787), not registered with NXP."""

TRANSPORT_KEY = b"\xff" * 6
GPB_PLAIN = 0x69
"""Trailer byte 9 of the sectors without a directory, as the chip's maker delivers it."""


class Sector(NamedTuple):
    """One of our sectors: its number, access conditions and general purpose byte."""

    number: int
    conditions: SectorConditions
    general_byte: int

    @property
    def first_block(self) -> int:
        """Block number of its first data block."""
        return self.number * 4

    @property
    def trailer_block(self) -> int:
        """Block number of its trailer."""
        return self.number * 4 + 3


MAD = Sector(0, SectorConditions(0b100, 0b100, 0b100, 0b011), 0xC1)
IDENTITY = Sector(1, SectorConditions(0b100, 0b100, 0b100, 0b011), GPB_PLAIN)
TOKEN = Sector(2, SectorConditions(0b000, 0b000, 0b000, 0b011), GPB_PLAIN)
COUNTED = Sector(2, SectorConditions(0b000, 0b000, 0b001, 0b111), GPB_PLAIN)
"""The token's sector of a card with a counter that only goes down."""
APPLICATIONS = {IDENTITY.number: APPLICATION_ID, TOKEN.number: APPLICATION_ID}
MAD_BLOCKS = (1, 2)
IDENTITY_BLOCKS = (4, 5)
SLOT_BLOCKS = (8, 9)
COUNTER_BLOCK = 10
COUNTER_START = 2**31 - 1
_HAS_COUNTER = 0x01


class CardKind(IntFlag):
    """What a card is for; both flags may be set."""

    MEMBER = 1
    STORED_VALUE = 2


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """What is printed on and written into a card; dates are YYYYMMDD.

    has_counter: of an M1 card, that its tokens are counted off by a block that only goes down.
    """

    number: int
    kind: CardKind
    level: int
    valid_from: int
    valid_to: int
    has_counter: bool = False


class SlotState(StrEnum):
    """What was found in a token slot."""

    VALID = "valid"
    EMPTY = "empty"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Slot:
    """One token slot as read; `seq` and `token` mean something only when VALID."""

    state: SlotState
    seq: int
    token: bytes


def luhn_digit(number: int) -> int:
    """The check digit to append to `number` (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, char in enumerate(reversed(str(number))):
        doubled = int(char) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def card_number(issuer: int, serial: int) -> int:
    """Issuer (4 digits), serial (10 digits) and Luhn digit as one 15-digit integer."""
    assert 0 < issuer <= 9999, "issuer has 4 digits"
    assert 0 <= serial <= 9_999_999_999, "serial has 10 digits"
    body = issuer * 10**10 + serial
    return body * 10 + luhn_digit(body)


def number_is_valid(number: int) -> bool:
    """True for 15 digits at most with a fitting Luhn digit and an issuer."""
    return 10**11 <= number < 10**15 and luhn_digit(number // 10) == number % 10


def encode_identity(identity: CardIdentity, key_version: int) -> tuple[bytes, bytes]:
    """Block 4 whole, and the first 8 bytes of block 5: all that the MAC covers."""
    first = (
        bytes((FORMAT, key_version))
        + _bcd(identity.number, 8)
        + bytes((identity.kind, identity.level))
        + _bcd(identity.valid_from, 4)
    )
    flags = _HAS_COUNTER if identity.has_counter else 0
    return first, _bcd(identity.valid_to, 4) + bytes((flags, 0, 0, 0))


def decode_identity(first: bytes, second: bytes) -> CardIdentity:
    """The identity in blocks 4 and 5, whose MAC was already found right.

    Raises:
        WrongCard: FORMAT, for another format or fields that no issuing desk wrote.
    """
    if len(first) != BLOCK_BYTES or len(second) != BLOCK_BYTES or first[0] != FORMAT:
        raise WrongCard(WrongReason.FORMAT)
    number, valid_from, valid_to = (_un_bcd(f) for f in (first[2:10], first[12:], second[:4]))
    kind, level = first[10:12]
    if not (number_is_valid(number) and 1 <= kind <= 3 and _are_days(valid_from, valid_to)):
        raise WrongCard(WrongReason.FORMAT)
    has_counter = bool(second[4] & _HAS_COUNTER)
    return CardIdentity(number, CardKind(kind), level, valid_from, valid_to, has_counter)


def identity_mac(cmac: Cmac, uid: bytes, first: bytes, second_head: bytes) -> bytes:
    """The 8 MAC bytes of block 5, under the identity master."""
    return cmac(b"I" + bytes((len(uid),)) + uid + first + second_head)[:8]


@dataclass(frozen=True, slots=True)
class TokenSeal:
    """Makes and checks the slots of one card: CMAC under the token master, serial, number."""

    cmac: Cmac
    uid: bytes
    number: int

    def encode(self, index: int, seq: int, token: bytes) -> bytes:
        """The 16 bytes of slot `index` (0 or 1)."""
        body = seq.to_bytes(4) + token
        return body + self._mac(index, body)

    def decode(self, index: int, block: bytes) -> Slot:
        """What slot `index` holds; a wrong MAC makes it DAMAGED, never an error."""
        if block == EMPTY_BLOCK:
            return Slot(SlotState.EMPTY, 0, NO_TOKEN)
        body, mac = block[:12], block[12:]
        if len(block) != BLOCK_BYTES or mac != self._mac(index, body):
            return Slot(SlotState.DAMAGED, 0, NO_TOKEN)
        return Slot(SlotState.VALID, int.from_bytes(body[:4]), body[4:])

    def _mac(self, index: int, body: bytes) -> bytes:
        head = b"T" + bytes((index, len(self.uid))) + self.uid + _bcd(self.number, 8)
        return self.cmac(head + body)[:4]


def is_after(seq: int, other: int) -> bool:
    """Serial number comparison modulo 2^32 (RFC 1982): is `seq` newer than `other`?"""
    return 0 < (seq - other) % 2**32 < 2**31


def current_slot(slots: tuple[Slot, Slot]) -> int | None:
    """Index of the valid slot with the newer seq; None when neither is valid."""
    valid = [index for index in (0, 1) if slots[index].state is SlotState.VALID]
    if len(valid) < 2:
        return valid[0] if valid else None
    return 0 if is_after(slots[0].seq, slots[1].seq) else 1


def is_rolled_back(slots: tuple[Slot, Slot], spent: int) -> bool:
    """True when the slots are older than the counter: an old state was written back.

    Counted off is a token after it was written, so it is never ahead of the newest one; that one
    may have been damaged since, and then the one before it stands.
    """
    at = current_slot(slots)
    if at is None:
        return False
    behind = spent - slots[at].seq
    return behind > 0 and not (behind == 1 and slots[1 - at].state is SlotState.DAMAGED)


def _bcd(number: int, length: int) -> bytes:
    return bytes.fromhex(str(number).zfill(2 * length))


def _un_bcd(field: bytes) -> int:
    digits = field.hex()
    if not digits.isdecimal():
        raise WrongCard(WrongReason.FORMAT)
    return int(digits)


def _are_days(*days: int) -> bool:
    try:
        for day in days:
            date(day // 10000, day // 100 % 100, day % 100)
    except ValueError:
        return False
    return True
