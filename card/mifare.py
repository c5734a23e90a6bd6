"""MIFARE Classic through a PC/SC reader, with the commands every such reader knows.

FF CA serial, FF 82 load key, FF 86 (older: FF 88) authenticate, FF B0 read, FF D6 write
(PC/SC part 3, 3.2.2.1). ACS readers answer 63 00 to every failure, so a 63 00 is looked into:
FF CA tells whether the card is still there (and wakes one that an ACR122U has let go), then the
key is loaded and the sector opened again. A read is then asked once more. A write is never sent
twice: the block is read and says what happened.
"""

from collections.abc import Callable
from dataclasses import dataclass

from card.apdu import Command
from card.connection import Connection, exchange
from card.diversify import KeySide
from card.errors import BadAnswer, CardGone, CardRefused, NotAuthenticated, TornWrite
from card.readers import NON_VOLATILE, ReaderProfile, profile_for
from card.status import NOT_SUPPORTED, OK, error_for, is_refusal_of_key

BLOCK_BYTES = 16
UID_LENGTHS = (4, 7, 10)
_NO_SUCH_MEMORY = frozenset((0x6986, 0x6987, 0x6A81, 0x6A86, 0x6B00))
"""LOAD KEYS: no volatile, or no non-volatile, memory (PC/SC part 3, 3.2.2.1.4), or P1 not known."""


@dataclass(frozen=True, slots=True)
class _Opened:
    block: int
    key: bytes
    side: KeySide


class MifareCard:
    """One card on one reader. Remembers the open sector, as the chip does.

    Args:
        connection: the card on its reader.
        uid: the serial it must have, when known from an earlier conversation.
        profile: the reader's ways; None: those that are known of a reader of its name.
    """

    def __init__(
        self, connection: Connection, *, uid: bytes = b"", profile: ReaderProfile | None = None
    ) -> None:
        self._connection = connection
        self.profile = profile = profile or profile_for(connection.reader)
        self._opened: _Opened | None = None
        self._loaded: bytes | None = None
        self._load_p1 = profile.load_p1
        self._old_authenticate = profile.old_authenticate
        self._uid = uid

    def uid(self) -> bytes:
        """The chip's serial, 4, 7 or 10 bytes.

        Raises:
            CardGone: no card answers, or another one than before.
        """
        answer, sw = self._send(Command(0xFF, 0xCA, 0, 0, le=256))
        if sw != OK:
            raise CardGone
        if len(answer) not in UID_LENGTHS:
            raise BadAnswer(length=len(answer))
        if self._uid and answer != self._uid:
            raise CardGone
        self._uid = answer
        return answer

    def open_sector(self, block: int, key: bytes, side: KeySide) -> None:
        """Open the sector of `block` with a 6-byte key.

        Raises:
            NotAuthenticated: the key is not the one of that side, asked twice.
            CardGone: the card left meanwhile.
        """
        wanted = _Opened(block, key, side)
        if not self._try_open(wanted):
            self.uid()
            self._loaded = None
            if not self._try_open(wanted):
                self.uid()
                raise NotAuthenticated(block)

    def read(self, block: int) -> bytes:
        """The 16 bytes of `block`, whose sector is open.

        Raises:
            CardRefused: denied by the access bits, asked twice.
        """
        answer, sw = self._read_once(block)
        if sw != OK and is_refusal_of_key(sw):
            self._recover()
            answer, sw = self._read_once(block)
        if sw != OK:
            raise error_for(sw)
        return self._whole(answer)

    def write(self, block: int, content: bytes) -> None:
        """Write 16 bytes and read them back; once the call returns they are there.

        Raises:
            CardRefused: the block still holds what it held or cannot be told apart from denied.
            TornWrite: it holds something else.
            CardGone: the card left; what the block holds is not known.
        """
        sw = self._write_once(block, content)
        if sw != OK:
            self._recover()
        held = self.read(block)
        if held != content:
            raise TornWrite(block) if sw == OK else CardRefused(sw)

    def write_trailer(self, block: int, content: bytes, reopen: Callable[[], None]) -> None:
        """Write a sector trailer (access bytes already checked), then `reopen` under new keys.

        Raises:
            CardRefused, NotAuthenticated, TornWrite: as `write`; keys are never readable, so what
            is compared is the access bytes and the general purpose byte.
        """
        sw = self._write_once(block, content)
        self._opened = None
        try:
            reopen()
            held = self.read(block)
        except (CardRefused, NotAuthenticated) as no_way_in:
            raise (CardRefused(sw) if sw != OK else no_way_in) from no_way_in
        if held[6:10] != content[6:10]:
            raise TornWrite(block)

    def ask(self, command: Command) -> tuple[bytes, int]:
        """Data and status of any other command of the reader; nothing is repeated."""
        return self._send(command)

    def _try_open(self, wanted: _Opened) -> bool:
        self._opened = None
        if self._loaded != wanted.key and not self._load(wanted.key):
            return False
        sw = self._authenticate(wanted)
        if sw == OK:
            self._opened = wanted
        elif not is_refusal_of_key(sw):
            raise error_for(sw)
        return sw == OK

    def _load(self, key: bytes) -> bool:
        sw = self._load_into(self._load_p1, key)
        if sw in _NO_SUCH_MEMORY:
            self._load_p1 ^= NON_VOLATILE
            sw = self._load_into(self._load_p1, key)
        if sw == OK:
            self._loaded = key
        elif not is_refusal_of_key(sw):
            raise error_for(sw)
        return sw == OK

    def _load_into(self, p1: int, key: bytes) -> int:
        return self._send(Command(0xFF, 0x82, p1, self.profile.slot, key))[1]

    def _authenticate(self, wanted: _Opened) -> int:
        where = (wanted.block, wanted.side, self.profile.slot)
        if not self._old_authenticate:
            body = bytes((0x01, 0x00, *where))
            _, sw = self._send(Command(0xFF, 0x86, 0, 0, body))
            if sw not in NOT_SUPPORTED:
                return sw
            self._old_authenticate = True
        # Before PC/SC 2.01: FF 88 00 BLK 60/61 slot, the last two bytes standing where no Lc is.
        return self._connection.transmit(bytes((0xFF, 0x88, 0x00, *where)))[1]

    def _recover(self) -> None:
        opened = self._opened
        self.uid()
        self._loaded = None
        if opened is not None:
            self.open_sector(opened.block, opened.key, opened.side)

    def _read_once(self, block: int) -> tuple[bytes, int]:
        return self._send(Command(0xFF, 0xB0, 0, block, le=BLOCK_BYTES))

    def _write_once(self, block: int, content: bytes) -> int:
        assert len(content) == BLOCK_BYTES, "a block is 16 bytes"
        return self._send(Command(0xFF, 0xD6, 0, block, content))[1]

    def _send(self, command: Command) -> tuple[bytes, int]:
        return exchange(self._connection, command)

    @staticmethod
    def _whole(answer: bytes) -> bytes:
        if len(answer) != BLOCK_BYTES:
            raise BadAnswer(length=len(answer))
        return answer
