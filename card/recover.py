"""What happened to a torn card and what to do now, as codes that the programs put into words.

    explain         a debit or load in doubt, after `resolve` has asked the card
    explain_token   an M1 card's token record, after it was read

A step's code is stable; its parameters are figures for the sentence. The last step is always what
the person at the desk does now.
"""

from dataclasses import dataclass

from card.intent import Intent, LoadIntent
from card.layout import SlotState, is_after
from card.read import TappedCard
from card.verdict import Reason, Resolution, Verdict


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence: its code, and what stands in it."""

    code: str
    params: tuple[tuple[str, str | int], ...] = ()


DO_NOW = {
    Verdict.COMMITTED: "book_it",
    Verdict.COMMITTED_NO_TAC: "book_it_and_flag",
    Verdict.NOT_COMMITTED: "start_again_or_other_tender",
    Verdict.REVIEW: "keep_goods_and_send_for_review",
    Verdict.OTHER_CARD: "put_same_card_back",
    Verdict.IN_DOUBT: "put_card_back_and_wait",
}
"""The last step of `explain`, by verdict."""


def explain(intent: Intent, found: Resolution) -> tuple[Step, ...]:
    """What was meant, what the card told, what follows, what to do now."""
    meant = "load_was_sent" if isinstance(intent, LoadIntent) else "debit_was_sent"
    if isinstance(intent, LoadIntent) and intent.is_unload:
        meant = "unload_was_sent"
    steps = [
        Step(meant, (("amount", intent.amount), ("balance_before", intent.balance_before))),
        *_told(intent, found),
        Step(f"because_{found.reason}"),
        Step(f"verdict_{found.verdict}"),
        Step(DO_NOW[found.verdict]),
    ]
    return tuple(steps)


def _told(intent: Intent, found: Resolution) -> list[Step]:
    if found.reason in (Reason.OTHER_CARD, Reason.UNREADABLE):
        return []
    steps: list[Step] = []
    if found.balance is not None:
        difference = found.balance - intent.balance_before
        steps.append(
            Step("card_tells_balance", (("balance", found.balance), ("difference", difference)))
        )
    if found.counter is not None:
        moved = (found.counter - intent.counter) % 0x10000
        steps.append(Step("card_tells_counter", (("transactions_since", moved),)))
    if found.tac:
        checked = "card_proves_it" if found.mac2_checked else "card_claims_it"
        steps.append(Step(checked, (("tac", found.tac.hex().upper()),)))
    return steps


def explain_token(card: TappedCard, journal_seq: int | None = None) -> tuple[Step, ...]:
    """What an M1 card's two token slots say; `journal_seq` is the one last meant to be written."""
    slots = tuple(
        Step(f"slot_{name}_{slot.state}", (("seq", slot.seq),))
        for name, slot in zip(("a", "b"), card.slots, strict=True)
    )
    return (*slots, *_token_verdict(card, journal_seq))


def _token_verdict(card: TappedCard, journal_seq: int | None) -> tuple[Step, ...]:
    if card.token_is_lost:
        return Step("token_lost"), Step("office_gives_new_token")
    damaged = any(slot.state is SlotState.DAMAGED for slot in card.slots)
    torn = (Step("one_slot_torn_other_stands"),) if damaged else ()
    if journal_seq is None:
        return (*torn, Step("token_stands", (("seq", card.token_seq),)), Step("nothing_to_do"))
    if card.token_seq == journal_seq:
        return (*torn, Step("token_was_written"), Step("nothing_to_do"))
    if is_after(card.token_seq, journal_seq):
        return (*torn, Step("token_is_newer_than_journal"), Step("office_compares"))
    return (*torn, Step("token_was_not_written"), Step("office_gives_new_token"))
