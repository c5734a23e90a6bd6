"""A refused message stays until a person does something about it, and so does an alert."""

import sqlite3

import pytest

from backoffice.alerts import Alert
from backoffice.errors import Refused, UsageFault
from broker.seal import sealed
from tests.backoffice.world import Scale, World, cash_sale, new_op

WHO = {"by": "Wang", "reason": "looked at"}


def suspended_sale(world: World, scale: Scale) -> bytes:
    """A good sale that was refused because its terminal was suspended."""
    world.command("terminal.suspend", terminal="S03-12", suspended=True)
    frame = sealed(scale.paid(new_op(), cash_sale(500)), scale.key)
    world.receive("u/S03-12/s", frame)
    assert world.quarantined() == ["suspended"]
    return frame


def test_a_refused_sale_is_booked_when_a_person_tries_it_again(world: World, scale: Scale) -> None:
    suspended_sale(world, scale)
    assert world.alerts() == ["message-refused"]
    with pytest.raises(Refused, match="refused again"):
        world.command("quarantine.retry", id=1, **WHO)
    assert world.quarantined() == ["suspended"]
    world.command("terminal.suspend", terminal="S03-12", suspended=False)
    world.command("quarantine.retry", id=1, **WHO)
    assert world.count("sale") == 1
    [row] = world.desk.store.notes.quarantined(10)
    assert row[7:10] == ("retried", "Wang", "looked at")
    with pytest.raises(Refused, match="settled 1 already"):
        world.command("quarantine.settle", id=1, **WHO)


def test_a_message_is_settled_by_a_person_with_a_reason_and_stays(
    world: World, scale: Scale
) -> None:
    suspended_sale(world, scale)
    with pytest.raises(UsageFault):
        world.command("quarantine.settle", id=1, by="Wang")
    world.command("quarantine.settle", id=1, **WHO)
    assert world.quarantined() == ["suspended"]
    with pytest.raises(Refused):
        world.command("quarantine.settle", id=2, **WHO)


def test_what_a_scale_of_ours_sent_is_never_crowded_out(world: World, scale: Scale) -> None:
    suspended_sale(world, scale)
    for number in range(10):
        world.receive("u/NOBODY/s", number.to_bytes(4, "big"))
    statements = world.desk.store.notes._sql
    statements.run("quarantine_bound", most=3)
    assert world.quarantined() == ["suspended"] + ["unknown-terminal"] * 3
    with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
        world.desk.store.report_text("DELETE FROM quarantine")


def test_an_alert_is_seen_by_a_person_once_and_stays(world: World) -> None:
    with world.desk.store.transaction():
        world.desk.store.notes.alert(Alert.CHAIN_BROKEN, world.now)
    world.command("alert.settle", id=1, **WHO)
    [row] = world.desk.store.notes.alerts(10)
    assert row[7:9] == ("Wang", "looked at")
    for number in (1, 2):
        with pytest.raises(Refused):
            world.command("alert.settle", id=number, **WHO)
