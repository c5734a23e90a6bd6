"""A label from the pan to the printer, and back into a basket by its code."""

from pathlib import Path

import msgspec
import pytest

from scale_app.config import ScaleTable, Settings
from scale_app.events import BarcodeScanned, Key, KeyPressed
from scale_app.view import Stage
from tests.scale_app.terminal import stall as stalls
from tests.scale_app.terminal.stall import Stall
from tests.scale_app.terminal.test_sold import APPLES, SOLD, Counter, figures

LABELLED = APPLES.replace("issuer = 6200\n", 'issuer = 6200\nlabels = ["HOUSE"]\n')


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter:
    plain = stalls.settings

    def with_scale(folder: Path, tap: str) -> Settings:
        scale = ScaleTable(port=str(folder / "nothing"), protocol="toledo-continuous")
        return msgspec.structs.replace(plain(folder, tap), scale=scale)

    monkeypatch.setattr(stalls, "MARKET", LABELLED)
    monkeypatch.setattr(stalls, "settings", with_scale)
    return Counter(tmp_path)


def press(stall: Stall, key: Key) -> None:
    stall.queue.append(KeyPressed(key))
    stall.pump()


def printed(counter: Counter) -> list[Path]:
    return sorted(counter.folder.rglob("label*.txt"))


def test_a_label_is_printed_and_its_code_is_sold_at_its_price(counter: Counter) -> None:
    counter.sells()
    press(counter, Key.LABEL)
    assert (counter.said, counter.view.lines) == ("label-printed", ())
    (file,) = printed(counter)
    text = file.read_text("utf-8")
    assert "Net weight              1.235 kg" in text
    assert "Unit price               6.80/kg" in text
    assert "PRICE CNY                   8.40" in text
    code = next(row.strip() for row in text.splitlines() if row.strip().startswith("23"))
    press(counter, Key.ITEM)
    counter.queue.append(BarcodeScanned(code))
    counter.pump()
    assert [line.amount for line in counter.view.lines] == ["8.40"]
    press(counter, Key.ENTER)
    assert counter.view.stage is Stage.PAID


def test_the_three_figures_stay_while_the_labelled_goods_lie_there(counter: Counter) -> None:
    counter.sells()
    press(counter, Key.LABEL)
    for _ in range(15):
        assert figures(counter.shows(1235)) == SOLD
    for _ in range(15):
        counter.shows(0)
    assert figures(counter.view) == ("0.000", None, None)


def test_the_load_of_a_label_is_not_sold_once_more(counter: Counter) -> None:
    counter.sells()
    press(counter, Key.LABEL)
    counter.shows(1235)
    counter.keys("1")
    assert (counter.said, counter.view.lines) == ("same-load", ())
    line_hash = bytes.fromhex(printed(counter)[0].read_text("utf-8").split()[-1])
    found = counter.journal.evidence(line_hash)
    assert found is not None
    assert (found.gross, found.net) == (1235, 1235)


def test_without_a_printer_there_is_no_label_and_the_load_can_be_weighed_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.sells()
    monkeypatch.setattr(Path, "write_text", _no_room)
    press(counter, Key.LABEL)
    assert (counter.said, printed(counter)) == ("label-not-printed", [])
    monkeypatch.undo()
    counter.shows(1235)
    counter.keys("1")
    counter.shows(1235)
    assert len(counter.view.lines) == 1


def _no_room(*_words: object, **_keys: object) -> int:
    raise OSError(28, "No space left on device")
