"""`scale-app card recover`: what became of cards in doubt, in words, while no till runs.

Asks the card on the reader and changes nothing, neither there nor in the journal: the till books
what was found when it runs again and the same card is tapped.
"""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from broker.units import decimal_text
from scale_app.checkout.desk import masked
from scale_app.cli.exits import Exit
from scale_app.cli.lock import state_lock
from scale_app.config import NO_READER, Settings
from scale_app.errors import BadSettings
from scale_app.journal.debits import Doubt
from scale_app.journal.store import Journal
from scale_app.terminal.clock import Clock
from scale_app.terminal.devices import KEY_RING_LABEL
from scale_app.words import N_, translator

if TYPE_CHECKING:
    from card.connection import Connection
    from card.keys import MasterKeys
    from card.recover import Step

SENTENCES = {
    "debit_was_sent": N_(
        "The chip held {balance_before} when it was told to pay {amount}; the answer is owed."
    ),
    "card_tells_balance": N_("Now it holds {balance} ({difference})."),
    "card_tells_counter": N_("Payments since, by its own counter: {transactions_since}."),
    "card_proves_it": N_("It proves the payment: {tac}."),
    "card_claims_it": N_("It shows a proof of the payment that only the office can check: {tac}."),
    "because_proof_right": N_("The proof is right."),
    "because_proof_unchecked": N_("Balance, counter and proof fit each other."),
    "because_proof_wrong": N_("The proof is wrong: this may be a forged card."),
    "because_moved_without_proof": N_("Balance and counter fit, but the card kept no proof."),
    "because_unchanged": N_("Balance and counter are as before."),
    "because_used_elsewhere": N_(
        "The card was used elsewhere since, so its balance tells nothing."
    ),
    "because_counter_unreadable": N_("The card does not tell its counter."),
    "because_unreadable": N_("The card could not be read to the end."),
    "because_other_card": N_("This is another card than the one in doubt."),
    "verdict_committed": N_("It has paid."),
    "verdict_committed_no_tac": N_("It has paid, without a proof for its issuer."),
    "verdict_not_committed": N_("It has not paid."),
    "verdict_review": N_("Whether it has paid, a person must decide."),
    "verdict_other_card": N_("Of the card in doubt nothing is known yet."),
    "verdict_in_doubt": N_("Whether it has paid is still not known."),
    "book_it": N_("Start the till and tap this card once: the sale is booked by itself."),
    "book_it_and_flag": N_("Start the till and tap this card once: the sale is booked by itself."),
    "start_again_or_other_tender": N_(
        "Start the till and tap this card once; then it pays anew, or take cash."
    ),
    "keep_goods_and_send_for_review": N_(
        "Hand no goods over; start the till and tap this card once: the office gets it for review."
    ),
    "put_same_card_back": N_("Put the card in doubt on the reader and run this again."),
    "put_card_back_and_wait": N_("Put the card back, leave it there, and run this again."),
}
_SUMS = ("amount", "balance", "balance_before", "difference")


def recover(settings: Settings, words: argparse.Namespace) -> Exit:
    """Lists the cards in doubt, asks the one on the reader, says what it says.

    Raises:
        BadSettings: the till has no reader, or no keys for cards.
        StateInUse: the till runs; it asks the card itself.
        JournalError: the journal cannot be used.
    """
    say = translator(settings.till.language)
    with state_lock(settings.state_directory):
        file = settings.state_directory / "journal.db"
        journal = Journal(file, settings.terminal, Clock().wall_ms())
        try:
            doubts = journal.debits.doubts()
            exponent = settings.enrolment.terminal.exponent
        finally:
            journal.close()
        if not doubts:
            _show([], say(N_("No card is in doubt here.")), as_json=words.json)
            return Exit.OK
        for one in doubts:
            total = decimal_text(one.intent.amount, exponent)
            sys.stderr.write(f"{masked(one.card)}  {total}\n")
        sys.stderr.write(say(N_("Put the card in doubt on the reader and leave it there.")) + "\n")
        steps, text = _asked(settings, doubts, words.wait, say)
    told = [_plain(one) for one in steps]
    lines = [_sentence(one, exponent, say) for one in steps] or [text]
    _show(told, "\n".join(lines), as_json=words.json)
    return Exit.OK if steps else Exit.FAULTS


def _asked(
    settings: Settings,
    doubts: list[Doubt],
    wait_s: float,
    say: Any,  # noqa: ANN401
) -> "tuple[tuple[Step, ...], str]":
    from card.errors import CardError, CardGone, KeyringError  # noqa: PLC0415
    from card.keyring import open_keyring  # noqa: PLC0415
    from card.pcsc import run_on_card  # noqa: PLC0415

    if settings.reader.name == NO_READER:
        raise BadSettings("[reader]: this till has no card reader")
    enrolment = settings.enrolment
    try:
        with open_keyring(
            enrolment.token_directory, enrolment.token_pin(), label=KEY_RING_LABEL
        ) as keys:
            return run_on_card(
                settings.reader.name, lambda link: _told(link, keys, doubts), wait_s=wait_s
            ), say(N_("This card is not one of those in doubt."))
    except KeyringError as error:
        raise BadSettings(f"[till] enrolment: no keys for cards ({error.code})") from error
    except CardGone:
        return (), say(N_("No card came, or it was taken away too early: put it back."))
    except CardError as error:
        sentence = say(N_("The card could not be asked ({code}): put it back."))
        return (), sentence.format(code=error.code.replace("_", "-"))


def _told(link: "Connection", keys: "MasterKeys", doubts: list[Doubt]) -> "tuple[Step, ...]":
    from card.purse import resolve  # noqa: PLC0415
    from card.read import read_card  # noqa: PLC0415
    from card.recover import explain  # noqa: PLC0415

    facts = read_card(link, keys).purse
    steps: tuple[Step, ...] = ()
    for one in doubts:
        if facts is not None and one.intent.card_serial == facts.serial:
            found = resolve(link, None, one.intent, profile=facts.profile)
            steps += explain(one.intent, found)
    return steps


def _plain(step: "Step") -> dict[str, Any]:
    return {"code": step.code, **dict(step.params)}


def _sentence(step: "Step", exponent: int, say: Any) -> str:  # noqa: ANN401
    figures = {
        name: decimal_text(value, exponent)
        if name in _SUMS and isinstance(value, int)
        else str(value)
        for name, value in step.params
    }
    return str(say(SENTENCES[step.code]).format(**figures))


def _show(steps: list[dict[str, Any]], text: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(steps) if as_json else text) + "\n")
