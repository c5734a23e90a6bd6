"""`backoffice doctor`: is everything there that the office needs?"""

import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata

import click

from backoffice.cli.desk import Office, give_json, reading
from backoffice.cli.doctor_looks import (
    Finding,
    backups,
    certificates,
    clock_is_kept,
    scales,
    shake_hands,
)
from backoffice.errors import Exit, OfficeError
from backoffice.words import N_

FIRST_YEAR = 2025
"""No clock that is right shows an earlier year."""

LITTLE_SPACE = 200 * 1024 * 1024


def _books(office: Office) -> Finding:
    try:
        health = reading(office).health()
    except OfficeError as error:
        return Finding("books", False, str(error), "backoffice apply market.toml")
    well = health["quick_check(1)"] == "ok"
    advice = "" if well else N_("Restore the last backup.")
    return Finding("books", well, ", ".join(f"{k} {v}" for k, v in health.items()), advice)


def _broker(office: Office) -> Finding:
    where = f"{office.config.host}:{office.config.port}"
    try:
        return Finding("broker", True, f"{where} listens{shake_hands(office)}")
    except OSError as error:
        advice = N_("Start it: mosquitto -c FOLDER/mosquitto.conf (backoffice broker config).")
        return Finding("broker", False, f"{where}: {error.strerror or error}", advice)


def _disk(office: Office) -> Finding:
    folder = office.state.folder
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    well = free > LITTLE_SPACE
    return Finding("disk", well, f"{free >> 20} MiB free", "" if well else N_("Make room."))


def _keyring(office: Office) -> Finding:
    from backoffice.issuing import keyring_module

    try:
        return Finding("keyring", True, str(keyring_module(office.config)))
    except OfficeError as error:
        return Finding("keyring", False, str(error), "apt install softhsm2")


def _reader(_office: Office) -> Finding:
    from backoffice.issuing import readers

    found = readers()
    advice = "" if found else N_("Start pcscd and connect a reader; only `card issue` needs one.")
    return Finding("reader", bool(found), ", ".join(found) or "none", advice)


def _clock(_office: Office) -> Finding:
    now = datetime.now(UTC)
    well = now.year >= FIRST_YEAR
    text = now.strftime("%Y-%m-%d %H:%M:%SZ") + clock_is_kept()
    return Finding("clock", well, text, "" if well else N_("Set the clock; sales carry its time."))


def _versions(_office: Office) -> Finding:
    names = ("steelyard", "paho-mqtt", "msgspec", "cryptography")
    found = [f"{name} {metadata.version(name)}" for name in names]
    python = ".".join(map(str, sys.version_info[:3]))
    text = ", ".join([f"python {python}", f"sqlite {sqlite3.sqlite_version}", *found])
    return Finding("versions", sqlite3.sqlite_version_info >= (3, 37), text)


LOOKS: tuple[Callable[[Office], Finding], ...] = (
    _books, _broker, _disk, _clock, certificates, backups, scales, _keyring, _reader, _versions,
)  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Look at books, broker, disk, clock, certificates, backups, scales, keys and versions.

    Example: backoffice doctor --json
    """
    findings = [look(office) for look in LOOKS]
    if as_json:
        give_json([asdict(one) for one in findings])
    else:
        for one in findings:
            mark = office._("well") if one.well else office._("NOT WELL")
            click.echo(f"{one.name:9} {mark:9} {one.text}")
            if one.advice:
                click.echo(f"{'':19} {office._(one.advice)}")
    if not all(one.well or one.name == "reader" for one in findings):
        sys.exit(Exit.UNAVAILABLE)
