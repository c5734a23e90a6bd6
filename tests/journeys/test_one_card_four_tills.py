"""One card with 10.00 and four tills charging 10.00 at the same instant, many times over."""

import json
import os
import socket
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from broker import codec, seal, topics
from broker import messages as m
from broker.pricelist import Product
from broker.pricing import price_line
from broker.sale import Sale, SaleKind, Tender, TenderKind, checked
from broker.topics import Channel
from broker.uid import new_uid
from broker.units import PriceBase, Weight, WeightUnit
from tests.bench.load import Errand, WireTill
from tests.running import RunningOffice

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = int(os.environ.get("STEELYARD_ROUNDS", "1000"))
TEN = Product(9, "篮", "Basket", PriceBase.PIECE, [1000])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOffice]:
    with RunningOffice(tmp_path_factory.mktemp("four"), terminals=4) as running:
        yield running


def ask_office(office: RunningOffice, command: str, **words: object) -> dict[str, object]:
    """One command through the running office's socket, as `backoffice` itself sends it."""
    with socket.socket(socket.AF_UNIX) as caller:
        folder = os.open(office.state, os.O_PATH)
        caller.connect(f"/proc/self/fd/{folder}/office.sock")
        os.close(folder)
        caller.sendall(json.dumps({"do": command, "with": words}).encode() + b"\n")
        answer = json.loads(caller.makefile("rb").readline())
    assert answer["ok"], answer
    result: dict[str, object] = answer["result"]
    return result


class Charger(WireTill):
    """A till that asks without waiting, so that four of them ask at once."""

    def question(self, card: int, token_seq: int, token: bytes) -> tuple[bytes, bytes]:
        """An INTENT over 10.00: its frame, and the operation that it names."""
        line = price_line(TEN, Weight(1, WeightUnit.PIECE), level=0)
        tender = Tender(TenderKind.STORED_VALUE, 1000, card, token_seq, token)
        sale = checked(Sale(SaleKind.SALE, 20261124, 1, 7, 1, None, 0, 1000, [line], [], [tender]))
        uid = new_uid(int(time.time() * 1000), os.urandom(10))
        return seal.sealed(self._entry(m.Kind.INTENT, uid, sale), self._key), uid

    def send(self, frame: bytes) -> None:
        self.link.publish(topics.up(self._errand.terminal, Channel.ASK), frame, 0)

    def answer(self, frame: bytes) -> tuple[bytes, m.Answer]:
        """The next answer to `frame`: its bytes and what they say."""
        until = time.monotonic() + 6
        while time.monotonic() < until:
            self.link.pump(0.2)
            for arrived in self._taken():
                if arrived.topic.endswith("/a"):
                    body = seal.opened(arrived.payload, [self._key], seal.split(frame)[1])[0]
                    message = codec.decode(body)
                    assert isinstance(message, m.Answer)
                    return arrived.payload, message
        raise TimeoutError("no answer")

    def close(self, uid: bytes, answer: m.Answer) -> None:
        """Writes what became of it, as a till must before it goes on."""
        if answer.code == 0:
            self._receipt += 1
            body = self._entry(m.Kind.PAID, uid, m.Paid(self._receipt))
        else:
            body = self._entry(m.Kind.DECLINED, uid, m.Declined(answer.code))
        topic = topics.up(self._errand.terminal, Channel.SALES)
        self.link.publish(topic, seal.sealed(body, self._key), 1)


@pytest.fixture
def tills(office: RunningOffice) -> Iterator[list[Charger]]:
    made = []
    for name in office.names:
        where: Path = office.enrolment(name)
        till = Charger(Errand(where, name, "127.0.0.1", office.port, 0, 0))
        till.sign_on()
        made.append(till)
    yield made
    for till in made:
        till.link.stop()


@pytest.mark.timeout(300)
def test_exactly_one_of_four_is_accepted_each_time(
    office: RunningOffice, tills: list[Charger]
) -> None:
    card = office.card("10.00")
    token_seq, token = 0, b""
    for number in range(ROUNDS):
        if number:
            op = os.urandom(16).hex()
            ask_office(office, "card.topup", number=card, amount=1000, op=op)
        asked = [till.question(card, token_seq, token) for till in tills]
        for till, (frame, _) in zip(tills, asked, strict=True):
            till.send(frame)
        answers = [till.answer(frame)[1] for till, (frame, _) in zip(tills, asked, strict=True)]
        accepted = [a.content for a in answers if a.code == 0]
        assert len(accepted) == 1, f"round {number}: {[a.code for a in answers]}"
        granted = accepted[0]
        assert isinstance(granted, m.Authorised)
        assert granted.balance == 0
        token_seq, token = granted.token_seq, granted.token
        for till, (_, uid), answer in zip(tills, asked, answers, strict=True):
            till.close(uid, answer)
    office.command("report", "check")


def test_the_same_request_twice_gets_the_same_bytes_and_books_once(
    office: RunningOffice, tills: list[Charger]
) -> None:
    card = office.card("30.00")
    frame, uid = tills[0].question(card, 0, b"")
    tills[0].send(frame)
    first, answer = tills[0].answer(frame)
    for _ in range(20):
        tills[0].send(frame)
        assert tills[0].answer(frame)[0] == first
    tills[0].close(uid, answer)
    shown = office.json("card", "show", str(card))
    assert json.dumps(shown).count("2000") >= 1, shown
    office.command("report", "check")
