"""Issue a processor card: our application, its keys, its files, and last of all who it is.

    main file 3F00     control key: the maker's transport key, then the card's own
      application 3F01  keys: control 39, line 36, TAC 34, unload 3D, purchase 3E, load 3F
        0018            log of the purse, cyclic
        0002            purse
        0015            public file: number, validity, kind, level, and the MAC over it

Everything in the application may be erased and made anew as long as the transport key is in force;
then the card's own control key takes its place, and only the public file is left to be written,
under line protection. So a card pulled at any command is one of these, and each is finished by
the same call: without our application, with one that says nothing of itself, or ready. A till
takes none but the last: the MAC over the public file is not there before.

No key is sent in the clear; each is made from the masters when it is written, and forgotten.
"""

from dataclasses import dataclass

from card.connection import Connection
from card.cpu.access import external_authenticate
from card.cpu.chip import Chip
from card.cpu.files import update_binary
from card.cpu.issuing import (
    NEVER,
    KeyRecord,
    KeyType,
    add_key_protected,
    create_binary,
    create_cyclic,
    create_directory,
    create_key_file,
    create_purse,
    erase_directory,
    replace_key,
)
from card.cpu.line import LineKey
from card.cpu.select import select_file
from card.errors import (
    CardBlocked,
    CardRefused,
    DamagedCard,
    PinWrong,
    WrongCard,
    WrongReason,
)
from card.keys import PurseIssuer, PurseMaster
from card.layout import CardIdentity
from card.mac import is_right
from card.open_purse import open_purse
from card.purse_facts import OURS, RECORD_BYTES
from card.read import TappedCard, public_file, purse_identity_mac, read_processor_card

TRANSPORT_KEY = b"\xff" * 16
"""As Fudan delivers its chips."""
MAIN_FILE, APPLICATION = 0x3F00, 0x3F01
AFTER_CONTROL = 0xF1
"""Right of whoever has shown the main file's control key."""
_PUBLIC, _LOG, _PURSE = 0x15, 0x18, 0x02
_PUBLIC_BYTES = 38
_APPLICATION_BYTES, _KEY_FILE_BYTES = 0x0800, 0x0200
_FREE, _SHOWN, _TRIES = 0xF0, 0x01, 0x33
_VERSION, _TRIPLE_DES = 0x01, 0x00
_NOT_THERE = (0x6A82, 0x6D00, 0x6E00, 0x6300)
_NOT_MAIN = b"\x3f\x00\xff\x00\x00\x00\x00\x00"
"""Second factor of the main file's key, so that it is not the application's."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A key of the application: type, index, master, and its record's last two bytes."""

    kind: KeyType
    index: int
    master: PurseMaster
    third: int
    fourth: int


_CONTROL = _Wanted(KeyType.EXTERNAL, 0, PurseMaster.CONTROL, _SHOWN, _TRIES)
_LINE = _Wanted(KeyType.LINE, 0, PurseMaster.MAINTAIN, 0xFF, _TRIES)
_KEYS = (
    _LINE,
    _Wanted(KeyType.TAC, 0, PurseMaster.TAC, _VERSION, _TRIPLE_DES),
    _Wanted(KeyType.PURCHASE, 1, PurseMaster.PURCHASE, _VERSION, _TRIPLE_DES),
    _Wanted(KeyType.LOAD, OURS.load_key, PurseMaster.LOAD, _VERSION, _TRIPLE_DES),
    _Wanted(KeyType.UNLOAD, OURS.unload_key, PurseMaster.UNLOAD, _VERSION, _TRIPLE_DES),
)


def personalise_purse(
    connection: Connection,
    keys: PurseIssuer,
    identity: CardIdentity,
    *,
    transport_key: bytes = TRANSPORT_KEY,
) -> TappedCard:
    """The card as it reads back, issued as `identity` with an empty purse.

    Takes a card as its maker delivers it, one that was pulled while being issued as `identity`,
    and one issued as that already (nothing is written then).

    Raises:
        WrongCard: FOREIGN (another issuer's keys), ALREADY_ISSUED as somebody else.
        DamagedCard: it took everything, and reads back as another.
        KeyMissing: the keeper holds no purse masters; nothing was written.
        CardGone, CardRefused: put the card back and call again.
    """
    desk = _Desk(Chip(connection), keys, identity)
    held = number_on(connection, keys)
    if held is not None:
        return _as_issued(connection, keys, identity)
    desk.own_key(PurseMaster.CONTROL)  # raises before anything is written
    if desk.is_ours_already(transport_key):
        desk.write_public()
    else:
        desk.build(transport_key)
    return _as_issued(connection, keys, identity)


def number_on(connection: Connection, keys: PurseIssuer) -> int | None:
    """The number of an issued card; None of a blank or half-issued one.

    Raises:
        CardBlocked: its application is blocked, so it was issued.
    """
    try:
        _, public = open_purse(connection, OURS)
    except WrongCard:
        return None
    except CardRefused as refused:
        if refused.sw in _NOT_THERE:
            return None
        raise
    if not is_right(public[30:_PUBLIC_BYTES], purse_identity_mac(keys, public)):
        return None
    return int(public[10:20].hex())


def control_key(keys: PurseIssuer, serial: bytes) -> bytes:
    """The main file's own control key of the card of that application serial."""
    return keys.des_card_key(PurseMaster.CONTROL, [serial[-8:], _NOT_MAIN])


def _as_issued(connection: Connection, keys: PurseIssuer, identity: CardIdentity) -> TappedCard:
    tapped = read_processor_card(connection, keys)
    if tapped is None or tapped.purse is None:
        raise DamagedCard(_PUBLIC)
    if tapped.number != identity.number:
        raise WrongCard(WrongReason.ALREADY_ISSUED)
    told = (tapped.kind, tapped.level, tapped.valid_from, tapped.valid_to)
    if told != (identity.kind, identity.level, identity.valid_from, identity.valid_to):
        raise WrongCard(WrongReason.ALREADY_ISSUED)
    return tapped


@dataclass(frozen=True, slots=True)
class _Desk:
    """One card being issued."""

    chip: Chip
    keys: PurseIssuer
    identity: CardIdentity

    @property
    def serial(self) -> bytes:
        """The application's serial: the number in twenty digits."""
        return bytes.fromhex(str(self.identity.number).zfill(20))

    def own_key(self, master: PurseMaster) -> bytes:
        """A key of this card, made from its master."""
        return self.keys.des_card_key(master, [self.serial[-8:]])

    def is_ours_already(self, transport_key: bytes) -> bool:
        """True when the main file is under this card's own key; False: under the maker's.

        The maker's is tried first: a card that is not ours loses one try and no more.

        Raises:
            WrongCard: FOREIGN, under neither.
        """
        if self._opens(transport_key):
            return False
        if not self._has_application() or not self._opens(control_key(self.keys, self.serial)):
            raise WrongCard(WrongReason.FOREIGN)
        return True

    def build(self, transport_key: bytes) -> None:
        """All of the application, from nothing; needs the transport key shown."""
        if self._has_application():
            erase_directory(self.chip)
        else:
            create_directory(
                self.chip, APPLICATION, OURS.name, size=_APPLICATION_BYTES, sfi=_PUBLIC,
                right=AFTER_CONTROL,
            )  # fmt: skip
            select_file(self.chip, APPLICATION)
        self._write_keys(transport_key)
        create_cyclic(self.chip, _LOG, records=10, length=RECORD_BYTES)
        create_purse(self.chip, _PURSE, log=_LOG)
        create_binary(self.chip, _PUBLIC, _PUBLIC_BYTES, write_right=_FREE, is_protected=True)
        if not self._opens(transport_key):  # a selected main file may have forgotten it
            raise WrongCard(WrongReason.FOREIGN)
        record = bytes((_FREE, NEVER, _SHOWN, _TRIES)) + control_key(self.keys, self.serial)
        replace_key(self.chip, (KeyType.EXTERNAL, 0), record, transport_key)
        self.write_public()

    def write_public(self) -> None:
        """Say who the card is; only now does a till take it."""
        select_file(self.chip, APPLICATION)
        line = LineKey(self.own_key(PurseMaster.MAINTAIN))
        update_binary(self.chip, _PUBLIC, public_file(self.identity, self.keys), line=line)

    def _write_keys(self, transport_key: bytes) -> None:
        create_key_file(self.chip, _KEY_FILE_BYTES, sfi=_PUBLIC, add_right=AFTER_CONTROL)
        self._add(_CONTROL, transport_key)
        for wanted in _KEYS:
            self._add(wanted, self.own_key(PurseMaster.CONTROL))

    def _add(self, wanted: _Wanted, under: bytes) -> None:
        record = KeyRecord(
            wanted.kind, _FREE, NEVER, wanted.third, wanted.fourth, self.own_key(wanted.master)
        )
        add_key_protected(self.chip, wanted.index, record, under)

    def _opens(self, key: bytes) -> bool:
        select_file(self.chip, MAIN_FILE)
        try:
            external_authenticate(self.chip, 0, key)
        except PinWrong:
            return False
        except CardBlocked:
            raise WrongCard(WrongReason.FOREIGN) from None
        return True

    def _has_application(self) -> bool:
        """Select it, when it is there; somebody else's under that identifier is left alone."""
        try:
            found = select_file(self.chip, APPLICATION)
        except CardRefused as refused:
            if refused.sw in _NOT_THERE:
                return False
            raise
        if found.name not in (b"", OURS.name):
            raise WrongCard(WrongReason.FOREIGN)
        return True
