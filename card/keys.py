"""The master keys by name, and what may be asked of whoever keeps them.

    card-read   key A of the identity sector          till, office
    token       key A of the token sector, token MAC  till, office
    identity    MAC over the identity                 till, office
    issuing     key B of every sector of ours         office only

Masters of processor cards (3DES, 16 bytes; a card's own key is PBOC-diversified from them):

    purchase  MAC1 and MAC2 of a purchase             till, office
    load, unload, tac, and the rest of PurseMaster    office only

`keyring` keeps them in a PKCS#11 token. A master is never handed out: only AES-CMAC under it is.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Protocol

from card.diversify import Cmac, KeySide, sector_key
from card.layout import IDENTITY, TOKEN, Sector


class Master(StrEnum):
    """The master keys of one issuer."""

    CARD_READ = "card-read"
    TOKEN = "token"  # noqa: S105 - a name, not a secret
    IDENTITY = "identity"
    ISSUING = "issuing"


class PurseMaster(StrEnum):
    """The master keys of our processor cards."""

    PURCHASE = "purchase"
    LOAD = "load"
    UNLOAD = "unload"
    TAC = "tac"
    CONTROL = "control"
    MAINTAIN = "maintain"
    PIN_UNBLOCK = "pin-unblock"
    PIN_RELOAD = "pin-reload"


TILL_MASTERS = (Master.CARD_READ, Master.TOKEN, Master.IDENTITY)
TILL_PURSE_MASTERS = (PurseMaster.PURCHASE,)


class MasterKeys(Protocol):
    """Keeper of masters: computes AES-CMAC under one, never shows it."""

    @property
    def key_version(self) -> int:
        """Version of the masters, 1..255; written into each card."""
        ...

    def cmac(self, master: Master, message: bytes, /) -> bytes:
        """16 bytes AES-CMAC (NIST SP 800-38B) of `message`.

        Raises:
            KeyMissing: this keeper does not hold `master`.
        """
        ...


class PurchaseKeys(Protocol):
    """Keeper of the purchase master: makes session keys, shows neither master nor card key."""

    def des_session_key(
        self, master: PurseMaster, factors: Sequence[bytes], block: bytes, /
    ) -> bytes:
        """3DES of `block` under the card's key, 8 bytes.

        Raises:
            KeyMissing: this keeper does not hold `master`.
        """
        ...


class OfficeKeys(PurchaseKeys, Protocol):
    """The office's keeper: gives a card's own key for one operation."""

    def des_card_key(self, master: PurseMaster, factors: Sequence[bytes], /) -> bytes:
        """A card's own 16-byte key.

        Raises:
            KeyMissing: this keeper does not hold `master`, or may not give it.
        """
        ...


class PurseIssuer(MasterKeys, OfficeKeys, Protocol):
    """The office's keeper when it issues processor cards: identity MACs and card keys."""


def cmac_of(keys: MasterKeys, master: Master) -> Cmac:
    """The CMAC under `master` as a function of the message alone."""
    return partial(keys.cmac, master)


def identity_key(keys: MasterKeys, uid: bytes) -> bytes:
    """Key A of a card's identity sector."""
    return sector_key(cmac_of(keys, Master.CARD_READ), uid, IDENTITY.number, KeySide.A)


def token_key(keys: MasterKeys, uid: bytes) -> bytes:
    """Key A of a card's token sector."""
    return sector_key(cmac_of(keys, Master.TOKEN), uid, TOKEN.number, KeySide.A)


def issuing_key(keys: MasterKeys, uid: bytes, sector: Sector) -> bytes:
    """Key B of one of a card's sectors.

    Raises:
        KeyMissing: on a till, which does not hold the issuing master.
    """
    return sector_key(cmac_of(keys, Master.ISSUING), uid, sector.number, KeySide.B)
