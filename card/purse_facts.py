"""What a purse tells about itself, and how the families of purses differ: data, no conversation.

Public file 0015, 30 bytes (FMCOS2.0, annex A): issuer 8, enabled 1, version 1, serial BCD 10,
valid from BCD 4, valid to BCD 4, 2 of the issuer's own. Log 0018, records of 23 bytes: counter 2,
overdraft 3, amount 4, type 1, terminal 6, date 4, time 3.
"""

from dataclasses import dataclass
from enum import IntEnum

from card.cpu.money import Purse
from card.errors import BadAnswer
from card.mac import TransactionType

RECORD_BYTES = 23
SERIAL_BYTES = 10


class Purchase(IntEnum):
    """How a scheme's purse is debited; the values are the type byte."""

    PLAIN = TransactionType.PURCHASE
    DEPOSIT = TransactionType.DEPOSIT_PURCHASE
    CAPP = TransactionType.CAPP_PURCHASE
    CASH = TransactionType.CASH


@dataclass(frozen=True, slots=True)
class PurseProfile:
    """The ways of one scheme's purse.

    name: of the application to select.
    append_le: send Le; T=0 cards want none.
    with_identification: MAC1 covers the 9-byte code of CJ/T 166.
    levels: how many diversification factors the PSAM wants: card, then city.
    """

    scheme: str
    name: bytes
    purse: Purse = Purse.PURSE
    purchase: Purchase = Purchase.PLAIN
    append_le: bool = True
    with_identification: bool = False
    levels: int = 1
    load_key: int = 1
    unload_key: int = 1


@dataclass(frozen=True, slots=True)
class PurseRecord:
    """One line of the card's own log; `counter` is a hint only, cards differ by one."""

    counter: int
    overdraft: int
    amount: int
    kind: int
    terminal: bytes
    moment: bytes


@dataclass(frozen=True, slots=True)
class PurseFacts:
    """What was read without any key; amounts in fen, dates YYYYMMDD (0: not told)."""

    serial: bytes
    balance_fen: int
    valid_from: int
    valid_to: int
    city_code: int | None
    is_enabled: bool
    records: tuple[PurseRecord, ...]
    profile: PurseProfile

    @property
    def scheme(self) -> str:
        """Name of the family."""
        return self.profile.scheme

    @property
    def factors(self) -> tuple[bytes, ...]:
        """Diversification factors: the serial's last 8 bytes, then the city (SHP's order)."""
        city = (self.city_code or 0).to_bytes(2) + bytes.fromhex("FF0000000000")
        return (self.serial[-8:], city)[: self.profile.levels]


OURS = PurseProfile("steelyard", b"\xf0STEELYARD")
"""Our own application: a proprietary name (ISO/IEC 7816-4, 8.2.1.2: category F)."""


def parse_record(raw: bytes) -> PurseRecord:
    """One record of the log.

    Raises:
        BadAnswer: shorter than 23 bytes.
    """
    if len(raw) < RECORD_BYTES:
        raise BadAnswer(length=len(raw))
    return PurseRecord(
        int.from_bytes(raw[:2]),
        int.from_bytes(raw[2:5]),
        int.from_bytes(raw[5:9]),
        raw[9],
        raw[10:16],
        raw[16:23],
    )


def digits(field: bytes) -> int | None:
    """The number that BCD digits spell; None when they are none."""
    text = field.hex()
    return int(text) if text.isdecimal() else None
