"""Balance, load, purchase, compound purchase, cash, unload and the proof of the last transaction.

Each INIT tells the card what is about to happen and is harmless: any other command forgets it.
Only CREDIT FOR LOAD (80 52), DEBIT FOR PURCHASE and DEBIT FOR UNLOAD (80 54) move money; they are
sent by `ask_once` and their status is given back for the caller to judge.
"""

from dataclasses import dataclass
from enum import IntEnum

from card.apdu import Command
from card.cpu.chip import Chip
from card.errors import BadAnswer
from card.mac import MAC_BYTES, Terms, TransactionType
from card.status import OK


class Purse(IntEnum):
    """The two purses of an application: the deposit wants the PIN, the purse does not."""

    DEPOSIT = 0x01
    PURSE = 0x02


@dataclass(frozen=True, slots=True)
class OnlineStart:
    """What INIT FOR LOAD or UNLOAD answers."""

    balance: int
    counter: int
    key_version: int
    algorithm: int
    random: bytes
    mac1: bytes


@dataclass(frozen=True, slots=True)
class PurchaseStart:
    """What INIT FOR PURCHASE, CAPP PURCHASE and CASH WITHDRAW answer."""

    balance: int
    counter: int
    overdraft: int
    key_version: int
    algorithm: int
    random: bytes


@dataclass(frozen=True, slots=True)
class Commitment:
    """The answer to a command that moved money, or its refusal: then only `sw` means something.

    tac: of a load or purchase; of an unload, MAC3.
    mac2: of a purchase.
    """

    sw: int
    tac: bytes = b""
    mac2: bytes = b""


@dataclass(frozen=True, slots=True)
class Proof:
    """GET TRANSACTION PROVE: MAC, then TAC, the other way round than DEBIT FOR PURCHASE."""

    mac: bytes
    tac: bytes


def get_balance(chip: Chip, purse: Purse = Purse.PURSE, *, part: int = 0) -> int:
    """The balance in fen, as the four bytes say (`city` knows whose top bit lies).

    Args:
        chip: the card.
        purse: which; the deposit asks for the PIN first.
        part: P1, with which T-Union cards tell overdraft limit and use.
    """
    return int.from_bytes(chip.ask_exactly(Command(0x80, 0x5C, part, purse, le=4)))


def init_for_load(chip: Chip, terms: Terms, purse: Purse, key_id: int = 1) -> OnlineStart:
    """Announce a load.

    Raises:
        CardRefused: 6985 the PIN was not shown, 9403 no such key, 9402 the counter is used up.
    """
    return _online_start(chip, _init(0x00, purse, (key_id, terms), 0x10))


def credit_for_load(chip: Chip, moment: bytes, mac2: bytes) -> Commitment:
    """Load the card, by the host's MAC2. Never send it twice."""
    body, sw = chip.ask_once(Command(0x80, 0x52, 0x00, 0x00, moment + mac2, le=MAC_BYTES))
    return _committed(sw, body, MAC_BYTES)


def init_for_purchase(chip: Chip, terms: Terms, purse: Purse, key_id: int) -> PurchaseStart:
    """Announce a purchase, compound purchase or cash withdrawal, as the type in `terms` says.

    Raises:
        InsufficientBalance: 9401 (some cards 9301).
        CardRefused: 9403 no such key, 9402 the counter is used up, 6985 no PIN.
    """
    p1 = _PURCHASE_P1.get(terms.kind, 0x01)
    answer = chip.ask_exactly(_init(p1, purse, (key_id, terms), 0x0F))
    return PurchaseStart(
        int.from_bytes(answer[:4]),
        int.from_bytes(answer[4:6]),
        int.from_bytes(answer[6:9]),
        answer[9],
        answer[10],
        answer[11:15],
    )


def update_capp_cache(chip: Chip, record: int, sfi: int, content: bytes) -> None:
    """Put a record beside a compound purchase; DEBIT FOR PURCHASE writes both or neither."""
    chip.ask(Command(0x80, 0xDC, record, sfi << 3, content))


def debit_for_purchase(chip: Chip, terminal_serial: int, moment: bytes, mac1: bytes) -> Commitment:
    """Take the announced amount. Never send it twice."""
    body = terminal_serial.to_bytes(4) + moment + mac1
    answer, sw = chip.ask_once(Command(0x80, 0x54, 0x01, 0x00, body, le=2 * MAC_BYTES))
    return _committed(sw, answer, 2 * MAC_BYTES)


def init_for_unload(chip: Chip, terms: Terms, purse: Purse, key_id: int = 1) -> OnlineStart:
    """Announce an unload (the money goes back to the account)."""
    return _online_start(chip, _init(0x05, purse, (key_id, terms), 0x10))


def debit_for_unload(chip: Chip, moment: bytes, mac2: bytes) -> Commitment:
    """Unload the card, by the host's MAC2; the answer is MAC3. Never send it twice."""
    body, sw = chip.ask_once(Command(0x80, 0x54, 0x03, 0x00, moment + mac2, le=MAC_BYTES))
    return _committed(sw, body, MAC_BYTES)


def transaction_proof(chip: Chip, kind: int, counter: int) -> Proof | None:
    """MAC and TAC of the last transaction of that type and counter; None when it is another.

    Cards say 9406, some 6985 or 6A80, when they have no such proof, so any refusal is None.
    """
    command = Command(0x80, 0x5A, 0x00, kind, counter.to_bytes(2), le=2 * MAC_BYTES)
    answer, sw = chip.ask_once(command)
    if sw != OK:
        return None
    if len(answer) != 2 * MAC_BYTES:
        raise BadAnswer(length=len(answer))
    return Proof(answer[:MAC_BYTES], answer[MAC_BYTES:])


def get_identification(chip: Chip) -> bytes:
    """The 9-byte code of a MOHURD city card, part of MAC1 (CJ/T 166)."""
    return chip.ask_exactly(Command(0x80, 0xCA, 0x00, 0x00, le=9))


_PURCHASE_P1: dict[int, int] = {TransactionType.CASH: 0x02, TransactionType.CAPP_PURCHASE: 0x03}


def _init(p1: int, purse: Purse, said: tuple[int, Terms], le: int) -> Command:
    key_id, terms = said
    body = bytes((key_id,)) + terms.amount.to_bytes(4) + terms.terminal
    return Command(0x80, 0x50, p1, purse, body, le)


def _online_start(chip: Chip, command: Command) -> OnlineStart:
    answer = chip.ask_exactly(command)
    return OnlineStart(
        int.from_bytes(answer[:4]),
        int.from_bytes(answer[4:6]),
        answer[6],
        answer[7],
        answer[8:12],
        answer[12:16],
    )


def _committed(sw: int, answer: bytes, length: int) -> Commitment:
    if sw != OK or len(answer) != length:
        return Commitment(sw if sw != OK else 0)
    return Commitment(OK, answer[:MAC_BYTES], answer[MAC_BYTES:])
