"""What `doctor` looks at of a running office: certificates, backups, scales, clock, broker."""

import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backoffice.alerts import BACKUP_OLD_MS, SILENT_AFTER_MS
from backoffice.cli.desk import Office, now_ms, reading
from backoffice.errors import OfficeError
from backoffice.words import N_
from broker.collect import Upload

SOON = timedelta(days=30)
LOOK_S = 3
MANY_UNSENT = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` is what may be done about it."""

    name: str
    well: bool
    text: str
    advice: str = ""


def certificates(office: Office) -> Finding:
    """Do our own certificates last?"""
    from cryptography import x509

    ends: list[tuple[datetime, str]] = []
    for file in sorted(office.state.pki.rglob("*.pem")):
        try:
            found = x509.load_pem_x509_certificate(file.read_bytes())
        except (OSError, ValueError):
            continue
        ends.append((found.not_valid_after_utc, file.name))
    if not ends:
        return Finding("certs", True, "none yet")
    last, name = min(ends)
    well = last - datetime.now(UTC) > SOON
    advice = "" if well else N_("Make it anew before that day; tills trust only ours.")
    return Finding("certs", well, f"{name} ends on {last.date().isoformat()}", advice)


def backups(office: Office) -> Finding:
    """Was a backup made lately?"""
    from backoffice.beside import newest_backup_ms

    folder = office.config.backups
    if folder is None:
        advice = N_("Name their folder in office.toml: [backup] folder; then their age is watched.")
        return Finding("backups", True, "not watched", advice)
    newest = newest_backup_ms(folder)
    age_ms = now_ms() - newest
    text = f"{age_ms // 3_600_000} hours old" if newest else "none"
    well = newest > 0 and age_ms < BACKUP_OLD_MS
    advice = "" if well else N_("Run: backoffice backup make FOLDER; see `backoffice units`.")
    return Finding("backups", well, f"{folder}: {text}", advice)


def scales(office: Office) -> Finding:
    """Which scales are silent, and what waits on them?"""
    try:
        store = reading(office)
    except OfficeError as error:
        return Finding("scales", False, str(error))
    rows = [row for row in store.directory.terminals() if row[4] and not row[3]]
    silent = [code for code, _ in store.watching.silent(now_ms() - SILENT_AFTER_MS)]
    collected = [row for row in rows if row[9] == Upload.WHEN_ASKED]
    waiting = sum(row[8] for row in collected)
    unsent = sum(row[8] for row in rows) - waiting
    text = f"{len(rows)} enrolled, {len(silent)} silent, {unsent} entries wait on them"
    text += f", {waiting} to be collected" if collected else ""
    well = not silent and unsent < MANY_UNSENT
    advice = "" if well else N_("See which: backoffice terminal list.")
    return Finding("scales", well, text, advice)


def clock_is_kept() -> str:
    """`, kept by NTP` or `, NOT kept by NTP`; empty where nobody can say."""
    if shutil.which("timedatectl") is None:
        return ""
    try:
        done = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True, text=True, timeout=LOOK_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return {"yes": ", kept by NTP", "no": ", NOT kept by NTP"}.get(done.stdout.strip(), "")


def shake_hands(office: Office) -> str:
    """Shakes hands with the broker as the office would; what was agreed.

    Raises:
        OSError: no broker, or one that does not know us.
    """
    address = (office.config.host, office.config.port)
    with socket.create_connection(address, timeout=LOOK_S) as line:
        folder = office.state.pki
        if not (folder / "office.pem").exists():
            return ""
        context = _context(folder)
        with context.wrap_socket(line, server_hostname=office.config.host) as safe:
            return f", {safe.version()}"


def _context(folder: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "office.pem", folder / "office.key")
    return context
