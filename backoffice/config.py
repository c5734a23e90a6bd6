"""Settings of the back-office: one TOML file, and one state folder for all that it makes."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backoffice.deliveries import MailServer
from backoffice.errors import ConfigFault

LANGUAGES = ("en", "zh_CN")
MOST_TIMES = 24
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
_KNOWN = {
    "broker": {"host", "port"},
    "office": {"language"},
    "keyring": {"module"},
    "journal": {"path"},
    "metrics": {"port"},
    "events": {"sales"},
    "backup": {"folder"},
    "collect": {"at"},
    "mail": {"host", "port", "sender", "user", "password_file", "security"},
}


@dataclass(frozen=True, slots=True)
class OfficeConfig:
    """What `office.toml` says; every field has a default."""

    host: str = "127.0.0.1"
    port: int = 8883
    language: str = "en"
    keyring_module: Path | None = None
    journal: Path | None = None
    """Second journal of what is done at the office; on another disk than the books."""
    metrics_port: int = 0
    """Where a Prometheus on this machine asks `serve`; 0 = nowhere."""
    tells_sales: bool = False
    """Each sale goes to the broker's topic e/s once it is booked."""
    collect_at: tuple[int, ...] = ()
    """When the records of stores that wait to be asked are collected: minutes after midnight."""
    backups: Path | None = None
    """Where backups are made; their age is watched."""
    mail: MailServer | None = None
    """Who takes our mail; None = no report is mailed."""


@dataclass(frozen=True, slots=True)
class State:
    """Places in the state folder."""

    folder: Path

    @property
    def books(self) -> Path:
        """The one database."""
        return self.folder / "office.db"

    @property
    def operations(self) -> Path:
        """The second journal when the settings name no better place: another disk."""
        return self.folder / "office.operations"

    @property
    def lock(self) -> Path:
        """Held by whoever writes."""
        return self.folder / "office.lock"

    @property
    def socket(self) -> Path:
        """Commands to the running server."""
        return self.folder / "office.sock"

    @property
    def pki(self) -> Path:
        """Own certificates."""
        return self.folder / "pki"

    @property
    def secrets(self) -> Path:
        """Keys that are files; readable by the owner only."""
        return self.folder / "secrets"

    @property
    def token(self) -> Path:
        """The office's key token (softhsm)."""
        return self.folder / "token"


def read_config(path: Path | None) -> OfficeConfig:
    """The settings in a file; all defaults without one.

    Raises:
        ConfigFault: unreadable, or a setting that is unknown or of the wrong kind.
    """
    if path is None:
        return OfficeConfig()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigFault(
            "The settings {path} cannot be read ({strerror}).", path=path, strerror=error.strerror
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigFault(
            "The settings {path} are not TOML: {error}.", path=path, error=error
        ) from error
    _check_names(said, path)
    broker, office, keyring, journal = (
        said.get(name, {}) for name in ("broker", "office", "keyring", "journal")
    )
    defaults = OfficeConfig()
    language = _one(office, "language", str, defaults.language)
    if language not in LANGUAGES:
        raise ConfigFault(
            "[office] language {language} is unknown; use en or zh_CN.", language=repr(language)
        )
    port = _one(broker, "port", int, defaults.port)
    if not 0 < port < 65536:
        raise ConfigFault("[broker] port {port} is not a port number.", port=port)
    module = _one(keyring, "module", str, "")
    second = _one(journal, "path", str, "")
    metrics, events, backup = (said.get(name, {}) for name in ("metrics", "events", "backup"))
    metrics_port = _one(metrics, "port", int, 0)
    if not 0 <= metrics_port < 65536:
        raise ConfigFault("[metrics] port {port} is not a port number.", port=metrics_port)
    backups = _one(backup, "folder", str, "")
    return OfficeConfig(
        host=_one(broker, "host", str, defaults.host),
        port=port,
        language=language,
        keyring_module=Path(module) if module else None,
        journal=path.parent / second if second else None,
        metrics_port=metrics_port,
        tells_sales=_one(events, "sales", bool, default=False),
        backups=path.parent / backups if backups else None,
        mail=_mail(said.get("mail"), path),
        collect_at=_times(said.get("collect", {})),
    )


def _times(said: dict[str, Any]) -> tuple[int, ...]:
    texts = _one(said, "at", list, [])
    found = [_TIME.match(text) if isinstance(text, str) else None for text in texts]
    if None in found or len(found) > MOST_TIMES:
        raise ConfigFault('[collect] at is a list of up to 24 times like "21:30".')
    return tuple(sorted({int(one[1]) * 60 + int(one[2]) for one in found if one}))


def _mail(said: dict[str, Any] | None, path: Path) -> MailServer | None:
    if said is None:
        return None
    defaults = MailServer("")
    words = {
        name: _one(said, name, str, "") for name in ("host", "sender", "user", "password_file")
    }
    security = _one(said, "security", str, defaults.security)
    port = _one(said, "port", int, defaults.port)
    if not words["host"] or "@" not in words["sender"] or not 0 < port < 65536:
        raise ConfigFault("[mail] needs host, a port number, and sender with an @.")
    if security not in ("starttls", "tls", "none"):
        raise ConfigFault("[mail] security is starttls, tls or none.")
    if security == "none" and words["host"] not in ("localhost", "127.0.0.1", "::1"):
        raise ConfigFault("[mail] security none is for a server on this machine alone.")
    file = words["password_file"]
    return MailServer(
        words["host"], port, words["sender"], words["user"],
        path.parent / file if file else None, security,
    )  # fmt: skip


def _check_names(said: dict[str, Any], path: Path) -> None:
    for table, values in said.items():
        if table not in _KNOWN or not isinstance(values, dict):
            raise ConfigFault(
                "[{table}] in {path} is not a setting of the back-office.", table=table, path=path
            )
        for name in values:
            if name not in _KNOWN[table]:
                raise ConfigFault(
                    "[{table}] {name} in {path} is not a setting.",
                    table=table,
                    name=name,
                    path=path,
                )


def _one(table: dict[str, Any], name: str, kind: type, default: Any) -> Any:  # noqa: ANN401  TOML
    value = table.get(name, default)
    if type(value) is not kind:
        raise ConfigFault(
            "{name} must be of the kind {kind}, not {value}.",
            name=name,
            kind=kind.__name__,
            value=repr(value),
        )
    return value
