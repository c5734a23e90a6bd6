"""A scale on a real broker: the hand-written scale's bytes over a real TLS link."""

import queue
import threading
import time
from pathlib import Path

from broker.client import Arrived, Link, LinkSettings
from broker.codec import decode
from broker.errors import BadSeal
from broker.messages import Answer, Code, Message
from broker.sale import Tender
from broker.seal import opened, sealed, split
from broker.topics import all_down
from tests.backoffice.world import Scale


class Now:
    """The wall clock in the place of a world's."""

    @property
    def now(self) -> int:
        """Unix milliseconds."""
        return time.time_ns() // 1_000_000


class WireScale:
    """Signs on with an enrolment folder and sends frames; one at a time."""

    def __init__(self, enrolment: Path, port: int, name: str) -> None:
        self.name = name
        self.book = Scale(Now(), name)  # type: ignore[arg-type]
        self.book.key = (enrolment / "mac.key").read_bytes()
        self.came: queue.Queue[Arrived] = queue.Queue()
        self._up = threading.Event()
        settings = LinkSettings(
            "127.0.0.1", port, name, enrolment / "ca.pem", enrolment / "terminal.pem",
            enrolment / "terminal.key", ((all_down(name), 1),),
        )  # fmt: skip
        self.link = Link(settings, self._arrived, lambda up, _why: self._up.set() if up else None)
        self.link.start()
        assert self._up.wait(10), "no link to the broker"

    def _arrived(self, message: Arrived) -> None:
        self.link.acknowledge(message)
        self.came.put(message)

    def publish(self, channel: str, body: bytes, *, terminal: str = "", key: bytes = b"") -> bytes:
        """Publishes a sealed body; the frame."""
        frame = sealed(body, key or self.book.key)
        self.link.publish(f"u/{terminal or self.name}/{channel}", frame, 0 if channel == "a" else 1)
        return frame

    def ask(self, body: bytes, *, tries: int = 10, wait_s: float = 1.0) -> Answer:
        """Asks with the same bytes until answered."""
        frame = b""
        for _ in range(tries):
            frame = self.publish("a", body)
            answer = self._answer(frame, wait_s)
            if answer is not None:
                return answer
        raise AssertionError("no answer from the back-office")

    def _answer(self, frame: bytes, wait_s: float) -> Answer | None:
        until = time.monotonic() + wait_s
        while (left := until - time.monotonic()) > 0:
            try:
                message = self.came.get(timeout=left)
            except queue.Empty:
                return None
            if message.topic.endswith("/a"):
                try:
                    body, _ = opened(message.payload, (self.book.key,), split(frame)[1])
                except BadSeal:
                    continue  # the answer to an earlier question
                found = decode(body)
                assert isinstance(found, Answer)
                return found
        return None

    def told(self, channel: str, wait_s: float = 5.0) -> Message:
        """The next message on a channel of ours that answers no question."""
        until = time.monotonic() + wait_s
        while True:
            message = self.came.get(timeout=max(0.01, until - time.monotonic()))
            if message.topic == f"d/{self.name}/{channel}":
                return decode(opened(message.payload, (self.book.key,))[0])

    def sign_on(self) -> None:
        """First sign-on of an empty journal; waits until the office is there."""
        assert self.ask(self.book.sign_on_question()).code == Code.OK

    def stop(self) -> None:
        """Hangs up."""
        self.link.stop()


def card_of(number: int) -> Tender:
    """A card without a chip, as a tender."""
    return Tender(2, 0, number, 0, b"")
