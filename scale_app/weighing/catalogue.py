"""Which protocols exist, and how a shop's settings become a profile.

A plain table: to add a family, write its module and one line here.
"""

import re
from collections.abc import Mapping
from typing import Final

from scale_app.weighing.protocols import (
    adam_azextra,
    cas_pd2,
    dialog,
    dibal_98,
    digi_b,
    mt_8217,
    mt_sics,
    nci,
    oem_block,
    prix,
    radwag,
    sartorius_sbi,
    sma,
    st_gs,
    toledo_continuous,
    yaohua_a12,
    yaohua_eq,
    yaohua_stx,
)
from scale_app.weighing.protocols.family import Family, Line, Profile
from scale_app.weighing.protocols.parity import ABSENT

FAMILIES: Final[Mapping[str, Family]] = {
    "st-gs": st_gs.FAMILY,
    "toledo-continuous": toledo_continuous.FAMILY,
    "mt-8217": mt_8217.FAMILY,
    "oem-block": oem_block.FAMILY,
    "cas-pd2": cas_pd2.FAMILY,
    "yaohua-stx": yaohua_stx.FAMILY,
    "yaohua-eq": yaohua_eq.FAMILY,
    "yaohua-a12": yaohua_a12.FAMILY,
    "mt-sics": mt_sics.FAMILY,
    "digi-b": digi_b.FAMILY,
    "sma": sma.FAMILY,
    "dialog-02": dialog.DIALOG_02,
    "dialog-04": dialog.DIALOG_04,
    "dialog-06": dialog.DIALOG_06,
    "nci": nci.FAMILY,
    "dibal-98": dibal_98.FAMILY,
    "prix": prix.FAMILY,
    "sartorius-sbi": sartorius_sbi.FAMILY,
    "radwag": radwag.FAMILY,
    "adam-azextra": adam_azextra.FAMILY,
}

_LINE = re.compile(r"(\d{3,6})[ -]([78])([NEO])([12])")


class BadProfile(Exception):
    """The settings name a protocol, key or value that does not exist; the text says which."""


def profile(protocol: str, settings: Mapping[str, str] | None = None) -> Profile:
    """The family `protocol` with `settings` over its defaults.

    `settings` holds the family's keys, and `line` ("9600 8N1") for any family.

    Raises:
        BadProfile: unknown protocol, key or value, or a required key that is not set.
    """
    family = FAMILIES.get(protocol)
    if family is None:
        raise BadProfile(f"no scale protocol '{protocol}'; there are: {', '.join(FAMILIES)}")
    wanted = dict(settings or {})
    text = wanted.pop("line", None)
    line = family.line if text is None else line_of(text)
    for key, value in wanted.items():
        _check(family, key, value)
    for key in family.required:
        if key not in wanted:
            choices = ", ".join(family.keys[key])
            raise BadProfile(f"{family.name} needs the key '{key}': choose one of: {choices}")
    defaults = {key: values[0] for key, values in family.keys.items()}
    return Profile(family, {**defaults, **wanted}, line)


def _check(family: Family, key: str, value: str) -> None:
    values = family.keys.get(key)
    if values is None:
        keys = ", ".join((*family.keys, "line"))
        raise BadProfile(f"{family.name} has no key '{key}'; it has: {keys}")
    if value not in values or value == ABSENT:
        choices = ", ".join(choice for choice in values if choice != ABSENT)
        raise BadProfile(f"{family.name} {key}='{value}': choose one of: {choices}")


def line_of(text: str) -> Line:
    """Settings of a line as installers write them.

    Raises:
        BadProfile: not like `9600 8N1`.
    """
    found = _LINE.fullmatch(text)
    if found is None:
        raise BadProfile(f"line '{text}': write it like 9600 8N1")
    return Line(int(found[1]), int(found[2]), found[3], int(found[4]))
