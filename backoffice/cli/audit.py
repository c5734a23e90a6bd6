"""`backoffice audit`."""

import sys

import click

from backoffice.cli.desk import Office, give_json, reading, say
from backoffice.errors import Exit


@click.command()
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def audit(office: Office, as_json: bool) -> None:  # noqa: FBT001  click's way
    """Look for rows that somebody changed behind the program's back; exit 1 when there are any.

    Example: backoffice audit --json
    """
    from backoffice import secrets_file
    from backoffice.anchors import anchor_file, read_anchors
    from backoffice.reports.audit import audit as prove

    anchors = read_anchors(anchor_file(office.state.books))
    told = (lambda step: say(f"{step} ...")) if sys.stderr.isatty() else (lambda _: None)
    key = secrets_file.signing_key(office.state)
    store = reading(office)
    with store.snapshot():
        result = prove(store, anchors, key, told)
    if as_json:
        give_json(result.as_json())
    else:
        for one in result.findings:
            click.echo(f"{one.table} {one.key}: {one.difference}")
        for terminal, fingerprint in result.keys.items():
            told_key = office._("{terminal} signs its journal with key {key}.")
            say(told_key.format(terminal=terminal, key=fingerprint))
        verdict = office._("The books are untouched")
        if result.findings:
            verdict = office._("The books were changed from outside")
        counted = office._(
            "{rows} rows under {seals} seals, {anchors} anchors, {sales} sales, "
            "{heads} heads signed by tills"
        )
        say(f"{verdict}: {counted.format(**result.counted)}.")
    if result.findings:
        sys.exit(Exit.DIFFERENCE)
