"""The table of operations keeps the money right for every order of events."""

import itertools

import pytest

from backoffice.operations import TABLE, Effect, Event, OpState, step

TAKES = {Effect.POST, Effect.STAND_IN}
SCALE_SAYS = (Event.ASK, Event.ASK_REFUSED, Event.REVERSE, Event.PAID)


def walk(events: tuple[Event, ...]) -> tuple[OpState, int, list[Effect]]:
    state, taken, effects = OpState.NONE, 0, []
    for event in events:
        done = step(state, event)
        taken += (done.effect in TAKES) - (done.effect is Effect.POST_BACK)
        state = done.state
        effects.append(done.effect)
    return state, taken, effects


@pytest.mark.parametrize("length", range(1, 7))
def test_whatever_a_scale_says_in_any_order_the_money_is_taken_once_or_not(length: int) -> None:
    for events in itertools.product(SCALE_SAYS, repeat=length):
        state, taken, _ = walk(events)
        assert taken in (0, 1)
        assert (taken == 1) == (state in (OpState.APPROVED, OpState.SETTLED, OpState.STOOD_IN)), (
            events
        )


@pytest.mark.parametrize("length", range(1, 7))
def test_paid_is_always_money_taken_and_never_taken_back(length: int) -> None:
    for events in itertools.product(SCALE_SAYS, repeat=length):
        if Event.PAID in events:
            state, taken, _ = walk(events)
            assert taken == 1, events
            assert state in (OpState.SETTLED, OpState.STOOD_IN)


def test_an_operation_taken_back_is_never_approved() -> None:
    for state in (OpState.REVERSED, OpState.TOMBSTONE):
        assert step(state, Event.ASK).effect is Effect.DECLINE_REVERSED


def test_what_the_table_does_not_name_changes_nothing() -> None:
    for state, event in itertools.product(OpState, Event):
        if (state, event) not in TABLE:
            assert step(state, event).state is state
            assert step(state, event).effect is Effect.NOTE


@pytest.mark.parametrize(
    ("state", "event", "after", "effect"),
    [
        (OpState.NONE, Event.ASK, OpState.APPROVED, Effect.POST),
        (OpState.NONE, Event.REVERSE, OpState.TOMBSTONE, Effect.NOTE),
        (OpState.APPROVED, Event.REVERSE, OpState.REVERSED, Effect.POST_BACK),
        (OpState.APPROVED, Event.PAID, OpState.SETTLED, Effect.SETTLE),
        (OpState.SETTLED, Event.REVERSE, OpState.SETTLED, Effect.REFUSE),
        (OpState.DECLINED, Event.PAID, OpState.STOOD_IN, Effect.STAND_IN),
        (OpState.TOMBSTONE, Event.PAID, OpState.STOOD_IN, Effect.STAND_IN),
        (OpState.NONE, Event.PAID, OpState.STOOD_IN, Effect.STAND_IN),
    ],
)
def test_the_rows_of_the_reference(
    state: OpState, event: Event, after: OpState, effect: Effect
) -> None:
    done = step(state, event)
    assert (done.state, done.effect) == (after, effect)
