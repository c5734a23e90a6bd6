"""What the card door tells, in order: put, read, asked about a doubt, debited, lifted."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from scale_app.checkout import happenings as h
from scale_app.checkout.desk import Desk, KnownCard, masked
from scale_app.receipt import records_rows
from scale_app.say import Say
from scale_app.tender import date_text
from scale_app.terminal import happened
from scale_app.terminal.devices import Reader, card_message, known_card
from scale_app.view import Message
from scale_app.words import N_, translator

if TYPE_CHECKING:
    from card.read import TappedCard
    from scale_app.terminal.boot import Books

log = logging.getLogger("steelyard.taps")


Happenings = Iterable[h.Happening]


class Taps:
    """The card events of the core."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.books: Books | None = None

    def came(self, event: happened.Happened, desk: Desk, now: float) -> Happenings:
        """What an event of the card door means to the checkout.

        Raises:
            JournalError: what had to be durable is not.
        """
        if isinstance(event, happened.CardCame):
            self._reader.tap = event.tap
            self._reader.read_card(event.tap, asked=False)
            return [h.CardPut()]
        if isinstance(event, happened.CardWent):
            self._reader.tap = None
            return [h.CardLifted(now)]
        if isinstance(event, happened.ReaderTurned):
            self._reader.is_found = event.found
        elif isinstance(event, happened.CardRead):
            return self._card_read(event, desk, now)
        elif isinstance(event, happened.TokenWritten) and event.error is not None:
            log.warning("the new token is not on the card: %s", event.error.code)
        return self._purse_event(event, desk, now)

    def _purse_event(self, event: happened.Happened, desk: Desk, now: float) -> Happenings:
        if self.books is None:
            return []
        teller = self.books.teller
        if isinstance(event, happened.DebitWanted):
            return teller.purse.wanted(event)
        if isinstance(event, happened.DebitEnded):
            return teller.debit_ended(desk, event, now)
        if isinstance(event, happened.DebitJudged):
            return teller.debit_judged(desk, event, now)
        return []

    def _card_read(self, event: happened.CardRead, desk: Desk, now: float) -> Happenings:
        if event.card is None:
            error = event.error
            assert error is not None, "a job ends with a card or an error"
            return [h.CardUnreadable(card_message(error))]
        if self.books is None:
            return []
        of_a_doubt = self.books.teller.purse.seen(desk, event.card, event.tap)
        if of_a_doubt is not None:
            return of_a_doubt
        self._reader.read = event.card
        known = known_card(event.card, event.tap, self._reader.module.schemes)
        if event.tap != self._reader.tap:
            known = replace(known, lifted_at=now)
        shown = h.CardShown(known, self.books.teller.cashbox.today(), now, event.asked)
        if event.card.purse is None or not (desk.is_idle or event.asked):
            return [shown]
        return [shown, self._told_by_card(event.card, known, desk)]

    def _told_by_card(self, card: "TappedCard", known: KnownCard, desk: Desk) -> h.ReportShown:
        """Number, validity, balance and the last records, as the card itself tells them."""
        assert self.books is not None and card.purse is not None, "asked before"  # noqa: PT018
        heading = self.books.paper.heading(desk.language)
        balance = desk.money(card.purse.balance_fen)
        number = masked(card.number)
        who = [(N_("Card"), number), (N_("Balance"), balance)]
        if known.valid_to:
            who.append((N_("Valid to"), date_text(known.valid_to)))
        if known.scheme:
            who.insert(0, (N_("City card"), known.scheme))
        records = [
            (when, ("+" if fen > 0 else "") + desk.money(fen)) for when, fen in known.records
        ]
        rows = records_rows(who, records, heading, translator(desk.language))
        return h.ReportShown(
            rows, Message(Say.CARD_KNOWN, params={"number": number, "balance": balance})
        )
