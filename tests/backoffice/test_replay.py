"""A backup is restored: what was done at the office since then is done again, once, as it was."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from backoffice.errors import Refused
from backoffice.handlers.desk import Batch
from backoffice.replay import Replayed, replay
from backoffice.second_journal import SecondJournal
from backoffice.store import open_store
from broker.messages import Code
from broker.sale import Tender
from tests.backoffice.world import Scale, World, new_op

Rewind = Callable[[], Replayed]


@pytest.fixture
def rewind(world: World, tmp_path: Path) -> Rewind:
    """Copies the books now; called, it puts that copy back and replays."""
    second = tmp_path / "elsewhere" / "second.journal"
    world.desk.second = SecondJournal(second)
    world.command("ping")
    world.command("terminal.suspend", terminal="S03-13", suspended=False)
    world.desk.store.close()
    shutil.copy(world.path, tmp_path / "backup.db")
    world.desk.store = open_store(world.path)

    def back() -> Replayed:
        world.desk.store.close()
        for ending in ("-wal", "-shm"):
            world.path.with_name(world.path.name + ending).unlink(missing_ok=True)
        shutil.copy(tmp_path / "backup.db", world.path)
        world.desk.store = open_store(world.path)
        world.desk.second = SecondJournal(second)
        return replay(world.desk, Batch())

    return back


def principal(world: World, card: Tender) -> int:
    return world.balance(f"card/{card.card}/principal")


def test_cards_top_ups_and_blocks_are_back_after_a_restore(world: World, rewind: Rewind) -> None:
    card = world.card(5_000)
    world.command("card.topup", number=card.card, amount=2_500, op=new_op().hex())
    world.command("card.block", number=card.card, blocked=True)
    world.command("terminal.suspend", terminal="S03-13", suspended=True)
    assert rewind() == Replayed(4 + 1, ())
    assert principal(world, card) == 7_500
    assert world.command("card.block", number=card.card, blocked=False)["state"] == "active"
    terminal = world.desk.store.directory.terminal("S03-13")
    assert terminal is not None
    assert terminal.suspended


def test_a_second_replay_does_nothing(world: World, rewind: Rewind) -> None:
    card = world.card(5_000)
    rewind()
    assert replay(world.desk, Batch()) == Replayed(0, ())
    assert principal(world, card) == 5_000


def test_the_card_still_pays_with_the_token_it_got_before_the_restore(
    world: World, rewind: Rewind, scale: Scale
) -> None:
    card = world.card(5_000)
    rewind()
    assert scale.ask(scale.intent(card, 840)).code == Code.OK


def test_the_next_card_gets_a_number_never_given_before(world: World, rewind: Rewind) -> None:
    card = world.card(5_000)
    rewind()
    assert world.card(100).card != card.card


def test_a_refund_waits_for_the_sales_that_came_before_it(
    world: World, rewind: Rewind, scale: Scale
) -> None:
    card, op = world.card(5_000), new_op()
    said = scale.intent(card, 840, op)
    assert scale.ask(said).code == Code.OK
    paid = scale.paid(op)
    scale.upload(paid)
    given = world.command(
        "card.refund", number=card.card, reference="R1", op=new_op().hex(), reason="leaves"
    )
    assert given["amount"] == 4_160
    told = rewind()
    assert [(one.command, why) for one, why in told.waiting] == [
        ("card.refund", "amount would be 5000, was 4160")
    ]
    assert principal(world, card) == 5_000
    scale.upload(said, paid)
    assert replay(world.desk, Batch()) == Replayed(1, ())
    assert principal(world, card) == 0


def test_a_refused_command_is_not_kept(world: World, tmp_path: Path) -> None:
    world.desk.second = SecondJournal(tmp_path / "second")
    with pytest.raises(Refused):
        world.command("terminal.suspend", terminal="S99-99")
    assert world.desk.second.operations() == []


def test_a_line_torn_by_a_power_cut_is_cut_off_and_the_next_one_stands_whole(
    world: World, tmp_path: Path
) -> None:
    path = tmp_path / "second"
    world.desk.second = SecondJournal(path)
    world.command("terminal.suspend", terminal="S03-13", suspended=True)
    with path.open("ab") as file:
        file.write(b'{"uid": "half')
    world.desk.second = SecondJournal(path)
    world.command("terminal.suspend", terminal="S03-13", suspended=False)
    last_two = SecondJournal(path).operations()[-2:]
    assert [one.said["suspended"] for one in last_two] == [True, False]
    assert path.stat().st_mode & 0o777 == 0o600
