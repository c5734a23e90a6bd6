"""`backoffice backup`, `backoffice restore`."""

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from backoffice.cli.desk import Office, give_json, now_ms, open_desk, reading, say
from backoffice.errors import Busy, Exit, Refused

if TYPE_CHECKING:
    from backoffice.lock import WriterLock

WAIT_FOR_SERVER_S = 10


def _stamp() -> str:
    return datetime.fromtimestamp(now_ms() // 1000, tz=UTC).strftime("%Y%m%dT%H%M%SZ")


class _Backup(click.Group):
    """`backup FILE` is short for `backup make FILE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["make", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Backup)
def backup() -> None:
    """Copy the books while the server serves (`backup FILE` or DIR), or verify a copy."""


def _shown(office: Office, told: Any, *, as_json: bool) -> None:  # noqa: ANN401  a Verified
    if as_json:
        give_json({"file": str(told.path), "seal": told.seal, **told.audited.as_json()})
    else:
        for one in told.audited.findings:
            click.echo(f"{one.table} {one.key}: {one.difference}")
        text = office._("{file}: whole, {sales} sales, {rows} rows under {seals} seals.")
        say(text.format(file=told.path, **told.audited.counted))
    if told.audited.findings:
        sys.exit(Exit.DIFFERENCE)


@backup.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def make(office: Office, target: Path, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Copy the books to a new FILE, or into a folder under a name with the time; verified.

    Example: backoffice backup make /srv/backups
    """
    from backoffice import secrets_file
    from backoffice.backups import take

    if target.is_dir():
        target /= f"office-{_stamp()}.db"
    told = take(office.state.books, target, secrets_file.signing_key(office.state))
    _shown(office, told, as_json=as_json)


@backup.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def verify(office: Office, file: Path, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Read every page of a backup and audit it; exit 1 when a row is not what it was.

    Example: backoffice backup verify /srv/backups/office-20261124.db
    """
    from backoffice import secrets_file
    from backoffice.backups import verify as proved

    _shown(office, proved(file, secrets_file.signing_key(office.state)), as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--drill", is_flag=True, help="Only try it, in a temporary place, and report.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def restore(office: Office, file: Path, drill: bool, as_json: bool) -> None:  # noqa: FBT001
    """Put a backup in the place of the books; what was done since comes back by itself.

    Example: backoffice restore /srv/backups/office-20261124.db
    """
    from backoffice import secrets_file
    from backoffice.backups import put_back
    from backoffice.backups import verify as proved

    told = proved(file, secrets_file.signing_key(office.state))
    if told.audited.findings:
        raise Refused(
            "{file} was changed from outside; `backoffice backup verify` names the rows.", file=file
        )
    if drill:
        _drilled(office, file, as_json=as_json)
        return
    with _writing(office):
        aside = put_back(file, office.state.books, stamp=_stamp())
        report = _replayed(office, office.state.books)
    report |= {"file": str(file), "set_aside": str(aside) if aside else ""}
    if as_json:
        give_json(report)
    else:
        text = office._(
            "Restored. {replayed} operations of the office were done again, {waiting} wait; "
            "sales made since come back from the scales when they sign on."
        )
        say(text.format(**report))


def _writing(office: Office) -> "WriterLock":
    """The writer's lock, as soon as the server has ended.

    Raises:
        Busy: the server runs on.
    """
    from backoffice.lock import WriterLock

    until = time.monotonic() + WAIT_FOR_SERVER_S
    while True:
        try:
            return WriterLock(office.state.lock)
        except Busy:
            if time.monotonic() > until:
                raise Busy(
                    "The server runs; stop it, this command waits {seconds} s for that.",
                    seconds=WAIT_FOR_SERVER_S,
                ) from None
            time.sleep(0.01)


def _replayed(office: Office, books: Path) -> dict[str, Any]:
    """Opens restored books, which replays the second journal, and counts what stands there."""
    before = reading(office, books)
    known = before.office.count()
    before.close()
    desk = open_desk(office, books)
    try:
        total = len(desk.second.operations())
        done = desk.store.office.count()
        sales = desk.store.report_text("SELECT count(*) FROM sale")[1][0][0]
        return {"replayed": done - known, "waiting": max(0, total - done), "sales": sales}
    finally:
        desk.store.close()


def _drilled(office: Office, file: Path, *, as_json: bool) -> None:
    from backoffice import secrets_file
    from backoffice.backups import put_back
    from backoffice.backups import verify as proved

    live = reading(office)
    there = live.report_text("SELECT count(*) FROM sale")[1][0][0]
    live.close()
    with tempfile.TemporaryDirectory(prefix="steelyard-drill-") as place:
        books = Path(place) / "office.db"
        put_back(file, books, stamp=_stamp())
        report = _replayed(office, books)
        audited = proved(books, secrets_file.signing_key(office.state)).audited
    report |= {"file": str(file), "from_scales": there - report["sales"], **audited.as_json()}
    if as_json:
        give_json(report)
    else:
        text = office._(
            "Drill: restorable. {sales} sales, {from_scales} more would come from the scales, "
            "{replayed} operations of the office were done again, {waiting} would wait."
        )
        say(text.format(**report))
    if audited.findings:
        sys.exit(Exit.DIFFERENCE)
