"""`backoffice card issue|read|show|stock|audit`: cards at the reader and in the books."""

import sys
from pathlib import Path
from typing import Any

import click

from backoffice.card_rows import CLASSES, FAMILIES, KINDS, NO_END, minor_of
from backoffice.cli.card_batch import issue_batch
from backoffice.cli.card_changes import block, found, lost, replace, retire, sell, swap, unblock
from backoffice.cli.card_chip import doubts, refund, settle, topup
from backoffice.cli.card_recover import recover
from backoffice.cli.card_said import (
    at_reader,
    exponent_of,
    issued,
    office_day,
    said_by,
    show_made,
)
from backoffice.cli.card_statement import statement
from backoffice.cli.card_topups import bonus, order
from backoffice.cli.desk import Office, give_json, reading, say
from backoffice.errors import Exit, Refused, UsageFault
from backoffice.words import N_
from broker.units import decimal_text

CARD_WORDS = {
    "number": N_("Number"),
    "kind": N_("Kind (1 member, 2 stored value, 3 both)"),
    "level": N_("Price level"),
    "state": N_("State"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "balance": N_("Balance"),
    "bonus": N_("Bonus in it"),
    "token_seq": N_("Token number"),
    "class": N_("Class"),
    "holder": N_("Holder"),
    "ended": N_("Ended"),
    "replaces": N_("Replaces"),
    "replaced_by": N_("Replaced by"),
    "held_until": N_("Held until"),
    "chip": N_("Chip"),
    "life": N_("In its life"),
    "member": N_("Member"),
}
_OPEN = N_("Money on the chip of this card is not settled; see `card doubts`.")
STOCK_WORDS = {
    "stock": N_("set aside"),
    "active": N_("active"),
    "blocked": N_("blocked"),
    "replaced": N_("replaced"),
    "refunded": N_("refunded"),
    "retired": N_("retired"),
}


@click.group()
def card() -> None:
    """Cards: issue, read, top up, block, replace, refund, retire, count."""


for command in (
    block, bonus, doubts, found, lost, order, recover, refund, replace, retire, sell, settle,
    statement, swap, topup, unblock,
):  # fmt: skip
    card.add_command(command)


@card.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--batch", type=click.IntRange(1, 10_000), help="So many cards as FILE (CSV) says.")
@click.option("--name", default="", help="Name of the batch; the file's name when left out.")
@click.option("--kind", type=click.Choice(list(KINDS)))
@click.option(
    "--family",
    type=click.Choice(FAMILIES),
    default=FAMILIES[0],
    help="Take only MIFARE Classic (m1) or only processor cards with a purse (cpu).",
)
@click.option("--level", type=click.IntRange(0, 9), default=0, help="Price level of a member.")
@click.option("--balance", default="0", help="Opening sum, for example 50.00.")
@click.option("--valid-to", type=click.IntRange(20200101, NO_END), default=NO_END)
@click.option("--class", "card_class", type=click.Choice(CLASSES), default=CLASSES[0])
@click.option("--holder", default="", help="Reference to the holder's file.")
@click.option("--member", type=int, default=0, help="The member whose card it is.")
@click.option("--shelf", is_flag=True, help="Written for the shelf; `card sell` brings it alive.")
@click.option("--number", type=click.Choice(["auto"]), default="auto", help="Numbers count up.")
@click.option(
    "--counter", is_flag=True, help="A MIFARE card gets a counter that shows an old state."
)
@click.option("--no-chip", is_flag=True, help="A card in the books only, for programs and tests.")
@click.option("--json", "as_json", is_flag=True)
@at_reader
@said_by
@click.pass_obj
def issue(office: Office, /, **said: Any) -> None:  # noqa: ANN401  click's way
    """Write the card on the reader and enter it in the books; with --batch, one after another.

    FILE has a first line with the names of its columns: kind, level, balance, valid_to, class,
    holder, family. The same command goes on where it was stopped.

    Example: backoffice card issue --kind stored --balance 50.00
    """
    if said["batch"] is not None:
        if said["file"] is None:
            raise UsageFault("--batch needs a file of cards.")
        issue_batch(office, said["file"], said)
        return
    if said["kind"] is None or said["file"] is not None:
        raise UsageFault("Say what the card is to be, --kind; or --batch and a file.")
    wishes = {
        "level": said["level"], "kind": KINDS[said["kind"]], "class": said["card_class"],
        "opening": minor_of(said["balance"], exponent_of(office)), "holder": said["holder"],
        "valid_to": said["valid_to"], "member": said["member"],
    }  # fmt: skip
    made = issued(office, wishes, said)
    say(f"{office._('Card issued')}: {made['number']}")
    show_made(made, as_json=said["as_json"])


def _book_row(office: Office, number: int) -> dict[str, Any] | None:
    from backoffice.accounts import End
    from backoffice.prepaid_rules import CardClass
    from backoffice.store.directory import ORG
    from broker.messages import CardState

    store = reading(office)
    found = store.cards.get(ORG, number)
    if found is None:
        return None
    return {
        "number": found.number, "kind": found.kind, "level": found.level,
        "state": CardState(found.state).name.lower(), "valid_from": found.valid_from,
        "valid_to": found.valid_to, "balance": found.balance, "bonus": found.bonus,
        "token_seq": found.token_seq, "class": CardClass(found.card_class).name.lower(),
        "holder": found.holder, "ended": End(found.ended).name.lower() if found.ended else "",
        "replaces": found.replaces, "replaced_by": found.replaced_by,
        "held_until": found.held_until, "chip": found.chip.hex(),
        "life": store.cards.life(found, office_day(office)), "member": found.member,
    }  # fmt: skip


@card.command()
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def show(office: Office, number: int, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Show what the books know of a card.

    Example: backoffice card show 620000000000014 --json
    """
    row = _book_row(office, number)
    if row is None:
        raise Refused("There is no such card in the books; check the number.")
    exponent = exponent_of(office)
    if as_json:
        give_json(row)
        return
    if row["balance"] is not None:
        row["balance"] = decimal_text(row["balance"], exponent)
        row["bonus"] = decimal_text(row["bonus"], exponent)
    for name, value in row.items():
        if value or name in ("level", "balance"):
            click.echo(f"{office._(CARD_WORDS[name])}: {'' if value is None else value}")
    if reading(office).moves.open_of(number) is not None:
        say(office._(_OPEN))


@card.command()
@click.option("--json", "as_json", is_flag=True)
@at_reader
@click.pass_obj
def read(office: Office, reader: str, wait_s: int, as_json: bool) -> None:  # noqa: FBT001
    """Read the card on the reader and show it beside what the books say; 1 when they differ.

    Example: backoffice card read --json
    """
    from backoffice.issuing import read_on_reader

    say(office._("Put the card on the reader and leave it there."))
    tapped = read_on_reader(office.config, office.state, reader=reader, wait_s=wait_s)
    chip: dict[str, Any] = {
        "number": tapped.number, "kind": int(tapped.kind), "level": tapped.level,
        "valid_from": tapped.valid_from, "valid_to": tapped.valid_to,
        "token_seq": tapped.token_seq,
        "chip": tapped.purse.serial.hex() if tapped.purse else tapped.uid.hex(),
    }  # fmt: skip
    books = _book_row(office, tapped.number) or {}
    differs = [name for name, value in chip.items() if books.get(name) != value]
    if tapped.purse is not None:
        # Not a difference by itself: what was paid at a till may not have come in yet.
        chip["balance"] = tapped.purse.balance_fen
    if as_json:
        give_json({"chip": chip, "books": books, "differs": differs})
    else:
        _side_by_side(office, chip, books, differs)
    if reading(office).moves.open_of(tapped.number) is not None:
        say(office._(_OPEN))
    if differs:
        sys.exit(Exit.DIFFERENCE)


def _side_by_side(
    office: Office, chip: dict[str, Any], books: dict[str, Any], differs: list[str]
) -> None:
    say(f"    {office._('card'):>18}  {office._('books'):>18}")
    for name in dict.fromkeys((*chip, "state", "balance", "bonus", "class", "holder")):
        mark = "!=" if name in differs else "  "
        here, there = (str(of.get(name, "") or "") for of in (chip, books))
        click.echo(f"{mark}  {here:>18}  {there:>18}  {office._(CARD_WORDS[name])}")
    if not books:
        say(office._("The books do not know this card."))


@card.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def stock(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Count the cards by state, kind and class.

    Example: backoffice card stock --json
    """
    from backoffice.accounts import End
    from backoffice.prepaid_rules import CardClass
    from broker.messages import CardState

    kinds = {number: word for word, number in KINDS.items()}
    rows = [
        {
            "state": (End(ended) if ended else CardState(state)).name.lower(),
            "kind": kinds[kind], "class": CardClass(card_class).name.lower(), "cards": cards,
        }
        for state, ended, kind, card_class, cards in reading(office).cards.stock()
    ]  # fmt: skip
    if as_json:
        give_json(rows)
        return
    for row in rows:
        state = office._(STOCK_WORDS[row["state"]])
        click.echo(f"{row['cards']:>8}  {row['kind']:8}  {row['class']:12}  {state}")


@card.command()
@click.argument("number", type=int, required=False)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def audit(office: Office, number: int | None, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Show everything that happened to a card, and where its proofs do not follow; 1 if so.

    Without NUMBER: the cards, of all, whose proofs do not follow.

    Example: backoffice card audit 620000000000014
    """
    from dataclasses import asdict

    if number is None:
        _audit_all(office, as_json=as_json)
        return

    from backoffice.purse import Verdict, breaks_of
    from backoffice.store.directory import ORG

    cards = reading(office).cards
    known = cards.get(ORG, number)
    if known is None:
        raise Refused("There is no such card in the books; check the number.")
    proofs = cards.proofs(number)
    wrong = [one for one in proofs if one.verdict == Verdict.WRONG]
    good = [one for one in proofs if one.verdict != Verdict.WRONG]
    breaks = [asdict(one) for one in breaks_of(good, known.opening)]
    events = [asdict(one) for one in cards.events(number)]
    if as_json:
        told = [{**asdict(one), "terminal": one.terminal.hex(), "tac": one.tac.hex(),
                 "op": one.op.hex()} for one in proofs]  # fmt: skip
        give_json({"events": events, "proofs": told, "breaks": breaks, "wrong_tacs": len(wrong)})
    else:
        _show_history(events, breaks, len(wrong))
    if breaks or wrong:
        sys.exit(Exit.DIFFERENCE)


def _audit_all(office: Office, *, as_json: bool) -> None:
    from dataclasses import asdict

    from backoffice.purse import Verdict, breaks_of
    from backoffice.store.directory import ORG

    cards, rows = reading(office).cards, []
    for number in cards.proved():
        known, proofs = cards.get(ORG, number), cards.proofs(number)
        good = [one for one in proofs if one.verdict != Verdict.WRONG]
        found = breaks_of(good, known.opening)
        rows += [{"number": number, **asdict(one)} for one in found]
        wrong = len(proofs) - len(good)
        rows += [{"number": number, "kind": "tac-wrong", "count": wrong}] if wrong else []
    if as_json:
        give_json(rows)
    else:
        for row in rows:
            told = [str(row[name]) for name in row if name != "number"]
            click.echo(f"{row['number']}  {'  '.join(told)}")
    if rows:
        sys.exit(Exit.DIFFERENCE)


def _show_history(events: list[dict[str, Any]], breaks: list[dict[str, Any]], wrong: int) -> None:
    from datetime import UTC, datetime

    for one in events:
        at = datetime.fromtimestamp(one["at"] // 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        text = f"{at}  {one['word']:9}  {one['person']:12}  {one['detail']}  {one['reason']}"
        click.echo(text.rstrip())
    for one in breaks:
        counter, expected = one["counter"], one["expected"]
        click.echo(f"{one['kind'].value}: counter {counter}; {expected}; {one['found']}")
    if wrong:
        click.echo(f"tac-wrong: {wrong}")
