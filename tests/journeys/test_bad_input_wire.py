"""Bad payloads on a real broker, sent with a real certificate: kept, counted, answered, not booked.

A genuine frame is sent between the bad ones: the office is never a frame behind and never down.
"""

import sqlite3
import subprocess
import time
from collections.abc import Iterator

import pytest

from broker.messages import Code
from tests.backoffice.wire_scale import WireScale, card_of
from tests.backoffice.world import cash_sale, new_op
from tests.running import RunningOffice

HMAC_OF_NOTHING = b"\n" + b"0" * 32
UNSEALED = {
    "empty": b"",
    "one byte": b"[",
    "noise": bytes(range(256)) * 3,
    "not UTF-8": b'[1,2,"\xff\xfe"]' + HMAC_OF_NOTHING,
    "wrong types": b'[1,"2",null,{},[]]' + HMAC_OF_NOTHING,
    "deep": b"[" * 60_000,
    "over the limit": b"\x9a" + bytes(70_000),
    "no seal": b'[1,20,"T1"]',
}
SEALED = {
    "not UTF-8": b'[1,20,"\xff\xfe"]',
    "wrong types": b'[1,20,5,null,{},"x"]',
    "numbers beyond 64 bits": b"[1,20," + b"9" * 400 + b"]",
    "an object": b'{"version":1}',
    "version 0": b'[0,20,"T1"]',
    "version 9": b'[9,20,"T1"]',
    "kind 999": b'[1,999,"T1"]',
    "deep": b"[" * 30_000,
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOffice]:
    with RunningOffice(tmp_path_factory.mktemp("wire"), terminals=2) as made:
        yield made


@pytest.fixture(scope="module")
def scales(office: RunningOffice) -> Iterator[tuple[WireScale, WireScale]]:
    one, two = (WireScale(office.enrolment(name), office.port, name) for name in office.names)
    one.sign_on()
    two.sign_on()
    yield one, two
    one.stop()
    two.stop()
    office.command("report", "check")


def number_of(office: RunningOffice, sql: str) -> int:
    with sqlite3.connect(f"file:{office.state / 'office.db'}?mode=ro", uri=True) as books:
        [(number,)] = books.execute(sql).fetchall()
    return int(number)


def quarantined(office: RunningOffice) -> int:
    return number_of(office, "SELECT count(*) FROM quarantine")


def sales(office: RunningOffice) -> int:
    return number_of(office, "SELECT count(*) FROM sale")


def until_quarantined(office: RunningOffice, wanted: int) -> None:
    end = time.monotonic() + 5
    while quarantined(office) < wanted:
        assert time.monotonic() < end, f"{quarantined(office)} of {wanted} in quarantine"
        time.sleep(0.01)
    assert quarantined(office) == wanted


def sells(scale: WireScale, office: RunningOffice) -> tuple[bytes, bytes]:
    """A genuine sale goes through at once; its body and its frame."""
    before, op = sales(office), new_op()
    body = scale.book.paid(op, cash_sale(100))
    frame = scale.publish("s", body)
    end = time.monotonic() + 5
    while not number_of(office, f"SELECT count(*) FROM sale WHERE uid = x'{op.hex()}'"):
        assert time.monotonic() < end, "a genuine sale did not go through"
        time.sleep(0.01)
    assert sales(office) == before + 1
    return body, frame


@pytest.mark.parametrize("payload", UNSEALED.values(), ids=UNSEALED.keys())
@pytest.mark.parametrize("channel", ["a", "s", "h"])
def test_a_payload_that_is_no_frame_is_kept_and_books_nothing(
    office: RunningOffice, scales: tuple[WireScale, WireScale], channel: str, payload: bytes
) -> None:
    # A retained message would be told again to an office that starts anew: sent as it comes.
    before, booked = quarantined(office), sales(office)
    scales[0].link.publish(f"u/T1/{channel}", payload, 0 if channel == "a" else 1)
    until_quarantined(office, before + 1)
    assert sales(office) == booked
    sells(scales[0], office)


@pytest.mark.parametrize("body", SEALED.values(), ids=SEALED.keys())
def test_a_genuine_seal_over_nonsense_is_refused_with_a_code_and_books_nothing(
    office: RunningOffice, scales: tuple[WireScale, WireScale], body: bytes
) -> None:
    before, booked = quarantined(office), sales(office)
    answer = scales[0].ask(body, tries=1)
    assert answer.to == 0
    assert answer.code in (Code.MALFORMED, Code.VERSION)
    until_quarantined(office, before + 1)
    assert sales(office) == booked
    sells(scales[0], office)


def test_a_payload_larger_than_the_broker_takes_ends_that_connection_only(
    office: RunningOffice, scales: tuple[WireScale, WireScale]
) -> None:
    before = sales(office)
    keys = office.enrolment("T1")
    words = ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(office.port), "-V", "311", "-q", "1"]
    words += ["--cafile", str(keys / "ca.pem"), "--cert", str(keys / "terminal.pem")]
    words += ["--key", str(keys / "terminal.key"), "-t", "u/T1/s", "-s"]
    done = subprocess.run(
        words, input=bytes(1_000_000), capture_output=True, timeout=20, check=False
    )
    assert done.returncode != 0
    sells(scales[1], office)
    assert sales(office) == before + 1
    end = time.monotonic() + 10
    while not scales[0].link.connected:
        assert time.monotonic() < end, "the scale's own link did not come back"
        time.sleep(0.05)
    sells(scales[0], office)


def test_a_replayed_sale_is_booked_once_and_a_replayed_question_gets_the_same_bytes(
    office: RunningOffice, scales: tuple[WireScale, WireScale]
) -> None:
    scale, booked = scales[0], sales(office)
    number, op = office.card("10.00"), new_op()
    question = scale.book.intent(card_of(number), 300, op)
    first = scale.ask(question)
    outcome = scale.book.paid(op)
    for _ in range(3):
        assert scale.ask(question) == first
        scale.publish("s", outcome)
    sells(scale, office)
    assert sales(office) == booked + 2
    balance = f"SELECT balance FROM account WHERE code = 'card/{number}/principal'"
    assert number_of(office, balance) == 700


def test_a_sale_replayed_on_another_scales_topic_books_nothing(
    office: RunningOffice, scales: tuple[WireScale, WireScale]
) -> None:
    """The thief has a certificate of his own and a genuine frame of T1 that he overheard."""
    one, two = scales
    body, frame = sells(one, office)
    before, booked = quarantined(office), sales(office)
    two.link.publish("u/T1/s", frame, 1)  # the broker's access rules let nothing through
    two.link.publish("u/T2/s", frame, 1)  # his own topic: the seal does not fit
    until_quarantined(office, before + 1)
    two.publish("s", body)  # his own seal over T1's sale: the name does not fit
    until_quarantined(office, before + 2)
    assert sales(office) == booked
    sells(two, office)


def test_a_card_that_was_never_issued_is_told_as_unknown(
    office: RunningOffice, scales: tuple[WireScale, WireScale]
) -> None:
    booked = sales(office)
    answer = scales[0].ask(scales[0].book.intent(card_of(620099999999999), 100))
    assert answer.code == Code.UNKNOWN_CARD
    assert sales(office) == booked
