"""The `[scale]` part of till.toml as commented text: for a family, or for a scale just found."""

import json
from collections.abc import Mapping

from scale_app.weighing.protocols.family import Family
from scale_app.weighing.protocols.parity import ABSENT

ANY_PORT = "/dev/serial/by-id/..."


def profile_text(
    family: Family, port: str = ANY_PORT, keys: Mapping[str, str] | None = None, line: str = ""
) -> str:
    """TOML with every setting of the family, the defaults commented out.

    `keys` and `line` are what is to be set; a required key that is not given is set to its first
    value and marked.
    """
    wanted = dict(keys or {})
    rows = [
        f"# {family.title}",
        f"# frames are protected by: {family.checksum}",
        "[scale]",
        f"port = {json.dumps(port)}  # a path, socket://host:port or rfc2217://host:port",
        f"protocol = {json.dumps(family.name)}",
        "e_g = 5  # verification interval on the plate, grams",
        "max_g = 15000  # Max on the plate, grams",
        "# ranges = [{ above_g = 6000, e_g = 10 }]  # multi-interval scales: larger e above Max1",
        "# min_g = 100  # Min on the plate, where it is not 20 e",
        '# release = "changed"  # after a sale another weight is enough; default: an empty pan',
        "# containers = { 1 = 15, 2 = 120 }  # known containers, grams, taken by number",
        "# poured = [12, 13]  # PLUs whose weight is watched for longer",
        '# percent_tare = { 12 = "2.5" }  # PLU: share of the load that is no goods',
        "",
        "[scale.options]",
        _row("line", line or family.line.text(), "speed, bits, parity, stop", is_set=bool(line)),
    ]
    rows += [_key_row(family, key, wanted.get(key)) for key in family.keys]
    return "\n".join(rows) + "\n"


def _key_row(family: Family, key: str, wanted: str | None) -> str:
    values = [value for value in family.keys[key] if value != ABSENT]
    choices = " | ".join(values)
    if wanted:
        return _row(key, wanted, choices, is_set=True)
    if key in family.required:
        return _row(key, values[0], f"{choices}: CHECK with a known weight", is_set=True)
    return _row(key, values[0], choices, is_set=False)


def _row(key: str, value: str, comment: str, *, is_set: bool) -> str:
    return f"{'' if is_set else '# '}{key} = {json.dumps(value)}  # {comment}"
