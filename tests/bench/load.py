"""A till as the wire sees it: asks for one sale after another and times each answer.

The outcome of a sale rides in front of the next question (one frame a sale), as the real till does.
"""

import multiprocessing as mp
import os
import resource
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from broker import codec, seal, topics
from broker import messages as m
from broker.client import Arrived, Link, LinkSettings
from broker.pricelist import Product
from broker.pricing import price_line
from broker.sale import Sale, SaleKind, Tender, TenderKind, checked
from broker.topics import Channel
from broker.uid import new_uid
from broker.units import PriceBase, Weight, WeightUnit

PRODUCTS = (
    Product(1, "苹果", "Apple", PriceBase.KG, [680]),
    Product(2, "土豆", "Potato", PriceBase.G500, [125]),
    Product(9, "鸡蛋", "Eggs", PriceBase.PIECE, [98]),
)


@dataclass(frozen=True)
class Result:
    """What one till saw; seconds, and bytes at the IP level both ways."""

    sold: int
    refused: int
    latencies: list[float]
    cpu_s: float
    wire_bytes: int


@dataclass(frozen=True)
class Errand:
    """What one till is to do; `pace_s` = seconds between sales, 0 = as fast as answers come."""

    enrolment: Path
    terminal: str
    host: str
    port: int
    card: int
    sales: int
    pace_s: float = 0.0


def three_lines(card: int, token_seq: int, token: bytes, day: int) -> Sale:
    """The sale of the benchmark: a weighed, a per-500 g and a counted line."""
    quantities = (Weight(1235), Weight(864), Weight(6, WeightUnit.PIECE))
    lines = [price_line(p, q, level=0) for p, q in zip(PRODUCTS, quantities, strict=True)]
    total = sum(line.amount for line in lines)
    tender = Tender(TenderKind.STORED_VALUE, total, card, token_seq, token)
    return checked(Sale(SaleKind.SALE, day, 1, 7, 1, None, 0, total, lines, [], [tender]))


class WireTill:
    """Signs on and sells; single-threaded, on the door's own pump."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._key = (errand.enrolment / "mac.key").read_bytes()
        self._inbox: list[Arrived] = []
        settings = LinkSettings(
            host=errand.host,
            port=errand.port,
            name=errand.terminal,
            ca_file=errand.enrolment / "ca.pem",
            cert_file=errand.enrolment / "terminal.pem",
            key_file=errand.enrolment / "terminal.key",
            subscribe=((topics.all_down(errand.terminal), 1),),
        )
        self.link = Link(settings, self._inbox.append, lambda _on, _why: None)
        self._epoch = self._seq = 0
        self._head = seal.FIRST_LINK
        self._token_seq, self._token = 0, b""
        self._outcome: bytes | None = None
        self._receipt = 0

    def sign_on(self) -> None:
        """Connects and learns where the journal goes on."""
        until = time.monotonic() + 20
        while not self.link.connected and time.monotonic() < until:
            self.link.pump(0.05)
        rid = new_uid(int(time.time() * 1000), os.urandom(10))
        content = m.SignOn(0, 0, bytes(16), 10**6, "bench")
        ask = m.Question(m.Kind.SIGN_ON, self._errand.terminal, rid, 0, content)
        answer = self._asked(codec.encode(ask), rid)
        assert answer is not None and isinstance(answer.content, m.Welcome), answer  # noqa: PT018
        welcome = answer.content
        self._epoch, self._seq, self._head = welcome.epoch, welcome.upto, welcome.head

    def sell(self, day: int) -> int:
        """One authorised sale; the answer's code, or -1 when none came."""
        uid = new_uid(int(time.time() * 1000), os.urandom(10))
        sale = three_lines(self._errand.card, self._token_seq, self._token, day)
        before, self._outcome = self._outcome, None
        body = self._entry(m.Kind.INTENT, uid, sale)
        if before is not None:
            body = codec.encode(m.Batch(m.VERSION, m.Kind.BATCH, [before, body]))
        answer = self._asked(body, uid)
        if answer is None:
            return -1
        if answer.code == m.Code.OK and isinstance(answer.content, m.Authorised):
            self._token_seq, self._token = answer.content.token_seq, answer.content.token
            self._receipt += 1
            self._outcome = self._entry(m.Kind.PAID, uid, m.Paid(self._receipt))
        return answer.code

    def finish(self) -> None:
        """Sends the last outcome and waits for its receipt."""
        if self._outcome is None:
            return
        frame = seal.sealed(self._outcome, self._key)
        self.link.publish(topics.up(self._errand.terminal, Channel.SALES), frame, 1)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            self.link.pump(0.05)
            for arrived in self._taken():
                if arrived.topic.endswith("/k"):
                    message = codec.decode(seal.opened(arrived.payload, [self._key])[0])
                    if isinstance(message, m.Receipt) and message.upto >= self._seq:
                        return
        raise TimeoutError("the last outcome was not receipted")

    def _entry(self, kind: int, uid: bytes, content: m.Content) -> bytes:
        self._seq += 1
        now = int(time.time() * 1000)
        name = self._errand.terminal
        body = codec.encode(
            m.Entry(kind, name, self._epoch, self._seq, self._head, now, uid, 1, content)
        )
        self._head = seal.link_of(body)
        return body

    def _taken(self) -> list[Arrived]:
        taken, self._inbox[:] = list(self._inbox), []
        for arrived in taken:
            self.link.acknowledge(arrived)
        return taken

    def _asked(self, body: bytes, rid: bytes) -> m.Answer | None:
        frame = seal.sealed(body, self._key)
        for _ in range(3):
            self.link.publish(topics.up(self._errand.terminal, Channel.ASK), frame, 0)
            answer = self._heard(frame, rid, time.monotonic() + 2)
            if answer is not None:
                return answer
        return None

    def _heard(self, frame: bytes, rid: bytes, until: float) -> m.Answer | None:
        while time.monotonic() < until:
            self.link.pump(0.5)
            for arrived in self._taken():
                if not arrived.topic.endswith("/a"):
                    continue
                opened = seal.opened(arrived.payload, [self._key], seal.split(frame)[1])[0]
                message = codec.decode(opened)
                if isinstance(message, m.Answer) and message.rid == rid:
                    return message
        return None

    def wire_bytes(self) -> int:
        """Bytes both ways at the IP level by TCP_INFO; 52 = IP and TCP headers with timestamps."""
        sock = self.link._client.socket()
        assert isinstance(sock, socket.socket), "a link that is up has a socket"
        raw = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 232)
        acked, received = struct.unpack_from("<QQ", raw, 120)
        out, into = struct.unpack_from("<II", raw, 136)
        return int(acked + received + 52 * (out + into))


def _errand_run(
    errand: Errand, day: int, go: "mp.synchronize.Barrier", out: "mp.Queue[Result]"
) -> None:
    till = WireTill(errand)
    till.sign_on()
    bytes_before = till.wire_bytes()
    go.wait(60)
    latencies: list[float] = []
    sold = refused = 0
    cpu_before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.monotonic()
    for number in range(errand.sales):
        wait = begun + number * errand.pace_s - time.monotonic()
        if errand.pace_s and wait > 0:
            time.sleep(wait)
        asked_at = time.perf_counter()
        code = till.sell(day)
        latencies.append(time.perf_counter() - asked_at)
        sold, refused = sold + (code == 0), refused + (code != 0)
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    till.finish()
    spent = cpu.ru_utime + cpu.ru_stime - cpu_before.ru_utime - cpu_before.ru_stime
    out.put(Result(sold, refused, latencies, spent, till.wire_bytes() - bytes_before))
    till.link.stop()


def run_tills(errands: list[Errand], day: int) -> tuple[list[Result], float]:
    """All errands at once, one process each; results and seconds from start to last answer."""
    context = mp.get_context("fork")
    go = context.Barrier(len(errands) + 1)
    out: mp.Queue[Result] = context.Queue()
    tills = [context.Process(target=_errand_run, args=(errand, day, go, out)) for errand in errands]
    for till in tills:
        till.start()
    go.wait(60)
    begun = time.monotonic()
    results = [out.get(timeout=120) for _ in tills]
    took = time.monotonic() - begun
    for till in tills:
        till.join(20)
    return results, took
