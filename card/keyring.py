"""Door to PKCS#11: the master keys live in a token (softhsm2, or any module) and stay there.

Only AES-CMAC under a master comes out. Masters are born in the office's token; a till's token is
given its three by wrapping: the till's token makes an RSA pair, the office's token wraps each
master under the public half (RSA-OAEP), the till's unwraps. No master and no key that could open
one is ever in the clear in this process, and the issuing master is made non-extractable.
(softhsm2 2.6.1 also has AES_KEY_WRAP; that would need a common key in both tokens first.)

softhsm2 reads SOFTHSM2_CONF once, when it is initialised. Keyrings in different folders may be
open side by side: the module is initialised again when another folder's turn comes (1.1 ms
measured). A lock lets one thread at a time in, as the module is initialised without locking.

A folder may be copied to another machine or place: its softhsm2.conf, which must name the tokens'
absolute path, is written anew when it does not fit. A token is made in a folder of its own and
put in place whole, so one that was interrupted is never taken for good.
"""

import ctypes
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, TokenFlag
from pkcs11.mechanisms import MGF
from pkcs11.util.rsa import decode_rsa_public_key, encode_rsa_public_key

from card.errors import KeyMissing, KeyringBroken, KeyringLocked, KeyringMissing
from card.keys import TILL_MASTERS, Master

MODULE_PATHS = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
)
OFFICE_LABEL = "steelyard-office"
TILL_LABEL = "steelyard-till"
KEY_VERSION = 1

_OAEP = (Mechanism.SHA_1, MGF.SHA1, None)  # the only hash softhsm2 2.6 accepts here
_CONF = "directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
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


class Keyring:
    """An open token; implements `card.keys.MasterKeys`. Use as a context manager or `close` it.

    Args:
        folder: holds softhsm2.conf and tokens/.
        pin: the user PIN.
        label: the token's label.
        module: the PKCS#11 module.
    """

    def __init__(self, folder: Path, pin: str, *, label: str, module: Path) -> None:
        self._folder = folder
        self._pin = pin
        self._label = label
        self._module = module
        with self.session():
            pass

    @property
    def key_version(self) -> int:
        """Version of the masters."""
        return KEY_VERSION

    @property
    def can_issue(self) -> bool:
        """True when the issuing master is here."""
        with self.session() as session:
            return _find(session, Master.ISSUING) is not None

    def cmac(self, master: Master, message: bytes, /) -> bytes:
        """16 bytes AES-CMAC of `message` under `master`, computed by the token.

        Raises:
            KeyMissing: not in this token.
            KeyringBroken: the token refused.
        """
        with self.session() as session:
            key = _MODULE.keys.get(master)
            if key is None:
                key = _MODULE.keys[master] = _find(session, master)
            if key is None:
                raise KeyMissing(str(master))
            return bytes(key.sign(message, mechanism=Mechanism.AES_CMAC))

    def close(self) -> None:
        """Log out when this token is the one open now."""
        with _MODULE.lock:
            _MODULE.leave(self._folder)

    @contextmanager
    def session(self) -> Iterator[Any]:
        """The token's session, for this thread alone; for this module's own use."""
        with _MODULE.lock, _translated():
            yield _MODULE.enter(self._module, self._folder, self._label, self._pin)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()


def find_module() -> Path:
    """The installed softhsm2 module.

    Raises:
        KeyringMissing: none of the usual places has it.
    """
    for path in MODULE_PATHS:
        if path.exists():
            return path
    raise KeyringMissing(module="libsofthsm2.so")


def has_token(folder: Path) -> bool:
    """True when a token was made in `folder`, and made whole."""
    return (folder / "tokens").is_dir()


def open_keyring(folder: Path, pin: str, *, label: str, module: Path | None = None) -> Keyring:
    """The keyring in `folder`.

    Raises:
        KeyringMissing: no module, or no token of that label there.
        KeyringLocked: wrong PIN.
    """
    if not has_token(folder):
        raise KeyringMissing(folder=folder.name)
    return Keyring(folder, pin, label=label, module=module or find_module())


def create_office_token(
    folder: Path, pin: str, *, label: str = OFFICE_LABEL, module: Path | None = None
) -> None:
    """Make the office's token in `folder` with four fresh masters.

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
                label=_key_label(master),
                store=True,
                template={**_ONLY_MAC, Attribute.EXTRACTABLE: master in TILL_MASTERS},
            )


def share_with_till(
    office: Keyring,
    till_folder: Path,
    pin: str,
    *,
    label: str = TILL_LABEL,
    module: Path | None = None,
) -> None:
    """Make a till's token in `till_folder` with the till's three masters, moved wrapped.

    Raises:
        KeyringBroken: a token is there already, or a module refused.
        KeyMissing: the office's token lacks a master.
    """
    with _being_made(till_folder, pin, label=label, module=module) as till:
        with till.session() as session:
            public = _make_transport_pair(session)
        with office.session() as session:
            wrapped = {master: _wrap(session, public, master) for master in TILL_MASTERS}
        with till.session() as session:
            _unwrap_all(session, wrapped)


class _Module:
    """The one PKCS#11 module of this process and the folder it serves now."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.keys: dict[Master, Any] = {}
        self._library: Any = None
        self._path: Path | None = None
        self._open: tuple[Path, str, str] | None = None
        self._session: Any = None

    def enter(self, module: Path, folder: Path, label: str, pin: str) -> Any:  # noqa: ANN401
        """A session on the token, the one in use when it is already the right one."""
        if self._session is None or self._open != (folder, label, pin):
            library = self.serve(module, folder)
            try:
                token = library.get_token(token_label=label)
            except pkcs11.NoSuchToken:
                raise KeyringMissing(label=label) from None
            self._session = token.open(rw=True, user_pin=pin)
            self._open = (folder, label, pin)
        return self._session

    def serve(self, module: Path, folder: Path) -> Any:  # noqa: ANN401 - the library is untyped
        """The module, initialised anew on `folder`."""
        self._forget()
        os.environ["SOFTHSM2_CONF"] = str(_write_conf(folder))
        if not module.exists():
            raise KeyringMissing(module=module.name)
        if self._library is None or self._path != module:
            self._library, self._path = pkcs11.lib(str(module)), module
        elif self._library.initialized:
            self._library.reinitialize()
        else:
            self._library.initialize()
        return self._library

    def leave(self, folder: Path) -> None:
        """Close the session if it is `folder`'s."""
        if self._open is not None and self._open[0] == folder:
            self._forget()

    def _forget(self) -> None:
        self.keys.clear()
        if self._session is not None:
            self._session.close()
        self._session = self._open = None


_MODULE = _Module()


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
        _write_conf(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _initialise(module: Path, folder: Path, label: str, pin: str) -> None:
    with _MODULE.lock, _translated():
        library = _MODULE.serve(module, folder)
        free = next(slot for slot in library.get_slots() if not _is_initialised(slot))
        _init_token(module, free.slot_id, pin, label)
        library.reinitialize()
        with library.get_token(token_label=label).open(rw=True, so_pin=pin) as officer:
            officer.init_pin(pin)


def _write_conf(folder: Path) -> Path:
    conf = folder / "softhsm2.conf"
    wanted = _CONF.format(tokens=(folder / "tokens").resolve())
    try:
        if not conf.exists() or conf.read_text(encoding="utf-8") != wanted:
            conf.write_text(wanted, encoding="utf-8")
    except OSError as error:
        raise KeyringBroken(reason=type(error).__name__) from error
    return conf


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


def _find(session: Any, master: Master) -> Any:  # noqa: ANN401
    found = session.get_objects(
        {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: _key_label(master)}
    )
    return next(iter(list(found)), None)


def _key_label(master: Master) -> str:
    return f"{master}-{KEY_VERSION}"


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


def _wrap(session: Any, public: bytes, master: Master) -> bytes:  # noqa: ANN401
    template = decode_rsa_public_key(public)
    template.update(
        {
            Attribute.TOKEN: False,
            Attribute.WRAP: True,
            Attribute.ENCRYPT: False,
            Attribute.VERIFY: False,
        }
    )
    key = _find(session, master)
    if key is None:
        raise KeyMissing(str(master))
    wrapper = session.create_object(template)
    return bytes(wrapper.wrap_key(key, mechanism=Mechanism.RSA_PKCS_OAEP, mechanism_param=_OAEP))


def _unwrap_all(session: Any, wrapped: Mapping[Master, bytes]) -> None:  # noqa: ANN401
    opener = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label="transport")
    for master, blob in wrapped.items():
        opener.unwrap_key(
            ObjectClass.SECRET_KEY,
            KeyType.AES,
            blob,
            label=_key_label(master),
            mechanism=Mechanism.RSA_PKCS_OAEP,
            mechanism_param=_OAEP,
            store=True,
            template={**_ONLY_MAC, Attribute.EXTRACTABLE: False},
        )
    for half in session.get_objects({Attribute.LABEL: "transport"}):
        half.destroy()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise KeyringLocked from None
    except pkcs11.PKCS11Error as error:
        raise KeyringBroken(reason=type(error).__name__) from error
