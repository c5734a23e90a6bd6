"""LOAD and LOADED: a till puts money on a chip by the office's word; every way to lose it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backoffice.commands.table import keep_inside
from backoffice.handlers.desk import Batch
from backoffice.replay import replay
from backoffice.second_journal import SecondJournal
from backoffice.store import open_store
from backoffice.tac import TacJudge
from broker.codec import encode
from broker.loads import AskLoad, LoadBooked, Loaded, LoadWord, TellLoad
from broker.messages import Answer, Code, Kind, Question
from card.errors import DebitUncertain
from card.keyring import OFFICE_LABEL, Keyring, create_office_token, open_keyring
from card.read import read_card
from card.topup import HostAnswer, LoadRequest, begin_load, finish_load
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PurseFaults
from tests.backoffice.test_chip_moves import Desk
from tests.backoffice.world import MARKET, Scale, new_op

TERMINAL = bytes.fromhex("000000000312")
PIN = "123456"


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("token")
    create_office_token(folder, PIN)
    return folder


@pytest.fixture
def keys(token: Path) -> Iterator[Keyring]:
    with open_keyring(token, PIN, label=OFFICE_LABEL) as ring:
        yield ring


@pytest.fixture
def desk(tmp_path: Path, token: Path, keys: Keyring) -> Iterator[Desk]:
    made = Desk(tmp_path, keys)
    judge = TacJudge(token, lambda: PIN)
    made.world.desk.load_word, made.world.desk.carry = judge.word, keep_inside
    yield made
    judge.close()


class Stall:
    """A till with the card of `desk` on its reader, written by hand."""

    def __init__(self, desk: Desk, code: str = "S03-12") -> None:
        self.desk, self.scale, self.rid = desk, Scale(desk.world, code), new_op()
        self.link = InProcess(desk.card)
        purse = read_card(self.link, desk.keys).purse
        assert purse is not None
        self.purse = purse

    def begin(self, amount: int = 2_000) -> LoadRequest:
        return begin_load(self.link, amount, card=self.purse, terminal=TERMINAL)

    def question(self, request: LoadRequest, **changed: object) -> bytes:
        fields: dict[str, object] = {
            "card": self.desk.number, "amount": request.amount, "balance": request.balance_before,
            "counter": request.online_counter, "key_version": request.key_version,
            "algorithm": request.algorithm, "random": request.random, "mac1": request.mac1,
            "terminal": request.terminal, **changed,
        }  # fmt: skip
        content = AskLoad(**fields)  # type: ignore[arg-type]
        now = self.desk.world.now
        return encode(Question(Kind.LOAD, self.scale.terminal, self.rid, now, content))

    def finish(self, request: LoadRequest, word: LoadWord) -> bytes:
        answer = HostAnswer(word.moment, word.mac2)
        done = finish_load(
            self.link, request, answer, card=self.purse, before_commit=lambda _intent: None
        )
        return done.tac

    def tell(self, became: int, tac: bytes = b"", op: bytes | None = None) -> Answer:
        said = TellLoad(op or self.rid, became, tac)
        now = self.desk.world.now
        return self.scale.ask(
            encode(Question(Kind.LOADED, self.scale.terminal, new_op(), now, said))
        )

    def load(self, amount: int = 2_000) -> Answer:
        request = self.begin(amount)
        answer = self.scale.ask(self.question(request))
        assert isinstance(answer.content, LoadWord), answer
        return self.tell(Loaded.DONE, self.finish(request, answer.content))


def test_cash_in_the_drawer_becomes_money_on_the_chip(desk: Desk) -> None:
    answer = Stall(desk).load(2_000)
    assert (answer.code, answer.content) == (Code.OK, LoadBooked(7_000))
    assert (desk.on_chip, desk.record.balance) == (7_000, 7_000)
    assert desk.world.balance("drawer/S03-12") == -2_000
    assert desk.purse_words() == [(2, 1, 2_000, "genuine")]
    assert desk.world.alerts() == []
    assert desk.agrees


def test_the_same_questions_again_get_the_same_word_and_book_once(desk: Desk) -> None:
    stall = Stall(desk)
    request = stall.begin()
    question = stall.question(request)
    first = stall.scale.ask(question)
    desk.world.now += 5_000
    assert stall.scale.ask(question) == first
    assert isinstance(first.content, LoadWord)
    tac = stall.finish(request, first.content)
    assert stall.tell(Loaded.DONE, tac).content == stall.tell(Loaded.DONE, tac).content
    assert stall.tell(Loaded.NOT_DONE).code == Code.CONFLICT
    assert desk.record.balance == 7_000
    other = stall.scale.ask(stall.question(request, amount=9_000))
    assert other.code == Code.CONFLICT


def test_a_load_that_was_not_made_books_nothing_and_the_next_one_goes(desk: Desk) -> None:
    stall = Stall(desk)
    assert stall.scale.ask(stall.question(stall.begin())).code == Code.OK
    second = Stall(desk, "S03-13")
    answer = second.scale.ask(second.question(second.begin()))
    assert answer.code == Code.NOT_ALLOWED, "one open load for each card"
    assert second.tell(Loaded.NOT_DONE, op=stall.rid).code == Code.CONFLICT, "not its load"
    assert stall.tell(Loaded.NOT_DONE).content == LoadBooked(5_000)
    assert Stall(desk).load().code == Code.OK
    assert (desk.on_chip, desk.record.balance) == (7_000, 7_000)


def test_what_a_till_cannot_say_the_card_says_at_the_desk(desk: Desk) -> None:
    stall = Stall(desk)
    request = stall.begin()
    answer = stall.scale.ask(stall.question(request))
    assert isinstance(answer.content, LoadWord)
    desk.card.faults = PurseFaults(lose_after=len(desk.card.apdus) + 1)
    with pytest.raises(DebitUncertain):
        stall.finish(request, answer.content)
    assert stall.tell(Loaded.UNSURE).content == LoadBooked(5_000)
    desk.card.faults = PurseFaults()
    assert desk.move(None)["became"] == "done"
    assert (desk.on_chip, desk.record.balance) == (7_000, 7_000)
    assert desk.world.balance("drawer/S03-12") == -2_000
    assert stall.tell(Loaded.DONE).code == Code.OK
    assert desk.agrees


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"mac1": b"none"}, Code.TOKEN), ({"amount": 1}, Code.TOKEN), ({"card": 7}, Code.UNKNOWN_CARD),
     ({"counter": 9}, Code.TOKEN), ({"random": b"0000"}, Code.TOKEN)],
)  # fmt: skip
def test_a_question_that_the_card_did_not_ask_gets_no_word(
    desk: Desk, changed: dict[str, object], code: Code
) -> None:
    stall = Stall(desk)
    assert stall.scale.ask(stall.question(stall.begin(), **changed)).code == code
    assert desk.row(desk.number)["move"] == {}


def test_an_old_state_of_the_card_gets_no_word_and_an_alert(desk: Desk) -> None:
    Stall(desk).load()
    state = desk.card.memory.purses[2]
    state.online, state.balance = 1, 5_000
    stall = Stall(desk)
    assert stall.scale.ask(stall.question(stall.begin())).code == Code.TOKEN
    assert desk.world.alerts() == ["rolled-back"]


def test_a_blocked_card_and_the_cap_of_the_country_are_refused(desk: Desk) -> None:
    desk.world.command("apply", text=MARKET.replace('"CNY"', '"CNY"\ncountry = "CN"', 1))
    stall = Stall(desk)
    answer = stall.scale.ask(stall.question(stall.begin(96_000)))
    assert answer.code == Code.NOT_ALLOWED
    desk.world.command("card.block", number=desk.number, blocked=True)
    assert stall.scale.ask(stall.question(stall.begin())).code == Code.BLOCKED


def test_an_office_without_keys_says_busy(desk: Desk) -> None:
    desk.world.desk.load_word = None
    stall = Stall(desk)
    assert stall.scale.ask(stall.question(stall.begin())).code == Code.BUSY


def test_loads_of_tills_come_back_after_a_restore(desk: Desk, tmp_path: Path) -> None:
    second = SecondJournal(tmp_path / "operations.jsonl")
    desk.world.desk.second = second
    desk.world.command("card.block", number=desk.number, blocked=False)
    backup = tmp_path / "backup.db"
    desk.world.desk.store.report_text(f"VACUUM INTO '{backup}'")
    assert Stall(desk).load().code == Code.OK
    second.catch_up(desk.world.desk.store.office.after(second.told))
    restored = desk.world.desk
    restored.store.close()
    restored.store = open_store(backup)
    restored.forget()
    told = replay(restored, Batch())
    assert (told.done, told.waiting) == (2, ())
    assert desk.record.balance == 7_000
    assert desk.agrees
