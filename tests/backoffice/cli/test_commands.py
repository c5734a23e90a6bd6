"""The installed command: what it prints, where, and how it ends."""

import csv
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.backoffice.world import MARKET

BACKOFFICE = Path(sys.executable).parent / "backoffice"


class Desk:
    """Runs `backoffice` on a state folder."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.folder = folder
        self.config = folder / "office.toml"
        self.config.write_text(f'[broker]\nport = 1\n[office]\nlanguage = "{language}"\n')

    def run(
        self, *words: str, state: bool = True, typed: str = ""
    ) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("STEELYARD")}
        environment["STEELYARD_OFFICE_CONFIG"] = str(self.config)
        if state:
            environment["STEELYARD_OFFICE_STATE"] = str(self.folder / "state")
        return subprocess.run(
            [str(BACKOFFICE), *words], input=typed,
            capture_output=True, text=True, timeout=60, check=False, env=environment,
        )  # fmt: skip

    def out(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    (tmp_path / "market.toml").write_text(MARKET, "utf-8")
    made.out("apply", str(tmp_path / "market.toml"))
    return made


def refusal(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.returncode, done.stderr.strip()


def test_apply_twice_changes_nothing(desk: Desk) -> None:
    done = desk.run("apply", str(desk.folder / "market.toml"))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "1 stores, 2 terminals, 1 products, 1 cashiers; price list unchanged, version 1.\n"
    )


def test_a_changed_price_makes_a_new_list(desk: Desk) -> None:
    changed = desk.folder / "changed.toml"
    changed.write_text(MARKET.replace("6.80", "7.10"), "utf-8")
    assert "new price list 2" in desk.run("apply", str(changed)).stderr


def test_an_enrolment_has_all_that_a_till_needs(desk: Desk) -> None:
    out = desk.folder / "enrolled"
    desk.out("terminal", "enrol", "S03-12", "--out", str(out))
    said = tomllib.loads((out / "terminal.toml").read_text("utf-8"))
    assert (said["terminal"], said["store_name"], said["key_number"]) == ("S03-12", "河边市场", 1)
    assert said["broker"] == {"host": "127.0.0.1", "port": 1}
    certificate = x509.load_pem_x509_certificate((out / "terminal.pem").read_bytes())
    [name] = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "S03-12"
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    authority = x509.load_pem_x509_certificate((out / "ca.pem").read_bytes())
    certificate.verify_directly_issued_by(authority)
    assert len((out / "mac.key").read_bytes()) == 32
    Ed25519PublicKey.from_public_bytes((out / "office.pub").read_bytes())
    assert (out / "token" / "softhsm2.conf").exists()
    before = (out / "mac.key").read_bytes()
    desk.out("terminal", "enrol", "S03-12", "--out", str(out))
    assert (out / "mac.key").read_bytes() != before


def test_a_terminal_is_suspended_and_resumed(desk: Desk) -> None:
    desk.out("terminal", "suspend", "S03-13")
    rows = json.loads(desk.out("terminal", "list", "--json"))
    assert [(row["terminal"], row["suspended"]) for row in rows] == [("S03-12", 0), ("S03-13", 1)]
    desk.out("terminal", "resume", "S03-13")
    assert "suspended" not in desk.out("terminal", "list")


def test_a_card_is_issued_topped_up_blocked_and_shown(desk: Desk) -> None:
    number = desk.out("card", "issue", "--no-chip", "--kind", "both", "--level", "1",
                      "--balance", "50.00").strip()  # fmt: skip
    assert number == "620000000000018"
    assert desk.out("card", "topup", number, "12.34").strip() == "62.34"
    desk.out("card", "block", number)
    row = json.loads(desk.out("card", "show", number, "--json"))
    assert (row["state"], row["balance"], row["level"]) == ("blocked", 6_234, 1)
    assert refusal(desk.run("card", "topup", number, "1"))[0] == 1
    desk.out("card", "unblock", number)
    assert "62.34" in desk.out("card", "show", number)


def test_an_empty_report_in_all_its_forms(desk: Desk) -> None:
    assert "No sales" in desk.out("report", "by-product")
    assert json.loads(desk.out("report", "by-tender", "--json"))["rows"] == []
    text = desk.out("report", "by-store", "--csv", "--from", "20261101", "--to", "2026-11-30")
    assert next(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))[0] == "Store"
    done = desk.run("report", "check")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("All agrees: 0 sales, 0.00 CNY")


def test_chinese_is_a_setting(desk: Desk) -> None:
    chinese = Desk(desk.folder, "zh_CN")
    assert "按商品统计" in chinese.out("report", "by-product")
    assert refusal(chinese.run("terminal", "suspend", "S99")) == (
        1, "backoffice: 没有终端 S99；请加入市场文件并应用。",
    )  # fmt: skip
    chinese.config.write_text('[office]\nlanguage = "fr"\n')
    assert refusal(chinese.run("alerts"))[0] == 78


def test_alerts_and_quarantine_say_when_there_is_nothing(desk: Desk) -> None:
    for words, says in ((("alerts",), "No alerts."), (("quarantine",), "quarantine is empty")):
        done = desk.run(*words)
        assert (done.returncode, done.stdout) == (0, "")
        assert says in done.stderr
        assert json.loads(desk.out(*words, "--json")) == []


def test_doctor_finds_the_broker_missing(desk: Desk) -> None:
    done = desk.run("doctor", "--json")
    found = {row["name"]: row["well"] for row in json.loads(done.stdout)}
    assert done.returncode == 69
    assert (found["books"], found["broker"], found["disk"], found["clock"]) == (
        True, False, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("terminal", "suspend", "S99"), 1, "There is no terminal S99"),
        (("apply", "nowhere.toml"), 2, "cannot be read"),
        (("report", "by-tender", "--from", "20261301"), 2, "is not a day"),
        (("report", "by-tender", "--from", "20261120", "--to", "20261119"), 2, "is after"),
        (("card", "topup", "5", "1.234"), 2, "is not a sum"),
        (("card", "topup", "5", "-1"), 2, "No such option"),
        (("card", "show", "5"), 1, "no such card"),
        (("card", "issue", "--kind", "stored", "--reader", "none such", "--wait", "1"), 69, ""),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_a_refusal_is_one_sentence_and_a_code(
    desk: Desk, words: tuple[str, ...], code: int, says: str
) -> None:
    found, text = refusal(desk.run(*words))
    assert found == code, text
    assert says in text


def test_without_a_state_folder_it_says_how_to_name_one(desk: Desk) -> None:
    code, text = refusal(desk.run("alerts", state=False))
    assert (code, text.count("\n")) == (78, 0)
    assert "--state" in text


def test_before_the_first_apply_every_command_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for words in (("report", "by-tender"), ("alerts",), ("card", "show", "1"), ("report", "check")):
        code, text = refusal(desk.run(*words))
        assert code == 69
        assert "backoffice apply" in text
    assert refusal(desk.run("serve"))[0] == 78


@pytest.mark.parametrize(
    "text", ["[broker", "[broker]\nport = 0\n", '[broker]\nport = "x"\n', "[brokers]\n",
             "[broker]\nports = 1\n", "\xff"],
)  # fmt: skip
def test_a_wrong_setting_is_named(desk: Desk, text: str) -> None:
    desk.config.write_bytes(text.encode("latin-1"))
    code, said = refusal(desk.run("alerts"))
    assert code == 78
    assert said.startswith("backoffice: ")


def test_the_command_line_loads_no_screen_and_no_card_code_it_does_not_need() -> None:
    script = (
        "import sys; import backoffice.__main__ as m;"
        "print(sorted({n.split('.')[0] for n in sys.modules} &"
        " {'textual', 'smartcard', 'pkcs11', 'serial', 'paho', 'sqlite_utils', 'card'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_second_journal_stands_where_the_settings_say(desk: Desk) -> None:
    with desk.config.open("a") as file:
        file.write('[journal]\npath = "other/second.journal"\n')
    desk.out("terminal", "suspend", "S03-12")
    lines = (desk.folder / "other" / "second.journal").read_text("utf-8").splitlines()
    assert [json.loads(line)["command"] for line in lines] == ["apply", "terminal.suspend"]


def test_audit_finds_untouched_books_and_names_a_row_that_somebody_edited(desk: Desk) -> None:
    done = desk.run("audit")
    assert (done.returncode, done.stdout) == (0, "")
    assert "untouched" in done.stderr
    desk.out("card", "issue", "--no-chip", "--kind", "stored", "--balance", "50.00")
    with sqlite3.connect(desk.folder / "state" / "office.db") as books:
        books.execute("DROP TRIGGER transfer_is_fixed")
        books.execute("UPDATE transfer SET amount = 9000 WHERE amount = 5000")
    books.close()
    done = desk.run("audit")
    assert done.returncode == 1
    assert re.search(r"^transfer X'.*: amount 5000 is 9000$", done.stdout, re.MULTILINE)
    told = json.loads(desk.run("audit", "--json").stdout)
    assert not told["untouched"]
    assert told["findings"][0]["table"] == "transfer"


def test_exposure_says_what_cards_can_cost_without_the_network(desk: Desk) -> None:
    market = desk.folder / "limits.toml"
    table = '[store.offline]\nper_payment = "10"\nper_card = "15"\nper_till = "20"\n'
    store = MARKET.index("[[terminal]]")
    market.write_text(MARKET[:store] + table + MARKET[store:], encoding="utf-8")
    desk.out("apply", str(market))
    desk.out("terminal", "enrol", "S03-12", "--out", str(desk.folder / "S03-12"))
    found = json.loads(desk.out("exposure", "--json"))
    assert (found["worst_of_one_card"], found["worst_of_all_cards"]) == (1500, 2000)
    assert found["stores"][-1]["tills"] == ["S03-12"]
    assert "one card 15.00 at worst" in desk.out("exposure")
    market.write_text(market.read_text("utf-8").replace('"10"', '"16"'), encoding="utf-8")
    assert "per_payment is at most per_card" in desk.run("apply", str(market)).stderr


def test_a_cashier_gets_a_pin_that_stands_nowhere(desk: Desk) -> None:
    done = desk.run("cashier", "pin", "7", "--stdin", typed="80513\n")
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(desk.out("cashier", "list", "--json")) == [
        {"number": 7, "name": "张三", "has_pin": True}
    ]
    for file in (desk.folder / "state").rglob("*"):
        assert not file.is_file() or b"80513" not in file.read_bytes(), file
    desk.out("cashier", "pin", "7", "--remove")
    assert desk.out("cashier", "list").split()[1] == "-"


@pytest.mark.parametrize("pin", ["123", "1234", "7777", "98765", "12x456", "123456789"])
def test_a_pin_that_is_easily_guessed_is_refused(desk: Desk, pin: str) -> None:
    code, said = refusal(desk.run("cashier", "pin", "7", "--stdin", typed=f"{pin}\n"))
    assert (code, said) == (
        2, "backoffice: A PIN has 4 to 8 digits, not all the same and not in a row.",
    )  # fmt: skip
    assert refusal(desk.run("cashier", "pin", "8", "--stdin", typed="80513\n"))[0] == 1
