"""What the commands for cards share: who says it, sums, and writing one card at the reader."""

import getpass
import secrets
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from backoffice.cli.desk import Office, change, give_json, now_ms, reading, say
from backoffice.errors import Refused
from broker.business_day import business_day
from broker.uid import new_uid

if TYPE_CHECKING:
    from backoffice.issuing import Chip


def person() -> str:
    """Name of the user who is logged in."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "?"


def said_by(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --by and --reason: who changes a card, and why."""
    command = click.option("--reason", default="", help="Why.")(command)
    return click.option("--by", default=person, help="Who; the login user when left out.")(command)


def at_reader(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --reader, --wait and --trace."""
    command = click.option(
        "--trace", is_flag=True, expose_value=False, is_eager=True, callback=_traced, help=_TRACE
    )(command)
    seconds = click.IntRange(1, 3600)
    command = click.option("--wait", "wait_s", type=seconds, default=30, help="Seconds.")(command)
    return click.option("--reader", default="", help="Part of the reader's name.")(command)


_TRACE = "Show what is said to the card and what it answers; keys and PINs are masked."


def _traced(_context: click.Context, _option: click.Parameter, is_on: bool) -> None:  # noqa: FBT001
    if is_on:
        from backoffice.issuing import trace_cards

        trace_cards(sys.stderr)


def exponent_of(office: Office) -> int:
    """Decimals of the organisation's currency.

    Raises:
        Refused: there is no organisation yet.
    """
    organisation = reading(office).directory.organisation()
    if organisation is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    return int(organisation.exponent)


def wall_clock(office: Office) -> datetime:
    """Date and time as the organisation's tills have them."""
    organisation = reading(office).directory.organisation()
    zone = organisation.zone if organisation is not None else "UTC"
    return datetime.fromtimestamp(now_ms() / 1000, tz=ZoneInfo(zone))


def office_day(office: Office) -> int:
    """The organisation's business day now, YYYYMMDD."""
    organisation = reading(office).directory.organisation()
    if organisation is None:
        raise Refused("There is no organisation yet; run `backoffice apply market.toml` first.")
    return business_day(now_ms(), organisation.zone, organisation.cutoff_hour)


def new_op() -> str:
    """A fresh operation's name, hex."""
    return new_uid(now_ms(), secrets.token_bytes(10)).hex()


def issue_one(
    office: Office, wishes: dict[str, Any], chip: "Chip | None", *, reader: str, wait_s: float,
    said: dict[str, Any], shelf: bool = False, counter: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One card from number to books: set aside, written, read back, brought to life.

    Args:
        office: the office.
        wishes: what it is to be, as `card.reserve` takes it.
        chip: a `backoffice.issuing.Chip`, or None for a card in the books only.
        reader: part of the reader's name.
        wait_s: how long the reader may take.
        said: by, reason, and what `card.activate` wants to know.
        shelf: it is only written; selling brings it to life.
        counter: an M1 card gets a counter that only goes down.

    Raises:
        CardPulled: half issued; the same chip is finished by the same wishes.
        OfficeError: refused, with a sentence.
    """
    from backoffice.issuing import write_card

    at: dict[str, Any] = {"chip": "", "on_chip": 0}
    if chip is not None:
        at = {"chip": chip.uid.hex(), "on_chip": chip.number or 0, "family": chip.family}
    row = change(office, "card.reserve", {**wishes, **at, **said})
    serial = ""
    if chip is not None:
        made = write_card(
            office.config, office.state, row, reader=reader, wait_s=wait_s, family=chip.family,
            moment=wall_clock(office), counter=counter,
        )  # fmt: skip
        serial = made.purse.serial.hex() if made.purse else ""
    if shelf:
        change(office, "card.shelve", {"number": row["number"], "serial": serial, **said})
        return row
    return change(office, "card.activate", {"number": row["number"], "serial": serial, **said})


def tell_state(office: Office, number: int, word: str) -> None:
    """One line of talk about a card: the end of its number and what it is now."""
    say(f"...{number % 10_000:04d}: {office._(word)}")


def issued(
    office: Office,
    wishes: dict[str, Any],
    said: dict[str, Any],
    **more: Any,  # noqa: ANN401  JSON
) -> dict[str, Any]:
    """One card by itself, at the reader unless --no-chip."""
    chip = None
    if not said["no_chip"]:
        from backoffice.issuing import chip_on_reader

        say(office._("Put the card on the reader and leave it there."))
        chip = chip_on_reader(
            office.config, office.state, reader=said["reader"], wait_s=said["wait_s"],
            family=said.get("family", "auto"),
        )  # fmt: skip
    who = {"by": said["by"], "reason": said["reason"], **more}
    return issue_one(
        office, wishes, chip, reader=said["reader"], wait_s=said["wait_s"], said=who,
        shelf=bool(said.get("shelf")), counter=bool(said.get("counter")),
    )  # fmt: skip


def show_made(made: dict[str, Any], *, as_json: bool) -> None:
    """The new card on stdout; its token is no business of a screen."""
    shown = {name: value for name, value in made.items() if name not in ("token", "batch")}
    if as_json:
        give_json(shown)
    else:
        click.echo(made["number"])
