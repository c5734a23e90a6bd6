"""Is the TAC of a purse genuine, and what is the word for a load that a till asks for?

A card's key is made in the office's token for one answer.

With `issuing` the only module here that reaches into `card` (decision 27), and only for `mac`,
`host`, `topup`, `keys` and `keyring`. The key token is opened at the first proof and stays open: a
server without purses never needs one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from backoffice.purse import PurseRecord, Verdict
from card.errors import KeyringError, LoadRefused
from card.host import answer_load
from card.keyring import OFFICE_LABEL, Keyring, has_token, open_keyring
from card.keys import OfficeKeys, PurseMaster
from card.mac import Terms, is_right, load_tac, purchase_tac
from card.topup import LoadRequest

_BYTES = ("card_serial", "random", "mac1", "terminal")
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
            keys = self._opened()
            return judged(keys, serial, told) if keys else Verdict.UNCHECKED
        except KeyringError:
            self.close()
            return Verdict.UNCHECKED

    def word(self, request: dict[str, Any], moment: bytes) -> bytes | None:
        """MAC2 for a load that a till asks for; empty when MAC1 is wrong, None without keys.

        Args:
            request: the fields of `card.topup.LoadRequest`, bytes as hex.
            moment: the office's date and time, seven BCD bytes.
        """
        raw = {name: bytes.fromhex(request[name]) for name in _BYTES}
        asked = LoadRequest(
            **raw, kind=request["kind"], amount=request["amount"],
            balance_before=request["balance_before"], online_counter=request["online_counter"],
            key_version=request["key_version"], algorithm=request["algorithm"],
        )  # fmt: skip
        try:
            keys = self._opened()
            return answer_load(keys, asked, moment).mac2 if keys else None
        except LoadRefused:
            return b""
        except KeyringError:
            self.close()
            return None

    def _opened(self) -> Keyring | None:
        if self._keys is None and has_token(self._folder):
            self._keys = open_keyring(
                self._folder, self._pin(), label=OFFICE_LABEL, module=self._module
            )
        return self._keys

    def close(self) -> None:
        """Logs out."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None
