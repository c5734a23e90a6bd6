"""`backoffice product` as a manager types it: real files, one sentence for what is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.backoffice.cli.test_commands import Desk, refusal
from tests.backoffice.world import MARKET

PASSWORD = "seven brown cows on a hill"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    (tmp_path / "market.toml").write_text(MARKET, "utf-8")
    made.out("apply", str(tmp_path / "market.toml"))
    return made


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One for all tests in which nothing changes."""
    folder: Path = tmp_path_factory.mktemp("still")
    made = Desk(folder)
    (folder / "market.toml").write_text(MARKET, "utf-8")
    made.out("apply", str(folder / "market.toml"))
    return made


def file(desk: Desk, text: str, name: str = "prices.csv", encoding: str = "utf-8") -> str:
    path = desk.folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def products(desk: Desk, *words: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(desk.out("product", "list", "--json", *words))
    return listed


def test_a_file_is_looked_at_first_and_then_taken(desk: Desk) -> None:
    path = file(desk, "编码,品名,单位,单价\n1,苹果,公斤,7.20\n2,香蕉,斤,5.98\n", encoding="gb18030")
    looked = desk.run("product", "import", path, "--dry-run")
    assert looked.stdout == "+      2 香蕉  5.98\n~      1 苹果  price 6.80 -> 7.20\n"
    assert looked.stderr == "1 new, 1 changed, 0 gone, 0 the same.\nNothing was changed.\n"
    assert [row["price"] for row in products(desk)] == ["6.80"]
    done = desk.run("product", "import", path, "--by", "li")
    assert done.stderr.endswith("new price list 2.\n")
    assert [(row["price"], row["changed_by"]) for row in products(desk)] == [
        ("7.20", "li"), ("5.98", "li")]  # fmt: skip
    assert [row["plu"] for row in products(desk, "xj")] == ["2"]
    again = desk.run("product", "import", path)
    assert again.stderr == (
        "0 new, 0 changed, 0 gone, 2 the same.\nprice list unchanged, version 2.\n"
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_imports_back_unchanged(desk: Desk, kind: str) -> None:
    desk.out("product", "set", "2", "name_zh==HYPERLINK(1)", "base=pc", "price=1.20", "origin=@x",
             "rules=3 for 3.00 2026-12-01..; 20% off", "category=-1", "--by", "li")  # fmt: skip
    path = str(desk.folder / f"out.{kind}")
    desk.out("product", "export", path, "--lang", "zh")
    before = products(desk)
    done = desk.run("product", "import", path, "--remove-missing")
    assert done.stderr.startswith("0 new, 0 changed, 0 gone, 2 the same.\n")
    assert products(desk) == before
    second = str(desk.folder / f"again.{kind}")
    desk.out("product", "export", second, "--lang", "zh")
    if kind == "csv":
        assert Path(path).read_bytes() == Path(second).read_bytes()


def test_what_a_file_does_not_name_stays_unless_it_is_said(desk: Desk) -> None:
    path = file(desk, "编码,品名,单位,单价\n2,香蕉,斤,5.98\n")
    assert "0 gone" in desk.run("product", "import", path).stderr
    assert len(products(desk)) == 2
    gone = desk.run("product", "import", path, "--remove-missing")
    assert "-      1 苹果" in gone.stdout
    assert [row["plu"] for row in products(desk)] == ["2"]


def test_a_price_that_jumps_is_shown_and_has_to_be_said_yes_to(desk: Desk) -> None:
    path = file(desk, "编码,单价\n1,9.00\n")
    code, says = refusal_after_shown(desk.run("product", "import", path))
    assert code == 1
    assert "1 prices move by more than 30 %; look at them, and say --yes." in says
    assert "new price list 2" in desk.run("product", "import", path, "--yes").stderr


def refusal_after_shown(done: Any) -> tuple[int, str]:
    assert "Traceback" not in done.stderr
    assert done.stdout == "!      1 苹果  price 6.80 -> 9.00\n"
    return done.returncode, done.stderr


def test_far_jumps_need_a_second_person_with_her_own_secret(desk: Desk) -> None:
    typed = ["user", "add", "wang", "--role", "manager", "--password-stdin"]
    assert desk.run(*typed, typed=f"{PASSWORD}\n").returncode == 0
    assert desk.run("cashier", "pin", "7", "--stdin", typed="4711\n").returncode == 0
    change = ["product", "set", "1", "price=68.00", "--yes", "--by", "li"]
    assert "a second person has to approve them" in desk.run(*change).stderr
    second = [*change, "--secret-stdin", "--approved-by"]
    for who, secret in (("wang", "wrong"), ("zhao", PASSWORD), ("7", "4712"), ("8", "4711")):
        done = desk.run(*second, who, typed=f"{secret}\n")
        assert (done.returncode, done.stdout) == (1, "")
        assert "The name or the secret of the second person is not right." in done.stderr
    own = ["product", "set", "1", "price=68.00", "--yes", "--by", "wang", "--secret-stdin"]
    done = desk.run(*own, "--approved-by", "wang", typed=f"{PASSWORD}\n")
    assert "has to be another one than wang" in done.stderr
    assert products(desk)[0]["price"] == "6.80"
    assert desk.run(*second, "wang", typed=f"{PASSWORD}\n").returncode == 0
    assert products(desk)[0]["price"] == "68.00"
    back = ["product", "set", "1", "price=6.80", "--yes", "--by", "li", "--secret-stdin"]
    assert desk.run(*back, "--approved-by", "7", typed="4711\n").returncode == 0
    for kept in (desk.folder / "state").glob("office.*"):
        assert PASSWORD.encode() not in kept.read_bytes()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "编码,单价\n1,-6.80\n",
            "row 2, column B (单价): '-6.80' is not a price; write it as 6.80.",
        ),
        ("编码,单价\n1,680000\n", "row 2, column B (单价): 680000 is above the highest price"),
        (
            "编码,单价\n1,7\n1,8\n",
            "row 3, column A (编码): PLU 1 stands there twice, first at row 2",
        ),
        ("编码,价钱\n1,7\n", "Row 1, column B: the heading '价钱' is not known"),
        ("编码,单价\n1,=1+1\n", "row 2, column B (单价): '=1+1' is not a price"),
        ("编码,单价\n9,1\n", "row 2, column base: base '' is none of"),
    ],
)
def test_a_bad_file_names_row_and_column_and_nothing_is_taken(
    still: Desk, text: str, says: str
) -> None:
    done = still.run("product", "import", file(still, text))
    code, sentence = refusal(done)
    assert code == 2
    assert says in sentence
    assert "list 1" not in sentence


def test_many_faults_are_listed_in_a_dry_run(still: Desk) -> None:
    path = file(still, "编码,单价\n" + "".join(f"{n},x\n" for n in range(1, 80)))
    done = still.run("product", "import", path, "--dry-run", "--json")
    assert done.returncode == 2
    assert len(json.loads(done.stdout)["faults"]) == 50
    done = still.run("product", "import", path)
    assert "And 49 more." in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("import", "nowhere.csv"), 2, "nowhere.csv cannot be read"),
        (("import", "."), 2, "cannot be read"),
        (("export", "x.pdf"), 2, "Name the file .csv or .xlsx."),
        (("export", "/nowhere/x.csv"), 2, "cannot be written"),
        (("show", "77"), 1, "There is no PLU 77."),
        (("remove", "77"), 1, "There is no PLU 77."),
        (("set", "1", "price"), 2, "'price' is not FIELD=TEXT"),
        (("set", "1", "prize=1"), 2, "the fields are barcode base batch"),
        (("set", "0", "price=1"), 2, "'0' is not a PLU"),
        (("set", "1", "price=7", "--from", "soon"), 2, "'soon' is no moment"),
        (("set", "1", "price=7", "--from", "2020-01-01"), 1, "has passed"),
        (("limits", "--jump", "-1", "--second", "5"), 2, "A limit is a percentage"),
    ],
)
def test_nonsense_is_a_sentence(still: Desk, words: tuple[str, ...], code: int, says: str) -> None:
    done = still.run("product", *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
    assert says in done.stderr


def test_after_all_that_nothing_is_changed(still: Desk) -> None:
    assert json.loads(still.out("product", "show", "1", "--json"))["price"] == "6.80"
    [newest] = json.loads(still.out("prices", "history", "--json"))
    assert newest["version"] == 1


def test_products_are_shown_in_columns_and_removed(desk: Desk) -> None:
    desk.out("product", "set", "20", "name_zh=鸡蛋", "name_en=Egg", "base=个", "price=1.20")
    assert desk.out("product", "list") == (
        "     1  苹果 Apple                    kg     6.80 6.46  \n"
        "    20  鸡蛋 Egg                      pc     1.20  \n"
    )
    assert "price       1.20" in desk.out("product", "show", "20")
    assert desk.out("product", "list", "dan") == ""
    desk.out("product", "remove", "20", "--by", "li")
    assert [row["plu"] for row in products(desk)] == ["1"]


def test_a_change_may_be_put_off(desk: Desk) -> None:
    done = desk.run("product", "set", "1", "price=7.20", "--from", "2099-01-01 06:00")
    assert done.stderr.endswith("Change 1 waits for its time.\n")
    assert products(desk)[0]["price"] == "6.80"
