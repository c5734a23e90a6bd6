"""Any statement of the office may fail, reads too: it answers, or says busy, and goes on.

The disk fails at one statement, or from one on until it is mended. A part of the moments;
STEELYARD_SWEEP=all for every one.
"""

import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from backoffice.beside import Beside
from backoffice.commands.table import keep_inside
from backoffice.handlers.desk import Desk
from backoffice.reports.check import check
from backoffice.second_journal import SecondJournal
from backoffice.server import Server
from backoffice.store import Store
from backoffice.store.functions import add_functions
from broker.codec import decode
from broker.messages import Answer, Code
from broker.seal import opened, sealed, split
from tests.backoffice.test_server import PretendLink
from tests.backoffice.world import MASTER, Scale, World, cash_sale, new_op
from tests.sim.disk import Memory, copied, failing
from tests.sim.office import Callers

if TYPE_CHECKING:
    from broker.client import Link

ALL = os.environ.get("STEELYARD_SWEEP") == "all"
STEP = 1 if ALL else 5
TURNS = 4


class Office:
    """A server over a copy of the books; a question, uploads and a command are on their way."""

    def __init__(self, world: World, scale: Scale, folder: Path) -> None:
        folder.mkdir()
        self.books: Memory = copied(world.desk.store._connection)
        add_functions(self.books)
        tokens = itertools.count(0x9000)
        self.second = SecondJournal(folder / "second.jsonl")
        desk = Desk(
            Store(self.books), MASTER, bytes(32), lambda: next(tokens).to_bytes(8, "big"),
            carry=keep_inside, second=self.second,
        )  # fmt: skip
        self.mono, self.now = 100.0, world.now
        self.link, self.callers = PretendLink(), Callers()
        self.told: list[dict[str, Any]] = []
        self.server = Server(
            desk, cast("Any", self.callers), lambda: self.now, mono=lambda: self.mono,
            beside=Beside(tells_sales=True),
        )  # fmt: skip
        self.link.server, self.desk, self.scale = self.server, desk, scale

    def asked(self, question: bytes, uploads: list[bytes], topup: dict[str, Any]) -> list[int]:
        """Everything is on its way; the numbers of what is to be acknowledged."""
        self.question, self.topup = question, topup
        self.link.put("u/S03-12/a", question, 0)
        self.command()
        return [self.link.put("u/S03-12/s", one) for one in uploads]

    def command(self) -> None:
        line = json.dumps({"do": "card.topup", "with": self.topup}).encode()
        self.callers.waiting.append((self.told.append, line))

    def turns(self, count: int = TURNS) -> None:
        for _ in range(count):
            self.server.turn(cast("Link", self.link))
            self.mono += 70.0
            self.now += 1_000

    def codes(self) -> list[int]:
        """Codes of all answers to the question so far."""
        found = []
        for topic, payload in self.link.sent:
            if topic == "d/S03-12/a":
                covers = split(self.question)[1]
                answer = decode(opened(payload, (self.scale.key,), covers)[0])
                assert isinstance(answer, Answer)
                found.append(answer.code)
        return found


class Setting:
    """The books before it all, and what is sent to each copy of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.world = World(folder)
        self.scale = Scale(self.world)
        self.scale.sign_on()
        card, op = self.world.card(), new_op()
        bodies = [self.scale.paid(new_op(), cash_sale()) for _ in range(2)]
        self.uploads = [sealed(one, self.scale.key) for one in bodies]
        self.question = sealed(self.scale.intent(card, 840, op), self.scale.key)
        self.payment = sealed(self.scale.paid(op), self.scale.key)
        other = self.world.card()
        self.topup = {"number": other.card, "op": "ab" * 16, "amount": 500, "till": ""}

    def office(self, name: str) -> tuple[Office, list[int]]:
        """A copy, with all on its way."""
        office = Office(self.world, self.scale, self.folder / name)
        return office, office.asked(self.question, self.uploads, dict(self.topup))


def fails_once(books: Memory, number: int) -> None:
    books.at_statement(number, failing, instead=True)


def fails_from(books: Memory, number: int) -> None:
    def again(sql: str) -> None:
        books.at_statement(1, again, instead=True)
        failing(sql)

    books.at_statement(number, again, instead=True)


def statements(setting: Setting) -> int:
    """How many there are when nothing fails."""
    office, mids = setting.office("whole")
    count = 0
    execute = office.books.execute

    def counted(sql: str, *values: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, *values)

    office.books.__dict__["execute"] = counted
    office.turns()
    assert (office.codes(), office.link.acknowledged) == ([Code.OK], mids)
    assert office.told[0]["ok"]
    return count


@pytest.mark.timeout(900)
@pytest.mark.parametrize("fails", [fails_once, fails_from])
def test_an_office_whose_disk_fails_at_any_statement_goes_on(
    tmp_path: Path, fails: Callable[[Memory, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.server.RETRY_AFTER_S", 0.0)
    setting = Setting(tmp_path / "market")
    stopped = 0
    last = statements(setting)
    assert last > 100, "hardly any statement was seen: the sweep proves nothing"
    for number in range(1, last + 1, STEP):
        office, mids = setting.office(str(number))
        fails(office.books, number)
        office.turns()
        assert set(office.codes()) <= {Code.BUSY, Code.OK}, number
        # Who asks cannot even be told busy while his key cannot be read.
        assert office.codes() or fails is fails_from, f"at {number} nobody was answered"
        assert len(office.told) == 1, f"at {number} the command got no answer"
        stopped += Code.OK not in office.codes() or not office.told[0]["ok"]
        office.books.disarm()
        if Code.OK not in office.codes():
            office.link.put("u/S03-12/a", office.question, 0)
        office.command()
        office.turns()
        assert office.codes()[-1] == Code.OK, number
        assert office.told[-1]["ok"], number
        mids.append(office.link.put("u/S03-12/s", setting.payment))
        office.turns()
        assert set(office.link.acknowledged) == set(mids), number
        store = office.desk.store
        assert check(store, 0, 99_999_999).differences == (), number
        assert len(store.sales.between(1, 1, 1, 9)) == 3, number
        uids = [one.uid for one in office.second.operations()]
        assert all(store.office.known(uid) for uid in uids), number
        assert any(one.command == "card.topup" for one in office.second.operations()), number
    assert stopped, "nothing was stopped: the faults prove nothing"
