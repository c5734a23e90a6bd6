"""What a till is given when it is enrolled: who it is, certificates, MAC key, card keys."""

import json
from pathlib import Path
from typing import Any

from backoffice import secrets_file
from backoffice.config import OfficeConfig, State
from backoffice.pki import Authority
from backoffice.secrets_file import private_folder, write_private
from broker.seal import terminal_key


def write_enrolment(config: OfficeConfig, state: State, out: Path, row: dict[str, Any]) -> None:
    """Writes the enrolment folder of one terminal; `row` is what the books know of it."""
    place = private_folder(out)
    authority = Authority(state.pki)
    pair = authority.client(row["terminal"])
    key = terminal_key(secrets_file.mac_master(state), row["terminal"], row["key_number"])
    write_private(place / "ca.pem", authority.ca)
    write_private(place / "terminal.pem", pair.certificate)
    write_private(place / "terminal.key", pair.key)
    write_private(place / "mac.key", key)
    write_private(place / "office.pub", secrets_file.public_key(state))
    _share_card_keys(config, state, place)
    write_private(place / "terminal.toml", _toml(config, row).encode())


def _share_card_keys(config: OfficeConfig, state: State, place: Path) -> None:
    from backoffice.issuing import share_card_keys  # noqa: PLC0415  loads card and PKCS#11

    pin = secrets_file.fresh_pin()
    share_card_keys(config, state, place / "token", pin)
    write_private(place / "token.pin", pin.encode())


def _toml(config: OfficeConfig, row: dict[str, Any]) -> str:
    # JSON strings are TOML basic strings; ASCII escapes keep that true for every name.
    words = {
        name: json.dumps(row[name])
        for name in ("terminal", "organisation", "store", "store_name", "stall", "currency", "zone")
    }
    return f"""# Written by `backoffice terminal enrol`; the till reads it.
terminal = {words["terminal"]}
organisation = {words["organisation"]}
store = {words["store"]}
store_name = {words["store_name"]}
stall = {words["stall"]}
currency = {words["currency"]}
exponent = {row["exponent"]}
zone = {words["zone"]}
cutoff_hour = {row["cutoff_hour"]}
key_number = {row["key_number"]}

[broker]
host = {json.dumps(config.host)}
port = {config.port}
"""
