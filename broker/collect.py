"""COLLECT: the office pulls what a scale owes; and when a scale sends what it has sold."""

from enum import IntEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from broker.sale import Small


class Upload(IntEnum):
    """When a scale sends what it has sold."""

    AT_ONCE = 0
    WHEN_ASKED = 1
    """Its entries wait until the office collects them."""


UPLOAD_WORDS: Final = ("at-once", "asked")
"""As people write them in settings and commands, by number."""


class Collect(msgspec.Struct, array_like=True, frozen=True):
    """The office collects: send everything that you owe, then say that collection's number."""

    v: int
    kind: int
    terminal: Annotated[str, Meta(min_length=1, max_length=8)]
    number: Small
    """Of the collection; 0: nothing is collected, only `upload` is told."""
    upload: Small = 0
    """An `Upload`: what holds at that scale from now on."""
