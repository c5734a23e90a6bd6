"""LOAD and LOADED on a real broker, with the installed server and its key token, and kill -9."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from backoffice.command_socket import call
from backoffice.config import State
from backoffice.purse_desk import writing
from backoffice.secrets_file import token_pin
from broker.codec import encode
from broker.loads import AskLoad, LoadBooked, Loaded, LoadWord, TellLoad
from broker.messages import Code, Kind, Question
from card.keyring import OFFICE_LABEL, Keyring, open_keyring
from card.layout import CardIdentity, CardKind
from card.purse_facts import PurseFacts
from card.topup import HostAnswer, begin_load, finish_load
from fixtures.blank_purse import BlankPurse
from fixtures.card_in_process import InProcess
from tests.backoffice.wire_scale import WireScale
from tests.backoffice.world import new_op
from tests.running import RunningOffice

TERMINAL = bytes.fromhex("000000000312")
NOON = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001  the stalls' wall clock


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOffice]:
    with RunningOffice(tmp_path_factory.mktemp("live"), terminals=1) as made:
        yield made


@pytest.fixture
def scale(office: RunningOffice) -> Iterator[WireScale]:
    made = WireScale(office.enrolment(office.names[0]), office.port, office.names[0])
    made.sign_on()
    yield made
    made.stop()


@pytest.fixture
def keys(office: RunningOffice) -> Iterator[Keyring]:
    state = State(office.state)
    with open_keyring(state.token, token_pin(state), label=OFFICE_LABEL) as ring:
        yield ring


def issued(office: RunningOffice, keys: Keyring, card: BlankPurse) -> PurseFacts:
    def ask(name: str, **said: Any) -> dict[str, Any]:
        done = call(State(office.state).socket, name, said)
        assert done is not None
        return done

    row = ask("card.reserve", chip=card.uid.hex(), kind=2, level=0, opening=1_000, family="cpu",
              valid_to=20991231)  # fmt: skip
    identity = CardIdentity(row["number"], CardKind(2), 0, row["valid_from"], row["valid_to"])
    made = writing(keys, identity, row, NOON)(InProcess(card))
    assert made.purse is not None
    ask("card.activate", number=row["number"], serial=made.purse.serial.hex())
    return made.purse


def test_a_load_survives_kill_9_of_the_office_between_its_two_questions(
    office: RunningOffice, scale: WireScale, keys: Keyring
) -> None:
    card, rid = BlankPurse(b"\x04live01"), new_op()
    purse = issued(office, keys, card)
    number = int(purse.serial.hex())
    link = InProcess(card)
    request = begin_load(link, 2_500, card=purse, terminal=TERMINAL)
    asked = AskLoad(
        number, request.amount, request.balance_before, request.online_counter,
        request.key_version, request.algorithm, request.random, request.mac1, TERMINAL,
    )  # fmt: skip
    answer = scale.ask(encode(Question(Kind.LOAD, scale.name, rid, scale.book.world.now, asked)))
    assert answer.code == Code.OK, answer
    assert isinstance(answer.content, LoadWord)
    kept = State(office.state).operations.read_text("utf-8")
    assert "card.move.tell" in kept, "on two disks before the word goes"
    office.kill_office()
    office.start_office()
    word = HostAnswer(answer.content.moment, answer.content.mac2)
    done = finish_load(link, request, word, card=purse, before_commit=lambda _intent: None)
    said = TellLoad(rid, Loaded.DONE, done.tac)
    question = Question(Kind.LOADED, scale.name, new_op(), scale.book.world.now, said)
    booked = scale.ask(encode(question), tries=30)
    assert (booked.code, booked.content) == (Code.OK, LoadBooked(3_500))
    assert card.memory.purses[2].balance == 3_500
    office.command("report", "check")
    [proof] = office.json("card", "audit", str(number))["proofs"]  # type: ignore[index]
    assert (proof["kind"], proof["verdict"]) == (2, "genuine")
