"""When the outbox sends what."""

from hypothesis import given
from hypothesis import strategies as st

from scale_app.uploader import BATCH, LINGER_S, WAIT_FIRST_S, WAIT_MOST_S, WINDOW, Parcel, Uploader


def ready(last_seq: int, upto: int = 0) -> Uploader:
    uploader = Uploader()
    uploader.signed_on(1, upto, last_seq)
    return uploader


def send(uploader: Uploader, now: float) -> Parcel | None:
    parcel = uploader.plan(now)
    if parcel:
        uploader.sent_to(parcel.after + parcel.limit, now, 1.0)
    return parcel


def test_before_the_sign_on_nothing_is_sent() -> None:
    uploader = Uploader(last_seq=5)
    assert uploader.plan(0.0) is None


def test_a_new_entry_waits_a_moment_for_company() -> None:
    uploader = ready(3, upto=3)
    uploader.appended(4, 10.0)
    assert uploader.plan(10.0) is None
    assert uploader.next_due() == 10.0 + LINGER_S
    assert send(uploader, 10.0 + LINGER_S) == Parcel(3, 1)


def test_what_rode_with_a_question_is_not_sent_again() -> None:
    uploader = ready(3, upto=3)
    uploader.appended(5, 10.0)
    uploader.sent_to(5, 10.1, 1.0)
    assert uploader.plan(10.0 + LINGER_S) is None


def test_a_backlog_goes_in_batches_up_to_the_window() -> None:
    uploader = ready(500)
    assert send(uploader, 0.0) == Parcel(0, BATCH)
    assert send(uploader, 0.0) == Parcel(BATCH, WINDOW - BATCH)
    assert send(uploader, 0.0) is None
    uploader.receipted(1, 60, 0.1)
    assert send(uploader, 0.1) == Parcel(WINDOW, BATCH)


def test_without_a_receipt_everything_owed_goes_again_with_longer_and_longer_waits() -> None:
    uploader = ready(2)
    now, waits = 0.0, []
    assert send(uploader, now) == Parcel(0, 2)
    for _ in range(9):
        due = uploader.next_due()
        assert due is not None
        assert uploader.plan(due - 0.01) is None
        waits.append(due - now)
        now = due
        assert send(uploader, now) == Parcel(0, 2)
    assert waits[:4] == [WAIT_FIRST_S, 10.0, 20.0, 40.0]
    assert waits[-1] == WAIT_MOST_S


def test_news_of_the_office_start_the_wait_anew() -> None:
    uploader = ready(4)
    send(uploader, 0.0)
    send(uploader, 5.0)
    uploader.receipted(1, 2, 6.0)
    assert uploader.wait_s == WAIT_FIRST_S
    assert uploader.next_due() == 6.0 + WAIT_FIRST_S
    uploader.receipted(1, 4, 7.0)
    assert uploader.next_due() is None
    assert uploader.owed == 0


def test_receipts_of_another_epoch_or_beyond_the_end_are_ignored() -> None:
    uploader = ready(4)
    send(uploader, 0.0)
    uploader.receipted(2, 4, 1.0)
    uploader.receipted(1, 9, 1.0)
    assert uploader.owed == 4


def test_an_office_that_knows_less_is_sent_the_rest_at_once() -> None:
    uploader = ready(9, upto=9)
    uploader.lost()
    uploader.signed_on(1, 3, 9)
    assert send(uploader, 0.0) == Parcel(3, 6)


def test_with_the_window_full_nothing_is_due_before_it_is_sent_again() -> None:
    """A till whose office confirms nothing must not turn without a pause."""
    uploader = ready(WINDOW)
    while send(uploader, 0.0):
        pass
    uploader.appended(WINDOW + 5, 1.0)
    assert uploader.plan(1.0 + LINGER_S) is None
    assert uploader.next_due() == WAIT_FIRST_S


@given(
    st.lists(st.tuples(st.sampled_from(["append", "send", "receipt", "ask"]), st.integers(1, 60)))
)
def test_what_is_due_can_be_done(steps: list[tuple[str, int]]) -> None:
    uploader, now, last = ready(0), 0.0, 0
    for word, count in steps:
        now += count / 50
        if word == "append":
            last += count
            uploader.appended(last, now)
        elif word == "ask":  # a question takes along what waits, and the window is no bound to it
            uploader.sent_to(last, now, 1.0)
        elif word == "receipt":
            uploader.receipted(1, min(uploader.upto + count, uploader.sent), now)
        while send(uploader, now):
            pass
        due = uploader.next_due()
        assert due is None or due > now


@given(st.lists(st.sampled_from(["append", "send", "lose", "receipt", "sign on", "wait"])))
def test_in_the_end_the_office_has_everything_in_order(steps: list[str]) -> None:
    uploader, now, last, office, dice = ready(0), 0.0, 0, 0, 7
    for number, word in enumerate([*steps, *["sign on", "send", "receipt"] * 40]):
        dice = (dice * 31 + number) % 97
        if word == "append" and uploader.open:
            last += 1 + dice % 9
            uploader.appended(last, now)
        elif word == "send":
            now += LINGER_S
            while parcel := send(uploader, now):
                assert parcel.limit <= BATCH
                assert parcel.after + parcel.limit <= uploader.upto + WINDOW
                lost = dice % 3 == 0 and number < len(steps)
                if not lost and parcel.after <= office:
                    office = max(office, parcel.after + parcel.limit)
        elif word == "receipt":
            uploader.receipted(1, office, now)
        elif word == "lose":
            uploader.lost()
        elif word == "sign on":
            uploader.signed_on(1, office, last)
        else:
            now += dice
    assert (office, uploader.owed) == (last, 0)


def waiting(last_seq: int, upto: int = 0) -> Uploader:
    uploader = ready(last_seq, upto)
    uploader.waits = True
    return uploader


def test_what_waits_until_it_is_asked_for_is_not_sent() -> None:
    uploader = waiting(120)
    uploader.appended(121, 5.0)
    for now in (5.0, 10.0, 1e6):
        assert uploader.plan(now) is None
    assert (uploader.next_due(), uploader.owed, uploader.tries) == (None, 121, 0)


def test_a_collection_sends_until_nothing_is_owed_and_what_comes_meanwhile_goes_too() -> None:
    uploader, now = waiting(120), 0.0
    uploader.collecting = True
    assert [send(uploader, now) for _ in range(3)] == [
        Parcel(0, BATCH), Parcel(BATCH, WINDOW - BATCH), None,
    ]  # fmt: skip
    uploader.appended(121, now)
    uploader.receipted(1, WINDOW, now)
    assert send(uploader, now + LINGER_S) == Parcel(WINDOW, 21)
    uploader.receipted(1, 121, now)
    assert (uploader.owed, uploader.plan(1e6), uploader.next_due()) == (0, None, None)


def test_what_a_collection_sent_in_vain_goes_again_while_it_lasts() -> None:
    uploader = waiting(3)
    uploader.collecting = True
    assert send(uploader, 0.0) == Parcel(0, 3)
    assert uploader.plan(WAIT_FIRST_S - 0.1) is None
    assert send(uploader, WAIT_FIRST_S) == Parcel(0, 3)


def test_what_cannot_wait_goes_with_what_stands_before_it() -> None:
    uploader = waiting(4)
    uploader.urge(3)
    assert send(uploader, 0.0) == Parcel(0, 3)
    uploader.receipted(1, 3, 0.1)
    assert (uploader.plan(1e6), uploader.next_due(), uploader.owed) == (None, None, 1)


def test_another_epoch_begins_without_the_old_numbers() -> None:
    uploader = waiting(4)
    uploader.urge(3)
    uploader.signed_on(2, 0, 4)
    assert (uploader.urged, uploader.plan(0.0)) == (0, None)


def test_a_scale_that_waits_no_longer_sends_everything() -> None:
    uploader = waiting(4)
    assert uploader.plan(0.0) is None
    uploader.waits = False
    assert send(uploader, 0.0) == Parcel(0, 4)


def test_while_the_window_is_full_there_is_nothing_to_wake_up_for() -> None:
    uploader = ready(500)
    assert send(uploader, 0.0)
    assert send(uploader, 0.0)
    uploader.appended(501, 0.0)
    due = uploader.next_due()
    assert due == WAIT_FIRST_S
