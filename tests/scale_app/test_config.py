"""Settings: what is wrong is said with its place."""

from pathlib import Path

import pytest

from scale_app.config import Settings, load
from scale_app.errors import BadSettings

TILL = """
[till]
enrolment = "enrolment"
cashier = 7

[scale]
port = "/dev/null"
protocol = "st-gs"
options = { form = "22" }
"""
TERMINAL = """
terminal = "S03-12"
organisation = "Market"
store = "S03"
store_name = "Store three"
stall = "Stall"
currency = "CNY"
exponent = 2
zone = "Asia/Shanghai"
cutoff_hour = 4
key_number = 1
[broker]
host = "127.0.0.1"
port = 18883
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    enrolment = tmp_path / "enrolment"
    enrolment.mkdir()
    (tmp_path / "till.toml").write_text(TILL)
    (enrolment / "terminal.toml").write_text(TERMINAL)
    for name in ("ca.pem", "terminal.pem", "terminal.key"):
        (enrolment / name).write_text("x")
    (enrolment / "mac.key").write_bytes(bytes(32))
    (enrolment / "office.pub").write_bytes(bytes(32))
    return tmp_path


def loaded(place: Path) -> Settings:
    return load(place / "till.toml", place / "state")


def test_the_enrolment_is_found_beside_the_file(place: Path) -> None:
    settings = loaded(place)
    assert (settings.terminal, settings.host, settings.port) == ("S03-12", "127.0.0.1", 18883)
    assert settings.scale is not None
    assert settings.scale.options == {"form": "22"}
    assert settings.till.tap == "pay"


def test_another_address_of_the_broker_wins(place: Path) -> None:
    (place / "till.toml").write_text(TILL + "[broker]\nport = 18884\n")
    assert loaded(place).port == 18884


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TILL + "[reeder]\n", "reeder"),
        (TILL + "[reader]\nnam = 'x'\n", "nam"),
        (TILL.replace("cashier = 7", "cashier = '7'"), "till.cashier"),
        (TILL.replace("cashier = 7", "tap = 'never'"), "till.tap"),
        (TILL.replace("cashier = 7", "receipt_columns = 40"), "till.receipt_columns"),
        (TILL.replace("cashier = 7", "keep_days = 34"), "till.keep_days"),
        (TILL.replace("cashier = 7", "cashier = "), "line 4"),
        (TILL.replace("enrolment", "enrollment"), "enroll"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_place(place: Path, text: str, words: str) -> None:
    (place / "till.toml").write_text(text)
    with pytest.raises(BadSettings, match=words) as fault:
        loaded(place)
    assert "till.toml" in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("mac.key", b"short", "5 bytes"),
        ("mac.key", None, "mac.key"),
        ("ca.pem", None, "ca.pem"),
        ("terminal.toml", None, "terminal.toml"),
        ("terminal.toml", TERMINAL.replace("S03-12", "s 12").encode(), "no terminal"),
    ],
)
def test_an_incomplete_enrolment_is_one_sentence(
    place: Path, name: str, content: bytes | None, words: str
) -> None:
    file = place / "enrolment" / name
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadSettings, match=words):
        loaded(place)


def test_no_enrolment_says_how_to_get_one(place: Path) -> None:
    (place / "till.toml").write_text(TILL.replace('"enrolment"', '"elsewhere"'))
    with pytest.raises(BadSettings, match="backoffice terminal enrol"):
        loaded(place)


def test_keys_do_not_show_when_settings_are_printed(place: Path) -> None:
    (place / "enrolment" / "mac.key").write_bytes(b"K" * 32)
    assert "KKK" not in repr(loaded(place))
