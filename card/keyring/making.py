"""Tokens are made here: the office's with fresh masters, a till's with the few it is given.

Masters are born in the office's token; a till's token is given its own by wrapping: the till's
token makes an RSA pair, the office's token wraps each master under the public half (RSA-OAEP), the
till's unwraps. No master and no key that could open one is ever in the clear in this process, and
what only the office needs is made non-extractable. (softhsm2 2.6.1 also has AES_KEY_WRAP; that
would need a common key in both tokens first.)

A token is made in a folder of its own and put in place whole, so one that was interrupted is never
taken for good.
"""

import ctypes
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.mechanisms import MGF
from pkcs11.util.rsa import decode_rsa_public_key, encode_rsa_public_key

from card.errors import KeyMissing, KeyringBroken
from card.keyring.ring import (
    MODULE,
    OFFICE_LABEL,
    TILL_LABEL,
    Keyring,
    find,
    find_module,
    has_token,
    key_label,
    translated,
    write_conf,
)
from card.keys import TILL_MASTERS, TILL_PURSE_MASTERS, Master, PurseMaster

_OAEP = (Mechanism.SHA_1, MGF.SHA1, None)  # the only hash softhsm2 2.6 accepts here
_ONLY_MAC = {
    Attribute.SENSITIVE: True,
    Attribute.SIGN: True,
    Attribute.VERIFY: False,
    Attribute.ENCRYPT: False,
    Attribute.DECRYPT: False,
    Attribute.WRAP: False,
    Attribute.UNWRAP: False,
    Attribute.DERIVE: False,
}
_ONLY_DERIVE = {**_ONLY_MAC, Attribute.SIGN: False, Attribute.DERIVE: True}
_DERIVE_AND_ENCIPHER = {**_ONLY_DERIVE, Attribute.ENCRYPT: True}
Masters = Mapping[Master | PurseMaster, bytes]


def create_office_token(
    folder: Path, pin: str, *, label: str = OFFICE_LABEL, module: Path | None = None
) -> None:
    """Make the office's token in `folder` with fresh masters.

    Raises:
        KeyringBroken: a token is there already, or the module refused.
        KeyringMissing: no module.
    """
    with (
        _being_made(folder, pin, label=label, module=module) as office,
        office.session() as session,
    ):
        for master in Master:
            session.generate_key(
                KeyType.AES,
                128,
                label=key_label(master),
                store=True,
                template={**_ONLY_MAC, Attribute.EXTRACTABLE: master in TILL_MASTERS},
            )
        for purse_master in PurseMaster:
            leaves = purse_master in TILL_PURSE_MASTERS
            session.generate_key(
                KeyType.DES2,
                label=key_label(purse_master),
                store=True,
                template={**_DERIVE_AND_ENCIPHER, Attribute.EXTRACTABLE: leaves},
            )


def share_with_till(
    office: Keyring,
    till_folder: Path,
    pin: str,
    *,
    label: str = TILL_LABEL,
    module: Path | None = None,
) -> None:
    """Make a till's token in `till_folder` with the till's masters, moved wrapped.

    Raises:
        KeyringBroken: a token is there already, or a module refused.
        KeyMissing: the office's token lacks a master.
    """
    with _being_made(till_folder, pin, label=label, module=module) as till:
        with till.session() as session:
            public = _make_transport_pair(session)
        with office.session() as session:
            given = (*TILL_MASTERS, *TILL_PURSE_MASTERS)
            wrapped = {master: _wrap(session, public, master) for master in given}
        with till.session() as session:
            _unwrap_all(session, wrapped)


@contextmanager
def _being_made(folder: Path, pin: str, *, label: str, module: Path | None) -> Iterator[Keyring]:
    """A new, empty token to fill; it takes its place in `folder` when the block ends well."""
    module = module or find_module()
    if has_token(folder):
        raise KeyringBroken(reason="token_exists")
    unfinished = folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "tokens").mkdir(parents=True, mode=0o700)
    try:
        _initialise(module, unfinished, label, pin)
        with Keyring(unfinished, pin, label=label, module=module) as keyring:
            yield keyring
        (unfinished / "tokens").rename(folder / "tokens")
        write_conf(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _initialise(module: Path, folder: Path, label: str, pin: str) -> None:
    with MODULE.lock, translated():
        library = MODULE.serve(module, folder)
        free = next(slot for slot in library.get_slots() if not _is_initialised(slot))
        _init_token(module, free.slot_id, pin, label)
        library.reinitialize()
        with library.get_token(token_label=label).open(rw=True, so_pin=pin) as officer:
            officer.init_pin(pin)


def _is_initialised(slot: Any) -> bool:  # noqa: ANN401
    return bool(slot.get_token().flags & TokenFlag.TOKEN_INITIALIZED)


def _init_token(module: Path, slot_id: int, pin: str, label: str) -> None:
    # python-pkcs11 has no C_InitToken; softhsm2-util has, but wants the PIN on its command line.
    # PKCS#11 2.40 5.5: label is 32 bytes, padded with blanks.
    officer_pin = pin.encode()
    result = ctypes.CDLL(str(module)).C_InitToken(
        ctypes.c_ulong(slot_id),
        ctypes.c_char_p(officer_pin),
        ctypes.c_ulong(len(officer_pin)),
        ctypes.c_char_p(label.encode().ljust(32)[:32]),
    )
    if result != 0:
        raise KeyringBroken(reason=f"init_token_{result:#x}")


def _make_transport_pair(session: Any) -> bytes:  # noqa: ANN401
    public, _ = session.generate_keypair(
        KeyType.RSA,
        2048,
        label="transport",
        store=True,
        public_template={Attribute.WRAP: True, Attribute.ENCRYPT: False, Attribute.VERIFY: False},
        private_template={
            Attribute.UNWRAP: True,
            Attribute.DECRYPT: False,
            Attribute.SIGN: False,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
        },
    )
    return encode_rsa_public_key(public)


def _wrap(session: Any, public: bytes, master: Master | PurseMaster) -> bytes:  # noqa: ANN401
    template = decode_rsa_public_key(public)
    template.update(
        {
            Attribute.TOKEN: False,
            Attribute.WRAP: True,
            Attribute.ENCRYPT: False,
            Attribute.VERIFY: False,
        }
    )
    key = find(session, master)
    if key is None:
        raise KeyMissing(str(master))
    wrapper = session.create_object(template)
    return bytes(wrapper.wrap_key(key, mechanism=Mechanism.RSA_PKCS_OAEP, mechanism_param=_OAEP))


def _unwrap_all(session: Any, wrapped: Masters) -> None:  # noqa: ANN401
    opener = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label="transport")
    for master, blob in wrapped.items():
        opener.unwrap_key(
            ObjectClass.SECRET_KEY,
            KeyType.DES2 if isinstance(master, PurseMaster) else KeyType.AES,
            blob,
            label=key_label(master),
            mechanism=Mechanism.RSA_PKCS_OAEP,
            mechanism_param=_OAEP,
            store=True,
            template={**_rights_at_a_till(master), Attribute.EXTRACTABLE: False},
        )
    for half in session.get_objects({Attribute.LABEL: "transport"}):
        half.destroy()


def _rights_at_a_till(master: Master | PurseMaster) -> dict[Attribute, bool]:
    return _ONLY_DERIVE if isinstance(master, PurseMaster) else _ONLY_MAC
