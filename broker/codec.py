"""Message <-> bytes, strict: what cannot be read raises a typed error and is never half used.

The first byte of a body tells its form (`[` JSON, 0x90-0x9f or 0xdc MessagePack), the first field
its major version, the second its kind. Byte strings are base64 in JSON. Nothing is ever encoded
twice: the outbox keeps the bytes, the office keeps the raw body (decision 9).
"""

import functools
from enum import Enum
from typing import Any, TypeVar, cast

import msgspec

from broker import messages as m
from broker.collect import Collect
from broker.compared import Compare, Compared
from broker.errors import BadMessage, UnknownVersion
from broker.heads import SignedHead
from broker.loads import AskLoad, LoadBooked, LoadWord, TellLoad
from broker.pricelist import PriceList
from broker.sale import Sale, Small
from broker.seal import Hash16

Body = TypeVar("Body")


class Form(Enum):
    """How a body is written; both carry the same arrays."""

    MSGPACK = "msgpack"
    JSON = "json"


class _Head(msgspec.Struct, array_like=True, frozen=True):
    v: int
    kind: int


class _Entry(msgspec.Struct, array_like=True, frozen=True):
    v: int
    kind: int
    terminal: m.TerminalId
    epoch: Small
    seq: Small
    prev: Hash16
    at: m.Millis
    op: m.Uid
    attempt: Small
    content: msgspec.Raw


class _Question(msgspec.Struct, array_like=True, frozen=True):
    v: int
    kind: int
    terminal: m.TerminalId
    rid: m.Uid
    at: m.Millis
    content: msgspec.Raw


class _Answer(msgspec.Struct, array_like=True, frozen=True):
    v: int
    kind: int
    to: Small
    rid: m.Uid
    attempt: Small
    code: Small
    at: m.Millis
    content: msgspec.Raw


CONTENT_OF: dict[int, Any] = {
    m.Kind.INTENT: Sale,
    m.Kind.PAID: m.Paid,
    m.Kind.DECLINED: m.Declined,
    m.Kind.REVERSING: m.Reversing,
    m.Kind.REVERSED: m.Reversed,
    m.Kind.UNSURE: m.Reversing,
    m.Kind.Z: m.ZReport,
    m.Kind.SIGN_ON: m.SignOn,
    m.Kind.BALANCE: m.AskBalance,
    m.Kind.LOAD: AskLoad,
    m.Kind.LOADED: TellLoad,
    m.Kind.COMPARE: Compare,
}
_REPLY_TO: dict[int, Any] = {
    m.Kind.INTENT: m.Authorised,
    m.Kind.REVERSING: m.Undone,
    m.Kind.SIGN_ON: m.Welcome,
    m.Kind.BALANCE: m.CardStanding,
    m.Kind.LOAD: LoadWord,
    m.Kind.LOADED: LoadBooked,
    m.Kind.COMPARE: Compared,
}
_PLAIN: dict[int, Any] = {
    m.Kind.BATCH: m.Batch,
    m.Kind.HEARTBEAT: m.Heartbeat,
    m.Kind.SIGNED_HEAD: SignedHead,
    m.Kind.RECEIPT: m.Receipt,
    m.Kind.PRICES: m.SignedPrices,
    m.Kind.PACKED: m.PackedPrices,
    m.Kind.TERMS: m.SignedTerms,
    m.Kind.COLLECT: Collect,
}


def form_of(body: bytes) -> Form:
    """The form that a body's first byte announces.

    Raises:
        BadMessage: the first byte begins neither form.
    """
    first = body[:1]
    if first == b"[":
        return Form.JSON
    if first and (0x90 <= first[0] <= 0x9F or first[0] == 0xDC):
        return Form.MSGPACK
    raise BadMessage("the first byte is neither a JSON array nor a MessagePack array")


def _dump(value: object, form: Form) -> bytes:
    return msgspec.json.encode(value) if form is Form.JSON else msgspec.msgpack.encode(value)


# Made once for each shape: making a decoder takes three times what it then takes to read.
_of_msgpack = functools.cache(msgspec.msgpack.Decoder)
_of_json = functools.cache(msgspec.json.Decoder)


def _load(body: bytes | msgspec.Raw, shape: type[Body], form: Form) -> Body:
    try:
        kept = _of_json if form is Form.JSON else _of_msgpack
        read: Body = kept(cast("Any", shape)).decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage(str(error)) from error
    return read


def _raw(value: object, form: Form) -> msgspec.Raw:
    return msgspec.Raw(_dump(value, form))


def encode(message: m.Message, form: Form = Form.MSGPACK) -> bytes:
    """The body of a message; no trailer (see `broker.seal`)."""
    if isinstance(message, m.Entry):
        return _dump(
            _Entry(
                m.VERSION, message.kind, message.terminal, message.epoch, message.seq,
                message.prev, message.at, message.op, message.attempt,
                _raw(message.content, form),
            ),
            form,
        )  # fmt: skip
    if isinstance(message, m.Question):
        content = _raw(message.content, form)
        head = (m.VERSION, message.kind, message.terminal, message.rid, message.at)
        return _dump(_Question(*head, content), form)
    if isinstance(message, m.Answer):
        head_of_answer = (message.to, message.rid, message.attempt, message.code, message.at)
        answer = _Answer(m.VERSION, m.Kind.ANSWER, *head_of_answer, _raw(message.content, form))
        return _dump(answer, form)
    return _dump(message, form)


def decode(body: bytes) -> m.Message:
    """The message in a body whose trailer was already checked.

    Raises:
        BadMessage: not readable, with the place of the fault.
        UnknownVersion: another major version.
    """
    form = form_of(body)
    head = _load(body, _Head, form)
    if head.v != m.VERSION:
        raise UnknownVersion(head.v)
    if head.kind in m.ENTRY_KINDS:
        return _entry(_load(body, _Entry, form), form)
    if head.kind in m.QUESTION_KINDS:
        return _question(_load(body, _Question, form), form)
    if head.kind == m.Kind.ANSWER:
        return _answer(_load(body, _Answer, form), form)
    shape = _PLAIN.get(head.kind)
    if shape is None:
        raise BadMessage(f"kind {head.kind} is not in the contract")
    message: m.Message = _load(body, shape, form)
    return message


def prev_of(body: bytes) -> bytes | None:
    """The `prev` of an entry, its content left unread; None when the body is no entry."""
    try:
        form = form_of(body)
        if _load(body, _Head, form).kind in m.ENTRY_KINDS:
            return _load(body, _Entry, form).prev
    except BadMessage:
        pass
    return None


def _entry(e: _Entry, form: Form) -> m.Entry:
    content = _load(e.content, CONTENT_OF[e.kind], form)
    return m.Entry(
        kind=e.kind, terminal=e.terminal, epoch=e.epoch, seq=e.seq, prev=e.prev,
        at=e.at, op=e.op, attempt=e.attempt, content=content,
    )  # fmt: skip


def _question(q: _Question, form: Form) -> m.Question:
    content = _load(q.content, CONTENT_OF[q.kind], form)
    return m.Question(kind=q.kind, terminal=q.terminal, rid=q.rid, at=q.at, content=content)


def _answer(a: _Answer, form: Form) -> m.Answer:
    # A refusal may come without the content of its kind; an empty array reads as Refused.
    shape = _REPLY_TO.get(a.to, m.Refused)
    try:
        content = _load(a.content, shape, form)
    except BadMessage:
        content = _load(a.content, m.Refused, form)
    return m.Answer(to=a.to, rid=a.rid, attempt=a.attempt, code=a.code, at=a.at, content=content)


def encode_prices(prices: PriceList) -> bytes:
    """The payload that the office signs; always MessagePack."""
    return msgspec.msgpack.encode(prices)


def decode_prices(payload: bytes) -> PriceList:
    """The price list in a payload whose signature was already checked.

    Raises:
        BadMessage: not readable.
    """
    return _load(payload, PriceList, Form.MSGPACK)
