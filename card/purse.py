"""Take money from a purse with a security module's help, and find out what became of a torn one.

    card                                    security module
    SELECT (whose purse) .. INIT 80 50
      (80 CA before it, 80 DC after it)     80 70  MAC1 under a fresh terminal serial
    `before_commit`: the caller journals
    80 54, once, never again                80 72  MAC2

Until 80 54 goes out nothing has happened, whatever is raised. After it, an answer that did not
come, or is no clear yes, makes the debit uncertain: `resolve` decides on the same card, by its
proof, balance, counter and serial (`card.verdict`), now or after a power cut.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from card.connection import Connection
from card.cpu.chip import Chip
from card.cpu.money import (
    PurchaseStart,
    Purse,
    debit_for_purchase,
    get_balance,
    get_identification,
    init_for_purchase,
    transaction_proof,
    update_capp_cache,
)
from card.errors import (
    CardError,
    CardRefused,
    DebitUncertain,
    InsufficientBalance,
    KeyringError,
    ProofWrong,
    WrongCard,
)
from card.intent import DebitIntent
from card.mac import Terms, is_right
from card.open_purse import chip_serial, open_same_purse
from card.purse_facts import PurseFacts, PurseProfile
from card.sam import PurchaseRequest, Sam
from card.status import OK, purse_error_for
from card.verdict import Evidence, FoundProof, Reason, Resolution, Verdict, decide


@dataclass(frozen=True, slots=True)
class CappUpdate:
    """The record that a compound purchase writes beside the money: SFI, number, content."""

    sfi: int
    record: int
    content: bytes


@dataclass(frozen=True, slots=True)
class DebitProof:
    """Money that was taken: the intent, the card's TAC (empty when lost), MAC2 checked or not."""

    intent: DebitIntent
    tac: bytes
    mac2_checked: bool

    @property
    def offline_counter(self) -> int:
        """The card's counter before this purchase."""
        return self.intent.counter

    @property
    def balance_before(self) -> int:
        """In fen."""
        return self.intent.balance_before

    @property
    def balance_after(self) -> int:
        """In fen."""
        return self.intent.balance_after

    @property
    def terminal_serial(self) -> int:
        """The security module's number for this purchase."""
        return self.intent.terminal_serial


def bcd_moment(when: datetime) -> bytes:
    """Date and time as the card has them: seven BCD bytes, local time."""
    return bytes.fromhex(when.strftime("%Y%m%d%H%M%S"))


def debit(
    connection: Connection,
    sam: Sam,
    amount: int,
    *,
    card: PurseFacts,
    when: datetime,
    before_commit: Callable[[DebitIntent], None],
    uid: bytes = b"",
    capp: CappUpdate | None = None,
) -> DebitProof:
    """The proof that `amount` fen were taken from the purse.

    Args:
        connection: the card of the tap.
        sam: PSAM or soft SAM, ready.
        amount: fen; nought only in a compound purchase.
        card: as read at the tap; another card on the reader is refused.
        when: local time of the sale.
        before_commit: called once, right before the command that takes the money; the intent must
            be durable when it returns. What it raises passes through, and nothing was sent.
        uid: the chip's serial, when there is one.
        capp: the record of a compound purchase.

    Raises:
        InsufficientBalance, WrongCard, CardBlocked, CardRefused, CardGone, KeyMissing and the like:
            nothing was taken.
        DebitUncertain: perhaps taken; `resolve` with its intent.
        ProofWrong: the card says taken, its MAC2 is wrong: not paid, for review.
    """
    profile = card.profile
    chip = open_same_purse(connection, profile, card.serial)
    code = get_identification(chip) if profile.with_identification else b""
    kind = int(profile.purchase)
    terms = Terms(amount, kind, sam.terminal)
    start = init_for_purchase(chip, terms, profile.purse, sam.key_index)
    if start.balance + start.overdraft < amount:
        raise InsufficientBalance(balance=start.balance)
    if capp is not None:
        update_capp_cache(chip, capp.record, capp.sfi, capp.content)
    intent = _announce(sam, start, (terms, card, uid), (bcd_moment(when), code))
    before_commit(intent)
    return _commit(chip, sam, intent, profile)


def _announce(
    sam: Sam,
    start: PurchaseStart,
    who: tuple[Terms, PurseFacts, bytes],
    how: tuple[bytes, bytes],
) -> DebitIntent:
    (terms, card, uid), (moment, code) = who, how
    answer = sam.mac1(
        PurchaseRequest(
            random=start.random,
            offline_counter=start.counter,
            amount=terms.amount,
            kind=terms.kind,
            moment=moment,
            key_version=start.key_version,
            algorithm=start.algorithm,
            factors=card.factors,
            identification=code,
        )
    )
    return DebitIntent(
        card_serial=card.serial,
        uid=uid,
        scheme=card.scheme,
        kind=terms.kind,
        purse=int(card.profile.purse),
        amount=terms.amount,
        balance_before=start.balance,
        counter=start.counter,
        terminal=terms.terminal,
        moment=moment,
        terminal_serial=answer.terminal_serial,
        mac1=answer.mac1,
        expected_mac2=answer.expected_mac2,
        key_index=sam.key_index,
        key_version=start.key_version,
    )


def _commit(chip: Chip, sam: Sam, intent: DebitIntent, profile: PurseProfile) -> DebitProof:
    try:
        done = debit_for_purchase(chip, intent.terminal_serial, intent.moment, intent.mac1)
    except CardError as lost:
        raise DebitUncertain(intent) from lost
    if done.sw != OK:
        return _after_refusal(chip, sam, (intent, profile), done.sw)
    checked = _mac2_is_right(sam, intent, done.mac2)
    if checked is False:
        raise ProofWrong(intent)
    return DebitProof(intent, done.tac, mac2_checked=bool(checked))


def _after_refusal(
    chip: Chip, sam: Sam, meant: tuple[DebitIntent, PurseProfile], sw: int
) -> DebitProof:
    # A refusal is not believed alone: the card still lies there and can be asked what it did.
    intent, profile = meant
    resolution = resolve(chip.connection, sam, intent, profile=profile)
    if resolution.verdict is Verdict.NOT_COMMITTED and sw:
        raise purse_error_for(sw)
    if resolution.verdict is Verdict.COMMITTED and resolution.mac2_checked:
        return DebitProof(intent, resolution.tac, mac2_checked=True)
    raise DebitUncertain(intent, sw)


def resolve(
    connection: Connection, sam: Sam | None, intent: DebitIntent, *, profile: PurseProfile
) -> Resolution:
    """What became of a torn debit, asked of the card on the reader.

    Sends nothing that moves money. Never raises for a card that leaves again or answers nonsense:
    the verdict is then still IN_DOUBT.

    Args:
        connection: the card on the reader.
        sam: the same security module; None, or a PSAM that was reset, leaves MAC2 unchecked.
        intent: from the journal.
        profile: the scheme's ways.
    """
    try:
        chip = open_same_purse(connection, profile, intent.card_serial)
        if intent.uid and chip_serial(connection) != intent.uid:
            return Resolution(Verdict.OTHER_CARD, Reason.OTHER_CARD)
        return decide(intent, _evidence(chip, sam, intent))
    except WrongCard:
        return Resolution(Verdict.OTHER_CARD, Reason.OTHER_CARD)
    except CardError:
        return Resolution(Verdict.IN_DOUBT, Reason.UNREADABLE)


def _evidence(chip: Chip, sam: Sam | None, intent: DebitIntent) -> Evidence:
    found = None
    for counter in ((intent.counter + 1) & 0xFFFF, intent.counter):
        proof = transaction_proof(chip, intent.kind, counter)
        if proof is not None:
            found = counter, proof
            break
    balance, at = _balance_and_counter(chip, intent)
    if found is None:
        return Evidence(balance, at, ())
    counter, proof = found
    # A PSAM counts wrong MAC2s: it is not shown a proof that cannot be of this purchase.
    may_be_ours = counter != intent.counter or at != intent.counter
    right = _mac2_is_right(sam if may_be_ours else None, intent, proof.mac)
    return Evidence(balance, at, (FoundProof(counter, proof.tac, right),))


def _balance_and_counter(chip: Chip, intent: DebitIntent) -> tuple[int | None, int | None]:
    """From an INIT for nothing, which the card forgets; some cards refuse it."""
    purse = Purse(intent.purse)
    nothing = Terms(0, intent.kind, intent.terminal)
    try:
        start = init_for_purchase(chip, nothing, purse, intent.key_index)
    except (CardRefused, InsufficientBalance):
        return _balance_or_nothing(chip, purse), None
    return start.balance, start.counter


def _balance_or_nothing(chip: Chip, purse: Purse) -> int | None:
    try:
        return get_balance(chip, purse)
    except CardRefused:
        return None


def _mac2_is_right(sam: Sam | None, intent: DebitIntent, mac2: bytes) -> bool | None:
    """None when nobody here can tell; a silent module does not change the card's word."""
    pending = sam is not None and sam.pending_serial == intent.terminal_serial
    asked: bool | None = None
    if sam is not None and pending:
        try:
            asked = sam.check_mac2(mac2)
        except (CardError, KeyringError):
            asked = None
    if intent.expected_mac2:
        return is_right(mac2, intent.expected_mac2)
    return asked
