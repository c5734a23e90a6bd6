"""Put money on a purse, or take it back to the account, by the office's word (MAC2).

    begin    SELECT, PIN, 80 50 -> balance, counter, random, MAC1     goes to the office
    finish   `before_commit`: the caller journals; 80 52 (load) or 80 54 03 (unload), once

Between the two the card waits on the reader and nothing else may be sent to it. In doubt it is the
card's balance and proof that decide; the office reverses a load only after NOT_COMMITTED.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from card.connection import Connection
from card.cpu.access import verify_pin
from card.cpu.chip import Chip
from card.cpu.money import (
    OnlineStart,
    Purse,
    credit_for_load,
    debit_for_unload,
    get_balance,
    init_for_load,
    init_for_unload,
    transaction_proof,
)
from card.errors import BadAnswer, CardError, CardRefused, DebitUncertain, WrongCard
from card.intent import LoadIntent
from card.mac import ZERO_MAC, Terms, TransactionType
from card.open_purse import chip_serial, open_same_purse
from card.purse_facts import PurseFacts, PurseProfile
from card.status import OK, purse_error_for
from card.verdict import Evidence, FoundProof, Reason, Resolution, Verdict, decide


@dataclass(frozen=True, slots=True)
class LoadRequest:
    """What the office needs to give its word; the card waits meanwhile."""

    card_serial: bytes
    kind: int
    amount: int
    balance_before: int
    online_counter: int
    key_version: int
    algorithm: int
    random: bytes
    mac1: bytes
    terminal: bytes

    @property
    def terms(self) -> Terms:
        """Amount, type and terminal, as the MACs have them."""
        return Terms(self.amount, self.kind, self.terminal)


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """The office's word: its moment (7 BCD bytes) and MAC2."""

    moment: bytes
    mac2: bytes


@dataclass(frozen=True, slots=True)
class LoadProof:
    """Money that moved; `tac` is the TAC of a load, MAC3 of an unload, empty when lost."""

    intent: LoadIntent
    tac: bytes


class LoadHost(Protocol):
    """Whoever holds the load key."""

    def answer_load(self, request: LoadRequest, /) -> HostAnswer:
        """The word to load or unload.

        Raises:
            LoadRefused: MAC1 is wrong, or the account says no.
        """
        ...


def begin_load(
    connection: Connection, amount: int, *, card: PurseFacts, terminal: bytes, pin: bytes = b""
) -> LoadRequest:
    """What to ask the office for a load of `amount` fen; the card is unchanged.

    Raises:
        CardRefused: 6985 when the card wants a PIN and none was given.
        PinWrong, CardBlocked, WrongCard, BadAnswer, CardGone: nothing happened.
    """
    chip = _ready(connection, card, pin)
    terms = Terms(amount, _load_kind(card.profile), terminal)
    start = init_for_load(chip, terms, card.profile.purse, card.profile.load_key)
    return _request(card, terms, start)


def begin_unload(
    connection: Connection, amount: int, *, card: PurseFacts, terminal: bytes, pin: bytes = b""
) -> LoadRequest:
    """What to ask the office for an unload of `amount` fen; raises as `begin_load`."""
    chip = _ready(connection, card, pin)
    terms = Terms(amount, TransactionType.UNLOAD, terminal)
    start = init_for_unload(chip, terms, card.profile.purse, card.profile.unload_key)
    return _request(card, terms, start)


def finish_load(
    connection: Connection,
    request: LoadRequest,
    answer: HostAnswer,
    *,
    card: PurseFacts,
    before_commit: Callable[[LoadIntent], None],
    uid: bytes = b"",
    pin: bytes = b"",
) -> LoadProof:
    """The proof that the announced money moved; load or unload as `request` says.

    Raises:
        DebitUncertain: perhaps moved; `resolve_load` with its intent.
        CardRefused, CardBlocked: the card refused (9302: MAC2 is wrong) and is unchanged.
    """
    chip = Chip(connection, card.profile.append_le)
    intent = _intent(request, answer, card, uid)
    before_commit(intent)
    send = debit_for_unload if intent.is_unload else credit_for_load
    try:
        done = send(chip, answer.moment, answer.mac2)
    except CardError as lost:
        raise DebitUncertain(intent) from lost
    if done.sw == OK:
        return LoadProof(intent, done.tac)
    resolution = resolve_load(connection, intent, profile=card.profile, pin=pin)
    if resolution.verdict is Verdict.NOT_COMMITTED and done.sw:
        raise purse_error_for(done.sw)
    raise DebitUncertain(intent, done.sw)


def load(
    connection: Connection,
    host: LoadHost,
    amount: int,
    *,
    card: PurseFacts,
    terminal: bytes,
    before_commit: Callable[[LoadIntent], None],
    pin: bytes = b"",
) -> LoadProof:
    """Begin, ask the host, finish; raises as these do."""
    request = begin_load(connection, amount, card=card, terminal=terminal, pin=pin)
    answer = host.answer_load(request)
    journal = before_commit
    return finish_load(connection, request, answer, card=card, before_commit=journal, pin=pin)


def unload(
    connection: Connection,
    host: LoadHost,
    amount: int,
    *,
    card: PurseFacts,
    terminal: bytes,
    before_commit: Callable[[LoadIntent], None],
    pin: bytes = b"",
) -> LoadProof:
    """Begin an unload, ask the host, finish; raises as these do."""
    request = begin_unload(connection, amount, card=card, terminal=terminal, pin=pin)
    answer = host.answer_load(request)
    journal = before_commit
    return finish_load(connection, request, answer, card=card, before_commit=journal, pin=pin)


def resolve_load(
    connection: Connection, intent: LoadIntent, *, profile: PurseProfile, pin: bytes = b""
) -> Resolution:
    """What became of a torn load or unload; sends nothing that moves money, raises nothing.

    A TAC that is found is for the office to check; nobody else can. Without the online counter,
    for which most cards want the PIN, an old balance proves nothing: a load that went through and
    was spent since looks the same. That is then for review, never a reason to pay back.
    """
    try:
        chip = open_same_purse(connection, profile, intent.card_serial)
        if intent.uid and chip_serial(connection) != intent.uid:
            return Resolution(Verdict.OTHER_CARD, Reason.OTHER_CARD)
        return decide(intent, _evidence(chip, intent, (pin, profile.load_key)))
    except WrongCard:
        return Resolution(Verdict.OTHER_CARD, Reason.OTHER_CARD)
    except CardError:
        return Resolution(Verdict.IN_DOUBT, Reason.UNREADABLE)


def _evidence(chip: Chip, intent: LoadIntent, shown: tuple[bytes, int]) -> Evidence:
    pin, key_id = shown
    proofs: list[FoundProof] = []
    for counter in ((intent.counter + 1) & 0xFFFF, intent.counter):
        proof = transaction_proof(chip, intent.kind, counter)
        if proof is not None:
            proofs.append(FoundProof(counter, proof.tac, None))
            break
    purse = Purse(intent.purse)
    if pin:
        verify_pin(chip, pin)
    try:
        nothing = Terms(0, TransactionType.LOAD, intent.terminal)
        start = init_for_load(chip, nothing, purse, key_id)
    except CardRefused:
        return Evidence(get_balance(chip, purse), None, tuple(proofs))
    return Evidence(start.balance, start.counter, tuple(proofs))


def _ready(connection: Connection, card: PurseFacts, pin: bytes) -> Chip:
    chip = open_same_purse(connection, card.profile, card.serial)
    if pin:
        verify_pin(chip, pin)
    return chip


def _load_kind(profile: PurseProfile) -> TransactionType:
    is_deposit = profile.purse is Purse.DEPOSIT
    return TransactionType.DEPOSIT_LOAD if is_deposit else TransactionType.LOAD


def _request(card: PurseFacts, terms: Terms, start: OnlineStart) -> LoadRequest:
    # A key written with the wrong algorithm byte made a real card answer an all-zero MAC1.
    if start.mac1 == ZERO_MAC:
        raise BadAnswer(mac1=start.mac1.hex())
    return LoadRequest(
        card_serial=card.serial,
        kind=int(terms.kind),
        amount=terms.amount,
        balance_before=start.balance,
        online_counter=start.counter,
        key_version=start.key_version,
        algorithm=start.algorithm,
        random=start.random,
        mac1=start.mac1,
        terminal=terms.terminal,
    )


def _intent(request: LoadRequest, answer: HostAnswer, card: PurseFacts, uid: bytes) -> LoadIntent:
    return LoadIntent(
        card_serial=request.card_serial,
        uid=uid,
        scheme=card.scheme,
        kind=request.kind,
        purse=int(card.profile.purse),
        amount=request.amount,
        balance_before=request.balance_before,
        counter=request.online_counter,
        terminal=request.terminal,
        moment=answer.moment,
        mac2=answer.mac2,
        is_unload=request.kind == TransactionType.UNLOAD,
    )
