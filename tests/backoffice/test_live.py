"""The installed back-office on a real broker: who gets through, who does not, and kill -9."""

import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.messages import Code, SignedPrices
from tests.backoffice.wire_scale import WireScale, card_of
from tests.backoffice.world import cash_sale, new_op
from tests.running import RunningOffice


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOffice]:
    with RunningOffice(tmp_path_factory.mktemp("live"), terminals=4) as made:
        yield made


@pytest.fixture(scope="module")
def scales(office: RunningOffice) -> Iterator[list[WireScale]]:
    made = [WireScale(office.enrolment(name), office.port, name) for name in office.names]
    for scale in made:
        scale.sign_on()
    yield made
    for scale in made:
        scale.stop()


def rows(office: RunningOffice, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{office.state / 'office.db'}?mode=ro", uri=True) as books:
        return books.execute(sql).fetchall()


def until(office: RunningOffice, sql: str, wanted: list[tuple[object, ...]]) -> None:
    end = time.monotonic() + 5
    while (found := rows(office, sql)) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.02)


def balance(office: RunningOffice, number: int) -> object:
    return rows(office, f"SELECT balance FROM account WHERE code = 'card/{number}/principal'")


def test_a_whole_sale_over_the_real_wire(office: RunningOffice, scales: list[WireScale]) -> None:
    scale, number, op = scales[0], office.card("50.00"), new_op()
    answer = scale.ask(scale.book.intent(card_of(number), 840, op))
    assert answer.code == Code.OK
    scale.publish("s", scale.book.paid(op))
    scale.told("k")
    assert balance(office, number) == [(4_160,)]
    assert office.json("card", "show", str(number))["balance"] == 4_160  # type: ignore[index]


def test_another_terminals_certificate_gets_nothing_through(
    office: RunningOffice, scales: list[WireScale]
) -> None:
    thief, victim = scales[1], scales[2]
    before = rows(office, "SELECT count(*) FROM sale") + rows(
        office, "SELECT count(*) FROM quarantine"
    )
    body = victim.book.paid(new_op(), cash_sale(99_999))
    victim.book.seq -= 1
    victim.book.prev = bytes(16)
    thief.publish("s", body, terminal="T3", key=victim.book.key)
    thief.publish("a", body, terminal="T3", key=victim.book.key)
    assert thief.ask(thief.book.intent(card_of(office.card("1.00")), 100)).code == Code.OK
    after = rows(office, "SELECT count(*) FROM sale") + rows(
        office, "SELECT count(*) FROM quarantine"
    )
    assert before == after


def test_another_terminal_does_not_hear_answers_meant_for_somebody_else(
    office: RunningOffice, scales: list[WireScale]
) -> None:
    listener, speaker = scales[1], scales[0]
    listener.link._client.subscribe("d/T1/#", 1)
    time.sleep(0.2)
    speaker.ask(speaker.book.intent(card_of(office.card("1.00")), 100))
    listener.ask(listener.book.intent(card_of(office.card("1.00")), 100))
    heard = [message.topic for message in list(listener.came.queue)]
    assert not [topic for topic in heard if topic.startswith("d/T1/")]


def test_a_wrong_mac_gets_nothing_through(office: RunningOffice, scales: list[WireScale]) -> None:
    scale = scales[1]
    before = rows(office, "SELECT count(*) FROM sale")
    [(already,)] = rows(office, "SELECT count(*) FROM quarantine WHERE reason = 'bad-seal'")
    assert isinstance(already, int)
    prev = scale.book.prev
    scale.publish("s", scale.book.paid(new_op(), cash_sale(99_999)), key=bytes(32))
    scale.book.seq, scale.book.prev = scale.book.seq - 1, prev
    wanted: list[tuple[object, ...]] = [(already + 1,)]
    until(office, "SELECT count(*) FROM quarantine WHERE reason = 'bad-seal'", wanted)
    assert rows(office, "SELECT count(*) FROM sale") == before


def test_without_a_certificate_the_broker_does_not_even_talk(office: RunningOffice) -> None:
    done = subprocess.run(
        ["mosquitto_pub", "-h", "127.0.0.1", "-p", str(office.port), "--cafile",
         str(office.enrolment("T1") / "ca.pem"), "-V", "5", "-t", "u/T1/s", "-m", "x"],
        capture_output=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode != 0


def test_one_card_with_money_for_one_and_four_tills_at_the_same_instant(
    office: RunningOffice, scales: list[WireScale]
) -> None:
    for _ in range(10):
        number = card_over_socket(office)
        gate = threading.Barrier(4)
        codes: list[int] = []

        def charge(
            scale: WireScale,
            number: int = number,
            gate: threading.Barrier = gate,
            codes: list[int] = codes,
        ) -> None:
            body = scale.book.intent(card_of(number), 1_000)
            gate.wait()
            codes.append(scale.ask(body).code)

        threads = [threading.Thread(target=charge, args=(scale,)) for scale in scales]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(codes) == [Code.OK] + [Code.INSUFFICIENT] * 3
        assert balance(office, number) == [(0,)]


def card_over_socket(office: RunningOffice) -> int:
    """A fresh card with 10.00 through the socket: quicker than a process for each."""
    wishes = {"chip": "", "kind": 2, "level": 0, "opening": 1_000, "valid_to": 20991231}
    row = over_socket(office, "card.reserve", wishes)
    number = row["number"]
    over_socket(office, "card.activate", {"number": number})
    assert isinstance(number, int)
    return number


def over_socket(office: RunningOffice, name: str, said: dict[str, object]) -> dict[str, object]:
    answer = raw_line(office, json.dumps({"do": name, "with": said}).encode() + b"\n")
    assert answer["ok"], answer
    result = answer["result"]
    assert isinstance(result, dict)
    return result


def raw_line(office: RunningOffice, line: bytes) -> dict[str, object]:
    folder = os.open(office.state, os.O_PATH)
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(5)
        caller.connect(f"/proc/self/fd/{folder}/office.sock")
        os.close(folder)
        caller.sendall(line)
        answer: dict[str, object] = json.loads(caller.makefile("rb").readline())
    return answer


@pytest.mark.parametrize(
    "line", [b"\n", b"not json\n", b"[]\n", b'{"do": 5}\n', b'{"do": "apply", "with": 3}\n',
             b"\xff\xfe\n", b'{"do": "card.block", "with": {}}\n',
             b'{"do": "card.block", "with": {"number": "x"}}\n',
             b'{"do": "card.topup", "with": {"number": 1, "amount": 1, "op": "zz"}}\n',
             b"[" * 5000 + b"\n"],
)  # fmt: skip
def test_a_line_that_is_no_command_is_refused_and_the_server_lives(
    office: RunningOffice, line: bytes
) -> None:
    answer = raw_line(office, line)
    assert answer["ok"] is False
    assert answer["exit"] == 2
    assert over_socket(office, "ping", {})["at"]


def test_the_socket_and_every_secret_are_their_owners_alone(office: RunningOffice) -> None:
    given = office.enrolment("T1")
    private = [office.state / "office.sock", *(office.state / "secrets").iterdir()]
    private += [*(office.state / "pki").glob("*.key")]
    private += [given / name for name in ("mac.key", "terminal.key", "token.pin")]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in private} == {0}


def test_a_second_server_is_refused(office: RunningOffice) -> None:
    done = subprocess.run(
        office.words("serve"), capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 75
    assert done.stderr.count("\n") == 1
    assert "Another program" in done.stderr


def test_a_changed_market_reaches_the_scales_at_once(
    office: RunningOffice, scales: list[WireScale]
) -> None:
    market = office.root / "market.toml"
    market.write_text(market.read_text("utf-8").replace('"6.80"', '"7.20"'), "utf-8")
    office.command("apply", str(market))
    message = scales[3].told("p")
    assert isinstance(message, SignedPrices)
    assert message.version == 2


def test_kill_9_between_question_and_answer_books_once(
    office: RunningOffice, scales: list[WireScale]
) -> None:
    scale, number = scales[0], office.card("50.00")
    for round_number in range(1, 6):
        op = new_op()
        body = scale.book.intent(card_of(number), 100, op)
        paid = scale.book.paid(op)
        scale.publish("a", body)
        time.sleep(0.0008 * (round_number - 1))
        office.kill_office()
        scale.publish("s", paid)
        office.start_office()
        answer = scale.ask(body)
        assert answer.rid == op
        scale.publish("s", paid)
        until(office, "SELECT upto - highest FROM mark WHERE terminal = 1", [(0,)])
        until(office, f"SELECT count(*) FROM sale WHERE uid = x'{op.hex()}'", [(1,)])
        assert balance(office, number) == [(5_000 - 100 * round_number,)]
    assert rows(office, "SELECT sum(balance) FROM account") == [(0,)]
    assert office.json("report", "check")["agrees"] is True  # type: ignore[index]


def test_a_stopped_server_leaves_no_socket_and_its_command_line_goes_on(
    office: RunningOffice, scales: list[WireScale]
) -> None:
    assert scales
    os.kill(office.office_pid, signal.SIGTERM)
    end = time.monotonic() + 10
    while (office.state / "office.sock").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    office.command("terminal", "suspend", "T4")
    listed = office.command("terminal", "list")
    assert "suspended" in listed
    office.start_office()
    office.command("terminal", "resume", "T4")
    assert Path(office.state / "office.sock").exists()
