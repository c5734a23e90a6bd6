"""The issuing desk: writes cards at a PC/SC reader and gives tills their card keys.

The only module here that talks with cards (decision 27). The books set a number aside first and
bring the card to life only after the chip was written and read back.
"""

import logging
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from backoffice import secrets_file
from backoffice.chip_moves import Books, Wish, explaining, locking, moving
from backoffice.config import OfficeConfig, State
from backoffice.errors import CardPulled, ConfigFault, OfficeError, Refused, Unavailable
from backoffice.purse_desk import WRITE_LIMIT_S, check_purse_masters, writing
from backoffice.purse_desk import look as look_at_purse
from backoffice.secrets_file import private_folder
from backoffice.words import N_
from card.apdu import TRACE_LEVEL, TRACE_NAME
from card.atr import CardFamily, family_of
from card.connection import Connection
from card.diversify import KeySide
from card.errors import (
    CardBlocked,
    CardError,
    CardGone,
    CardRefused,
    CardSilent,
    KeyringError,
    KeyringMissing,
    ReaderGone,
    TornWrite,
    WrongCard,
    WrongReason,
)
from card.keyring import (
    OFFICE_LABEL,
    Keyring,
    create_office_token,
    find_module,
    open_keyring,
    share_with_till,
)
from card.keys import issuing_key
from card.layout import IDENTITY, MAD, TOKEN, TRANSPORT_KEY, CardIdentity, CardKind
from card.mifare import MifareCard
from card.pcsc import list_readers, run_on_card
from card.personalise import personalise
from card.read import MIFARE_FAMILIES, TappedCard, opens, read_card, read_identity
from card.recover import explain_token

LOOK_AGAIN_S = 0.1
MOST_REFUSALS = 8
M1, CPU, ANY = "m1", "cpu", "auto"
"""What the desk takes: one family, or either by the card's answer to reset."""
AGAIN = (CardGone, CardSilent, TornWrite)
"""Put the same card back and run the command again: it goes on where it stopped."""


def office_keyring(config: OfficeConfig, state: State) -> Keyring:
    """The office's card keys, made at the first use.

    Raises:
        Unavailable: no PKCS#11 module.
        ConfigFault: the token is damaged, or its PIN file does not fit.
    """
    pin = secrets_file.token_pin(state)
    module = config.keyring_module
    try:
        if not (state.token / "softhsm2.conf").exists():
            private_folder(state.token)
            create_office_token(state.token, pin, module=module)
        return open_keyring(state.token, pin, label=OFFICE_LABEL, module=module)
    except KeyringMissing as error:
        raise Unavailable(
            "The PKCS#11 module is not there; install softhsm2 or set [keyring] module."
        ) from error
    except KeyringError as error:
        raise ConfigFault(
            "The key token in {token} cannot be used ({code}); restore the backup.",
            token=state.token,
            code=error.code,
        ) from error


def keyring_module(config: OfficeConfig) -> Path:
    """The PKCS#11 module in use.

    Raises:
        Unavailable: there is none.
    """
    try:
        module = config.keyring_module or find_module()
    except KeyringMissing as error:
        raise Unavailable("There is no PKCS#11 module; install softhsm2.") from error
    if not module.exists():
        raise Unavailable(
            "There is no {module}; correct [keyring] module in the settings.", module=module
        )
    return module


def readers() -> list[str]:
    """Names of the card readers; none when there is no PC/SC service either."""
    try:
        return list_readers()
    except CardError:
        return []


def share_card_keys(config: OfficeConfig, state: State, folder: Path, pin: str) -> None:
    """Makes a till's key token in `folder`, with the masters that a till may use."""
    if folder.exists():
        shutil.rmtree(folder)
    private_folder(folder)
    with office_keyring(config, state) as office:
        try:
            share_with_till(office, folder, pin, module=config.keyring_module)
        except KeyringError as error:
            raise Unavailable(
                "The till's key token was not made ({code}).", code=error.code
            ) from error


def trace_cards(stream: TextIO) -> None:
    """From now on all that is said to cards, and their answers, is written to `stream`."""
    logger, handler = logging.getLogger("card"), logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logging.getLogger(TRACE_NAME).setLevel(TRACE_LEVEL)


@contextmanager
def card_faults() -> Iterator[None]:
    """Turns what a card or reader says into a sentence for the desk."""
    try:
        yield
    except ReaderGone as error:
        raise Unavailable(
            "There is no card reader; connect one, or name it by --reader."
        ) from error
    except AGAIN as error:
        raise CardPulled(
            "The card was taken away too early; put the same card back and run this again."
        ) from error
    except WrongCard as error:
        raise Refused(_WRONG.get(str(error.params.get("reason")), _STRANGE)) from error
    except CardBlocked as error:
        raise Refused(
            "The application on this card is blocked; free it with `card unblock NUMBER --chip`."
        ) from error
    except CardError as error:
        raise OfficeError(
            "The card cannot be issued ({code}); use another one.", code=error.code
        ) from error


_STRANGE = N_("This card cannot be issued; use a fresh MIFARE Classic or FMCOS card.")
_WRONG = {
    "already_issued": N_("This card is issued already as another one; use a fresh card."),
    "blank": N_("This card was never issued, or was taken away while it was."),
    "foreign": N_("This card belongs to another system; use a fresh card."),
    "other_card": N_("This is another card; put the one that is meant on the reader."),
    "mac": N_("This card does not prove that it is ours; it may be a copy."),
    "rolled_back": N_(
        "An old state was written back to this card: block it, and look at `alerts`."
    ),
    "family": N_("This is not the kind of card that is wanted; use a fresh one of that kind."),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """What lies on the reader, before anything is written."""

    uid: bytes
    number: int | None
    """Number that already stands on it under our keys; None on a blank or half-issued one."""
    family: str = M1


def chip_on_reader(
    config: OfficeConfig, state: State, *, reader: str, wait_s: float, family: str = ANY,
    but: Collection[bytes] = (),
) -> Chip:  # fmt: skip
    """The next card that can be issued; cards of other systems are refused before anything else.

    Args:
        config: the office's settings.
        state: its state folder.
        reader: part of the reader's name.
        wait_s: how long a card may take to come.
        family: which cards are taken, `M1`, `CPU` or `ANY`.
        but: serials of chips that lie there still and are done with.

    Raises:
        Unavailable: no card came, or no reader is there.
        Refused: not a card of ours, nor a blank one.
    """
    until, refusals = time.monotonic() + wait_s, 0
    with office_keyring(config, state) as keys, card_faults():
        while True:
            left = until - time.monotonic()
            try:
                chip = run_on_card(
                    reader, _looking(keys, but, family), wait_s=max(0.1, min(left, 1.0))
                )
                refusals = 0
            except CardGone:
                chip = None
            except CardRefused:
                # A card laid on the very moment another went: the reader still names the other.
                refusals += 1
                if refusals > MOST_REFUSALS:
                    raise
                chip = None
            if chip is not None:
                if chip.family == CPU:
                    check_purse_masters(keys)
                return chip
            if left <= 0:
                raise Unavailable("No card came to the reader within {seconds} s.", seconds=wait_s)
            time.sleep(LOOK_AGAIN_S)


def _looking(
    keys: Keyring, but: Collection[bytes], wanted: str
) -> Callable[[Connection], Chip | None]:
    def look(connection: Connection) -> Chip | None:
        found = family_of(connection.atr)
        if found is CardFamily.CPU and wanted in (CPU, ANY):
            purse, held = look_at_purse(connection, keys)
            return None if purse in but else Chip(purse, held, CPU)
        if found not in MIFARE_FAMILIES or wanted == CPU:
            raise WrongCard(WrongReason.FAMILY)
        card = MifareCard(connection)
        uid = card.uid()
        if uid in but:
            return None
        number = None
        for sector in (MAD, TOKEN, IDENTITY):
            if opens(card, sector.first_block, TRANSPORT_KEY):
                continue
            ours = issuing_key(keys, uid, sector)
            if not opens(card, sector.first_block, ours, KeySide.B):
                raise WrongCard(WrongReason.FOREIGN)
            if sector is IDENTITY:
                number = _number_on(card, keys, uid)
        return Chip(uid, number)

    return look


def _number_on(card: MifareCard, keys: Keyring, uid: bytes) -> int | None:
    try:
        return read_identity(card, keys, uid)[0].number
    except WrongCard:
        return None  # torn; it is written anew


def read_on_reader(config: OfficeConfig, state: State, *, reader: str, wait_s: float) -> TappedCard:
    """The card on the reader as a till would read it."""
    with card_faults(), office_keyring(config, state) as keys:
        return run_on_card(reader, lambda link: read_card(link, keys), wait_s=wait_s)


def move_on_reader(
    config: OfficeConfig, state: State, row: dict[str, Any], wish: Wish | None, *,
    books: Books, reader: str, wait_s: float, moment: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What became of money on the chip of the card of `row`; see `chip_moves`.

    Raises:
        CardPulled: put back, the same call finishes it.
        OfficeError: refused; the card is as it was.
    """
    with card_faults(), office_keyring(config, state) as keys:
        job = moving(keys, row, wish, books=books, moment=moment)
        told = run_on_card(reader, job, wait_s=wait_s, time_limit_s=WRITE_LIMIT_S)
    if isinstance(told, OfficeError):
        raise told
    return told


def explain_on_reader(
    row: dict[str, Any], *, reader: str, wait_s: float
) -> tuple[list[dict[str, Any]], str]:
    """What the card on the reader says of the open move of `row`; see `chip_moves.explaining`."""
    with card_faults():
        return run_on_card(reader, explaining(row), wait_s=wait_s)


def explain_slots(tapped: TappedCard, seq: int | None) -> list[dict[str, Any]]:
    """What the two token slots of an M1 card say; `seq`: the token the books gave it last."""
    steps = explain_token(tapped, seq)
    return [{"code": one.code, **dict(one.params)} for one in steps]


def lock_on_reader(
    config: OfficeConfig, state: State, number: int, *, blocks: bool, reader: str, wait_s: float
) -> bool:
    """Blocks or frees the application on the chip; True when it was not so before."""
    with card_faults(), office_keyring(config, state) as keys:
        return run_on_card(reader, locking(keys, number, blocks=blocks), wait_s=wait_s)


def write_card(
    config: OfficeConfig, state: State, row: dict[str, Any], *, reader: str, wait_s: float,
    family: str = M1, moment: datetime, counter: bool = False,
) -> TappedCard:  # fmt: skip
    """Writes the card that the books set aside in `row` and reads it back.

    `moment` is the stalls' wall clock, for the log of a purse; `counter` gives an M1 card a counter
    that only goes down.

    Raises:
        CardPulled: the chip set aside is not there any more, or left half way.
    """
    identity = CardIdentity(
        number=row["number"], kind=CardKind(row["kind"]), level=row["level"],
        valid_from=row["valid_from"], valid_to=row["valid_to"],
        has_counter=counter and family == M1,
    )  # fmt: skip
    with card_faults(), office_keyring(config, state) as keys:
        if family == CPU:
            job, most = writing(keys, identity, row, moment), WRITE_LIMIT_S
            return run_on_card(reader, job, wait_s=wait_s, time_limit_s=most)
        return run_on_card(reader, _writing(keys, identity, row), wait_s=wait_s)


def _writing(
    keys: Keyring, identity: CardIdentity, row: dict[str, Any]
) -> Callable[[Connection], TappedCard]:
    token, chip = bytes.fromhex(row["token"]), bytes.fromhex(row["chip"])

    def write(connection: Connection) -> TappedCard:
        if MifareCard(connection).uid() != chip:
            raise CardGone  # somebody changed the card between the look and the writing
        return personalise(connection, keys, identity, seq=row["token_seq"], token=token)

    return write
