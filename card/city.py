"""City cards, read without any key: number, validity, balance with its traps, the last ten lines.

Each scheme is data: which application, where the number stands and in which form, how the balance
lies. Deducting is `card.purse.debit` with the scheme's profile and the operator's PSAM.

    trap                                                          schemes
    the balance's top bit is garbage                              MOHURD and its cities
    the balance is nought and the overdraft in use is elsewhere   T-Union
    the number is a 4-byte integer, its bytes reversed            most cities; not Shanghai (2000)
    the number begins with half a byte of padding                 T-Union

Sources: metrodroid's and nfcard's readers of these cards, read for facts; the log of a Changsha
metro card (docs/evidence.md).
"""

from collections.abc import Callable
from dataclasses import dataclass

from card.connection import Connection
from card.cpu.chip import Chip
from card.cpu.files import WHOLE, read_binary, read_record
from card.cpu.money import Purse, get_balance
from card.cpu.select import select_name
from card.errors import BadAnswer, CardRefused
from card.open_purse import PUBLIC_SFI
from card.purse_facts import (
    RECORD_BYTES,
    Purchase,
    PurseFacts,
    PurseProfile,
    PurseRecord,
    digits,
    parse_record,
)

LOG_SFI = 0x18
LOG_RECORDS = 10
SHANGHAI, XIAN = 0x2000, 0x7100
HIGHEST_FEN = 1_000_000
"""10,000 yuan: above it a balance is no balance (nfcard's rule)."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """One family of city cards.

    number: the number as printed, from the public file and the city code.
    city_at: where the city code stands, or None.
    dates: first byte of valid-from and valid-to in file `dates_sfi`.
    has_parts: GET BALANCE tells overdraft limit and use with P1 01 and 02, the balance with 03.
    """

    profile: PurseProfile
    number: Callable[[bytes, int | None], int]
    city_at: int | None = None
    dates_sfi: int = PUBLIC_SFI
    dates: tuple[int, int] = (20, 24)
    has_parts: bool = False


def honest_balance(raw: int) -> int:
    """The balance in fen behind the four bytes: the top bit may be garbage, or a true sign."""
    signed = raw - 2**32 if raw & 0x80000000 else raw
    return signed if abs(signed) <= HIGHEST_FEN else raw & 0x7FFFFFFF


def _city_number(public: bytes, city: int | None) -> int:
    printed = digits(public[12:20])
    if city == SHANGHAI:
        return int.from_bytes(public[16:20])
    if city == XIAN or printed is None:
        return _reversed_number(public, city)
    return printed


def _reversed_number(public: bytes, _city: int | None) -> int:
    return int.from_bytes(public[16:20], "little")


def _nineteen_digits(public: bytes, _city: int | None) -> int:
    return digits(b"\x00" + bytes((public[10] & 0x0F,)) + public[11:20]) or 0


def _mohurd(scheme: str, name: bytes, number: Callable[[bytes, int | None], int]) -> Scheme:
    profile = PurseProfile(scheme, name, purchase=Purchase.CAPP, with_identification=True, levels=2)
    return Scheme(profile, number, city_at=2)


def _plain(scheme: str, name: bytes, **told: int) -> Scheme:
    return Scheme(PurseProfile(scheme, name), _reversed_number, dates_sfi=told.get("sfi", 0x15))


SCHEMES = (
    _mohurd("mohurd", bytes.fromhex("A00000000386980701"), _city_number),
    Scheme(
        PurseProfile(
            "t-union", bytes.fromhex("A000000632010105"), purchase=Purchase.CAPP, levels=2
        ),
        _nineteen_digits,
        city_at=2,
        has_parts=True,
    ),
    Scheme(
        PurseProfile("t-union-cash", bytes.fromhex("A000000632010106")),
        _nineteen_digits,
        city_at=2,
        has_parts=True,
    ),
    _plain("shenzhen", b"PAY.SZT"),
    _plain("lingnan", b"PAY.APPY"),
    Scheme(PurseProfile("wuhan", b"AP1.WHCTC"), _reversed_number, dates_sfi=0x05, dates=(20, 16)),
)
"""In the order they are tried: one SELECT each until one answers."""


def read_city_card(connection: Connection) -> tuple[int, PurseFacts] | None:
    """Number and facts of a city card; None when no known application answers.

    Raises:
        CardBlocked: the application is blocked.
        WrongCard, BadAnswer, CardGone: the conversation broke off.
    """
    for scheme in SCHEMES:
        chip = Chip(connection, scheme.profile.append_le)
        try:
            told = select_name(chip, scheme.profile.name).issuer
        except CardRefused:
            continue
        return _read(chip, scheme, told)
    return None


def read_records(chip: Chip, sfi: int = LOG_SFI) -> tuple[PurseRecord, ...]:
    """The last ten lines of the card's own log, newest first; fewer when there are fewer."""
    found: list[PurseRecord] = []
    for number in range(1, LOG_RECORDS + 1):
        try:
            line = _record(chip, sfi, number)
        except CardRefused:
            break
        if len(line) < RECORD_BYTES or set(line) <= {0x00} or set(line) <= {0xFF}:
            break
        found.append(parse_record(line))
    return tuple(found)


def _record(chip: Chip, sfi: int, number: int) -> bytes:
    try:
        return read_record(chip, sfi, number, RECORD_BYTES)
    except CardRefused as refused:
        if refused.sw != 0x6700:
            raise
    return read_record(chip, sfi, number, WHOLE)


def _read(chip: Chip, scheme: Scheme, told: bytes) -> tuple[int, PurseFacts]:
    public = told if len(told) >= 28 else read_binary(chip, PUBLIC_SFI)
    if len(public) < 28:
        raise BadAnswer(length=len(public))
    city = None if scheme.city_at is None else int.from_bytes(public[scheme.city_at :][:2])
    dated = public
    if scheme.dates_sfi != PUBLIC_SFI:
        dated = read_binary(chip, scheme.dates_sfi)
    valid_from, valid_to = (digits(dated[at : at + 4]) or 0 for at in scheme.dates)
    facts = PurseFacts(
        serial=public[10:20],
        balance_fen=_balance(chip, scheme),
        valid_from=valid_from,
        valid_to=valid_to,
        city_code=city,
        is_enabled=public[8] != 0x00 or scheme.city_at is None,
        records=read_records(chip),
        profile=scheme.profile,
    )
    return scheme.number(public, city), facts


def _balance(chip: Chip, scheme: Scheme) -> int:
    if not scheme.has_parts:
        return honest_balance(get_balance(chip))
    balance = _part(chip, 0x03)
    if balance is None:
        balance = get_balance(chip)
    used = (_part(chip, 0x02) or 0) if balance == 0 else 0
    return honest_balance(balance) - used


def _part(chip: Chip, part: int) -> int | None:
    try:
        return get_balance(chip, Purse.PURSE, part=part)
    except CardRefused:
        return None
