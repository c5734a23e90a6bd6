"""One tender's life."""

import itertools

import pytest

from scale_app.tender_machine import OPEN, TABLE, Effect, TenderEvent, TenderState, after

S, E = TenderState, TenderEvent


def test_an_approved_tender_is_saved_before_it_is_paid() -> None:
    assert after(S.AUTH_WAIT, E.APPROVED) == (S.PAID, Effect.SAVE_PAID)


@pytest.mark.parametrize("state", [S.PAID, S.DECLINED, S.REVERSED])
@pytest.mark.parametrize("event", list(E))
def test_nothing_leaves_a_final_state(state: TenderState, event: TenderEvent) -> None:
    assert after(state, event) == (state, Effect.NOTHING)


@pytest.mark.parametrize("state", [S.REVERSING, S.PAID, S.DECLINED, S.REVERSED, S.INTENT, S.NEW])
def test_an_approval_counts_only_while_it_is_waited_for(state: TenderState) -> None:
    assert after(state, E.APPROVED) == (state, Effect.NOTHING)


@pytest.mark.parametrize("state", [S.INTENT, S.AUTH_WAIT])
def test_a_restart_takes_back_what_was_not_finished(state: TenderState) -> None:
    assert after(state, E.RESTARTED) == (S.REVERSING, Effect.SAVE_REVERSING)


def test_every_way_ends_and_money_moves_only_after_a_saved_intent() -> None:
    for walk in itertools.product(E, repeat=5):
        state, effects = S.NEW, []
        for event in walk:
            state, effect = after(state, event)
            if effect is not Effect.NOTHING:
                effects.append(effect)
        assert not effects or effects[0] is Effect.SAVE_INTENT
        assert effects.count(Effect.SAVE_PAID) + effects.count(Effect.SAVE_REVERSING) <= 1
        ended = (S.PAID, S.DECLINED, S.REVERSED, S.REVIEW, S.OWED)
        assert state is S.NEW or state in OPEN or state in ended


def test_every_change_of_state_is_durable_or_asks() -> None:
    assert all(effect is not Effect.NOTHING for _, effect in TABLE.values())
