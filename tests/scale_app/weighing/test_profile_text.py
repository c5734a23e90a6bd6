"""The commented TOML of every family is valid and means what it says."""

import re
import tomllib

import msgspec
import pytest

from scale_app.config import ScaleTable
from scale_app.weighing import catalogue
from scale_app.weighing.profile_text import profile_text


@pytest.mark.parametrize("name", list(catalogue.FAMILIES))
def test_the_text_of_a_family_is_its_default_profile(name: str) -> None:
    family = catalogue.FAMILIES[name]
    table = msgspec.convert(tomllib.loads(profile_text(family))["scale"], ScaleTable)
    profile = catalogue.profile(table.protocol, table.options)
    assert (profile.family, profile.line) == (family, family.line)
    assert table.options.keys() == set(family.required)


@pytest.mark.parametrize("name", list(catalogue.FAMILIES))
def test_every_line_that_is_commented_out_is_a_setting_too(name: str) -> None:
    text = profile_text(catalogue.FAMILIES[name])
    rows = [re.sub(r"^# (?=\w+ = )", "", row) for row in text.splitlines()]
    table = msgspec.convert(tomllib.loads("\n".join(rows))["scale"], ScaleTable)
    profile = catalogue.profile(table.protocol, table.options)
    assert set(profile.family.keys) | {"line"} == set(table.options)


def test_what_was_found_is_set() -> None:
    family = catalogue.FAMILIES["mt-8217"]
    text = profile_text(family, "/dev/ttyUSB0", {"bit5": "always-one"}, "4800 7O1")
    table = tomllib.loads(text)["scale"]
    assert table["port"] == "/dev/ttyUSB0"
    assert table["options"] == {"line": "4800 7O1", "bit5": "always-one"}
