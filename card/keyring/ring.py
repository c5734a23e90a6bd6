"""A token of master keys, opened: what may be asked of it, and the module behind it.

softhsm2 reads SOFTHSM2_CONF once, when it is initialised. Keyrings in different folders may be
open side by side: the module is initialised again when another folder's turn comes (1.1 ms
measured). A lock lets one thread at a time in, as the module is initialised without locking.

A folder may be copied to another machine or place: its softhsm2.conf, which must name the tokens'
absolute path, is written anew when it does not fit.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass

from card.errors import KeyMissing, KeyringBroken, KeyringLocked, KeyringMissing
from card.keyring import purse_keys
from card.keys import Master, PurseMaster

MODULE_PATHS = (
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
)
OFFICE_LABEL = "steelyard-office"
TILL_LABEL = "steelyard-till"
KEY_VERSION = 1

_CONF = "directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"


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
            return find(session, Master.ISSUING) is not None

    def cmac(self, master: Master, message: bytes, /) -> bytes:
        """16 bytes AES-CMAC of `message` under `master`, computed by the token.

        Raises:
            KeyMissing: not in this token.
            KeyringBroken: the token refused.
        """
        with self.session() as session:
            key = self._found(session, master)
            return bytes(key.sign(message, mechanism=Mechanism.AES_CMAC))

    def des_session_key(
        self, master: PurseMaster, factors: Sequence[bytes], block: bytes, /
    ) -> bytes:
        """The 8-byte session key that a card's own key makes of `block`.

        The card's key is diversified inside the token, one level a factor, and never comes out.

        Raises:
            KeyMissing: not in this token.
            KeyringBroken: the token refused.
        """
        with self.session() as session:
            return purse_keys.session_key(self._found(session, master), factors, block)

    def des_card_key(self, master: PurseMaster, factors: Sequence[bytes], /) -> bytes:
        """A card's own 16-byte key, for one operation at the office.

        Raises:
            KeyMissing: not in this token, or a till's, which may only derive.
            KeyringBroken: the token refused.
        """
        with self.session() as session:
            return purse_keys.card_key(self._found(session, master), factors)

    @staticmethod
    def _found(session: Any, master: Master | PurseMaster) -> Any:  # noqa: ANN401
        key = MODULE.keys.get(master)
        if key is None:
            key = MODULE.keys[master] = find(session, master)
        if key is None:
            raise KeyMissing(str(master))
        return key

    def close(self) -> None:
        """Log out when this token is the one open now."""
        with MODULE.lock:
            MODULE.leave(self._folder)

    @contextmanager
    def session(self) -> Iterator[Any]:
        """The token's session, for this thread alone; for this module's own use."""
        with MODULE.lock, translated():
            yield MODULE.enter(self._module, self._folder, self._label, self._pin)

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


class Module:
    """The one PKCS#11 module of this process and the folder it serves now."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.keys: dict[Master | PurseMaster, Any] = {}
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
        os.environ["SOFTHSM2_CONF"] = str(write_conf(folder))
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


MODULE = Module()


def write_conf(folder: Path) -> Path:
    """The folder's softhsm2.conf, written anew when it does not fit the folder's place."""
    conf = folder / "softhsm2.conf"
    wanted = _CONF.format(tokens=(folder / "tokens").resolve())
    try:
        if not conf.exists() or conf.read_text(encoding="utf-8") != wanted:
            conf.write_text(wanted, encoding="utf-8")
    except OSError as error:
        raise KeyringBroken(reason=type(error).__name__) from error
    return conf


def find(session: Any, master: Master | PurseMaster) -> Any:  # noqa: ANN401
    """The key object of a master, or None."""
    found = session.get_objects(
        {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: key_label(master)}
    )
    return next(iter(list(found)), None)


def key_label(master: Master | PurseMaster) -> str:
    """The label of a master in its token: name and version."""
    return f"{master}-{KEY_VERSION}"


@contextmanager
def translated() -> Iterator[None]:
    """The library's exceptions become ours."""
    try:
        yield
    except (pkcs11.PinIncorrect, pkcs11.PinLocked, pkcs11.PinInvalid, pkcs11.PinLenRange):
        raise KeyringLocked from None
    except pkcs11.PKCS11Error as error:
        raise KeyringBroken(reason=type(error).__name__) from error
