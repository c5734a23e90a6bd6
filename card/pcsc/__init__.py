"""Door to PC/SC: sees cards come and go, and runs conversations with them on threads of its own.

`door` is what programs use; `watch` looks at the reader, `work` talks with the card, `calls` is
the only importer of pyscard. libpcsclite reads PCSCLITE_CSOCK_NAME once per process, so it must
be set in the environment a program is started with.
"""

from card.apdu import TRACE_LEVEL
from card.pcsc.calls import list_readers
from card.pcsc.door import CardDoor, run_on_card
from card.pcsc.events import (
    CardEvent,
    CardRemoved,
    CardTapped,
    JobDone,
    ReaderFound,
    ReaderLost,
)
from card.pcsc.slot import HeldSlot

__all__ = [
    "TRACE_LEVEL",
    "CardDoor",
    "CardEvent",
    "CardRemoved",
    "CardTapped",
    "HeldSlot",
    "JobDone",
    "ReaderFound",
    "ReaderLost",
    "list_readers",
    "run_on_card",
]
