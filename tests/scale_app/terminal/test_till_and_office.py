"""The till's core and the real office, with a wire between them that does what wires do."""

from pathlib import Path

import msgspec
import pytest

from backoffice.product_view import prices_status
from broker.codec import decode, encode_prices
from broker.messages import Kind, PackedPrices, SignedPrices
from broker.pricelist import PriceList
from broker.seal import split
from scale_app.tender_machine import TenderState
from scale_app.view import LinkState, Stage
from tests.scale_app.terminal.stall import MARKET, Stall, drop, sales

K = Kind


@pytest.fixture
def stall(tmp_path: Path) -> Stall:
    return Stall(tmp_path)


def test_the_first_start_signs_on_takes_the_list_and_sells(stall: Stall) -> None:
    assert stall.view.stage is Stage.SELLING
    assert (stall.view.links.net, stall.journal.standing().epoch) == (LinkState.OK, 1)
    assert [item.name for item in stall.view.items] == ["Melon", "Eggs"]


def test_cash_never_waits_for_the_network(stall: Stall) -> None:
    stall.cut()
    stall.keys("98=")
    assert (stall.view.stage, stall.view.total, stall.said) == (Stage.PAID, "6.00", "paid-cash")
    assert (stall.view.links.net, stall.view.links.unsent) == (LinkState.OFF, 1)
    assert sales(stall) == 0
    stall.settle()
    assert sales(stall) == 1
    assert stall.office.balance("drawer/S03-12") == -600


def test_a_card_sale_is_paid_with_the_balance_after(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("99")
    stall.tap(card)
    assert (stall.view.stage, stall.view.total, stall.said) == (Stage.PAID, "1.80", "paid-card")
    assert stall.view.card is not None
    assert stall.view.card.balance == "98.20"
    assert stall.balance(card) == "98.20"
    stall.settle()
    assert (stall.kinds(), sales(stall)) == ([K.INTENT, K.PAID], 1)


def test_the_outcome_goes_within_a_second_when_nothing_else_is_due(stall: Stall) -> None:
    stall.keys("9")
    stall.tap(stall.issue())
    assert stall.view.links.unsent == 1
    stall.wait(1.0)
    assert stall.view.links.unsent == 0


def test_the_outcome_rides_with_the_next_question(stall: Stall) -> None:
    first, second = stall.issue(), stall.issue()
    stall.keys("9")
    stall.tap(first)
    before = len(stall.wire.sent)
    stall.keys("9")
    stall.tap(second)
    asked = [topic for topic, _ in stall.wire.sent[before:] if topic.endswith("/a")]
    stored = [topic for topic, _ in stall.wire.sent[before:] if topic.endswith("/s")]
    assert (asked, stored) == (["u/S03-12/a"], [])
    stall.settle()
    assert sales(stall) == 2


def test_offline_the_card_is_refused_with_a_sentence(stall: Stall) -> None:
    card = stall.issue()
    stall.cut()
    stall.keys("9")
    stall.tap(card)
    assert (stall.view.stage, stall.said) == (Stage.REFUSED, "card-offline")
    stall.keys("=")
    assert stall.view.stage is Stage.PAID


def test_too_little_money_leaves_the_basket_for_cash(stall: Stall) -> None:
    card = stall.issue(1)
    stall.keys("88")
    stall.tap(card)
    assert (stall.view.stage, stall.said) == (Stage.REFUSED, "insufficient")
    assert stall.view.message is not None
    assert stall.view.message.params == {"balance": "1.00", "total": "10.00"}
    stall.keys("=")
    stall.settle()
    assert stall.kinds() == [K.INTENT, K.DECLINED, K.PAID]
    assert (stall.balance(card), sales(stall)) == ("1.00", 1)


def test_a_level_the_card_does_not_have_is_priced_anew(stall: Stall) -> None:
    card = stall.issue(100, level=1)
    card.level = 2
    stall.keys("9")
    stall.tap(card)
    assert (stall.said, stall.view.total) == ("price-changed", "0.90")
    card.level = 1
    stall.tap(card)
    assert (stall.view.stage, stall.balance(card)) == (Stage.PAID, "99.10")
    stall.settle()
    assert sales(stall) == 1


def test_a_lost_answer_is_asked_for_again_and_booked_once(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = drop
    stall.tap(card)
    assert stall.view.stage is Stage.ASKING
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(2.1)
    assert (stall.view.stage, stall.balance(card)) == (Stage.PAID, "95.00")
    stall.settle()
    assert (stall.kinds(), sales(stall)) == ([K.INTENT, K.PAID], 1)


def test_without_any_answer_the_card_is_not_charged(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = drop
    stall.tap(card)
    assert stall.balance(card) == "95.00", "the office has booked it"
    stall.wait(1.9)
    assert stall.said == "asking"
    stall.wait(0.3)
    assert (stall.said, stall.view.links.net) == ("asking-slow", LinkState.SLOW)
    stall.wait(4.0)
    assert (stall.view.stage, stall.said) == (Stage.REFUSED, "not-charged")
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("100.00", 0)
    assert stall.kinds() == [K.INTENT, K.REVERSING, K.REVERSED]


def test_cash_instead_of_a_silent_office_charges_the_card_nothing(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = drop
    stall.tap(card)
    stall.keys("=")
    assert stall.view.stage is Stage.ASKING
    stall.wait(2.1)
    stall.keys("==")
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-cash")
    stall.settle()
    assert stall.kinds() == [K.INTENT, K.REVERSING, K.PAID, K.REVERSED]
    assert (stall.balance(card), sales(stall)) == ("100.00", 1)
    assert stall.office.balance("drawer/S03-12") == -500


def test_the_refusal_of_a_spoilt_copy_is_no_decline_the_card_gets_its_money_back(
    stall: Stall,
) -> None:
    """The office refuses what it cannot read; the question itself it has approved."""
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = drop
    stall.tap(card)
    assert stall.balance(card) == "95.00"
    topic, frame = stall.wire.sent[-1]
    stall.wire.down = lambda _topic, frame: frame
    spoilt = bytes([frame[0] ^ 1]) + frame[1:]
    for out in stall.office.receive(topic, spoilt):
        stall.wire.deliver(out.topic, out.payload)
    stall.pump()
    assert stall.view.stage is Stage.REFUSED
    stall.settle()
    assert stall.kinds() == [K.INTENT, K.REVERSING, K.REVERSED]
    assert (stall.balance(card), sales(stall)) == ("100.00", 0)


def test_prices_alone_begin_no_selling_before_the_first_sign_on_is_answered(
    tmp_path: Path,
) -> None:
    held: list[tuple[str, bytes]] = []

    class Deaf(Stall):
        def connect(self) -> None:
            self.wire.down = lambda topic, frame: (
                frame if topic.endswith("/p") else held.append((topic, frame))
            )
            super().connect()

    stall = Deaf(tmp_path)
    stall.keys("9=")
    assert (stall.view.stage, stall.said) == (Stage.NOT_READY, "needs-network-once")
    stall.wire.down = lambda _topic, frame: frame
    for topic, frame in held:
        stall.wire.deliver(topic, frame)
    stall.keys("9=")
    assert (stall.view.stage, stall.said) == (Stage.PAID, "paid-cash")


def test_a_list_that_was_lost_comes_again_with_the_second_heartbeat(stall: Stall) -> None:
    stall.wire.down = lambda topic, frame: None if topic.endswith("/p") else frame
    dearer = MARKET.replace('"1.00", "0.90", "0.80"', '"2.00"')
    stall.office.command("apply", text=dearer)
    stall.cut()
    stall.connect()
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(61)
    stall.keys("9")
    assert stall.view.total == "2.00"


def test_a_late_or_double_approval_changes_nothing(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.wire.down = stall.wire.hold
    stall.tap(card)
    stall.wait(2.1)
    stall.keys("<")
    assert stall.said == "given-up"
    stall.wire.release()
    stall.pump()
    assert stall.view.stage is Stage.REFUSED
    stall.settle()
    assert (stall.balance(card), sales(stall)) == ("100.00", 0)
    assert stall.journal.last_sales(9) == []


def test_an_answer_to_another_question_is_a_strangers(stall: Stall) -> None:
    first, second = stall.issue(100), stall.issue(1)
    stall.keys("9")
    stall.wire.down = stall.wire.hold
    stall.tap(first)
    [approval] = [m for m in stall.wire.held if m.arrived.topic.endswith("/a")]
    stall.wire.release()
    stall.wire.down = drop
    stall.pump()
    stall.keys("8")
    stall.tap(second)
    stall.queue.append(approval)
    stall.pump()
    assert stall.view.stage is Stage.ASKING


@pytest.mark.parametrize("place", [0, 20, -1])
def test_a_spoilt_answer_is_not_believed(stall: Stall, place: int) -> None:
    card = stall.issue(100)
    stall.keys("8")

    def spoil(_topic: str, frame: bytes) -> bytes:
        spoilt = bytearray(frame)
        spoilt[place] ^= 1
        return bytes(spoilt)

    stall.wire.down = spoil
    stall.tap(card)
    stall.wait(1.0)
    assert stall.said == "asking"
    stall.wire.down = lambda _topic, frame: frame
    stall.wait(1.2)
    assert stall.view.stage is Stage.PAID


@pytest.mark.parametrize(
    "frame", [b"", b"x", b"[" * 70_000, bytes(17), b"\x9a\xff\xfe" * 30, b"\xdc" + bytes(40)]
)
def test_rubbish_from_the_wire_is_counted_and_dropped(stall: Stall, frame: bytes) -> None:
    for channel in "akp":
        stall.wire.deliver(f"d/S03-12/{channel}", frame)
    stall.wire.deliver("d/S03-99/k", frame)
    stall.pump()
    stall.keys("9=")
    assert stall.view.stage is Stage.PAID


def test_a_new_list_comes_while_selling_and_an_older_one_is_refused(stall: Stall) -> None:
    stall.keys("9")
    old = [frame for topic, frame in _prices(stall)]
    dearer = MARKET.replace('"1.00", "0.90", "0.80"', '"2.00"')
    stall.office.command("apply", text=dearer)
    stall.cut()
    stall.connect()
    assert stall.view.total == "1.00"
    stall.keys("=")
    stall.keys("9")
    assert stall.view.total == "2.00"
    for frame in old:
        stall.wire.deliver("d/S03-12/p", frame)
    stall.keys("=9")
    assert stall.view.total == "2.00"


def _prices(stall: Stall) -> list[tuple[str, bytes]]:
    seen: list[tuple[str, bytes]] = []
    kept = stall.wire.down

    def watch(topic: str, frame: bytes) -> bytes:
        if topic.endswith("/p"):
            seen.append((topic, frame))
        return frame

    stall.wire.down = watch
    stall.core._books.office.lists.version = 0  # type: ignore[union-attr]
    stall.cut()
    stall.connect()
    stall.wire.down = kept
    assert seen
    return seen


def test_the_shift_agrees_with_the_office(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("9=")
    stall.keys("8")
    stall.tap(card)
    stall.keys("ss=")
    assert stall.said == "shift-closed"
    assert any("6.00" in row for row in stall.view.receipt)
    stall.settle()
    assert stall.kinds()[-1] == K.Z
    assert stall.office.alerts() == []
    stall.keys("9=")
    assert stall.journal.standing().shift == 2


def test_a_balance_inquiry_shows_what_is_left_and_books_nothing(stall: Stall) -> None:
    card = stall.issue(100)
    stall.tap(card)
    assert stall.said == "card-known"
    assert stall.view.card is not None
    assert stall.view.card.balance == "100.00"
    assert stall.kinds() == []


def test_a_tender_is_paid_in_the_journal_before_the_screen_says_so(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.tap(card)
    [kept] = stall.journal.last_sales(1)
    assert stall.view.receipt_number == kept.receipt
    assert stall.journal.tender_state(kept.op, 1) is TenderState.PAID


def test_no_secret_and_no_whole_card_number_is_in_what_is_shown(stall: Stall) -> None:
    card = stall.issue(100)
    stall.keys("8")
    stall.tap(card)
    shown = msgspec.json.encode(stall.view).decode()
    assert str(card.number) not in shown
    assert card.token.hex() not in shown


def _told_again(stall: Stall) -> list[type]:
    """The office sends its list to the till again; kinds of the messages on the wire."""
    kinds: list[type] = []
    kept = stall.wire.down

    def watch(topic: str, frame: bytes) -> bytes:
        if topic.endswith("/p"):
            kinds.append(type(decode(split(frame)[0])))
        return frame

    stall.wire.down = watch
    stall.cut()
    stall.connect()
    stall.wire.down = kept
    return kinds


def test_a_changed_price_comes_as_a_change_and_the_till_says_so(stall: Stall) -> None:
    stall.office.command("product.save", plu=9, set={"price": "1.10"}, by="li")
    assert _told_again(stall) == [PackedPrices]
    stall.keys("9")
    assert stall.view.total == "1.10"
    [row] = prices_status(stall.office.desk.store)
    assert (row["has"], row["state"]) == (2, "has-it")


def test_a_till_whose_list_is_not_the_one_it_says_asks_for_the_whole(stall: Stall) -> None:
    # Another list of the same version: what the office would never send.
    journal = stall.journal
    before = journal.prices() or PriceList(0, "", "", [], [])
    other = encode_prices(msgspec.structs.replace(before, levels=["shelf"]))
    journal.keep_prices(SignedPrices(1, K.PRICES, 1, other, bytes(64)), stall.office.now)
    stall.office.command("product.save", plu=9, set={"price": "1.10"}, by="li")
    _told_again(stall)
    stall.pump()
    stall.keys("9")
    assert stall.view.total == "1.10"
    kept = journal.prices()
    assert kept is not None
    assert (kept.version, kept.levels) == (2, ["shelf", "silver", "gold"])
