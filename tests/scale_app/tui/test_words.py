"""Every sentence of the till exists in English and Chinese, and the compiled catalogue is fresh."""

import ast
import io
import os
import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from rich.cells import cell_len

import scale_app
from card.errors import CardError, KeyringError, WrongReason
from scale_app.say import Say
from scale_app.tui.paint import Span, row_text
from scale_app.tui.sentences import REASONS, SENTENCES, sentence
from scale_app.tui.widgets.feet import ALL_PAGE_HINTS, PAGE_HINTS, SALE_HINTS, alert_row, hint_row
from scale_app.tui.widgets.painted import Look
from scale_app.view import Message, Severity, TillView
from scale_app.weighing.snapshot import Refusal
from scale_app.weighing.tare import TareRefusal
from scale_app.words import DOMAIN, LOCALE_DIR, N_, translator

PACKAGE = Path(scale_app.__file__).parent
CHINESE = LOCALE_DIR / "zh_CN" / "LC_MESSAGES"
MARKS = ("t", "N_", "say")
SAMPLES = {
    "numbers": "1041, 1042, 1077",
    "product": "Chinese cabbage", "reason": "below_minimum", "weight": "0.080", "key": "z",
    "plu": "1234", "count": "12", "entry": "123.456", "limit": "50", "tare": "0.012", "lines": "12",
    "number": "6200****4821", "balance": "1132.40", "level": "silver", "saving": "12.42",
    "total": "1117.30", "valid_to": "2027-12-31", "valid_from": "2027-01-01", "code": "17",
    "receipt": "000241", "time": "10:24", "seconds": "119", "version": "123", "shift": "7",
    "slot": "8", "cashier": "张三 Zhang San", "amount": "0.09", "barcode": "06901234567892...",
    "day": "2026-11-30", "name": "shenzhen", "left": "4", "minutes": "60",
    "megabytes": "1023", "tries": "12", "lost": "12", "hours": "126",
}  # fmt: skip


def chinese() -> Catalog:
    with (CHINESE / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale="zh_CN")


def marked() -> set[str]:
    """Every literal given to one of the marking words, f-strings included."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id=word) | ast.Attribute(attr=word),
                    args=[ast.Constant(value=str(sentence)), *_],
                ) if word in MARKS:
                    found.add(sentence)
    return found


def fields(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_every_marked_sentence_is_in_the_chinese_catalogue_and_no_other() -> None:
    catalogue = chinese()
    translated = {str(entry.id) for entry in catalogue if entry.id and entry.string}
    assert marked() - translated == set()
    assert {str(entry.id) for entry in catalogue if entry.id} - marked() == set()


def test_no_chinese_sentence_is_a_guess() -> None:
    assert [entry.id for entry in chinese() if entry.id and entry.fuzzy] == []


def test_a_chinese_sentence_has_the_parameters_of_the_english_one() -> None:
    odd = [
        entry.id
        for entry in chinese()
        if entry.id and fields(str(entry.id)) != fields(str(entry.string))
    ]
    assert odd == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    compiled = CHINESE / f"{DOMAIN}.mo"
    if os.environ.get("STEELYARD_SNAP"):
        with compiled.open("wb") as file:
            write_mo(file, chinese())
    fresh = io.BytesIO()
    write_mo(fresh, chinese())
    fresh.seek(0)
    with compiled.open("rb") as file:
        committed = {entry.id: entry.string for entry in read_mo(file) if entry.id}
    assert committed == {entry.id: entry.string for entry in read_mo(fresh) if entry.id}


def test_every_code_of_the_till_has_a_sentence_and_every_sentence_a_code() -> None:
    assert set(SENTENCES) == set(Say)


@pytest.mark.parametrize("code", list(Say))
def test_a_sentence_uses_only_parameters_that_are_sent(code: Say) -> None:
    source = (PACKAGE / "say.py").read_text("utf-8")
    told = re.search(rf'\b{code.name} = "[^"]+"\n\s+"""(.*?)"""', source, re.DOTALL)
    assert told is not None
    assert fields(SENTENCES[code]) <= set(re.findall(r"[a-z_]+", told.group(1)))


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("code", list(Say))
def test_a_sentence_fits_one_row_of_eighty_cells(code: Say, language: str) -> None:
    params = {name: SAMPLES[name] for name in fields(SENTENCES[code])}
    for severity in (Severity.INFO, Severity.WARN):
        message = Message(code, severity, params)
        said = alert_row(TillView(message=message), Look(200, 1, translator(language)))
        assert cell_len(row_text(said).rstrip()) <= 80


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_hints_fit_eighty_cells_whole(language: str) -> None:
    t = translator(language)
    for hints, width in ((SALE_HINTS, 80), (PAGE_HINTS, 80), (ALL_PAGE_HINTS, 110)):
        shown = row_text(hint_row(hints, Look(width, 1, t)))
        assert cell_len(shown) == width
        assert [cap for cap, word in hints if f"{cap} {t(word)}" not in shown] == []


def test_a_reason_is_said_in_words_with_hyphens_or_underscores() -> None:
    t = translator("en")
    for word in ("below-minimum", "below_minimum"):
        said = sentence(Message(Say.NO_WEIGHT, params={"reason": word}), t)
        assert said == "No usable weight: below the minimum. Piece goods can be sold."


def test_an_unknown_code_and_a_missing_parameter_are_shown_and_not_lost() -> None:
    t = translator("en")
    assert sentence(Message("martians", params={"who": "two"}), t) == "martians two"
    assert sentence(Message(Say.TARE_SET), t) == "Tare {tare} is set."


def test_an_unknown_language_speaks_english() -> None:
    assert translator("xx")(N_("PAID")) == "PAID"
    assert translator("zh_CN")(N_("PAID")) == "已付款"


def test_reasons_cover_the_words_of_the_doors() -> None:
    errors = {kind.code for root in (CardError, KeyringError) for kind in root.__subclasses__()}
    words = {*(r.value for r in Refusal), *(r.value for r in TareRefusal), *errors}
    words |= {r.value for r in WrongReason if r is not WrongReason.ALREADY_ISSUED}
    assert words - set(REASONS) == set()


def test_a_severe_message_says_so_in_a_word() -> None:
    look = Look(80, 1, translator("en"))
    said = alert_row(TillView(message=Message(Say.SCALE_LOST, Severity.FAULT)), look)
    assert row_text(said).startswith(" FAULT: Scale lost")
    assert isinstance(said[0], Span)
