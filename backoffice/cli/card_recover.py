"""`backoffice card recover`: what happened to the card on the reader, in words. Changes nothing."""

from typing import Any

import click

from backoffice.cli.card_chip import purse_row
from backoffice.cli.card_said import at_reader, exponent_of
from backoffice.cli.desk import Office, give_json, reading, say
from backoffice.errors import Refused
from backoffice.words import N_
from broker.units import decimal_text

SENTENCES = {
    "load_was_sent": N_(
        "The chip held {balance_before} when it was told to take {amount} on; the answer is owed."
    ),
    "unload_was_sent": N_(
        "The chip held {balance_before} when it was told to give {amount} back; the answer is owed."
    ),
    "card_tells_balance": N_("Now it holds {balance} ({difference})."),
    "card_tells_counter": N_("Loads and refunds since, by its own counter: {transactions_since}."),
    "card_proves_it": N_("It proves the movement: {tac}."),
    "card_claims_it": N_("It shows a proof of the movement, which the books will check: {tac}."),
    "because_proof_right": N_("So the money moved: the proof is right."),
    "because_proof_unchecked": N_("So the money moved: balance, counter and proof fit."),
    "because_proof_wrong": N_("Its proof is wrong: this may be a forged card."),
    "because_moved_without_proof": N_("So the money moved, though the card kept no proof."),
    "because_unchanged": N_("So the money did not move: balance and counter are as before."),
    "because_used_elsewhere": N_(
        "The card has been used since, so its balance alone says nothing."
    ),
    "because_counter_unreadable": N_("The card does not tell its counter, so nothing is certain."),
    "because_unreadable": N_("The card could not be read to the end."),
    "because_other_card": N_("This is another card than the one in doubt."),
    "put_same_card_back": N_("Put the card in doubt on the reader and run this again."),
    "put_card_back_and_wait": N_("Put the card back, leave it there, and run this again."),
    "books_done": N_(
        "Run the same command again: it books the sum once and tells the card nothing."
    ),
    "books_not-done": N_("Run the same command again: nothing was moved, so it begins anew."),
    "books_review": N_("Look at `card audit`, then decide with `card settle`."),
    "nothing_open": N_("In the books nothing is open for this card."),
    "money_waits": N_("{amount} waits to be put on the chip: run the same command again."),
    "city_card": N_("This is a city card of its operator ({scheme}); it holds {balance}."),
    "slot_a_valid": N_("Its first token slot holds token {seq}."),
    "slot_b_valid": N_("Its second token slot holds token {seq}."),
    "slot_a_empty": N_("Its first token slot is empty."),
    "slot_b_empty": N_("Its second token slot is empty."),
    "slot_a_damaged": N_("Its first token slot is torn: the card was pulled while it was written."),
    "slot_b_damaged": N_(
        "Its second token slot is torn: the card was pulled while it was written."
    ),
    "one_slot_torn_other_stands": N_("The other slot stands, so the card is good."),
    "token_lost": N_("No slot stands: the card carries no token."),
    "token_stands": N_("Its token is number {seq}."),
    "token_was_written": N_("It is the token that the books gave last."),
    "token_was_not_written": N_(
        "It is an older token than the books gave last: the last was lost."
    ),
    "token_is_newer_than_journal": N_("It is a newer token than the books ever gave."),
    "office_gives_new_token": N_("The next payment with the network gives it a new one."),
    "office_compares": N_("Look at `alerts`: a card like this may be a copy."),
    "nothing_to_do": N_("There is nothing to do."),
}
_SUMS = ("amount", "balance", "balance_before", "difference")
_OFFICE_KNOWS_BETTER = (
    "book_it", "book_it_and_flag", "start_again_or_other_tender", "keep_goods_and_send_for_review",
)  # fmt: skip
"""A till's next step; at the desk it is what the books would make of it."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@at_reader
@click.pass_obj
def recover(office: Office, reader: str, wait_s: int, as_json: bool) -> None:  # noqa: FBT001
    """Say what happened to the card on the reader and what to do now; nothing is changed.

    For a card that was pulled while money went on or off its chip, or while its token was written.

    Example: backoffice card recover
    """
    from backoffice.issuing import read_on_reader

    say(office._("Put the card on the reader and leave it there."))
    where: dict[str, Any] = {"reader": reader, "wait_s": wait_s}
    steps = _steps(office, read_on_reader(office.config, office.state, **where), where)
    if as_json:
        give_json(steps)
        return
    exponent = exponent_of(office)
    for step in steps:
        click.echo(sentence(office, step, exponent))


def _steps(office: Office, tapped: Any, where: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401
    from backoffice.issuing import explain_slots
    from backoffice.store.directory import ORG

    if tapped.is_city:
        facts = tapped.purse
        return [{"code": "city_card", "scheme": facts.scheme, "balance": facts.balance_fen}]
    if tapped.purse is None:
        known = reading(office).cards.get(ORG, tapped.number)
        return explain_slots(tapped, known.token_seq if known is not None else None)
    row = purse_row(office, tapped.number)
    if row is None:
        raise Refused("The books do not know this chip; look at `card read`.")
    return _of_move(row, where)


def _of_move(row: dict[str, Any], where: dict[str, Any]) -> list[dict[str, Any]]:
    from backoffice.issuing import explain_on_reader

    move = row["move"]
    if not move:
        return [{"code": "nothing_open"}, {"code": "nothing_to_do"}]
    if move["state"] == "wanted":
        return [{"code": "money_waits", "amount": move["amount"]}]
    steps, became = explain_on_reader(row, **where)
    told = [
        one for one in steps
        if one["code"] not in _OFFICE_KNOWS_BETTER and not one["code"].startswith("verdict_")
    ]  # fmt: skip
    return [*told, *([{"code": f"books_{became}"}] if became else [])]


def sentence(office: Office, step: dict[str, Any], exponent: int) -> str:
    """A step in the language of the office, sums as money."""
    figures = {
        name: decimal_text(value, exponent) if name in _SUMS else value
        for name, value in step.items()
        if name != "code"
    }
    if step.get("difference", 0) > 0:
        figures["difference"] = f"+{figures['difference']}"
    return office._(SENTENCES[step["code"]]).format(**figures)
