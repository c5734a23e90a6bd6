"""Names of units as scales write them, and ours; what is counted but not weighed.

Scales pad the field with spaces and mix the case; ours are in lower case. A count, a percentage, a
force or a density must never look like a weight.
"""

from typing import Final

UNITS: Final = {
    b"kg": "kg",
    b"g": "g",
    b"mg": "mg",
    b"t": "t",
    b"lb": "lb",
    b"lbs": "lb",
    b"oz": "oz",
    b"ozt": "ozt",
    b"ct": "ct",
    b"dwt": "dwt",
    b"gn": "gn",
    b"mom": "mom",
    b"tl": "tl",
    b"tlh": "tlh",
    b"tls": "tls",
    b"tlt": "tlt",
    b"tlc": "tlc",
    b"pc": "pc",
    b"pcs": "pc",
    b"%": "%",
    b"n": "N",
    b"ds": "ds",
}
NOT_WEIGHTS: Final = {"pc": "count", "%": "percent", "N": "force", "ds": "density"}


def unit_of(field: bytes) -> str | None:
    """Our name of the unit in this field; nothing when it names none we know."""
    return UNITS.get(field.strip(b" ").lower())
