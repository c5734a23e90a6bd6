"""A slot whose chip stays: the security module beside the customer's card.

No watching and no thread: it is asked from within a conversation with the customer's card, on the
same thread. Once an exchange failed the chip has lost what it knew (selected application, pending
purchase), so the link is not mended: `open` makes a new one.
"""

import contextlib

from card.connection import Connection
from card.errors import CardGone, ReaderGone
from card.pcsc import calls


class HeldSlot:
    """The chip in the first reader whose name contains `reader_name_part`.

    Args:
        reader_name_part: as in the till's settings; "" takes the first reader.
    """

    def __init__(self, reader_name_part: str) -> None:
        self._part = reader_name_part
        self._open = contextlib.ExitStack()
        self._link: calls.Link | None = None

    def open(self, *, reset: bool = False) -> Connection:
        """A fresh link to the chip, whatever was open before.

        Args:
            reset: make the chip forget a transaction that was begun and not ended.

        Raises:
            ReaderGone: no such reader, or no PC/SC service.
            CardGone: the slot is empty.
        """
        self.close()
        with contextlib.ExitStack() as opening:
            context = opening.enter_context(calls.open_context())
            reader, atr = self._chip_in(context)
            handle, protocol = calls.connect(context, reader)
            opening.callback(calls.disconnect, handle)
            if reset:
                protocol = calls.reset(handle)
            self._open = opening.pop_all()
        self._link = calls.Link(handle, protocol, atr, reader=reader)
        return self._link

    def _chip_in(self, context: calls.Context) -> tuple[str, bytes]:
        reader = next((name for name in calls.readers_of(context) if self._part in name), None)
        if reader is None:
            raise ReaderGone(reader=self._part)
        found = calls.look(context, reader, 0, 0)
        if found is None or not calls.holds_card(found[0]):
            raise CardGone
        return reader, found[1]

    def close(self) -> None:
        """Give the chip back; an open link lets nothing more through."""
        if self._link is not None:
            self._link.cut()
        self._link = None
        self._open.close()
