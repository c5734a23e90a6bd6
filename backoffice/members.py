"""Members: how little of a person the books keep, and how it is forgotten. Pure.

A telephone number is kept as a keyed hash, by which its member is found, and its last four digits,
by which people tell two members apart; nobody can read the number from the books, nor try all
numbers without the office's secret. Name and note are plain text that `forgotten` empties, in the
books and in every line that the office's journals keep of the commands that named them.
"""

import hmac
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from backoffice.errors import UsageFault

LONGEST_NAME, LONGEST_NOTE, LONGEST_TERMS = 60, 200, 40
SHORTEST_PHONE, LONGEST_PHONE = 5, 15
"""Digits; ITU-T E.164 allows fifteen."""
_COUNTRY_CODES = {"CN": "86", "DE": "49", "IE": "353", "US": "1"}
_PURPOSE = b"steelyard member phone"
PERSONAL = ("name", "phone_hash", "phone_last", "note", "reason")
"""What a command says of a person."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member; times are Unix milliseconds, 0 = not."""

    id: int
    level: int
    name: str
    phone_hash: bytes = b""
    phone_last: str = ""
    note: str = ""
    terms: str = ""
    agreed_at: int = 0
    joined_at: int = 0
    ended_at: int = 0


def reference(number: int) -> str:
    """What a registered card of a member says of its holder: where to look, and no name."""
    return f"member {number}"


def digits_of(phone: str, country: str) -> str:
    """The digits of a telephone number as people of one country dial it, however it was written.

    Raises:
        UsageFault: not a telephone number.
    """
    written = phone.strip()
    digits = "".join(c for c in written if c.isascii() and c.isdigit())
    strange = set(written) - set("0123456789 +-()./")
    code = _COUNTRY_CODES.get(country, "")
    for prefix in (f"00{code}", code if written.startswith("+") else ""):
        if code and prefix and digits.startswith(prefix):
            digits = digits.removeprefix(prefix)
            break
    digits = digits.lstrip("0")
    if strange or not SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE:
        raise UsageFault(
            "A telephone number has {least} to {most} digits; write it as it is dialled.",
            least=SHORTEST_PHONE, most=LONGEST_PHONE,
        )  # fmt: skip
    return digits


def phone_hash(digits: str, master: bytes) -> bytes:
    """Sixteen bytes by which a telephone number is found again."""
    key = hmac.digest(master, _PURPOSE, sha256)
    return hmac.digest(key, digits.encode(), sha256)[:16]


def private(said: dict[str, Any], master: bytes, country: str) -> dict[str, Any]:
    """What a command said, with a hash and four digits in the place of the telephone number."""
    if "phone" not in said:
        return said
    rest = {name: value for name, value in said.items() if name != "phone"}
    phone = str(said["phone"])
    if not phone.strip():
        return {**rest, "phone_hash": "", "phone_last": ""}
    digits = digits_of(phone, country)
    return {**rest, "phone_hash": phone_hash(digits, master).hex(), "phone_last": digits[-4:]}


def changed(before: Member, said: dict[str, Any], now: int) -> Member:
    """The member with what a command says of name, telephone, note and terms.

    Raises:
        UsageFault: no name, or a text that is too long.
    """
    name = _text(said, "name", before.name, LONGEST_NAME)
    if not name and not said.get("forgotten"):
        raise UsageFault("A member needs a name, or what he wants to be called.")
    hashed = before.phone_hash
    if "phone_hash" in said:
        hashed = bytes.fromhex(str(said["phone_hash"]))
    return replace(
        before, name=name, phone_hash=hashed,
        note=_text(said, "note", before.note, LONGEST_NOTE),
        terms=_text(said, "terms", before.terms, LONGEST_TERMS),
        phone_last=str(said.get("phone_last", before.phone_last))[:4],
        agreed_at=now if said.get("terms") else before.agreed_at,
    )  # fmt: skip


def _text(said: dict[str, Any], name: str, before: str, longest: int) -> str:
    text = " ".join(str(said.get(name, before)).split())
    if len(text) > longest:
        raise UsageFault("{field} is too long.", field=name)
    return text


def forgotten(member: Member, now: int) -> Member:
    """The member without the person: number, level of old sales and days stay."""
    return replace(
        member, level=0, name="", phone_hash=b"", phone_last="", note="",
        ended_at=member.ended_at or now,
    )  # fmt: skip


def scrubbed(said: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a command about a member without the person."""
    rest = {name: value for name, value in said.items() if name not in PERSONAL}
    return {**rest, "forgotten": True}
