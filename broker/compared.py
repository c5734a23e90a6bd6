"""COMPARE and its answer: a scale's journal against the office's, range by range."""

from typing import Annotated

import msgspec
from msgspec import Meta

from broker.sale import Small
from broker.seal import Hash16


class RangeHash(msgspec.Struct, array_like=True, frozen=True):
    """Entries `first` to `last` and the hash over their bodies (`broker.ranges.range_hash`)."""

    first: Small
    last: Small
    hash: Hash16


class Compare(msgspec.Struct, array_like=True, frozen=True):
    """Content of COMPARE: which of these ranges are not the same at the office?"""

    epoch: Small
    ranges: Annotated[list[RangeHash], Meta(max_length=32)]


class RangeHeld(msgspec.Struct, array_like=True, frozen=True):
    """A range that differs, and how many of its entries the office holds."""

    first: Small
    last: Small
    held: Small


class Compared(msgspec.Struct, array_like=True, frozen=True):
    """Content of the answer to COMPARE: the ranges that differ; none = all agree."""

    differing: Annotated[list[RangeHeld], Meta(max_length=32)]
