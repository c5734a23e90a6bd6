"""Which scale has which list: pushed, acknowledged, sent again with pauses, small where it can."""

from typing import Any

import pytest

from backoffice.commands.table import run_command
from backoffice.handlers.desk import Batch, Outgoing
from backoffice.product_view import prices_status
from broker.codec import decode, decode_prices, encode, encode_prices
from broker.list_changes import ListForm, whole_list
from broker.messages import (
    VERSION,
    Heartbeat,
    Kind,
    PackedPrices,
    Question,
    SignedPrices,
    SignOn,
)
from broker.pricelist import PriceList
from broker.seal import FIRST_LINK, is_genuine, opened
from tests.backoffice.world import MARKET, Scale, World, new_op

BOTH = int(ListForm.PACKED | ListForm.CHANGES)


def beat(scale: Scale, version: int, forms: int = BOTH, state: int = 1) -> list[Outgoing]:
    said = Heartbeat(VERSION, Kind.HEARTBEAT, scale.terminal, scale.world.now, state, 1, 0, 0,
                     version, "test", None, forms)  # fmt: skip
    return scale.send("h", encode(said))


def sign_on(scale: Scale, version: int, forms: int = BOTH) -> list[Outgoing]:
    said = SignOn(scale.epoch, 0, FIRST_LINK, version, "test", None, forms)
    return scale.send(
        "a", encode(Question(Kind.SIGN_ON, scale.terminal, new_op(), scale.world.now, said))
    )


def list_in(scale: Scale, out: list[Outgoing], old: PriceList | None = None) -> SignedPrices:
    [frame] = [one for one in out if one.topic == f"d/{scale.terminal}/p"]
    message = decode(opened(frame.payload, (scale.key,))[0])
    if isinstance(message, PackedPrices):
        message = whole_list(message, old)
    assert isinstance(message, SignedPrices)
    return message


def change(world: World, price: str) -> list[Outgoing]:
    batch = Batch()
    said = {"plu": 1, "set": {"price": price}, "by": "li"}
    run_command(world.desk, "product.save", said, batch, now=world.now)
    world.desk.forget()
    return batch.frames


def status(world: World, terminal: str = "S03-12") -> dict[str, Any]:
    [row] = [one for one in prices_status(world.desk.store) if one["terminal"] == terminal]
    return row


def test_the_matrix_follows_what_each_scale_says(world: World, scale: Scale) -> None:
    assert (status(world)["state"], status(world)["has"]) == ("never-heard", 0)
    sign_on(scale, 0)
    assert (status(world)["state"], status(world)["has"], status(world)["wanted"]) == (
        "waits", 0, 1)  # fmt: skip
    world.now += 1000
    assert beat(scale, 1) == []
    row = status(world)
    assert (row["state"], row["has"], row["since"], row["takes_packed"]) == (
        "has-it", 1, world.now, True)  # fmt: skip
    since, world.now = world.now, world.now + 60_000
    beat(scale, 1)
    assert status(world)["since"] == since
    change(world, "7.00")
    assert (status(world)["state"], status(world)["sent_at"]) == ("waits", world.now)
    assert status(world, "S03-13")["state"] == "never-heard"
    world.now += 500
    beat(scale, 2)
    assert (status(world)["state"], status(world)["since"]) == ("has-it", world.now)
    world.command("terminal.suspend", terminal="S03-12", suspended=True)
    assert status(world)["state"] == "suspended"


def test_a_scale_that_can_is_sent_the_changes_and_makes_the_signed_list(
    world: World, scale: Scale
) -> None:
    first = list_in(scale, sign_on(scale, 0))
    old = decode_prices(first.payload)
    assert old.products[0].prices == [680, 646]
    beat(scale, 1)
    out = change(world, "7.00")
    [frame] = [one for one in out if one.topic == "d/S03-12/p"]
    message = decode(opened(frame.payload, (scale.key,))[0])
    assert isinstance(message, PackedPrices)
    assert message.base == 1
    made = whole_list(message, old)
    assert decode_prices(made.payload).products[0].prices == [700, 646]
    public = world.desk.signing_key
    assert made.payload == encode_prices(decode_prices(made.payload))
    assert is_genuine(made.payload, made.signature, _public(public))


def _public(private: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
    )

    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def test_a_scale_that_says_nothing_of_forms_gets_whole_lists(world: World, scale: Scale) -> None:
    out = sign_on(scale, 0, forms=0)
    [frame] = [one for one in out if one.topic == "d/S03-12/p"]
    assert isinstance(decode(opened(frame.payload, (scale.key,))[0]), SignedPrices)
    beat(scale, 1, forms=0)
    [frame] = [one for one in change(world, "7.00") if one.topic == "d/S03-12/p"]
    assert isinstance(decode(opened(frame.payload, (scale.key,))[0]), SignedPrices)


def test_who_cannot_use_the_changes_asks_for_the_whole_list_and_gets_it_at_once(
    world: World, scale: Scale
) -> None:
    sign_on(scale, 0)
    beat(scale, 1)
    change(world, "7.00")
    out = beat(scale, 1, forms=int(ListForm.PACKED))
    assert decode_prices(list_in(scale, out).payload).products[0].prices == [700, 646]
    world.now += 1000
    assert beat(scale, 1, forms=int(ListForm.PACKED)) == []


def test_a_list_that_is_not_taken_is_sent_again_with_pauses_that_double(
    world: World, scale: Scale
) -> None:
    sign_on(scale, 0)
    beat(scale, 1)
    change(world, "7.00")
    sent = 0
    for _ in range(24 * 60):
        world.now += 60_000
        sent += bool(beat(scale, 1))
    assert 8 <= sent <= 13


@pytest.mark.parametrize("has_had_it", [False, True])
def test_an_old_list_that_was_lost_on_its_way_comes_again_in_minutes(
    world: World, scale: Scale, *, has_had_it: bool
) -> None:
    if has_had_it:
        sign_on(scale, 0)
        beat(scale, 1)
    world.now += 30 * 24 * 3_600_000
    list_in(scale, beat(scale, 0) if has_had_it else sign_on(scale, 0))
    world.now += 60_000
    list_in(scale, beat(scale, 0))
    world.now += 120_000
    list_in(scale, beat(scale, 0))


def test_a_will_and_a_heartbeat_with_a_newer_list_send_nothing(world: World, scale: Scale) -> None:
    sign_on(scale, 0)
    assert beat(scale, 0, state=0) == []
    assert status(world)["has"] == 0
    assert beat(scale, 9) == []


def test_who_may_sell_at_one_store_alone_is_on_its_lists_alone(world: World) -> None:
    world.command("store.save", code="S04", name="Hilltop")
    world.command("terminal.save", code="S04-1", store="S04", stall="Wang")
    world.command("terminal.enrol", terminal="S04-1")
    far, near = Scale(world, "S04-1"), Scale(world)
    world.command("cashier.save", number=8, name="Wang", store="S04")
    for scale, names in ((far, ["张三", "Wang"]), (near, ["张三"])):
        made = decode_prices(list_in(scale, sign_on(scale, 0)).payload)
        assert [one.name for one in made.cashiers] == names
    assert (made.store, made.stall) == ("河边市场", "Zhang")
    version = int(str(world.command("apply", text=MARKET)["list_version"]))
    world.now += 60_000
    old = decode_prices(list_in(near, beat(near, 0)).payload)
    for scale in (far, near):
        beat(scale, version)
    batch = Batch()
    run_command(world.desk, "cashier.save", {"number": 9, "name": "Sun", "store": "S03"}, batch,
                now=world.now)  # fmt: skip
    made = decode_prices(list_in(near, batch.frames, old).payload)
    assert [one.name for one in made.cashiers] == ["张三", "Sun"]


@pytest.mark.parametrize("forms", [0, 1, 3])
def test_a_list_too_long_for_an_old_scale_goes_to_those_that_can(
    world: World, scale: Scale, forms: int
) -> None:
    rows = [
        {"plu": str(n), "name_zh": f"品{n * 7919 % 9973}", "name_en": f"Kind {n * 7907 % 9949}",
         "base": "kg", "price": f"{n % 50 + 1}.{n % 90 + 10}", "category": f"group {n % 23}"}
        for n in range(2, 2000)
    ]  # fmt: skip
    answer = world.command("product.import", rows=rows)
    assert answer["changed"] is True
    out = [one for one in sign_on(scale, 0, forms) if one.topic == "d/S03-12/p"]
    assert len(out) == (1 if forms else 0)
    assert all(len(one.payload) < 65_536 for one in out)
