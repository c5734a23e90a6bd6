"""The till dies after any key; the printer stops in a receipt; keys change under a question."""

from pathlib import Path

import msgspec
import pytest

from broker.seal import terminal_key
from scale_app.view import Stage
from tests.backoffice.world import MASTER
from tests.scale_app.terminal.stall import TERMINAL, Stall, sales

KEYS = "9988998="


@pytest.mark.parametrize("count", range(len(KEYS) + 1))
def test_a_till_that_dies_after_any_key_has_its_lines_or_its_sale(
    tmp_path: Path, count: int
) -> None:
    stall = Stall(tmp_path)
    stall.keys(KEYS[:count])
    lines, shown = stall.view.lines, stall.view.stage
    stall.kill()
    stall.start()
    kept = stall.journal.last_sales(9)
    if shown is Stage.PAID:
        assert (stall.said, len(kept), stall.view.lines) == ("last-sale-paid", 1, ())
    else:
        assert (stall.view.lines, kept) == (lines, [])
        assert stall.view.stage is Stage.SELLING
    stall.keys(KEYS[count:])
    stall.settle()
    assert sales(stall) == 1
    assert stall.office.balance("drawer/S03-12") == -(4 * 100 + 3 * 500)


def test_a_receipt_that_ends_in_the_middle_is_there_whole_as_a_copy_of_the_same_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall = Stall(tmp_path)

    def out_of_paper(file: Path, text: str, encoding: str) -> int:
        with file.open("w", encoding=encoding) as paper:
            paper.write(text[: len(text) // 2])
        raise OSError("out of paper")

    with monkeypatch.context() as patched:
        # The paper ends, not a part of ours.
        patched.setattr(Path, "write_text", out_of_paper)
        stall.keys("98=")
    assert stall.view.stage is Stage.PAID
    [half] = (tmp_path / "till" / "receipts").rglob("*.txt")
    assert "TOTAL" not in half.read_text("utf-8").upper()
    stall.kill()
    stall.start()
    whole = "\n".join(stall.view.receipt)
    assert "COPY" in whole
    assert "000001" in whole
    assert "6.00" in whole
    stall.keys("9=")
    assert stall.view.receipt_number == 2
    stall.settle()
    assert sales(stall) == 2


def test_keys_that_change_between_question_and_answer_lose_and_double_nothing(
    tmp_path: Path,
) -> None:
    stall = Stall(tmp_path)
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = stall.wire.hold
    stall.tap(card)
    assert stall.balance(card) == "95.00", "the office has booked it"
    stall.office.command("terminal.enrol", terminal=TERMINAL)
    stall.wire.down = lambda _topic, frame: frame
    stall.wire.release()
    stall.pump()
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-card")
    stall.keys("9=")
    stall.wait(20)
    assert (sales(stall), stall.view.links.unsent > 0) == (0, True), "the old key is worth nothing"
    assert "bad-seal" in stall.office.quarantined()
    stall.kill()
    enrolment = stall.settings.enrolment
    terminal = msgspec.structs.replace(enrolment.terminal, key_number=2)
    renewed = msgspec.structs.replace(
        enrolment, terminal=terminal, mac_key=terminal_key(MASTER, TERMINAL, 2)
    )
    stall.settings = msgspec.structs.replace(stall.settings, enrolment=renewed)
    stall.start()
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("95.00", 2)
    assert stall.office.balance("drawer/S03-12") == -100


def test_without_a_scale_the_pan_is_lost_from_the_start_and_time_changes_nothing(
    tmp_path: Path,
) -> None:
    stall = Stall(tmp_path)
    stall.keys("98")
    before = stall.core._desk
    assert (before.pan.refusal, before.pan.empty) == ("lost", True)
    stall.core.tick()
    assert stall.core._desk is before
