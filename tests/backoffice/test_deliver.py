"""What goes out reaches a real receiver: signed, in order, again after a failure, once a day."""

import hmac
import json
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from backoffice.alerts import Alert
from backoffice.deliver import Outside, deliver
from backoffice.deliveries import (
    MOST_HOOK_TRIES,
    MailServer,
    checked_url,
    hook_secret,
    wait_ms,
)
from backoffice.errors import ConfigFault, Refused, UsageFault
from backoffice.http_post import post
from backoffice.mailer import letter, send
from backoffice.words import translator
from fixtures.ports import free_port
from tests.backoffice.cli.test_commands import Desk, desk
from tests.backoffice.world import MASTER, Scale, World

__all__ = ["desk"]
DAY_MS, HOUR_MS = 86_400_000, 3_600_000


class Receiver:
    """Another program with an HTTP address; `status` is what it answers."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((dict(self.headers), body))
                self.send_response(outer.status)
                self.send_header("Location", outer.url + "elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self) -> list[dict[str, Any]]:
        """Every event it was told, in order."""
        return [one for _, body in self.got for one in json.loads(body)["events"]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


class PostOffice:
    """A mail server on this machine; `refuses` = it takes nothing."""

    def __init__(self) -> None:
        self.got: list[Envelope] = []
        self.refuses = False
        self.logins: list[tuple[str, str]] = []
        self.port = free_port()
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, authenticator=self._log_in,
            auth_require_tls=False,
        )  # fmt: skip
        self._controller.start()

    def _log_in(self, *said: Any) -> AuthResult:
        found = said[-1]
        self.logins.append((found.login.decode(), found.password.decode()))
        return AuthResult(success=found.password == b"open sesame", handled=False)

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: object, _session: object, envelope: Envelope
    ) -> str:
        if self.refuses:
            return "451 come back later"
        self.got.append(envelope)
        return "250 taken"

    def letters(self) -> list[Message]:
        """What it took."""
        return [message_from_bytes(bytes(one.content or b""), policy=default) for one in self.got]  # type: ignore[arg-type]

    def close(self) -> None:
        self._controller.stop()


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    made = PostOffice()
    yield made
    made.close()


def outside(world: World, office: PostOffice | None = None) -> Outside:
    mail = None
    if office is not None:
        mail = MailServer("127.0.0.1", office.port, "till@example.org", security="none")
    return Outside(
        lambda name, said: cast("dict[str, Any]", world.command(name, **said)), MASTER, mail, "en",
        translator("en"),
    )  # fmt: skip


def run(world: World, office: PostOffice | None = None) -> int:
    return deliver(world.desk.store, outside(world, office), world.now)


def hooked(world: World, receiver: Receiver, **said: object) -> int:
    wants = {"sales": True, "alerts": True, **said}
    number = world.command("hook.add", url=receiver.url, **wants)["hook"]
    assert isinstance(number, int)
    return number


def test_a_receiver_is_told_of_a_sale_signed(world: World, receiver: Receiver) -> None:
    scale = Scale(world)
    scale.pay(world.card(opening=5_000), 100)
    hook = hooked(world, receiver)
    op = scale.pay(world.card(opening=5_000), 840)
    assert (run(world), run(world)) == (1, 0)
    [(headers, body)] = receiver.got
    [event] = receiver.events()
    assert (event["event"], event["uid"], event["total"]) == ("sale", op.hex(), 840)
    stamp, secret = headers["Steelyard-Timestamp"], hook_secret(MASTER, hook)
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    assert headers["Steelyard-Signature"] == f"v1={digest}"
    assert int(stamp) == world.now // 1000
    assert headers["Steelyard-Delivery"] == f"{hook}-2-0"
    assert hook_secret(MASTER, hook + 1) != secret


def test_a_failure_is_tried_again_later_and_nothing_is_lost(
    world: World, receiver: Receiver
) -> None:
    hook, scale = hooked(world, receiver), Scale(world)
    first = scale.pay(world.card(opening=5_000))
    receiver.status = 503
    assert (run(world), run(world)) == (0, 0), "it waits before it is tried again"
    known = world.desk.store.deliveries.hook(hook)
    assert known is not None
    assert (known.tries, known.why) == (1, "answered 503")
    assert known.next_at == world.now + wait_ms(1)
    second = scale.pay(world.card(opening=5_000))
    receiver.status, world.now = 204, known.next_at
    receiver.got.clear()
    assert run(world) == 1
    assert [one["uid"] for one in receiver.events()] == [first.hex(), second.hex()]


def test_a_redirection_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 302
    assert post(receiver.url, b"{}", {}) == "answered 302"
    assert len(receiver.got) == 1


def test_after_the_last_try_it_is_given_up_with_an_alert_and_goes_on_when_resumed(
    world: World, receiver: Receiver
) -> None:
    hook = hooked(world, receiver, alerts=False)
    op = Scale(world).pay(world.card(opening=5_000))
    receiver.server.shutdown()
    receiver.server.server_close()
    for _ in range(MOST_HOOK_TRIES):
        known = world.desk.store.deliveries.hook(hook)
        assert known is not None
        assert not known.dead_at
        world.now = max(world.now, known.next_at)
        assert run(world) == 0
    assert world.alerts() == ["hook-dead"]
    world.now += DAY_MS
    assert run(world) == 0
    other = Receiver()
    world.command("hook.resume", hook=hook)
    world.desk.store.report_text("UPDATE hook SET url = :url", url=other.url)
    assert run(world) == 1
    assert [one["uid"] for one in other.events()] == [op.hex()]
    other.server.shutdown()
    other.server.server_close()


def test_alerts_are_told_too_and_many_events_come_in_parts(
    world: World, receiver: Receiver
) -> None:
    hooked(world, receiver, sales=False)
    with world.desk.store.transaction():
        for number in range(130):
            world.desk.store.notes.alert(Alert.VELOCITY, world.now, detail=str(number))
    assert [run(world), run(world), run(world)] == [1, 1, 0]
    assert [one["detail"] for one in receiver.events()] == [str(n) for n in range(130)]


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "ftp://example.org", "https://", "https://me:pw@example.org/", "x",
     "https://example.org/" + "x" * 500, "file:///etc/passwd"],
)  # fmt: skip
def test_an_address_without_tls_or_with_a_password_is_refused(world: World, url: str) -> None:
    with pytest.raises(UsageFault):
        checked_url(url)
    with pytest.raises(UsageFault):
        world.command("hook.add", url=url, sales=True)


def test_a_hook_wants_something_and_there_are_not_too_many(world: World) -> None:
    with pytest.raises(UsageFault, match="sales, alerts or both"):
        world.command("hook.add", url="https://example.org/")
    for _ in range(20):
        world.command("hook.add", url="https://example.org/", alerts=True)
    with pytest.raises(Refused, match="20 hooks"):
        world.command("hook.add", url="https://example.org/", alerts=True)
    world.command("hook.end", hook=3)
    assert world.command("hook.add", url="https://example.org/", alerts=True) == {"hook": 21}


def scheduled(world: World, **said: object) -> int:
    asked = {"report": "by-tender", "every": "daily", "minute": 360, "form": "csv",
             "to": ["boss@example.org"], **said}  # fmt: skip
    number = world.command("mail.add", **asked)["schedule"]
    assert isinstance(number, int)
    return number


def attachment(made: Message) -> tuple[str, bytes]:
    [part] = list(cast("EmailMessage", made).iter_attachments())
    return part.get_filename() or "", cast("bytes", part.get_payload(decode=True))


def test_yesterdays_report_is_mailed_in_the_morning(world: World, post_office: PostOffice) -> None:
    scheduled(world)
    Scale(world).pay(world.card(opening=5_000), 840)
    assert run(world, post_office) == 0
    world.now += DAY_MS
    assert [run(world, post_office) for _ in range(3)] == [1, 0, 0]
    [made] = post_office.letters()
    assert made["To"] == "boss@example.org"
    assert made["Subject"] == "Riverside Market: Takings by tender, 2026-11-24"
    name, content = attachment(made)
    assert name == "by-tender-20261124-20261124.csv"
    assert "8.40" in content.decode("utf-8-sig")


def test_what_was_missed_is_caught_up_once(world: World, post_office: PostOffice) -> None:
    scheduled(world, form="xlsx")
    world.now += 5 * DAY_MS
    assert [run(world, post_office) for _ in range(3)] == [1, 0, 0]
    world.now += DAY_MS
    assert run(world, post_office) == 1
    names = [attachment(one)[0] for one in post_office.letters()]
    assert names == ["by-tender-20261128-20261128.xlsx", "by-tender-20261129-20261129.xlsx"]
    assert attachment(post_office.letters()[0])[1].startswith(b"PK")


def test_a_server_that_refuses_is_tried_again_and_given_up_with_an_alert(
    world: World, post_office: PostOffice
) -> None:
    number = scheduled(world)
    post_office.refuses = True
    world.now += DAY_MS
    for _ in range(10):
        assert run(world, post_office) == 0
        known = world.desk.store.deliveries.schedule(number)
        assert known is not None
        assert known.why == "SMTPDataError 451"
        world.now = max(world.now, known.next_at)
    assert world.alerts() == ["mail-failed"]
    assert run(world, post_office) == 0
    post_office.refuses = False
    world.now += DAY_MS
    assert run(world, post_office) == 1


def test_a_reader_sees_his_stores_alone_and_nothing_when_he_is_gone(
    world: World, post_office: PostOffice
) -> None:
    password = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"
    for name, role, stores in (("lin", "store", ["S03"]), ("mei", "owner", [])):
        world.command("person.save", name=name, role=role, stores=stores, password=password)
    number = scheduled(world, person="lin", report="by-store")
    world.now += DAY_MS
    assert run(world, post_office) == 1
    world.command("person.suspend", name="lin", suspended=True)
    world.now += DAY_MS
    assert run(world, post_office) == 0
    known = world.desk.store.deliveries.schedule(number)
    assert known is not None
    assert "not there any more" in known.why


def test_the_password_comes_from_a_file_and_stays_out_of_what_is_said(
    post_office: PostOffice, tmp_path: Path
) -> None:
    file = tmp_path / "password"
    made = letter("till@example.org", ("boss@example.org",), "a\nb", "text")
    assert made["Subject"] == "a b"
    server = MailServer(
        "127.0.0.1", post_office.port, "till@example.org", "till", file, security="none"
    )
    with pytest.raises(ConfigFault, match="cannot be read"):
        send(server, made)
    file.write_text("open sesame\n")
    assert send(server, made) == ""
    assert post_office.logins == [("till", "open sesame")]
    file.write_text("wrong\n")
    why = send(server, made)
    assert why.startswith("SMTP")
    assert "wrong" not in why


@pytest.mark.parametrize(
    "said",
    [{"every": "hourly"}, {"minute": 1440}, {"form": "pdf"}, {"to": []}, {"to": ["x"]},
     {"to": ["a@b.c"] * 21}],
)  # fmt: skip
def test_a_schedule_that_cannot_be_is_refused(world: World, said: dict[str, object]) -> None:
    with pytest.raises(UsageFault):
        scheduled(world, **said)


def test_the_commands_deliver(desk: Desk, receiver: Receiver, post_office: PostOffice) -> None:
    desk.config.write_text(
        desk.config.read_text() + f'[mail]\nhost = "127.0.0.1"\nport = {post_office.port}\n'
        'sender = "till@example.org"\nsecurity = "none"\n'
    )
    assert desk.out("hook", "add", receiver.url, "--alerts") == "1\n"
    secret = desk.out("hook", "secret", "1").strip()
    assert len(secret) == 64
    assert desk.out("mail", "add", "by-tender", "daily", "06:00", "boss@example.org") == "1\n"
    desk.out("mail", "test", "boss@example.org")
    assert len(post_office.got) == 1
    desk.out("card", "issue", "--kind", "stored", "--no-chip")
    desk.out("deliver", "--once")
    [row] = json.loads(desk.out("hook", "list", "--json"))
    assert (row["wants"], row["state"]) == ("alerts", "well")
    assert json.loads(desk.out("mail", "list", "--json"))[0]["when"] == "daily 06:00"
    for words in (("hook", "end", "1"), ("mail", "end", "1")):
        desk.out(*words)
    assert desk.out("hook", "list", "--json").strip() == "[]"
