"""The calls of PC/SC that we use, with their return codes turned into our errors.

The only importer of pyscard, and only of its thin layer (`smartcard.scard`), which starts no
thread and prints nothing. Return codes as measured on pcscd 1.9.9: a card that
leaves gives 80100016 or 80100069, a virtual one 0 with an empty answer, a dead service 8010001D
or 80100013 and, for handles of before, 80100003.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NewType

from smartcard import scard  # type: ignore[import-untyped]

from card.apdu import TRACE_LEVEL, TRACE_NAME, as_hex, for_t0, shown, split_answer
from card.errors import CardError, CardGone, CardSilent, ReaderGone

Context = NewType("Context", int)
Handle = NewType("Handle", int)

PLUG_AND_PLAY = r"\\?PnP?\Notification"
TRACE = logging.getLogger(TRACE_NAME)

_GONE = frozenset(
    code & 0xFFFFFFFF
    for code in (
        scard.SCARD_E_NOT_TRANSACTED,
        scard.SCARD_E_NO_SMARTCARD,
        scard.SCARD_E_PROTO_MISMATCH,
        scard.SCARD_W_REMOVED_CARD,
        scard.SCARD_W_RESET_CARD,
        scard.SCARD_W_UNPOWERED_CARD,
        scard.SCARD_W_UNRESPONSIVE_CARD,
    )
)
_TIMED_OUT = scard.SCARD_E_TIMEOUT & 0xFFFFFFFF
_CANCELLED = scard.SCARD_E_CANCELLED & 0xFFFFFFFF
_RESET = scard.SCARD_W_RESET_CARD & 0xFFFFFFFF
_NO_READERS = scard.SCARD_E_NO_READERS_AVAILABLE & 0xFFFFFFFF


def _error(result: int) -> CardError:
    code = result & 0xFFFFFFFF
    return CardGone() if code in _GONE else ReaderGone(pcsc=f"{code:08X}")


def _check(result: int) -> None:
    if result != scard.SCARD_S_SUCCESS:
        raise _error(result)


@contextmanager
def open_context() -> Iterator[Context]:
    """A context of this thread's own, released at the end.

    Raises:
        ReaderGone: no PC/SC service.
    """
    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _check(result)
    try:
        yield Context(context)
    finally:
        scard.SCardReleaseContext(context)


def readers_of(context: Context) -> list[str]:
    """Names of the readers that are there now; none is not an error."""
    result, names = scard.SCardListReaders(context, [])
    if result & 0xFFFFFFFF == _NO_READERS:
        return []
    _check(result)
    return list(names)


def list_readers() -> list[str]:
    """Names of all readers.

    Raises:
        ReaderGone: no PC/SC service.
    """
    with open_context() as context:
        return readers_of(context)


def look(context: Context, reader: str, known: int, wait_ms: int) -> tuple[int, bytes] | None:
    """State bits and ATR of `reader` once they differ from `known`; None when they did not.

    The upper 16 bits of a state count insertions and removals.

    Raises:
        ReaderGone: the service or the reader went.
    """
    result, states = scard.SCardGetStatusChange(context, wait_ms, [(reader, known)])
    if result & 0xFFFFFFFF in (_TIMED_OUT, _CANCELLED):
        return None
    _check(result)
    _, state, atr = states[0]
    if state & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
        raise ReaderGone(pcsc="unavailable")
    return state & ~scard.SCARD_STATE_CHANGED, bytes(atr)


def holds_card(state: int) -> bool:
    """True when the state says that a card lies there."""
    return bool(state & scard.SCARD_STATE_PRESENT)


def connect(context: Context, reader: str) -> tuple[Handle, int]:
    """Handle and protocol of the card on `reader`, shared with other programs."""
    result, handle, protocol = scard.SCardConnect(
        context, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    )
    _check(result)
    return Handle(handle), protocol


def reset(handle: Handle) -> int:
    """Reset the card, which forgets what was selected and begun; the protocol from now on."""
    either = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
    result, protocol = scard.SCardReconnect(
        handle, scard.SCARD_SHARE_SHARED, either, scard.SCARD_RESET_CARD
    )
    _check(result)
    return int(protocol)


def disconnect(handle: Handle) -> None:
    """Give the handle back and leave the card as it is; a dead handle is no matter."""
    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)


@contextmanager
def transaction(handle: Handle) -> Iterator[None]:
    """Nobody else talks with the card until the end.

    After another program has reset the card the handle is made good again first.
    """
    result = scard.SCardBeginTransaction(handle)
    if result & 0xFFFFFFFF == _RESET:
        again, _ = scard.SCardReconnect(
            handle,
            scard.SCARD_SHARE_SHARED,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
            scard.SCARD_LEAVE_CARD,
        )
        _check(again)
        result = scard.SCardBeginTransaction(handle)
    _check(result)
    try:
        yield
    finally:
        scard.SCardEndTransaction(handle, scard.SCARD_LEAVE_CARD)


class Link:
    """A `card.connection.Connection` over an open handle, good for one job.

    Args:
        handle: from `connect`, and its protocol.
        protocol: T=0 has no room for Le behind data, so it is left out there.
        atr: the card's answer to reset.
        reader: its name.
    """

    def __init__(self, handle: Handle, protocol: int, atr: bytes, *, reader: str) -> None:
        self._handle = handle
        self._is_t0 = protocol == scard.SCARD_PROTOCOL_T0
        self._pci = scard.SCARD_PCI_T0 if self._is_t0 else scard.SCARD_PCI_T1
        self._atr = atr
        self._reader = reader
        self._is_cut = False
        self.has_lost_card = False
        """True once a command found no card, or got no answer."""

    @property
    def atr(self) -> bytes:
        """The card's answer to reset."""
        return self._atr

    @property
    def reader(self) -> str:
        """The reader's name."""
        return self._reader

    def cut(self) -> None:
        """Let no further command through: the job is over, or out of time."""
        self._is_cut = True

    def transmit(self, apdu: bytes, /) -> tuple[bytes, int]:
        """The card's answer.

        Raises:
            CardGone, ReaderGone: see the module's text; an answer under two bytes is a lost one.
            CardSilent: the job ran out of time earlier.
        """
        if self._is_cut:
            raise CardSilent
        sent = for_t0(apdu) if self._is_t0 else apdu
        result, answer = scard.SCardTransmit(self._handle, self._pci, list(sent))
        if TRACE.isEnabledFor(TRACE_LEVEL):
            TRACE.log(TRACE_LEVEL, "> %s", shown(sent))
            TRACE.log(TRACE_LEVEL, "< %s", as_hex(bytes(answer)))
        if result != scard.SCARD_S_SUCCESS or len(answer) < 2:
            self.has_lost_card = True
            _check(result)
            raise CardGone
        return split_answer(bytes(answer))
