"""`backoffice exposure`: what card sales without the network can cost, as numbers."""

from typing import Any

import click

from backoffice.cli.desk import Office, give_json, reading
from broker.units import decimal_text


def exposure_of(office: Office) -> dict[str, Any]:
    """The worst case of each store in fen, and the debts that stand already."""
    from backoffice.handlers.terms import kept_terms_of
    from backoffice.store.directory import ORG

    books = reading(office)
    version, made_at, kept = kept_terms_of(books)
    tills: dict[str, list[str]] = {}
    for row in books.directory.terminals():
        if row[4] and not row[3]:
            tills.setdefault(row[1], []).append(row[0])
    stores = []
    for _, code, _ in books.directory.stores():
        limits, names = kept.limits.get(code), tills.get(code, [])
        on = limits is not None and not limits.is_off
        per_card, per_till = (limits.per_card, limits.per_till) if limits and on else (0, 0)
        stores.append(
            {
                "store": code, "tills": names, "per_card": per_card, "per_till": per_till,
                "worst_of_one_card": per_card * len(names),
                "worst_of_all_cards": per_till * len(names),
                "max_age_s": limits.max_age_s if limits and on else 0,
            }
        )  # fmt: skip
    cards, owed = books.cards.debts(ORG)
    return {
        "version": version, "made_at": made_at, "denied_cards": len(kept.denied),
        "stores": stores, "cards_in_debt": cards, "owed": owed,
        "worst_of_one_card": sum(one["worst_of_one_card"] for one in stores),
        "worst_of_all_cards": sum(one["worst_of_all_cards"] for one in stores),
    }  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Data for programs.")
@click.pass_obj
def exposure(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Say what card sales without the network can cost at worst, and what is owed already.

    Example: backoffice exposure --json
    """
    found = exposure_of(office)
    if as_json:
        give_json(found)
        return
    organisation = reading(office).directory.organisation()
    exponent = organisation.exponent if organisation else 2
    said = office._("{store}: {tills} tills, one card {card} at worst, all cards {all}")
    for one in found["stores"]:
        card, every = one["worst_of_one_card"], one["worst_of_all_cards"]
        click.echo(
            said.format(
                store=one["store"], tills=len(one["tills"]),
                card=decimal_text(card, exponent), all=decimal_text(every, exponent),
            )
        )  # fmt: skip
    owing = office._("{cards} cards owe {owed}; {denied} cards are denied")
    click.echo(
        owing.format(
            cards=found["cards_in_debt"], owed=decimal_text(found["owed"], exponent),
            denied=found["denied_cards"],
        )
    )  # fmt: skip
