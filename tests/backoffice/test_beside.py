"""Beside the loop: a sign of life, numbers for a Prometheus, events, and logs without secrets."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from backoffice.beside import Beside, newest_backup_ms
from backoffice.errors import Unavailable
from backoffice.metrics import Metrics
from backoffice.supervised import Supervised, supervised_by
from broker.client import Arrived, Link, LinkSettings
from fixtures.ports import free_port
from tests.backoffice.test_server import Loop
from tests.backoffice.wire_scale import WireScale, card_of
from tests.backoffice.world import Scale, World, cash_sale, new_op
from tests.running import RunningOffice

WAIT_S = 30
HOUR_MS = 3_600_000


class Systemd:
    """The other end of $NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(str(path))
        self.said: list[str] = []

    def hear(self, word: str, seconds: float = WAIT_S) -> None:
        """Waits until a line begins with `word`."""
        end = time.monotonic() + seconds
        while not any(line.startswith(word) for line in self.said):
            self._line.settimeout(max(0.01, end - time.monotonic()))
            self.said += self._line.recv(4096).decode().split("\n")

    def silent(self, seconds: float) -> bool:
        """Did nothing come for so long? What was sent before is thrown away."""
        self._line.settimeout(0.05)
        try:
            while True:
                self._line.recv(4096)
        except TimeoutError:
            pass
        self._line.settimeout(seconds)
        try:
            self._line.recv(4096)
        except TimeoutError:
            return True
        return False

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    made = Systemd(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(made.path))
    monkeypatch.setenv("WATCHDOG_USEC", "1000000")
    yield made
    made.close()


def test_without_a_supervisor_nothing_is_said() -> None:
    silent = supervised_by({}, time.monotonic)
    silent.ready()
    silent.alive("well")
    silent.stopping()


def test_a_sign_of_life_comes_twice_in_an_interval(tmp_path: Path) -> None:
    other, ticks = Systemd(tmp_path / "n"), [0.0]
    ours = Supervised(str(other.path), 30.0, lambda: ticks[0])
    for second in range(0, 60, 5):
        ticks[0] = float(second)
        ours.alive("well")
    ours.stopping()
    other.hear("STOPPING=1")
    assert other.said == ["WATCHDOG=1", "STATUS=well", *["WATCHDOG=1"] * 3, "STOPPING=1"]
    other.close()
    ours.alive("nobody listens any more")


def test_the_watchdog_of_another_process_is_not_ours() -> None:
    said = {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"}
    assert supervised_by(said, time.monotonic)._every_s == 0


def test_the_office_says_that_it_lives_and_a_hung_one_does_not(
    systemd: Systemd, tmp_path: Path
) -> None:
    with RunningOffice(tmp_path) as office:
        systemd.hear("READY=1")
        for word in ("WATCHDOG=1", "STATUS=broker connected, 0 sales"):
            systemd.hear(word)
        children = Path(f"/proc/{office.office_pid}/task/{office.office_pid}/children")
        assert children.exists()
        subprocess.run(["kill", "-STOP", str(office.office_pid)], check=True)
        assert systemd.silent(2.0)
        subprocess.run(["kill", "-CONT", str(office.office_pid)], check=True)
        systemd.hear("WATCHDOG=1")
        office.end_office()
        systemd.hear("STOPPING=1")


def test_the_pages_say_that_they_live(systemd: Systemd, tmp_path: Path) -> None:
    office = RunningOffice(tmp_path)
    office.prepare()
    child = subprocess.Popen(office.words("web", "--port", str(free_port())))
    try:
        systemd.hear("READY=1")
        systemd.hear("WATCHDOG=1")
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(20)


def numbers(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        text = page.read().decode()
    found = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            labels = ",".join(one.labels.values())
            found[f"{one.name}{{{labels}}}" if labels else one.name] = one.value
    return found


def test_a_prometheus_is_told_what_happens(tmp_path: Path) -> None:
    port = free_port()
    backups = tmp_path / "backups"
    backups.mkdir()
    settings = f'[metrics]\nport = {port}\n[backup]\nfolder = "{backups}"\n'
    with RunningOffice(tmp_path, 2, settings) as office:
        office.command("backup", "make", str(backups))
        scale = WireScale(office.enrolment("T1"), office.port, "T1")
        scale.sign_on()
        card = office.card("5.00")
        for amount in (840, 100):
            op = new_op()
            answer = scale.ask(scale.book.intent(card_of(card), amount, op))
            if answer.code == 0:
                scale.publish("s", scale.book.paid(op))
                scale.told("k")
        scale.publish("s", scale.book.paid(new_op(), cash_sale()))
        scale.told("k")
        scale.stop()
        end = time.monotonic() + WAIT_S
        while (found := numbers(port)).get("steelyard_sales_booked_total", 0) < 2:
            assert time.monotonic() < end, found
            time.sleep(0.5)
    assert found["steelyard_payments_declined_total{insufficient}"] == 1
    assert (found["steelyard_broker_up"], found["steelyard_queue_frames"]) == (1, 0)
    assert (found["steelyard_terminals"], found["steelyard_terminals_silent"]) == (2, 0)
    assert found["steelyard_batch_seconds_count"] >= 3
    assert found["steelyard_bytes{books}"] > 100_000
    assert 0 <= found["steelyard_backup_age_seconds"] < 60
    assert not any(str(card) in name for name in found)


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Unavailable, match="cannot listen"):
            Metrics().serve(taken.getsockname()[1])


def test_an_old_backup_is_an_alert_once_a_day(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    beside = Beside(backups=folder)

    def look() -> list[str]:
        with world.desk.store.transaction():
            beside.watch_backups(world.desk, world.now)
        return world.alerts()

    assert look() == look() == ["backup-old"]
    folder.mkdir()
    (folder / "office-1.db").touch()
    world.now = newest_backup_ms(folder) + 25 * HOUR_MS
    assert look() == ["backup-old"]
    world.now += 2 * HOUR_MS
    assert look() == ["backup-old", "backup-old"]
    with world.desk.store.transaction():
        Beside().watch_backups(world.desk, world.now)
    assert len(world.alerts()) == 2


def test_a_sale_is_told_once_it_is_on_disk(world: World, tmp_path: Path) -> None:
    loop, scale = Loop(world, tmp_path), Scale(world)
    loop.server._beside.tells_sales = True
    card = world.card(opening=5_000)
    op = scale.pay(card, 840)
    loop.turn()
    told = [json.loads(payload) for topic, payload in loop.link.sent if topic == "e/s"]
    assert [one["uid"] for one in told] == [op.hex()]
    [one] = told
    assert (one["terminal"], one["store"], one["stall"]) == ("S03-12", "S03", "S03/1")
    assert (one["kind"], one["total"], one["receipt"], one["cashier"]) == ("sale", 840, 1, 7)
    last = f"{(card.card or 0) % 10_000:04d}"
    assert one["tenders"] == [{"kind": "stored-value", "amount": 840, "card": last}]
    assert one["lines"][0]["amount"] == 840
    assert str(card.card) not in json.dumps(told)
    loop.turn()
    assert len([1 for topic, _ in loop.link.sent if topic == "e/s"]) == 1


def test_no_sale_is_told_where_nobody_wants_it(world: World, tmp_path: Path) -> None:
    loop, scale = Loop(world, tmp_path), Scale(world)
    scale.pay(world.card(opening=5_000), 840)
    loop.turn()
    assert [topic for topic, _ in loop.link.sent if topic == "e/s"] == []


def test_a_program_hears_sales_at_a_real_broker(tmp_path: Path) -> None:
    with RunningOffice(tmp_path, 1, "[events]\nsales = true\n") as office:
        folder = tmp_path / "watcher"
        office.command("broker", "watcher", "--out", str(folder))
        heard: queue.Queue[Arrived] = queue.Queue()
        up = threading.Event()
        link = Link(
            LinkSettings(
                "127.0.0.1", office.port, "watcher", folder / "ca.pem", folder / "watcher.pem",
                folder / "watcher.key", (("e/s", 1),),
            ),
            heard.put,
            lambda is_up, _why: up.set() if is_up else None,
        )  # fmt: skip
        link.start()
        assert up.wait(WAIT_S)
        scale = WireScale(office.enrolment("T1"), office.port, "T1")
        scale.sign_on()
        op = new_op()
        scale.publish("s", scale.book.paid(op, cash_sale()))
        scale.told("k")
        event = json.loads(heard.get(timeout=WAIT_S).payload)
        assert (event["uid"], event["total"]) == (op.hex(), 840)
        assert event["tenders"] == [{"kind": "cash", "amount": 840, "card": ""}]
        scale.stop()
        link.stop()


def test_the_log_is_json_lines_without_a_secret(tmp_path: Path) -> None:
    with RunningOffice(tmp_path) as office:
        scale = WireScale(office.enrolment("T1"), office.port, "T1")
        scale.sign_on()
        number, op = office.card("50.00"), new_op()
        scale.ask(scale.book.intent(card_of(number), 840, op))
        scale.publish("s", scale.book.paid(op))
        scale.told("k")
        for words in (("cashier", "pin", "7", "--stdin"), ("user", "add", "lin", "--role",
                      "owner", "--password-stdin")):  # fmt: skip
            said = "481516" if words[0] == "cashier" else "correct horse battery"
            subprocess.run(
                office.words(*words), input=f"{said}\n", text=True, check=True, timeout=60,
                capture_output=True,
            )  # fmt: skip
        office.command("member", "add", "Wang Fang", "--phone", "13800138000")
        office.command("card", "block", str(number))
        office.command("card", "show", str(number))
        scale.publish("s", b"\x93garbage")
        scale.stop()
        time.sleep(0.5)
        office.end_office()
        text = (office.root / "office.log").read_text()
        secrets = {
            "MAC master": (office.state / "secrets" / "mac.master").read_bytes().hex(),
            "signing key": (office.state / "secrets" / "sign.key").read_bytes().hex(),
            "token PIN": "481516",
            "password": "correct horse",
            "argon": "$argon2",
            "card number": str(number),
            "telephone": "13800138000",
            "name": "Wang Fang",
            "key file": "PRIVATE KEY",
            "mac": scale.book.key.hex(),
        }
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) >= 6
    assert {"event", "level", "timestamp"} <= set(lines[0])
    assert any(one.get("name") == "member.add" for one in lines)
    assert [what for what, secret in secrets.items() if secret.lower() in text.lower()] == []
    assert not re.search(r"\b\d{15,19}\b", text)


def test_doctor_looks_at_a_running_office(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    with RunningOffice(tmp_path, 1, f'[backup]\nfolder = "{backups}"\n') as office:
        words = office.words("doctor", "--json")

        def looked() -> dict[str, dict[str, object]]:
            done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
            return {row["name"]: row for row in json.loads(done.stdout)}

        found = looked()
        assert (found["broker"]["well"], found["certs"]["well"]) == (True, True)
        assert "TLSv1." in str(found["broker"]["text"])
        assert (found["backups"]["well"], found["scales"]["well"]) == (False, True)
        office.command("backup", "make", str(backups))
        assert looked()["backups"]["well"] is True
        for file in backups.glob("*.db"):
            os.utime(file, (time.time() - 30 * 3600,) * 2)
        assert "30 hours old" in str(looked()["backups"]["text"])
        ends_soon = str(office.state / "pki" / "short.pem")
        short = subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=short",
             "-days", "10", "-keyout", "/dev/null", "-out", ends_soon],
            check=False, capture_output=True,
        )  # fmt: skip
        assert short.returncode == 0
        assert looked()["certs"]["well"] is False
