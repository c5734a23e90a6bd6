"""What comes from a card that the office did not ask first: principal or bonus, and its proofs."""

from collections.abc import Iterator
from dataclasses import replace

from backoffice.accounts import CardRecord
from backoffice.alerts import Alert
from backoffice.handlers.desk import Desk
from backoffice.ledger import bonus_part
from backoffice.purse import Break, PurseRecord, Verdict, breaks_of, unpack_proof
from backoffice.store.cards import NEAR
from backoffice.store.directory import TerminalRow
from broker.messages import Entry
from broker.sale import Sale, Tender, TenderKind

ALERT_OF = {
    Break.GAP: Alert.COUNTER_GAP,
    Break.DUPLICATE: Alert.COUNTER_DUPLICATE,
    Break.FORK: Alert.COUNTER_FORK,
    Break.ROLLED_BACK: Alert.ROLLED_BACK,
}
"""The alert that a break is."""


def card_tenders(sale: Sale) -> Iterator[tuple[int, Tender, int]]:
    """The stored-value tenders: number in the sale, tender, card."""
    for number, tender in enumerate(sale.tenders):
        if tender.kind == TenderKind.STORED_VALUE and tender.card is not None:
            yield number, tender, tender.card


def has_proof(sale: Sale | None) -> bool:
    """True when a purse on a chip has paid a part of the sale."""
    return sale is not None and any(tender.proof for tender in sale.tenders)


def is_proved(sale: Sale) -> bool:
    """True when every part paid by card carries a proof."""
    return all(tender.proof for _, tender, _ in card_tenders(sale))


def bonus_parts(desk: Desk, terminal: TerminalRow, sale: Sale) -> dict[int, int]:
    """By number of the tender: what of it comes from, or goes back to, the bonus."""
    cards: dict[int, CardRecord] = {}
    parts = {}
    for number, tender, wanted in card_tenders(sale):
        card = cards.get(wanted) or desk.store.cards.get(terminal.org, wanted)
        if card is None or card.balance is None:
            continue
        if tender.amount >= 0:
            part = bonus_part(tender.amount, card.principal, card.bonus)
        else:
            taken = desk.store.cards.bonus_taken(wanted, sale.ref) if sale.ref else 0
            part = -min(-tender.amount, max(0, taken))
        parts[number] = part
        cards[wanted] = replace(card, balance=card.balance - tender.amount, bonus=card.bonus - part)
    return parts


def keep_proofs(
    desk: Desk, terminal: TerminalRow, entry: Entry, *, sale: Sale, now: int
) -> tuple[int, ...]:
    """Keeps and judges the proofs of a sale; numbers of the tenders that no card has to pay.

    A proof whose TAC is wrong, and one that was handed in before, takes nothing from the card: its
    sum waits in suspense for a person. A fork or a roll-back is paid, as the goods are gone, and
    tells of a second chip.
    """
    refused = []
    for number, tender, card in card_tenders(sale):
        if not tender.proof:
            continue
        told = unpack_proof(tender.proof, tender.amount)
        known = desk.store.cards.get(terminal.org, card)
        if told is None or known is None:
            _alert(desk, Alert.TAC_WRONG, terminal, entry, card=card, now=now)
            refused.append(number)
            continue
        verdict = desk.judge_tac(known.chip, told) if desk.judge_tac else Verdict.UNCHECKED
        before = desk.store.cards.proofs_near(card, told.counter)
        judged = replace(told, verdict=verdict, op=entry.op)
        desk.store.cards.prove(card, (entry.op, entry.attempt), judged, at=now)
        if verdict == Verdict.WRONG or any(judged.is_same_as(one) for one in before):
            refused.append(number)
        _tell(desk, terminal, entry, card=known, judged=judged, before=before, now=now)
    return tuple(refused)


def _tell(
    desk: Desk, terminal: TerminalRow, entry: Entry, *,
    card: CardRecord, judged: PurseRecord, before: list[PurseRecord], now: int,
) -> None:  # fmt: skip
    """Raises the alerts that this one proof brings."""
    if judged.verdict == Verdict.WRONG:
        _alert(desk, Alert.TAC_WRONG, terminal, entry, card=card.number, now=now)
        return
    if judged.verdict == Verdict.UNCHECKED:
        _alert(desk, Alert.TAC_UNCHECKED, terminal, entry, card=card.number, now=now)
    good = [one for one in before if one.verdict != Verdict.WRONG]
    opening = card.opening if judged.counter <= NEAR else None
    old = breaks_of(good, opening)
    for finding in breaks_of([*good, judged], opening):
        if finding not in old:
            detail = f"counter {finding.counter}: expected {finding.expected}, {finding.found}"
            desk.store.notes.alert(
                ALERT_OF[finding.kind], now, terminal=terminal.code, card=card.number, op=entry.op,
                detail=detail,
            )  # fmt: skip


def _alert(
    desk: Desk, word: Alert, terminal: TerminalRow, entry: Entry, *, card: int, now: int
) -> None:
    desk.store.notes.alert(word, now, terminal=terminal.code, card=card, op=entry.op)
