"""Every phrase of the office exists in Chinese, with the same names in it, and is compiled."""

import ast
import io
import re
import string
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import backoffice
from backoffice import errors
from backoffice.words import CATALOGUES, translator

PACKAGE = Path(backoffice.__file__).parent
FOLDER = CATALOGUES / "zh_CN" / "LC_MESSAGES"
ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type)} - {"Exit"}
MARKS = {"_", "N_", "translate"} | ERRORS


def phrases() -> set[str]:
    """Every literal phrase that is marked, or raised as an error; wire messages are not talk."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name == "handlers":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                [first, *_] = node.args
                if name in MARKS and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    for path in PACKAGE.rglob("templates/*.html"):
        found |= set(re.findall(r"""\b_\((?:"([^"]+)"|'([^']+)')\)""", path.read_text("utf-8")))
    return {one if isinstance(one, str) else one[0] or one[1] for one in found}


def catalogue() -> Catalog:
    return read_po(io.BytesIO((FOLDER / "backoffice.po").read_bytes()), locale="zh_CN")


def names_in(text: str) -> set[str]:
    if "..." in text:
        return set()
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_phrase_is_in_the_catalogue_and_nothing_else() -> None:
    said = {str(message.id) for message in catalogue() if message.id}
    assert len(said) > 100
    assert phrases() - said == set()
    assert said - phrases() == set()


def test_every_translation_names_the_same_things() -> None:
    for message in catalogue():
        if message.id:
            assert message.string, message.id
            assert names_in(str(message.id)) == names_in(str(message.string)), message.id


def test_the_compiled_catalogue_is_fresh() -> None:
    with (FOLDER / "backoffice.mo").open("rb") as file:
        compiled = {str(m.id): m.string for m in read_mo(file) if m.id}
    assert compiled == {str(m.id): m.string for m in catalogue() if m.id}


def test_an_unknown_language_speaks_english() -> None:
    assert translator("xx")("Total") == "Total"
    assert translator("zh_CN")("Total") == "合计"


def test_an_error_is_told_in_the_language_with_its_values() -> None:
    error = errors.Refused("There is no terminal {code}; add it to the market file and apply that.",
                           code="S9")  # fmt: skip
    assert str(error).startswith("There is no terminal S9;")
    assert error.told(translator("zh_CN")) == "没有终端 S9；请加入市场文件并应用。"


def test_an_error_without_values_may_have_braces() -> None:
    assert str(errors.UsageFault('{"do": ...}')) == '{"do": ...}'
