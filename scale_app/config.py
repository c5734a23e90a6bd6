"""Settings of one till: `till.toml` and the enrolment directory that the back-office made.

Every unknown key is an error that names its place, because a mistyped key is a setting that
silently does nothing. Paths in the file are relative to the file. Nothing is opened here but the
two small text files; keys and certificates are only named.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from broker.topics import is_terminal
from scale_app.errors import BadSettings

Port = Annotated[int, Meta(ge=1, le=65535)]
Plu = Annotated[str, Meta(pattern=r"^[1-9][0-9]*\Z")]
Percent = Annotated[str, Meta(pattern=r"^(?=.*[1-9])[0-9]{1,2}(\.[0-9]{1,2})?\Z")]
"""Above 0 and below 100, exact: a number without quotes would be a binary fraction."""
Shape = TypeVar("Shape")

NO_READER = "none"
"""Name of the reader in a till that takes no cards."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table whose unknown keys are errors."""


class TillTable(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Table `[till]`."""

    enrolment: str
    language: Literal["en", "zh_CN"] = "en"
    cashier: Annotated[int, Meta(ge=0)] = 0
    tap: Literal["pay", "member", "ask"] = "pay"
    """What a tap does with goods in the basket: pays, only shows the member price, or asks."""
    receipt_columns: Literal[32, 48] = 32
    keep_days: Annotated[int, Meta(ge=35)] = 35
    """So long receipts and records stay on the scale after the back-office has them."""
    scanner: bool = False
    """A bar code scanner types into this till: digits wait 30 ms to be told from fingers."""


class RangeTable(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of `scale.ranges`: above this load the interval is this one."""

    above_g: Annotated[int, Meta(gt=0)]
    e_g: Annotated[int, Meta(gt=0)]


class ScaleTable(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Table `[scale]`; leave the table out for a till that sells by the piece only."""

    port: str
    protocol: str
    options: dict[str, str] = {}
    e_g: Annotated[int, Meta(gt=0)] = 5
    """Verification interval in grams."""
    max_g: Annotated[int, Meta(gt=0)] = 15_000
    """Largest load in grams."""
    ranges: list[RangeTable] = []
    """Further ranges of a multi-interval scale, rising; `e_g` is the first one's."""
    min_g: Annotated[int, Meta(ge=0)] | None = None
    """Smallest load without a warning, where the plate says another than 20 e."""
    release: Literal["zero", "changed"] = "zero"
    """After a sale: the pan must be empty, or another weight is enough."""
    containers: dict[str, Annotated[int, Meta(gt=0)]] = {}
    """Known containers: number on the keys, weight in grams. A typed tare without a point that is
    one of these numbers takes that container."""
    percent_tare: dict[Plu, Percent] = {}
    """Goods with a share that is no goods (leaves, brine): PLU, percent of the load, `"2.5"`."""
    poured: list[int] = []
    """PLUs of goods that are poured: their weight is watched for longer."""


class ReaderTable(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Table `[reader]`: part of the PC/SC name, empty = the first reader, `none` = no cards."""

    name: str = ""
    trace: bool = False
    """What is said to cards and what they answer goes to till.log, keys and PINs masked."""


class ModuleTable(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Table `[module]`: the security module (PSAM) in a second slot, and what it pays from."""

    reader: Annotated[str, Meta(min_length=1)]
    """Part of the PC/SC name of its slot."""
    application: Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{2}){2,16}\Z")]
    """Hex: an identifier of two bytes (1001, 3F01, DF01, DF03), or a longer name."""
    schemes: list[Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,16}\Z")]]
    """Families of cards: `mohurd`, `t-union`, `shenzhen`..; `steelyard` is our own purse."""
    tell_code: Annotated[str, Meta(pattern=r"^([0-9A-Fa-f]{8})?\Z")] = ""
    """Hex CLA INS P1 P2 of the issuer's command that takes a city card's code before a purchase."""
    purchase: Literal["", "plain", "compound"] = ""
    """How its operator wants to be paid; empty: as usual for the family of cards."""


class BrokerTable(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Table `[broker]`: where to connect instead of the enrolment's address."""

    host: str | None = None
    port: Port | None = None


class TillFile(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole of `till.toml`."""

    till: TillTable
    scale: ScaleTable | None = None
    reader: ReaderTable = ReaderTable()
    module: ModuleTable | None = None
    broker: BrokerTable = BrokerTable()


class EnrolmentBroker(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Table `[broker]` of `terminal.toml`."""

    host: str
    port: Port


class TerminalFile(_Strict, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`terminal.toml`, as `backoffice terminal enrol` writes it."""

    terminal: str
    organisation: str
    store: str
    store_name: str = ""
    stall: str
    currency: str
    exponent: Annotated[int, Meta(ge=0, le=4)]
    zone: str
    cutoff_hour: Annotated[int, Meta(ge=0, le=23)]
    key_number: Annotated[int, Meta(ge=0)]
    broker: EnrolmentBroker


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What makes this program one particular terminal; the secrets are read, not kept, here."""

    terminal: TerminalFile
    directory: Path
    mac_key: bytes = b""
    office_key: bytes = b""

    def __repr__(self) -> str:
        return f"Enrolment({self.terminal.terminal})"

    @property
    def token_directory(self) -> Path:
        """Directory of the till's key ring."""
        return self.directory / "token"

    def token_pin(self) -> str:
        """The key ring's PIN, read when it is needed."""
        return (self.directory / "token.pin").read_text(encoding="ascii").strip()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a till needs to know before it opens a door."""

    till: TillTable
    scale: ScaleTable | None
    reader: ReaderTable
    host: str
    port: int
    enrolment: Enrolment
    state_directory: Path
    module: ModuleTable | None = None

    @property
    def terminal(self) -> str:
        """Name of this terminal."""
        return self.enrolment.terminal.terminal

    @property
    def weighing(self) -> dict[str, Any]:
        """What the weighing depends on: `[scale]` as it is in force, empty without one."""
        table: dict[str, Any] = msgspec.to_builtins(self.scale) if self.scale else {}
        return table

    @property
    def feed(self) -> Path:
        """Socket of the customer's screen."""
        return self.state_directory / "display.sock"


def load(file: Path, state_directory: Path) -> Settings:
    """Settings from `till.toml` and the enrolment it names.

    Raises:
        BadSettings: with one sentence that names file, place and fault.
    """
    wanted = _read(file, TillFile)
    enrolment = load_enrolment(file.parent / wanted.till.enrolment)
    return Settings(
        till=wanted.till,
        scale=wanted.scale,
        reader=wanted.reader,
        module=wanted.module,
        host=wanted.broker.host or enrolment.terminal.broker.host,
        port=wanted.broker.port or enrolment.terminal.broker.port,
        enrolment=enrolment,
        state_directory=state_directory,
    )


def load_enrolment(directory: Path) -> Enrolment:
    """The enrolment directory, complete.

    Raises:
        BadSettings: a file is missing or of the wrong length.
    """
    if not directory.is_dir():
        raise BadSettings(
            f"{directory}: no enrolment here; make one with `backoffice terminal enrol`, "
            "and name it in till.toml as till.enrolment"
        )
    terminal = _read(directory / "terminal.toml", TerminalFile)
    if not is_terminal(terminal.terminal):
        raise BadSettings(f"{directory / 'terminal.toml'}: {terminal.terminal!r} is no terminal")
    for name in ("ca.pem", "terminal.pem", "terminal.key"):
        if not (directory / name).is_file():
            raise BadSettings(f"{directory / name}: missing; enrol the terminal again")
    return Enrolment(
        terminal=terminal,
        directory=directory,
        mac_key=_key(directory / "mac.key"),
        office_key=_key(directory / "office.pub"),
    )


def _key(file: Path) -> bytes:
    try:
        key = file.read_bytes()
    except OSError as error:
        raise BadSettings(f"{file}: {error.strerror}; enrol the terminal again") from error
    if len(key) != 32:
        raise BadSettings(f"{file}: {len(key)} bytes where 32 belong; enrol the terminal again")
    return key


def _read(file: Path, shape: type[Shape]) -> Shape:
    try:
        table: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return msgspec.convert(table, shape)
    except FileNotFoundError:
        raise BadSettings(f"{file}: no such file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadSettings(f"{file}: {error}") from error
    except msgspec.ValidationError as error:
        raise BadSettings(f"{file}: {str(error).replace('$.', '')}") from error
