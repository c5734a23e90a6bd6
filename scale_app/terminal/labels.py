"""The label of a package: out to the printer, or the load is free to be weighed again."""

import logging

from scale_app.checkout.happenings import Happening, PanChanged, Told
from scale_app.errors import PrinterFailed
from scale_app.pack_label import PackLabel
from scale_app.say import Say
from scale_app.terminal.boot import Books
from scale_app.terminal.devices import Scale
from scale_app.view import Message, Severity

log = logging.getLogger("steelyard.printer")


def print_label(books: Books, scale: Scale, label: PackLabel, now: float) -> tuple[Happening, ...]:
    """Prints it; what the checkout has to know of it, nothing when all went well."""
    day, at_ms = books.teller.cashbox.today(), books.clock.wall_ms()
    try:
        books.paper.print_label(label, day, at_ms)
    except PrinterFailed as error:
        log.warning("a label was not printed: %s", error)
        scale.release(label.seq, now)
        message = Message(Say.LABEL_NOT_PRINTED, Severity.FAULT, {"reason": str(error)})
        return (Told(message), PanChanged(scale.pan(), now))
    return ()
