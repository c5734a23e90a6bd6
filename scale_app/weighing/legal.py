"""Which modules decide what a weight and a price are, and the digest that identifies them.

A legally relevant module turns bytes of the scale into a weight, judges, tares or sells it,
multiplies it with a price, keeps its evidence, prints it, or sells by what a label says. Whoever
changes one of them changes the digest, which `scale-app doctor` shows, the Z report prints and
every weighed line's evidence carries. Facts: OIML R 76-1 5.5, WELMEC 7.2 (software identification,
legally relevant part).
"""

import hashlib
import importlib.util
from functools import cache
from pathlib import Path
from typing import Final

LEGAL_MODULES: Final = (
    "broker.labels",
    "broker.pricing",
    "broker.sale",
    "broker.units",
    "scale_app.barcode",
    "scale_app.checkout.basket",
    "scale_app.checkout.goods",
    "scale_app.checkout.packing",
    "scale_app.checkout.scanned",
    "scale_app.journal.store",
    "scale_app.journal.trail",
    "scale_app.pack_label",
    "scale_app.receipt",
    "scale_app.terminal.devices",
    "scale_app.weighing",
)
"""Modules, and packages with all that is in them."""

DIGEST_BYTES: Final = 32


@cache
def digest() -> bytes:
    """SHA-256 over name and source of every legally relevant module, read once a start."""
    total = hashlib.sha256()
    for name, file in sources():
        total.update(name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.digest()


def identification() -> str:
    """The digest as people compare it: its first 12 hex digits."""
    return digest().hex()[:12]


def sources() -> list[tuple[str, Path]]:
    """(module, source file) of every legally relevant module, by name."""
    found: list[tuple[str, Path]] = []
    for name in LEGAL_MODULES:
        spec = importlib.util.find_spec(name)
        assert spec is not None, f"{name} is named here and is not there"
        assert spec.origin is not None, f"{name} has no source"
        origin = Path(spec.origin)
        if spec.submodule_search_locations is None:
            found.append((name, origin))
            continue
        for file in sorted(origin.parent.rglob("*.py")):
            parts = file.relative_to(origin.parent).with_suffix("").parts
            found.append((".".join((name, *parts)).removesuffix(".__init__"), file))
    return sorted(found)
