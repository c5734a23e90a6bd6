"""Purses that the tests of this folder share: ours, with keys made of known masters."""

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from card import mac
from card.connection import Connection
from card.intent import DebitIntent, LoadIntent
from card.keys import PurseMaster
from card.layout import CardIdentity
from card.psam import Psam, open_psam
from card.purse import DebitProof, debit
from card.purse_facts import OURS, PurseFacts
from card.read import public_file as card_public_file
from card.sam import Sam
from card.softsam import SoftSam
from fixtures.card_des import own_key
from fixtures.card_in_process import InProcess
from fixtures.psam_card import PretendPsam
from fixtures.purse_card import PretendPurse, PurseFaults, Ways
from fixtures.purse_memory import Key, Memory

MASTERS = {
    master: bytes.fromhex("A1B2C3D4E5F60718293A4B5C6D7E8F") + bytes((at,))
    for at, master in enumerate(PurseMaster)
}
SERIAL = bytes.fromhex("00000620000000000414")
OTHER_SERIAL = bytes.fromhex("00000620000000000422")
UID = bytes.fromhex("04A1B2C3D4E5F6")
TERMINAL = bytes.fromhex("000000000777")
PIN = b"\x12\x34\x56"
NOON = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001 - the card's clock has no zone
MOMENT = bytes.fromhex("20261124120000")
BALANCE = 5000


class KnownKeys:
    """Keeper of the masters above, in the clear: for tests without a token."""

    def des_card_key(self, master: PurseMaster, factors: Sequence[bytes], /) -> bytes:
        key = MASTERS[master]
        for factor in factors:
            key = mac.diversified(key, factor)
        return key

    def des_session_key(
        self, master: PurseMaster, factors: Sequence[bytes], block: bytes, /
    ) -> bytes:
        return mac.session_key(self.des_card_key(master, factors), block)


class TillKeys(KnownKeys):
    """A till's keeper, in the clear: one secret for everything that is not a purchase."""

    key_version = 1

    def cmac(self, master: object, message: bytes, /) -> bytes:
        """Any sixteen bytes that depend on the message."""
        del master
        return (sum(message) % 251).to_bytes(1) * 16


TILL_KEYS = cast("Any", TillKeys())


def memory_of(who: CardIdentity, balance: int) -> Memory:
    """What a purse holds that such a till can read and debit."""
    public = card_public_file(who, TILL_KEYS)
    serial = public[10:20]
    keys = {
        (0x3E, 1): Key(own_key(MASTERS[PurseMaster.PURCHASE], serial)),
        (0, 0): Key(own_key(MASTERS[PurseMaster.TAC], serial)),
    }
    memory = Memory(OURS.name, {0x15: public}, {0x18: []}, keys)
    memory.purses[2].balance = balance
    return memory


def public_file(serial: bytes = SERIAL) -> bytes:
    head = bytes(8) + b"\x01\x01" + serial
    return head + bytes.fromhex("2026010120301231") + b"\x03\x02"


def purse(
    serial: bytes = SERIAL,
    *,
    balance: int = BALANCE,
    ways: Ways | None = None,
    uid: bytes = UID,
    faults: PurseFaults | None = None,
) -> PretendPurse:
    def own(master: PurseMaster) -> Key:
        return Key(own_key(MASTERS[master], serial))

    keys = {
        (0x39, 0): own(PurseMaster.CONTROL),
        (0x33, 0): own(PurseMaster.MAINTAIN),
        (0x34, 0): own(PurseMaster.MAINTAIN),
        (0x37, 0): own(PurseMaster.PIN_UNBLOCK),
        (0x38, 0): own(PurseMaster.PIN_RELOAD),
        (0x3E, 1): own(PurseMaster.PURCHASE),
        (0x3F, 1): own(PurseMaster.LOAD),
        (0x3D, 1): own(PurseMaster.UNLOAD),
        (0, 0): own(PurseMaster.TAC),
    }
    memory = Memory(OURS.name, {0x15: public_file(serial)}, {0x18: [], 0x17: []}, keys)
    memory.purses[2].balance = balance
    memory.purses[2].offline = 7
    memory.purses[2].online = 3
    return PretendPurse(memory, uid=uid, ways=ways, faults=faults)


def facts(card: PretendPurse, serial: bytes = SERIAL) -> PurseFacts:
    balance = card.memory.purses[2].balance
    return PurseFacts(serial, balance, 20260101, 20301231, None, True, (), OURS)


def again(card: PretendPurse, faults: PurseFaults | None = None) -> PretendPurse:
    """The same memory on the reader again, its commands counted from one."""
    twin = copy.copy(card)
    twin.apdus, twin.faults = [], faults or PurseFaults()
    twin.power_on()
    return twin


def soft_sam(first: int = 1) -> SoftSam:
    serials = iter(range(first, 1000))
    return SoftSam(KnownKeys(), terminal=TERMINAL, next_serial=lambda: next(serials))


def psam(chip: PretendPsam | None = None) -> Psam:
    module = chip or PretendPsam(MASTERS[PurseMaster.PURCHASE], terminal=TERMINAL)
    return open_psam(InProcess(module), application=0xDF01)


class Journal(list[DebitIntent | LoadIntent]):
    """What was written before money moved."""

    def write(self, intent: DebitIntent | LoadIntent) -> None:
        self.append(intent)


def pay(
    link: Connection, sam: Sam, amount: int = 1234, *, journal: Journal | None = None
) -> DebitProof:
    card = PurseFacts(SERIAL, BALANCE, 20260101, 20301231, None, True, (), OURS)
    written = Journal() if journal is None else journal
    return debit(link, sam, amount, card=card, when=NOON, before_commit=written.write, uid=UID)
