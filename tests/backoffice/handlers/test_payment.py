"""One card payment from question to books, and everything that can come twice, late or never."""

import pytest

from broker.codec import Form, encode
from broker.messages import (
    AskBalance,
    Authorised,
    CardStanding,
    Code,
    Declined,
    Kind,
    Question,
    Reversed,
    Undone,
)
from broker.refund import When, mirror
from broker.sale import Sale, Tender, TenderKind
from broker.seal import sealed
from tests.backoffice.world import (
    DAY,
    Scale,
    World,
    card_sale,
    cash_sale,
    new_op,
    pieces,
)


def principal(card: Tender) -> str:
    return f"card/{card.card}/principal"


def sums(world: World) -> int:
    _, rows = world.desk.store.report_text("SELECT sum(balance) FROM account")
    return int(rows[0][0])


@pytest.mark.parametrize("form", Form)
def test_an_approved_sale_moves_the_money_at_once_and_becomes_rows_when_paid(
    world: World, form: Form
) -> None:
    scale, card, op = Scale(world, form=form), world.card(10_000), new_op()
    answer = scale.ask(scale.intent(card, 840, op))
    assert (answer.code, answer.rid, answer.attempt) == (Code.OK, op, 1)
    assert isinstance(answer.content, Authorised)
    assert (answer.content.balance, answer.content.token_seq) == (9_160, 2)
    assert (len(answer.content.token), answer.content.upto) == (8, 1)
    assert world.balance(principal(card)) == 9_160
    assert world.count("sale") == 0
    receipt = scale.upload(scale.paid(op))
    assert (receipt.upto, receipt.head) == (2, scale.prev)
    assert (world.count("sale"), world.count("sale_line"), world.count("sale_tender")) == (1, 1, 1)
    assert world.balance("sales/S03") == 840
    assert sums(world) == 0


def test_the_same_request_twice_gets_the_same_bytes_and_one_booking(
    world: World, scale: Scale
) -> None:
    card = world.card(10_000)
    body = scale.intent(card)
    first = scale.send("a", body)
    world.now += 5_000
    second = scale.send("a", body)
    assert first[0].payload == second[0].payload
    assert world.balance(principal(card)) == 9_160
    assert world.count("transfer") == 2  # opening balance and the payment


def test_another_content_under_the_same_operation_is_a_conflict(world: World, scale: Scale) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    answer = scale.ask(scale.intent(card, 100, op))
    assert answer.code == Code.CONFLICT
    assert world.balance(principal(card)) == 9_160
    assert world.alerts() == ["operation-conflict"]


def test_another_content_under_the_same_number_is_a_conflict_and_the_first_stays(
    world: World, scale: Scale
) -> None:
    card = world.card(10_000)
    scale.ask(scale.intent(card, 840))
    scale.seq = 0
    answer = scale.ask(scale.intent(card, 100))
    assert answer.code == Code.CONFLICT
    assert world.balance(principal(card)) == 9_160
    assert world.alerts() == ["entry-conflict"]
    assert world.quarantined() == ["conflict"]


def test_a_reversal_gives_the_money_back_once(world: World, scale: Scale) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    undo = scale.reversing(op)
    first, second = scale.send("a", undo), scale.send("a", undo)
    assert first[0].payload == second[0].payload
    assert world.balance(principal(card)) == 10_000
    assert world.balance("sales/S03") == 0
    assert scale.ask(undo).content == Undone(was=Code.OK, upto=2)


def test_a_reversal_that_comes_before_its_question_is_a_tombstone(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    late = scale.intent(card, 840, op)
    answer = scale.ask(scale.reversing(op))
    assert (answer.code, answer.content) == (Code.OK, Undone(was=Code.REVERSED, upto=0))
    first, second = scale.send("a", late), scale.send("a", late)
    assert scale.ask(late).code == Code.REVERSED
    assert first[0].payload == second[0].payload
    assert world.balance(principal(card)) == 10_000


def test_a_question_repeated_after_its_reversal_is_not_approved_again(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    body = scale.intent(card, 840, op)
    assert scale.ask(body).code == Code.OK
    scale.ask(scale.reversing(op))
    assert scale.ask(body).code == Code.REVERSED
    assert world.balance(principal(card)) == 10_000


def test_a_paid_sale_is_not_reversed(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    op = scale.pay(card)
    assert scale.ask(scale.reversing(op)).code == Code.CONFLICT
    assert world.balance(principal(card)) == 9_160
    assert world.alerts() == ["reversal-refused"]


def test_an_uploaded_intent_authorises_nothing_and_may_still_be_asked(
    world: World, scale: Scale
) -> None:
    card = world.card(10_000)
    body = scale.intent(card)
    assert scale.upload(body).upto == 1
    assert world.balance(principal(card)) == 10_000
    assert scale.ask(body).code == Code.OK
    assert world.balance(principal(card)) == 9_160


def test_an_intent_inside_a_batch_authorises_nothing_unless_it_is_the_last(
    world: World, scale: Scale
) -> None:
    card, other = world.card(10_000), world.card(10_000)
    answer = scale.ask(scale.batch(scale.intent(card), scale.intent(other)))
    assert answer.code == Code.OK
    assert (world.balance(principal(card)), world.balance(principal(other))) == (10_000, 9_160)


def test_the_outcome_rides_with_the_next_question_and_one_answer_receipts_both(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    world.now += 60_000
    out = scale.send("a", scale.batch(scale.paid(op), scale.intent(world.card(500), 100)))
    assert [one.topic for one in out] == ["d/S03-12/a"]
    assert world.count("sale") == 1


def test_paid_without_approval_is_booked_all_the_same_and_alarms(
    world: World, scale: Scale
) -> None:
    card, op = world.card(500), new_op()
    intent = scale.intent(card, 840, op)
    scale.upload(intent, scale.paid(op))
    assert world.balance(principal(card)) == -340
    assert world.count("sale") == 1
    assert world.alerts() == ["stand-in", "card-in-debt"]
    assert scale.ask(intent).code == Code.REVERSED
    assert world.balance(principal(card)) == -340


def test_paid_before_its_intent_waits_for_it(world: World, scale: Scale) -> None:
    card, op = world.card(10_000), new_op()
    intent, paid = scale.intent(card, 840, op), scale.paid(op)
    receipt = scale.upload(paid)
    assert (receipt.upto, receipt.missing) == (0, [1])
    assert world.count("sale") == 0
    assert scale.upload(intent).upto == 2
    assert world.count("sale") == 1
    assert world.balance(principal(card)) == 9_160


@pytest.mark.parametrize("kind", [TenderKind.CASH, TenderKind.STORED_VALUE])
def test_a_refund_that_comes_before_its_sale_waits_for_it(
    world: World, scale: Scale, kind: TenderKind
) -> None:
    card = world.card()
    op, back = new_op(), new_op()
    sale = cash_sale() if kind is TenderKind.CASH else card_sale(card)
    if kind is TenderKind.CASH:
        bodies = [scale.paid(op, sale)]
    else:
        bodies = [scale.intent(card, op=op), scale.paid(op)]
    refund = scale.paid(back, mirror(sale, op, When(DAY, 1, 7)))
    scale.upload(refund)
    assert (world.count("sale"), world.alerts()) == (0, [])
    scale.upload(*bodies)
    scale.upload(*bodies)
    assert world.count("sale") == 2
    assert "refund-too-much" not in world.alerts()
    assert world.balance(f"card/{card.card}/principal") == 10_000
    assert (world.balance("suspense"), world.balance("sales/S03")) == (0, 0)


def test_a_cash_sale_comes_whole_and_once(world: World, scale: Scale) -> None:
    body = scale.paid(new_op(), cash_sale(840))
    for _ in range(3):
        assert scale.upload(body).upto == 1
    assert world.count("sale") == 1
    assert world.balance("drawer/S03-12") == -840
    assert world.balance("sales/S03") == 840


def test_a_faulty_cash_sale_is_kept_flagged_and_never_repriced(world: World, scale: Scale) -> None:
    sale = Sale(1, DAY, 1, 7, 1, None, 0, 840, [pieces(850)], [], [Tender(1, 840)])
    scale.upload(scale.paid(new_op(), sale))
    assert world.alerts() == ["faulty-sale"]
    _, rows = world.desk.store.report_text("SELECT total, faults FROM sale")
    assert rows == [(840, "total-is-not-lines")]
    assert sums(world) == 0


def test_a_faulty_question_is_declined(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    sale = card_sale(card)
    wrong = Sale(1, DAY, 1, 7, 1, None, 0, 840, [pieces(850)], [], sale.tenders)
    assert scale.ask(scale.entry(Kind.INTENT, new_op(), wrong)).code == Code.SUM_MISMATCH


def test_a_question_older_than_two_minutes_is_stale(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    scale.at = world.now - 120_001
    assert scale.ask(scale.intent(card)).code == Code.STALE
    scale.at = world.now - 119_000
    assert scale.ask(scale.intent(card)).code == Code.OK


def test_declines_say_why_and_move_nothing(world: World, scale: Scale) -> None:
    poor, gone = world.card(100), world.card(10_000, valid_to=DAY - 1)
    blocked, member = world.card(10_000), world.card(kind=1, level=1)
    world.command("card.block", number=blocked.card)
    codes = [
        scale.ask(scale.intent(card)).code
        for card in (poor, gone, blocked, member, Tender(2, 0, 620_000_000_099_999))
    ]
    assert codes == [
        Code.INSUFFICIENT, Code.EXPIRED, Code.BLOCKED, Code.NO_PURSE, Code.UNKNOWN_CARD,
    ]  # fmt: skip
    assert world.balance("sales/S03") == 0


def test_an_insufficient_answer_tells_the_balance(world: World, scale: Scale) -> None:
    content = scale.ask(scale.intent(world.card(100))).content
    assert isinstance(content, Authorised)
    assert content.balance == 100


def test_a_member_at_the_wrong_price_is_declined_with_the_right_level(
    world: World, scale: Scale
) -> None:
    card = world.card(10_000, kind=3, level=1)
    sale = card_sale(card, 840, member=card.card, level=0)
    answer = scale.ask(scale.entry(Kind.INTENT, new_op(), sale))
    assert answer.code == Code.PRICE_LEVEL
    assert isinstance(answer.content, Authorised)
    assert answer.content.level == 1
    right = card_sale(card, 840, member=card.card, level=1)
    assert scale.ask(scale.entry(Kind.INTENT, new_op(), right)).code == Code.OK


def test_a_level_without_a_member_is_declined(world: World, scale: Scale) -> None:
    sale = card_sale(world.card(10_000), 840, member=None, level=1)
    assert scale.ask(scale.entry(Kind.INTENT, new_op(), sale)).code == Code.PRICE_LEVEL


def test_a_card_whose_new_token_was_never_written_still_pays(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    for _ in range(3):
        world.now += 60_000
        assert scale.ask(scale.intent(card, 100)).code == Code.OK
    assert world.alerts() == []


def test_a_copied_card_is_found_when_the_other_one_moved_on(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    content = scale.ask(scale.intent(card, 100)).content
    assert isinstance(content, Authorised)
    moved_on = Tender(2, 0, card.card, content.token_seq, content.token)
    world.now += 60_000
    later = scale.ask(scale.intent(moved_on, 100)).content
    assert isinstance(later, Authorised)
    assert scale.ask(scale.intent(card, 100)).code == Code.TOKEN
    assert world.alerts() == ["cloned-card"]


def test_a_lost_token_is_forgiven_once_in_a_row(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    lost = Tender(2, 0, card.card, 0, bytes(8))
    assert scale.ask(scale.intent(lost, 100)).code == Code.OK
    world.now += 60_000
    assert scale.ask(scale.intent(lost, 100)).code == Code.TOKEN
    assert world.alerts() == ["token-lost", "cloned-card"]


def test_the_same_card_twice_in_ten_seconds_is_approved_and_reported(
    world: World, scale: Scale
) -> None:
    card = world.card(10_000)
    scale.ask(scale.intent(card, 100))
    world.now += 3_000
    assert scale.ask(scale.intent(card, 100)).code == Code.OK
    assert world.alerts() == ["repeated-payment"]


def test_four_tills_at_one_card_with_money_for_one(world: World) -> None:
    card = world.card(1_000)
    tills = [Scale(world, name) for name in ("S03-12", "S03-13")] * 2
    codes = [till.ask(till.intent(card, 1_000)).code for till in tills]
    assert sorted(codes) == [Code.OK] + [Code.INSUFFICIENT] * 3
    assert world.balance(principal(card)) == 0


def test_two_stored_value_tenders_are_more_than_one_question_can_ask(
    world: World, scale: Scale
) -> None:
    one, two = world.card(10_000), world.card(10_000)
    tenders = [Tender(2, 420, one.card, 1, one.token), Tender(2, 420, two.card, 1, two.token)]
    sale = Sale(1, DAY, 1, 7, 1, None, 0, 840, [pieces(840)], [], tenders)
    assert scale.ask(scale.entry(Kind.INTENT, new_op(), sale)).code == Code.MALFORMED


def test_a_negative_payment_does_not_fill_a_card(world: World, scale: Scale) -> None:
    card = world.card(10_000)
    assert scale.ask(scale.intent(card, -500)).code == Code.MALFORMED
    assert world.balance(principal(card)) == 10_000


def test_a_scale_that_says_declined_where_we_approved_raises_an_alert(
    world: World, scale: Scale
) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    scale.upload(scale.entry(Kind.DECLINED, op, Declined(Code.BLOCKED)))
    assert world.alerts() == ["outcome-mismatch"]


def test_a_reversed_operation_closes_without_an_alert(world: World, scale: Scale) -> None:
    card, op = world.card(10_000), new_op()
    scale.ask(scale.intent(card, 840, op))
    scale.ask(scale.reversing(op))
    scale.upload(scale.entry(Kind.REVERSED, op, Reversed(Code.OK)))
    assert world.alerts() == []


def ask_balance(scale: Scale, card: Tender, token: bytes) -> tuple[int, CardStanding]:
    said = AskBalance(card.card or 0, card.token_seq, token)
    question = Question(Kind.BALANCE, scale.terminal, new_op(), scale.world.now, said)
    answer = scale.ask(encode(question))
    assert isinstance(answer.content, CardStanding)
    return answer.code, answer.content


def test_the_balance_is_told_to_who_shows_the_card(world: World, scale: Scale) -> None:
    card = world.card(10_000, kind=3, level=1)
    code, standing = ask_balance(scale, card, card.token)
    assert (code, standing) == (Code.OK, CardStanding(1, 1, 10_000, 20991231))
    code, standing = ask_balance(scale, card, b"guessed!")
    assert (code, standing.balance) == (Code.TOKEN, None)


def test_an_answer_goes_to_the_response_topic_only_when_it_is_the_scales_own(
    world: World, scale: Scale
) -> None:
    frame = sealed(scale.intent(world.card(10_000)), scale.key)
    topics = [
        world.receive("u/S03-12/a", frame, reply_to)[0].topic
        for reply_to in ("d/S03-12/mine", "d/S03-13/a", "d/S03-12/", "d/S03-12/#", "u/S03-12/a")
    ]
    assert topics == ["d/S03-12/mine", *["d/S03-12/a"] * 4]
