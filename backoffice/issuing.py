"""The issuing desk: writes cards at a PC/SC reader and gives tills their card keys.

The only module here that talks with cards (decision 27). The books set a number aside first and
bring the card to life only after the chip was written and read back.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from backoffice import secrets_file
from backoffice.config import OfficeConfig, State
from backoffice.errors import ConfigFault, OfficeError, Refused, Unavailable
from backoffice.secrets_file import private_folder
from backoffice.words import N_
from card.connection import Connection
from card.errors import (
    CardError,
    CardGone,
    CardSilent,
    KeyringError,
    KeyringMissing,
    ReaderGone,
    TornWrite,
    WrongCard,
)
from card.keyring import (
    OFFICE_LABEL,
    Keyring,
    create_office_token,
    find_module,
    open_keyring,
    share_with_till,
)
from card.layout import CardIdentity, CardKind
from card.mifare import MifareCard
from card.pcsc import list_readers, run_on_card
from card.personalise import personalise
from card.read import TappedCard

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
        raise Unavailable(
            "The card was taken away too early; put the same card back and run this again."
        ) from error
    except WrongCard as error:
        raise Refused(_WRONG.get(str(error.params.get("reason")), _STRANGE)) from error
    except CardError as error:
        raise OfficeError(
            "The card cannot be issued ({code}); use another one.", code=error.code
        ) from error


_STRANGE = N_("This card cannot be issued; use a fresh MIFARE Classic card.")
_WRONG = {
    "already_issued": N_("This card is issued already as another one; use a fresh card."),
    "foreign": N_("This card belongs to another system; use a fresh card."),
    "family": N_("This is no MIFARE Classic card; use a fresh one."),
}


def chip_of(reader: str, wait_s: float) -> bytes:
    """Serial number of the chip on the reader."""
    with card_faults():
        return run_on_card(reader, lambda connection: MifareCard(connection).uid(), wait_s=wait_s)


def write_card(
    config: OfficeConfig, state: State, row: dict[str, Any], *, reader: str, wait_s: float
) -> TappedCard:
    """Writes the card that the books set aside in `row` and reads it back."""
    identity = CardIdentity(
        number=row["number"], kind=CardKind(row["kind"]), level=row["level"],
        valid_from=row["valid_from"], valid_to=row["valid_to"],
    )  # fmt: skip
    with card_faults(), office_keyring(config, state) as keys:
        return run_on_card(reader, _writing(keys, identity, row), wait_s=wait_s)


def _writing(
    keys: Keyring, identity: CardIdentity, row: dict[str, Any]
) -> Callable[[Connection], TappedCard]:
    token = bytes.fromhex(row["token"])
    return lambda connection: personalise(
        connection, keys, identity, seq=row["token_seq"], token=token
    )
