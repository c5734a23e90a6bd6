"""Receipts and reports of this till: who sells where, in rows of text, and out to the printer."""

import logging
from collections.abc import Sequence

from broker.messages import Welcome, ZReport
from scale_app.catalog import Catalog
from scale_app.config import Settings
from scale_app.errors import PrinterFailed
from scale_app.journal.kept import SavedSale
from scale_app.pack_label import PackLabel
from scale_app.printer import FilePrinter
from scale_app.receipt import (
    Heading,
    Printed,
    label_rows,
    receipt_rows,
    report_rows,
    slip_rows,
)
from scale_app.view import Message
from scale_app.weighing import legal
from scale_app.words import translator

log = logging.getLogger("steelyard.printer")


class Paper:
    """Knows the heading of this till's papers; what the sign-on told goes before the enrolment."""

    def __init__(
        self, settings: Settings, welcome: Welcome | None, settings_changes: int | None = None
    ) -> None:
        self._settings = settings
        self._settings_changes = settings_changes
        self._terminal = settings.enrolment.terminal
        self._printer = FilePrinter(settings.state_directory / "receipts")
        self.welcome = welcome

    @property
    def cutoff_hour(self) -> int:
        """Hour at which the business day ends."""
        return self.welcome.cutoff_hour if self.welcome else self._terminal.cutoff_hour

    def heading(self, language: str) -> Heading:
        """What stands around every paper."""
        told, known = self.welcome, self._terminal
        return Heading(
            organisation=told.organisation if told else known.organisation,
            store=told.store if told else known.store,
            stall=told.stall if told else known.stall,
            terminal=known.terminal,
            currency=told.currency if told else known.currency,
            exponent=told.exponent if told else known.exponent,
            zone=told.zone if told else known.zone,
            language=language,
            columns=self._settings.till.receipt_columns,
            software=legal.identification(),
            settings_changes=self._settings_changes,
        )

    def receipt(
        self, kept: SavedSale, catalog: Catalog, language: str, *, copy: bool = False
    ) -> tuple[str, ...]:
        """The rows of a receipt; the journal is its only source."""
        printed = Printed(kept.receipt, kept.at, kept.balance, copy, kept.offline)
        heading = self.heading(language)
        say = translator(language)
        return receipt_rows(kept.sale, printed, heading, catalog=catalog, say=say)

    def report(
        self, report: ZReport, at_ms: int, language: str, *, cashier: str, closed: bool
    ) -> tuple[str, ...]:
        """The rows of an X or Z report."""
        heading, say = self.heading(language), translator(language)
        return report_rows(report, at_ms, heading, cashier=cashier, closed=closed, say=say)

    def print_receipt(self, kept: SavedSale, rows: Sequence[str]) -> None:
        """Out to the printer; what fails there is logged, the sale stands."""
        try:
            self._printer.print_rows(kept.sale.day, kept.receipt, rows)
        except PrinterFailed as error:
            log.warning("receipt %d was not printed: %s", kept.receipt, error)

    def print_label(self, label: PackLabel, day: int, at_ms: int) -> None:
        """The label of a package, out to the printer.

        Raises:
            PrinterFailed: there is no label.
        """
        heading, say = self.heading(label.language), translator(label.language)
        self._printer.print_label(day, label_rows(label, at_ms, heading, say))

    def print_slip(self, day: int, op: bytes, message: Message, language: str) -> None:
        """A slip for the customer whose card is in doubt; what fails there is logged."""
        rows = slip_rows(message, self.heading(language), translator(language))
        try:
            self._printer.print_slip(day, op.hex(), rows)
        except PrinterFailed as error:
            log.warning("the slip of %s was not printed: %s", op.hex(), error)

    def print_report(self, report: ZReport, rows: Sequence[str]) -> None:
        """Out to the printer; what fails there is logged, the shift is closed."""
        try:
            self._printer.print_report(report.day, report.shift, rows)
        except PrinterFailed as error:
            log.warning("the report of shift %d was not printed: %s", report.shift, error)
