"""Is the TAC of a purse's debit genuine? The card's key is made in the office's token for that.

With `issuing` the only module here that reaches into `card` (decision 27), and only for `mac`,
`keys` and `keyring`. The key token is opened at the first proof and stays open: a server without
purses never needs one.
"""

from collections.abc import Callable
from pathlib import Path

from backoffice.purse import PurseRecord, Verdict
from card.errors import KeyringError
from card.keyring import OFFICE_LABEL, Keyring, has_token, open_keyring
from card.keys import OfficeKeys, PurseMaster
from card.mac import Terms, is_right, load_tac, purchase_tac

SERIAL_TAIL = 8
"""Last bytes of the application serial, which diversify a card's keys."""


def judged(keys: OfficeKeys, serial: bytes, told: PurseRecord) -> Verdict:
    """GENUINE when the purse of that serial has sworn to `told`, else WRONG.

    Raises:
        KeyringError: the token has no TAC key.
    """
    key = keys.des_card_key(PurseMaster.TAC, [serial[-SERIAL_TAIL:]])
    terms = Terms(abs(told.amount), told.kind, told.terminal)
    moment = bytes.fromhex(f"{told.moment:014d}")
    if told.is_load:
        right = load_tac(key, told.balance_after, told.counter, (terms, moment))
    else:
        right = purchase_tac(key, terms, told.terminal_serial, moment)
    return Verdict.GENUINE if is_right(told.tac, right) else Verdict.WRONG


class TacJudge:
    """Judges with the office's key token; UNCHECKED as long as there is none that opens.

    Args:
        folder: of the token.
        pin: reads its PIN; asked when the token is opened.
        module: the PKCS#11 module, None for the usual one.
    """

    def __init__(self, folder: Path, pin: Callable[[], str], module: Path | None = None) -> None:
        self._folder = folder
        self._pin = pin
        self._module = module
        self._keys: Keyring | None = None

    def __call__(self, serial: bytes, told: PurseRecord) -> Verdict:
        """The verdict on one proof."""
        if len(serial) < SERIAL_TAIL:
            return Verdict.WRONG  # not the serial of a purse: this card cannot prove anything
        try:
            if self._keys is None:
                if not has_token(self._folder):
                    return Verdict.UNCHECKED
                self._keys = open_keyring(
                    self._folder, self._pin(), label=OFFICE_LABEL, module=self._module
                )
            return judged(self._keys, serial, told)
        except KeyringError:
            self.close()
            return Verdict.UNCHECKED

    def close(self) -> None:
        """Logs out."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None
