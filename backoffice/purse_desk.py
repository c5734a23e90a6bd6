"""What the desk does with a processor card on its reader: look, issue, and put the first money on.

With `issuing` and `tac` the only module here that knows cards. A card's own keys are made in the
office's token for one command each.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from backoffice.errors import ConfigFault
from card.connection import Connection
from card.errors import (
    CardGone,
    DamagedCard,
    DebitUncertain,
    KeyMissing,
    WrongCard,
    WrongReason,
)
from card.host import answer_load
from card.intent import LoadIntent
from card.keyring import Keyring
from card.keys import PurseMaster
from card.layout import CardIdentity
from card.open_purse import chip_serial
from card.personalise_purse import number_on, personalise_purse
from card.read import TappedCard, read_card
from card.topup import begin_load, finish_load

DESK_TERMINAL = bytes.fromhex("000000000001")
"""The issuing desk's number in a card's log; no till has it."""
WRITE_LIMIT_S = 20.0


def check_purse_masters(keys: Keyring) -> None:
    """Nothing, when the office's token can issue processor cards.

    Raises:
        ConfigFault: it was made before there were any.
    """
    try:
        for master in PurseMaster:
            keys.des_card_key(master, [bytes(8)])
    except KeyMissing as error:
        raise ConfigFault(
            "The office's key token was made before there were purses on chips and has no keys for "
            "them; make a new token for a new issuer number, or issue MIFARE cards."
        ) from error


def look(connection: Connection, keys: Keyring) -> tuple[bytes, int | None]:
    """Chip serial of the card, and its number when it is issued.

    Raises:
        WrongCard: FAMILY, a contact card: it does not tell its chip apart from others.
    """
    uid = chip_serial(connection)
    if not uid:
        raise WrongCard(WrongReason.FAMILY)
    return uid, number_on(connection, keys)


def writing(
    keys: Keyring, identity: CardIdentity, row: dict[str, Any], moment: datetime
) -> Callable[[Connection], TappedCard]:
    """The job that issues the card of `row` and loads its opening sum.

    The card's online counter tells whether the opening sum is on it already: it leaves zero with
    the first load, and nobody but this office can load.
    """
    chip, opening = bytes.fromhex(row["chip"]), int(row["opening"])

    def write(connection: Connection) -> TappedCard:
        if chip_serial(connection) != chip:
            raise CardGone  # somebody changed the card between the look and the writing
        made = personalise_purse(connection, keys, identity)
        if opening:
            _open(connection, keys, made, opening=opening, moment=moment)
        return read_card(connection, keys)

    return write


def _open(
    connection: Connection, keys: Keyring, made: TappedCard, *, opening: int, moment: datetime
) -> None:
    assert made.purse is not None, "a processor card of ours has a purse"
    request = begin_load(connection, opening, card=made.purse, terminal=DESK_TERMINAL)
    if request.online_counter:
        if request.balance_before != opening:
            raise DamagedCard(int(request.online_counter))
        return
    answer = answer_load(keys, request, bcd(moment))
    try:
        finish_load(connection, request, answer, card=made.purse, before_commit=_told_by_counter)
    except DebitUncertain as error:
        raise CardGone from error  # put back, its counter tells


def _told_by_counter(_intent: LoadIntent) -> None:
    """Nothing to write down: see `writing`."""


def bcd(moment: datetime) -> bytes:
    """Date and time as a card has them, seven bytes YYYYMMDDhhmmss."""
    return bytes.fromhex(moment.strftime("%Y%m%d%H%M%S"))
