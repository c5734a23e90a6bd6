"""Messages to bytes and back, in both forms; and what is refused."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker import codec
from broker import messages as m
from broker.codec import Form
from broker.errors import BadMessage, UnknownVersion
from broker.pricelist import Policy
from broker.sale import Sale, faults_of
from tests.broker.samples import card_sale, intent, one_of_each

# The bytes of `samples.intent()`, written down by hand from the MessagePack specification and
# `docs/contract.md`, not by our encoder.
INTENT_BY_HAND = bytes.fromhex(
    "9a 01 01 a6 5330332d3132 01 11 c410 00000000000000000000000000000000"
    "cf 0000019ab697e800 c410 000102030405060708090a0b0c0d0e0f 01"
    "9d 01 ce 01352904 01 07 03 cf 000233e2ffc2c00c 01 cd031e"
    "91 9b 01 cd04d3 00 cd0286 00 cd02a8 00 00 cd031e 01 c408 e1e2e3e4e5e6e7e8"
    "90"
    "91 98 02 cd031e cf 000233e2ffc2c00c 05 c408 3132333435363738 00 c400 a0"
    "c400 01"
)
BEFORE_THE_INTERVAL = bytes.fromhex(
    "9a 01 01 a6 5330332d3132 01 11 c410 00000000000000000000000000000000"
    "cf 0000019ab697e800 c410 000102030405060708090a0b0c0d0e0f 01"
    "9c 01 ce 01352904 01 07 03 cf 000233e2ffc2c00c 01 cd031e"
    "91 9a 01 cd04d3 00 cd0286 00 cd02a8 00 00 cd031e 01 90"
    "91 96 02 cd031e cf 000233e2ffc2c00c 05 c408 3132333435363738 00"
    "c400"
)
"""The same sale as the first scales sent it: a line ends with its flags, a sale with its `ref`."""


def test_an_entry_is_these_bytes() -> None:
    assert codec.encode(intent()) == INTENT_BY_HAND
    assert codec.decode(INTENT_BY_HAND) == intent()


def test_a_sale_of_an_older_scale_still_reads() -> None:
    entry = codec.decode(BEFORE_THE_INTERVAL)
    assert isinstance(entry, m.Entry)
    assert isinstance(entry.content, Sale)
    assert (entry.content.interval, entry.content.lines[0].evidence) == (1, b"")
    assert (entry.content.tenders[0].proof, entry.content.tenders[0].scheme) == (b"", "")
    assert faults_of(entry.content) == ()


def test_a_z_report_of_an_older_scale_still_reads() -> None:
    # [shift, day, cashier, opened at, sales, lines, total, saving, tenders, first, last, reversals]
    old = b"[1,20261124,7,1,2,3,1580,42,[[1,2,1580]],1,2,0]"
    report = msgspec.json.decode(old, type=m.ZReport)
    assert (report.total, report.reversals, report.rounding) == (1580, 0, [])


def test_a_price_list_of_an_older_office_still_reads() -> None:
    # By hand: list 3 of S03 with one product of eight fields, one cashier, one level.
    old = bytes.fromhex(
        "96 03 a3 533033 a5 5374616c6c"
        "91 98 01 a0 a5 4170706c65 00 92 cd02a8 cd0286 0c a1 31 a5 6672756974"
        "91 93 07 a3 4c6575 a0"
        "91 a5 7368656c66"
    )
    prices = codec.decode_prices(old)
    assert (prices.products[0].rules, prices.products[0].barcode) == ([], "")
    assert prices.policy == Policy()


def test_a_card_sale_of_one_line_stays_within_145_bytes() -> None:
    assert len(codec.encode(intent())) <= 145


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("message", one_of_each(), ids=lambda x: type(x).__name__)
def test_every_message_comes_back_as_it_went(message: m.Message, form: Form) -> None:
    body = codec.encode(message, form)
    assert codec.form_of(body) is form
    assert codec.decode(body) == message


def test_json_is_plain_arrays_that_any_program_writes() -> None:
    text = json.loads(codec.encode(intent(), Form.JSON))
    assert text[:5] == [1, 1, "S03-12", 1, 17]
    assert text[9][8][0] == [1, 1235, 0, 646, 0, 680, 0, 0, 798, 1, "4eLj5OXm5+g="]


@pytest.mark.parametrize("form", Form)
def test_fields_added_at_the_end_are_ignored(form: Form) -> None:
    loose = msgspec.json if form is Form.JSON else msgspec.msgpack
    array = loose.decode(codec.encode(intent(), form))
    array[9].append("from a later version")
    array.append({"also": "new"})
    assert codec.decode(loose.encode(array)) == intent()


def test_unknown_values_of_closed_sets_are_kept() -> None:
    sale = msgspec.structs.replace(card_sale(), kind=77)
    entry = m.Entry(1, "A", 1, 1, bytes(16), 1, bytes(16), 1, sale)
    back = codec.decode(codec.encode(entry))
    assert isinstance(back, m.Entry)
    assert isinstance(back.content, type(sale))
    assert back.content.kind == 77


@pytest.mark.parametrize("body", [b"[2,1]", b"[0,1]", b"\x92\x02\x01"])
def test_another_major_version_is_named(body: bytes) -> None:
    with pytest.raises(UnknownVersion):
        codec.decode(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        b"{}",
        b"hello",
        b"[",
        b"[1]",
        b"[1,99]",
        b'["1",1]',
        b"[1.5,1]",
        b"[1,1]",
        b"[1," + b"[" * 20000,
        b"\x91\xff",
        b'[1,40,"A\xff",1,1]',
        b"[NaN]",
        b"\xdc\xff\xff",
        b'[1,1,"TOO-LONG-A-NAME",1,1,"","",1,"",1,[]]',
        b"[1,30,[]]",
    ],
)
def test_what_cannot_be_read_is_a_bad_message(body: bytes) -> None:
    with pytest.raises(BadMessage):
        codec.decode(body)


def test_a_sale_beyond_the_limits_is_refused() -> None:
    line = card_sale().lines[0]
    crowd = msgspec.structs.replace(card_sale(), lines=[line] * 101)
    entry = m.Entry(1, "A", 1, 1, bytes(16), 1, bytes(16), 1, crowd)
    with pytest.raises(BadMessage):
        codec.decode(codec.encode(entry))


@given(st.binary(max_size=200))
def test_any_bytes_give_a_message_or_a_bad_message(body: bytes) -> None:
    try:
        codec.decode(body)
    except BadMessage:
        return


@given(st.sampled_from(one_of_each()), st.data())
def test_a_changed_byte_gives_a_message_or_a_bad_message(
    message: m.Message, data: st.DataObject
) -> None:
    body = bytearray(codec.encode(message, data.draw(st.sampled_from(Form))))
    body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        codec.decode(bytes(body))
    except BadMessage:
        return
