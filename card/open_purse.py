"""Select a purse's application and make sure whose it is, in as few commands as can be."""

from card.apdu import Command
from card.connection import Connection
from card.cpu.chip import Chip
from card.cpu.files import read_binary
from card.cpu.select import select_name
from card.errors import BadAnswer, CardRefused, WrongCard, WrongReason
from card.purse_facts import SERIAL_BYTES, PurseProfile

PUBLIC_SFI = 0x15
PUBLIC_BYTES = 30
SERIAL_AT = 10


def open_purse(connection: Connection, profile: PurseProfile) -> tuple[Chip, bytes]:
    """The chip with the application selected, and its public file (30 bytes or more).

    FMCOS tells file 0015 in its answer to SELECT; where it does not, the file is read.

    Raises:
        WrongCard: FAMILY, the application is not there.
        CardBlocked: it is blocked.
        BadAnswer: the public file is too short.
    """
    chip = Chip(connection, profile.append_le)
    try:
        told = select_name(chip, profile.name).issuer
    except CardRefused as refused:
        if refused.sw in (0x6A82, 0x6D00, 0x6E00, 0x6300):
            raise WrongCard(WrongReason.FAMILY) from refused
        raise
    public = told if len(told) >= PUBLIC_BYTES else read_binary(chip, PUBLIC_SFI)
    if len(public) < PUBLIC_BYTES:
        raise BadAnswer(length=len(public))
    return chip, public


def open_same_purse(connection: Connection, profile: PurseProfile, serial: bytes) -> Chip:
    """The chip with the application selected, when it is the card meant.

    Raises:
        WrongCard: OTHER_CARD, or FAMILY as `open_purse`.
    """
    chip, public = open_purse(connection, profile)
    if serial_in(public) != serial:
        raise WrongCard(WrongReason.OTHER_CARD)
    return chip


def serial_in(public: bytes) -> bytes:
    """The application's serial, 10 bytes of the public file."""
    return public[SERIAL_AT : SERIAL_AT + SERIAL_BYTES]


def chip_serial(connection: Connection) -> bytes:
    """The contactless chip's own serial, from the reader; empty on a contact card."""
    answer, sw = connection.transmit(bytes(Command(0xFF, 0xCA, 0, 0, le=256)))
    return answer if sw == 0x9000 and len(answer) in (4, 7, 10) else b""
