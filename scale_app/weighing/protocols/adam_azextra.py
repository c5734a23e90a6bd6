r"""Adam AZextra and CPWplus: a line of text for `P` (AZextra) or `G`, `N`, `T` (CPWplus).

`[label] [sign] figure [space] unit CR LF`, label one of `G`, `N`, `T` (also `G/W`, `Gross Wt`, `Net
Wt`, `Wt.`, `NT`, `GS`, `Tare`). Other lines of the printout (date, unit price, total, pieces) are
passed over. The figure has no fixed length and there is no checksum, so a lost digit cannot be seen
in one line: stability comes from software, over many equal readings. An AZextra answers only when
the weight is new and never says 0 when the pan is emptied: for sales use a scale that does.
Facts: Adam manuals AZextra 3.10, CPWplus pp. 14-16, CBC p. 18; a public driver for the AZextra.
"""

import re
from typing import Final

from scale_app.weighing.protocols import text_lines
from scale_app.weighing.protocols.family import Family, Keys, Line, StableBy
from scale_app.weighing.protocols.framing import Decoder, number
from scale_app.weighing.protocols.units import NOT_WEIGHTS, unit_of
from scale_app.weighing.reading import Fault, Mode, Reading, TareKind

_LONGEST = 64
_LABEL = rb"(G/W|N/W|T/W|Gross(?: Wt)?|Net(?: Wt)?|Tare(?: Wt)?|GS|NT|Wt|[GNT])?\.?:?"
_WEIGHT = re.compile(
    _LABEL + rb" *([+-]? *[0-9]{1,6}(?:\.[0-9]{1,5})?) *(kg|g|lb|oz) *", re.IGNORECASE
)
_TRIES = re.compile(_LABEL + rb"(?: *[+-])? *[0-9.]", re.IGNORECASE)
_OTHER = re.compile(rb" *[0-9]{1,4}([/:.-])[0-9]{1,2}\1[0-9]{2,4} *| *[0-9]+ *pcs *", re.IGNORECASE)
_SURE_START = re.compile(rb"[A-Za-z+-]")
_WHOLE = re.compile(
    rb"(?:G/W|N/W|T/W|(?:Gross|Net|Tare)(?: Wt)?|[GNT])\.?:? *[+-] *[0-9]{1,6}(?:\.[0-9]{1,5})?"
    rb" *(?:kg|g|lb|oz) *\Z"
)
_MODES: Final = {b"g": Mode.GROSS, b"n": Mode.NET}


def _line(body: bytes, raw: bytes) -> Reading | None:
    """One line; nothing when it is another line of a printout."""
    text = body.strip(b" ")
    found = _WEIGHT.fullmatch(text)
    if found is None:
        is_weight_like = _TRIES.match(text) and not _OTHER.fullmatch(text)
        return Reading(fault=Fault.BAD_FRAME, raw=raw) if is_weight_like else None
    value, unit = number(found[2]), unit_of(found[3])
    if value is None or unit is None or unit in NOT_WEIGHTS:
        return Reading(fault=Fault.BAD_FRAME, raw=raw)
    what = (found[1] or b"")[:1].lower()
    if what == b"t":
        return Reading(unit=unit, tare=value, tare_kind=TareKind.SCALE, note="tare", raw=raw)
    return Reading(weight=value, unit=unit, mode=_MODES.get(what, Mode.UNKNOWN), raw=raw)


def _make(_keys: Keys) -> Decoder:
    return Decoder(text_lines.rule(_line, _LONGEST, after_noise=_SURE_START, whole=_WHOLE))


def _stable_by(_keys: Keys) -> StableBy:
    return StableBy.SOFTWARE_TWICE


FAMILY: Final = Family(
    name="adam-azextra",
    title="Adam AZextra and CPWplus lines",
    make=_make,
    stable_by=_stable_by,
    keys={},
    line=Line(4800, 8, "N"),
    longest=_LONGEST,
    poll=b"P\r\n",
    checksum="none, and no fixed length: a lost digit shows only in the next line",
)
