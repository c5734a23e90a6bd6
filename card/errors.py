"""What can go wrong while talking with a card, as codes and parameters.

    CardError
      ReaderGone          the reader or the PC/SC service is away
      CardGone            the card left, or another one lies there now
      CardSilent          no answer within the time limit
      BadAnswer           an answer that cannot be read
      CardRefused(sw)     the card or reader answered with an error status
      NotAuthenticated    the key does not open the sector
      WrongCard(reason)   not a card of ours, or not one that may be used
      TornWrite           a block holds neither what it held nor what was written
      DamagedCard         the card cannot be repaired at this desk
      StaleToken          the new token is not newer than the one on the card
      JobFailed(reason)   the keyring, or a fault of our own, inside a job on the card thread
      PinWrong(tries)     the card refused the PIN
      CardBlocked(sw)     card, application, PIN or key is blocked
      InsufficientBalance the purse holds less than was asked for
      DebitUncertain      the purse may or may not have moved; carries the intent
      ProofWrong          the card said yes but its proof is wrong; carries the intent
      LoadRefused(reason) the office gave no word to load
      SamMissing          no security module answers as one
    KeyringError
      KeyringMissing      no PKCS#11 module, or no token there
      KeyringLocked       wrong PIN
      KeyMissing          this token does not hold the master asked for
      KeyringBroken       any other refusal by the token

The words a person sees belong to the programs; `code` and `params` are what they look up.
"""

from enum import StrEnum
from typing import ClassVar

from card.intent import Intent


class WrongReason(StrEnum):
    """Why a card is not accepted."""

    FAMILY = "family"
    FOREIGN = "foreign"
    BLANK = "blank"
    MAC = "mac"
    FORMAT = "format"
    ALREADY_ISSUED = "already_issued"
    OTHER_CARD = "other_card"
    NOT_ENABLED = "not_enabled"
    ROLLED_BACK = "rolled_back"


class CodedError(Exception):
    """An error with a stable code and named parameters instead of a text for people."""

    code: ClassVar[str] = "error"

    def __init__(self, **params: str | int) -> None:
        self.params = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        shown = " ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} {shown}".rstrip()


class CardError(CodedError):
    """Anything that ends a conversation with a card."""

    code = "card_error"


class ReaderGone(CardError):
    """The reader, its driver or the PC/SC service is away."""

    code = "reader_gone"


class CardGone(CardError):
    """The card left the field, or another card lies there now."""

    code = "card_gone"


class CardSilent(CardError):
    """The card or its driver gave no answer within the time limit."""

    code = "card_silent"


class BadAnswer(CardError):
    """The answer's length or form is not what the command calls for."""

    code = "bad_answer"


class CardRefused(CardError):
    """The card or reader answered with the error status `sw`."""

    code = "card_refused"

    def __init__(self, sw: int) -> None:
        super().__init__(sw=f"{sw:04X}")
        self.sw = sw


class NotAuthenticated(CardError):
    """The key does not open the sector of block `block`."""

    code = "not_authenticated"

    def __init__(self, block: int) -> None:
        super().__init__(block=block)
        self.block = block


class WrongCard(CardError):
    """Not a card of ours, or not one that may be used here."""

    code = "wrong_card"

    def __init__(self, reason: WrongReason, name: str = "") -> None:
        named = {"name": name} if name else {}
        super().__init__(reason=str(reason), **named)
        self.reason = reason


class TornWrite(CardError):
    """After a write the block holds neither the old nor the new content."""

    code = "torn_write"

    def __init__(self, block: int) -> None:
        super().__init__(block=block)
        self.block = block


class DamagedCard(CardError):
    """A sector of the card can neither be opened nor repaired any more."""

    code = "damaged_card"

    def __init__(self, sector: int) -> None:
        super().__init__(sector=sector)
        self.sector = sector


class StaleToken(CardError):
    """The new token's number is not after the one on the card."""

    code = "stale_token"


class JobFailed(CardError):
    """A job failed for another reason than the card: `reason` is a keyring's code or our fault."""

    code = "job_failed"


class PinWrong(CardError):
    """The PIN is wrong; `tries` are left before the card blocks it."""

    code = "pin_wrong"

    def __init__(self, tries: int) -> None:
        super().__init__(tries=tries)
        self.tries = tries


class CardBlocked(CardError):
    """The card, its application, a key or the PIN is blocked."""

    code = "card_blocked"

    def __init__(self, sw: int) -> None:
        super().__init__(sw=f"{sw:04X}")
        self.sw = sw


class InsufficientBalance(CardError):
    """The purse holds less than was asked for; nothing was taken."""

    code = "insufficient_balance"


class DebitUncertain(CardError):
    """The command that moves money went out and its outcome is not known.

    `intent` is what was journalled before it; `resolve` decides by it when the card is back.
    """

    code = "debit_uncertain"

    def __init__(self, intent: Intent, sw: int = 0) -> None:
        super().__init__(sw=f"{sw:04X}")
        self.intent = intent


class ProofWrong(CardError):
    """The card claims that the money moved, but its MAC is not right: a forgery or other keys."""

    code = "proof_wrong"

    def __init__(self, intent: Intent) -> None:
        super().__init__()
        self.intent = intent


class LoadRefused(CardError):
    """Whoever gives the word to load or unload did not give it; the card is unchanged."""

    code = "load_refused"


class SamMissing(CardError):
    """What lies in the second slot does not answer as a security module."""

    code = "sam_missing"


class KeyringError(CodedError):
    """The token with the master keys cannot do what was asked."""

    code = "keyring_broken"


class KeyringMissing(KeyringError):
    """No PKCS#11 module, or no such token in the folder."""

    code = "keyring_missing"


class KeyringLocked(KeyringError):
    """The PIN is wrong or locked."""

    code = "keyring_locked"


class KeyMissing(KeyringError):
    """The token does not hold this master key."""

    code = "key_missing"

    def __init__(self, label: str) -> None:
        super().__init__(label=label)
        self.label = label


class KeyringBroken(KeyringError):
    """The token refused for another reason, named by the library's own word."""

    code = "keyring_broken"
