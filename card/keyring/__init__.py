"""Door to PKCS#11: the master keys live in a token (softhsm2, or any module) and stay there.

Out of the token come AES-CMACs under a master, session keys of a purse, and, at the office, a
card's own key for one operation; never a master. `ring` opens tokens, `making` makes them.
"""

from card.keyring.making import create_office_token, share_with_till
from card.keyring.ring import (
    KEY_VERSION,
    MODULE_PATHS,
    OFFICE_LABEL,
    TILL_LABEL,
    Keyring,
    find_module,
    has_token,
    open_keyring,
)

__all__ = [
    "KEY_VERSION",
    "MODULE_PATHS",
    "OFFICE_LABEL",
    "TILL_LABEL",
    "Keyring",
    "create_office_token",
    "find_module",
    "has_token",
    "open_keyring",
    "share_with_till",
]
