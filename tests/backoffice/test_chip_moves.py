"""Money on and off the chip of a purse at the desk, torn at every command; chip, books, alerts."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from backoffice.chip_moves import Books, Wish, locking, moving
from backoffice.errors import OfficeError, Refused
from backoffice.purse_desk import writing
from backoffice.reports.check import check
from backoffice.tac import judged
from card.connection import Connection
from card.errors import CardBlocked, CardError, CardGone, WrongCard
from card.keyring import OFFICE_LABEL, Keyring, create_office_token, open_keyring
from card.layout import CardIdentity, CardKind
from card.read import read_card
from fixtures.blank_purse import BlankPurse
from fixtures.card_in_process import InProcess
from fixtures.purse_card import PurseFaults
from tests.backoffice.world import World, new_op

NOON = datetime(2026, 11, 24, 12, 0, 0)  # noqa: DTZ001  the stalls' wall clock
MOST_COMMANDS = 30
LOADS_AT = 6
"""Which command of a top-up moves the money."""


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyring]:
    folder = tmp_path_factory.mktemp("token")
    create_office_token(folder, "123456")
    with open_keyring(folder, "123456", label=OFFICE_LABEL) as ring:
        yield ring


class Desk:
    """An office with a reader: real books, real keys, a pretend card."""

    def __init__(self, folder: Path, keys: Keyring, opening: int = 5_000) -> None:
        self.world, self.keys = World(folder), keys
        self.world.desk.judge_tac = lambda serial, told: judged(keys, serial, told)
        self.card = BlankPurse(b"\x04chip01")
        self.number = self.issued(self.card, opening=opening)

    def issued(self, card: BlankPurse, **said: object) -> int:
        wishes = {"kind": 3, "level": 1, "opening": 0, "valid_to": 20991231, "family": "cpu",
                  **said}  # fmt: skip
        row = self.asked("card.reserve", chip=card.uid.hex(), **wishes)
        identity = CardIdentity(row["number"], CardKind(row["kind"]), row["level"],
                                row["valid_from"], row["valid_to"])  # fmt: skip
        made = writing(self.keys, identity, row, NOON)(InProcess(card))
        assert made.purse is not None
        serial = made.purse.serial.hex()
        self.world.command("card.activate", number=row["number"], serial=serial)
        return int(row["number"])

    def row(self, number: int) -> dict[str, Any]:
        return self.asked("card.move.open", number=number)

    def asked(self, name: str, **said: object) -> dict[str, Any]:
        return self.world.command(name, **said)

    def move(
        self, wish: Wish | None, *, card: BlankPurse | None = None, number: int = 0
    ) -> dict[str, Any]:
        """What one run of the command does; the card was just put on the reader."""
        number, card = number or self.number, card or self.card
        card.power_on()
        job = moving(
            self.keys, self.row(number), wish, moment=NOON,
            books=Books(
                tell=lambda said: self.world.command("card.move.tell", **said),
                done=lambda said: self.world.command("card.move.done", **said),
            ),
        )  # fmt: skip
        told = job(InProcess(card))
        if isinstance(told, OfficeError):
            raise told
        return told

    def topup(self, amount: int = 2_000, bonus: int = 0) -> dict[str, Any]:
        wish = Wish(new_op().hex(), "top_up", amount + bonus, {"by": "wang", "bonus": bonus})
        return self.move(wish)

    def refund(self) -> dict[str, Any]:
        return self.move(Wish(new_op().hex(), "refund", None, {"reference": "R1"}))

    def tear(self, at: int, *, after: bool) -> None:
        place = len(self.card.apdus) + at
        self.card.faults = PurseFaults(lose_after=place if after else 0,
                                       lose_before=0 if after else place)  # fmt: skip

    @property
    def on_chip(self) -> int:
        return self.card.memory.purses[2].balance

    @property
    def record(self) -> Any:
        return self.world.desk.store.cards.get(1, self.number)

    @property
    def agrees(self) -> bool:
        return check(self.world.desk.store, 0, 99_999_999).differences == ()

    def purse_words(self) -> list[tuple[int, int, int, str]]:
        proofs = self.world.desk.store.cards.proofs(self.number)
        return [(one.kind, one.counter, one.amount, one.verdict) for one in proofs]


@pytest.fixture
def desk(tmp_path: Path, keys: Keyring) -> Desk:
    return Desk(tmp_path, keys)


def test_a_top_up_is_on_the_chip_and_in_the_books_and_its_tac_is_verified(desk: Desk) -> None:
    told = desk.topup(2_000, bonus=300)
    assert (told["became"], told["balance"], told["bonus"]) == ("done", 7_300, 300)
    assert (desk.on_chip, desk.record.principal) == (7_300, 7_000)
    assert desk.purse_words() == [(2, 1, 2_300, "genuine")]
    assert desk.world.alerts() == []
    assert desk.agrees


def test_a_refund_empties_the_chip_pays_what_was_paid_and_ends_the_card(desk: Desk) -> None:
    desk.topup(2_000, bonus=300)
    told = desk.refund()
    assert (told["became"], told["amount"]) == ("done", 7_000)
    assert (desk.on_chip, desk.record.balance, desk.record.ended) == (0, 0, 2)
    assert desk.purse_words()[1:] == [(3, 2, 7_300, "genuine")]
    assert desk.agrees
    with pytest.raises(Refused, match="refunded"):
        desk.topup()


def run_torn(
    desk: Desk, at: int, act: Callable[[], dict[str, Any]], *, after: bool
) -> dict[str, Any] | None:
    """The command with the card pulled at its n-th APDU, then the same command again."""
    desk.tear(at, after=after)
    try:
        told = act()
    except CardGone:
        told = None
    desk.card.faults = PurseFaults()
    return told or act()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_top_up_torn_anywhere_is_made_once_by_the_same_command_again(
    tmp_path: Path, keys: Keyring, *, after: bool
) -> None:
    desk, expected, torn = Desk(tmp_path, keys), 5_000, 0
    for at in range(1, MOST_COMMANDS):
        before = len(desk.card.apdus)
        told = run_torn(desk, at, lambda: desk.topup(100, bonus=10), after=after)
        expected += 110
        assert told is not None
        assert (told["became"], desk.on_chip, desk.record.balance) == ("done", expected, expected)
        assert desk.row(desk.number)["move"] == {}
        loads = sum(apdu[1] == 0x52 for apdu in desk.card.apdus[before:])
        assert loads in (1, 2), "the command that loads is sent again only when it did nothing"
        torn += 1
        if len(desk.card.apdus) - before < at:
            break
    assert torn > 6
    assert [one[1] for one in desk.purse_words()] == list(range(1, torn + 1))
    assert desk.agrees
    assert set(desk.world.alerts()) <= {"tac-unchecked"}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_refund_torn_anywhere_is_paid_once(
    desk: Desk, at: int, *, after: bool
) -> None:  # fmt: skip
    told = run_torn(desk, at, desk.refund, after=after)
    assert told is not None
    assert (told["amount"], desk.on_chip, desk.record.ended) == (5_000, 0, 2)
    assert desk.agrees


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_replacement_is_loaded_once_wherever_its_card_is_pulled(
    tmp_path: Path, keys: Keyring, at: int, *, after: bool
) -> None:
    desk = Desk(tmp_path, keys)
    old, new = desk.number, BlankPurse(b"\x04chip02")
    row = desk.asked("card.reserve", chip=new.uid.hex(), replaces=old, family="cpu")
    identity = CardIdentity(row["number"], CardKind(3), 1, row["valid_from"], row["valid_to"])
    made = writing(keys, identity, row, NOON)(InProcess(new))
    assert made.purse is not None
    desk.world.command(
        "card.activate", number=row["number"], serial=made.purse.serial.hex(), exposure=1_200,
        hold_days=7,
    )  # fmt: skip
    desk.card, desk.number = new, row["number"]
    move = desk.row(desk.number)["move"]
    assert (move["amount"], move["state"], desk.on_chip) == (3_800, "wanted", 0)
    with pytest.raises(Refused, match="waits to be put"):
        desk.topup()

    def load() -> dict[str, Any]:
        return desk.move(Wish(move["op"], "replace", 3_800, {}))

    told = run_torn(desk, at, load, after=after)
    assert told is not None
    assert (desk.on_chip, desk.record.balance) == (3_800, 3_800)
    assert desk.row(desk.number)["move"] == {}
    assert desk.agrees


def torn_after_the_load(desk: Desk) -> None:
    desk.tear(LOADS_AT, after=True)
    with pytest.raises(CardGone):
        desk.topup(1_000)
    desk.card.faults = PurseFaults()
    assert desk.card.apdus[-1][1] == 0x52
    assert desk.on_chip == 6_000
    assert desk.record.balance == 5_000


def test_a_card_that_has_paid_since_is_still_decided_by_its_online_counter(desk: Desk) -> None:
    torn_after_the_load(desk)
    desk.card.memory.purses[2].balance -= 800
    desk.card.memory.purses[2].offline += 1
    desk.card.memory.proof = None
    assert desk.topup(1_000)["became"] == "done"
    assert (desk.on_chip, desk.record.balance) == (5_200, 6_000)
    assert desk.world.alerts() == ["tac-unchecked"]


def test_a_counter_that_fits_nothing_waits_for_a_person(desk: Desk) -> None:
    torn_after_the_load(desk)
    desk.card.memory.purses[2].online += 5
    desk.card.memory.proof = None
    with pytest.raises(Refused, match="card settle"):
        desk.topup(1_000)
    assert desk.world.alerts() == ["load-in-doubt"]
    assert desk.row(desk.number)["move"]["state"] == "review"
    told = desk.world.command("card.move.settle", number=desk.number, moved=True, by="li")
    assert told["balance"] == 6_000
    assert desk.agrees


def test_another_sum_first_settles_the_open_one_and_then_loads(desk: Desk) -> None:
    torn_after_the_load(desk)
    assert desk.topup(300)["balance"] == 6_300
    assert [one[2] for one in desk.purse_words()] == [1_000, 300]


def test_an_old_state_written_back_is_an_alert_and_gets_no_money(desk: Desk) -> None:
    desk.topup(1_000)
    state = desk.card.memory.purses[2]
    state.online, state.balance = 1, 5_000  # the chip as it was before the top-up
    with pytest.raises(Refused, match="may be a copy"):
        desk.topup(1_000)
    assert (desk.world.alerts(), desk.on_chip) == (["rolled-back"], 5_000)
    state.online, state.balance = 2, 9_000  # more money than the books can explain
    with pytest.raises(Refused, match="may be a copy"):
        desk.refund()
    assert desk.world.alerts() == ["rolled-back", "rolled-back"]


def test_a_load_that_the_books_never_saw_is_a_gap(desk: Desk) -> None:
    desk.card.memory.purses[2].online += 3
    desk.topup(1_000)
    desk.topup(1_000)
    assert desk.world.alerts() == ["counter-gap"]


def test_a_purse_on_a_chip_is_not_topped_up_in_the_books_alone(desk: Desk) -> None:
    with pytest.raises(Refused, match="on its chip"):
        desk.world.command("card.topup", number=desk.number, amount=5, op=new_op().hex())
    with pytest.raises(Refused, match="on its chip"):
        desk.world.command(
            "card.refund", number=desk.number, op=new_op().hex(), reference="R"
        )  # fmt: skip


def test_another_card_on_the_reader_is_sent_away(desk: Desk) -> None:
    other = BlankPurse(b"\x04chip03")
    desk.issued(other, opening=100)
    with pytest.raises(WrongCard):
        desk.move(Wish(new_op().hex(), "top_up", 100, {}), card=other)
    assert other.memory.purses[2].balance == 100


def lock(desk: Desk, *, blocks: bool, connection: Connection | None = None) -> bool:
    desk.card.power_on()
    return locking(desk.keys, desk.number, blocks=blocks)(connection or InProcess(desk.card))


@pytest.mark.parametrize("blocks", [True, False], ids=["block", "unblock"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_the_chip_is_blocked_and_freed_wherever_it_is_pulled(
    desk: Desk, *, after: bool, blocks: bool
) -> None:
    for at in range(1, 6):
        if not blocks:
            assert lock(desk, blocks=True)
        desk.tear(at, after=after)
        try:
            lock(desk, blocks=blocks)
        except CardError:
            desk.card.faults = PurseFaults()
            lock(desk, blocks=blocks)
        desk.card.faults = PurseFaults()
        assert (desk.card.memory.blocked == "for now") is blocks
        if blocks:
            with pytest.raises(CardBlocked):
                read_card(InProcess(desk.card), desk.keys)
            assert lock(desk, blocks=False)
        assert read_card(InProcess(desk.card), desk.keys).number == desk.number


def test_a_card_in_doubt_is_settled_before_it_is_replaced_or_retired(desk: Desk) -> None:
    torn_after_the_load(desk)
    with pytest.raises(Refused, match="not known"):
        desk.asked("card.reserve", chip="ab" * 7, replaces=desk.number, family="m1")
    with pytest.raises(Refused, match="not known"):
        desk.asked("card.retire", number=desk.number)
    desk.asked("card.move.settle", number=desk.number, moved=True)
    row = desk.asked("card.reserve", chip="ab" * 7, replaces=desk.number, family="m1")
    assert desk.asked("card.activate", number=row["number"])["balance"] == 6_000
    assert desk.agrees


def test_money_that_never_reached_a_replacement_goes_to_the_next_one(desk: Desk) -> None:
    first, cards = desk.number, (BlankPurse(b"\x04chip07"), BlankPurse(b"\x04chip08"))
    for card in cards:
        desk.number = desk.issued(card, replaces=first)
        move = desk.row(desk.number)["move"]
        assert (move["amount"], move["state"]) == (5_000, "wanted")
        assert desk.row(first)["move"] == {}
        first = desk.number
    desk.card = cards[1]
    assert desk.move(Wish(move["op"], "replace", 5_000, {}))["became"] == "done"
    assert (desk.on_chip, desk.record.balance) == (5_000, 5_000)
    assert desk.agrees
