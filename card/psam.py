"""The terminal's security module as a chip in the second slot (PSAM), usually with T=0.

    main file    0016  6 bytes   the terminal's number
    application  0017  1 byte    index of the purchase key, then who issued it

    80 70  random4 counter2 amount4 type1 date4 time3 version1 algorithm1 factors..   Le 08
           -> terminal serial4 MAC1
    80 72  MAC2  -> 9000 right, 9302 wrong. Without it some PSAMs refuse the next 80 70.

Sources: PBOC PSAM specification as five public programs speak it (campus, Shanghai, road toll);
the counting of terminal serials is the chip's own.
"""

from card.apdu import Command
from card.connection import Connection
from card.cpu.chip import Chip
from card.cpu.files import read_binary
from card.cpu.select import select_file, select_name
from card.errors import CardRefused, SamMissing
from card.sam import PurchaseAnswer, PurchaseRequest
from card.status import OK, Meaning, look_up, purse_error_for

MAIN_FILE = 0x3F00
TERMINAL_SFI, APPLICATION_SFI = 0x16, 0x17
TERMINAL_BYTES = 6


class Psam:
    """Implements `card.sam.Sam` over a chip; made by `open_psam`."""

    def __init__(
        self, chip: Chip, *, terminal: bytes, key_index: int, tell_code: bytes = b""
    ) -> None:
        self._chip = chip
        self._tell_code = tell_code
        self.terminal = terminal
        self.key_index = key_index
        self.pending_serial: int | None = None

    def mac1(self, request: PurchaseRequest, /) -> PurchaseAnswer:
        """MAC1 under the chip's own serial number.

        Raises:
            CardRefused: it does not know the key version, or wants a MAC2 first.
            CardGone, CardSilent: it was pulled, or is dead.
        """
        body = (
            request.random
            + request.offline_counter.to_bytes(2)
            + request.amount.to_bytes(4)
            + bytes((request.kind,))
            + request.moment
            + bytes((request.key_version, request.algorithm))
            + b"".join(request.factors)
        )
        if self._tell_code and request.identification:
            cla, ins, p1, p2 = self._tell_code
            self._chip.ask(Command(cla, ins, p1, p2, request.identification))
        answer = self._chip.ask_exactly(Command(0x80, 0x70, 0x00, 0x00, body, le=8))
        self.pending_serial = int.from_bytes(answer[:4])
        return PurchaseAnswer(self.pending_serial, answer[4:])

    def check_mac2(self, mac2: bytes, /) -> bool:
        """True when the chip finds the card's MAC2 right; asked once, it counts wrong ones.

        Raises:
            CardRefused, CardGone, CardSilent: it did not say.
        """
        self.pending_serial = None
        _, sw = self._chip.ask_once(Command(0x80, 0x72, 0x00, 0x00, mac2))
        if sw == OK:
            return True
        if look_up(sw).meaning is Meaning.SEALING:
            return False
        raise purse_error_for(sw)


def open_psam(
    connection: Connection,
    *,
    application: int | bytes,
    append_le: bool = False,
    tell_code: bytes = b"",
) -> Psam:
    """The PSAM in this slot, its application selected.

    Args:
        connection: the second slot; its chip stays for the whole day.
        application: identifier (1001, 3F01, DF01, DF03: the issuer says) or name.
        append_le: send Le; a link of `card.pcsc` leaves it out where the chip talks T=0.
        tell_code: CLA INS P1 P2 of the issuer's own command that hands over a city card's
            identification code before 80 70, where the module wants it so.

    Raises:
        SamMissing: what lies there has no terminal number or no such application.
    """
    chip = Chip(connection, append_le)
    try:
        select_file(chip, MAIN_FILE)
        terminal = read_binary(chip, TERMINAL_SFI, TERMINAL_BYTES)
        if isinstance(application, bytes):
            select_name(chip, application)
        else:
            select_file(chip, application)
        index = read_binary(chip, APPLICATION_SFI, 1)
    except CardRefused as refused:
        raise SamMissing(sw=f"{refused.sw:04X}") from refused
    return Psam(chip, terminal=terminal, key_index=index[0], tell_code=tell_code)
