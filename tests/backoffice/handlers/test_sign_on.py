"""Epochs: new scales, lost answers, lost journals, restored offices."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from broker.codec import decode, decode_prices
from broker.messages import Answer, Code, SignedPrices, Welcome
from broker.seal import FIRST_LINK, is_genuine, opened
from tests.backoffice.world import Scale, World, cash_sale, new_op

OTHER = b"another content!"


def granted(answer: Answer) -> tuple[int, int, bytes]:
    assert answer.code == Code.OK
    assert isinstance(answer.content, Welcome)
    return answer.content.epoch, answer.content.upto, answer.content.head


def epoch_of(world: World) -> int:
    terminal = world.desk.store.directory.terminal("S03-12")
    assert terminal is not None
    return terminal.epoch


def test_a_new_scale_gets_the_first_epoch(world: World, scale: Scale) -> None:
    answer = scale.sign_on()
    assert granted(answer) == (1, 0, FIRST_LINK)
    assert isinstance(answer.content, Welcome)
    assert (answer.content.store, answer.content.stall) == ("河边市场", "Zhang")
    assert (answer.content.currency, answer.content.exponent) == ("CNY", 2)


def test_the_same_sign_on_gets_the_same_answer_and_a_later_one_its_own(
    world: World, scale: Scale
) -> None:
    rid = new_op()
    first = scale.sign_on(rid=rid)
    world.now += 1000
    assert scale.sign_on(rid=rid) == first
    assert granted(scale.sign_on()) == (1, 0, FIRST_LINK)
    assert world.alerts() == []


def test_a_scale_that_stands_where_we_stand_goes_on(world: World, scale: Scale) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    answer = scale.sign_on(epoch=1, last_seq=1, head=scale.prev)
    assert granted(answer) == (1, 1, scale.prev)


def test_a_scale_that_has_more_than_we_is_told_where_to_begin(world: World, scale: Scale) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    known = scale.prev
    scale.paid(new_op(), cash_sale())
    assert granted(scale.sign_on(epoch=1, last_seq=2, head=scale.prev)) == (1, 1, known)


def test_a_scale_that_lost_its_journal_gets_a_new_epoch(world: World, scale: Scale) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    assert granted(scale.sign_on()) == (2, 0, FIRST_LINK)
    assert granted(scale.sign_on()) == (2, 0, FIRST_LINK)
    assert (epoch_of(world), world.alerts()) == (1, [])
    scale.epoch = 2
    scale.send("h", scale.heartbeat())
    assert (epoch_of(world), world.alerts()) == (2, ["journal-fork"])
    scale.send("h", scale.heartbeat())
    assert world.alerts() == ["journal-fork"]


@pytest.mark.parametrize("comes_with", ["an entry", "a sign-on"])
def test_an_epoch_that_was_offered_begins_when_the_scale_comes_with_it(
    world: World, scale: Scale, comes_with: str
) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    scale.sign_on()
    scale.epoch, scale.seq, scale.prev = 2, 0, FIRST_LINK
    if comes_with == "an entry":
        scale.upload(scale.paid(new_op(), cash_sale()))
    else:
        assert granted(scale.sign_on(epoch=2)) == (2, 0, FIRST_LINK)
    assert (epoch_of(world), world.alerts()) == (2, ["journal-fork"])


def test_an_epoch_that_a_scale_has_begun_is_not_given_again(world: World, scale: Scale) -> None:
    """Its entries may be on the way, or on a disk that comes back."""
    scale.sign_on()
    scale.send("h", scale.heartbeat())
    assert granted(scale.sign_on()) == (2, 0, FIRST_LINK)


def test_an_old_sign_on_that_comes_again_changes_nothing(world: World, scale: Scale) -> None:
    first = scale.sign_on_question(list_version=0)
    scale.send("a", first)
    scale.send("h", scale.heartbeat())
    scale.upload(scale.paid(new_op(), cash_sale()))
    second = scale.sign_on_question(epoch=1, last_seq=1, head=scale.prev)
    scale.send("a", second)
    scale.upload(scale.paid(new_op(), cash_sale()))
    third = scale.sign_on_question(epoch=1, last_seq=2, head=scale.prev)
    answered = scale.send("a", third)
    world.now += 3_600_000
    before = world.rows("SELECT * FROM terminal")
    for old in (first, second, first, third):
        frames = scale.send("a", old)
        assert [one.topic for one in frames] == ["d/S03-12/a"]
    assert world.rows("SELECT * FROM terminal") == before
    assert world.alerts() == []
    assert scale.send("a", third) == answered
    assert scale.upload(scale.paid(new_op(), cash_sale())).upto == 3


def test_a_scale_with_another_last_entry_gets_a_new_epoch(world: World, scale: Scale) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    assert granted(scale.sign_on(epoch=1, last_seq=1, head=OTHER)) == (2, 0, FIRST_LINK)
    scale.epoch = 2
    scale.send("h", scale.heartbeat())
    assert world.alerts() == ["journal-fork"]


def test_a_scale_whose_number_another_life_has_taken_gets_a_new_epoch(
    world: World, scale: Scale
) -> None:
    """A late record of a lost disk came first; what its copy sold would be stuck behind it."""
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    lost, common = Scale(world), scale.prev
    lost.epoch, lost.seq, lost.prev = scale.epoch, scale.seq, common
    lost.paid(new_op(), cash_sale())
    late = lost.paid(new_op(), cash_sale())
    scale.upload(scale.paid(new_op(), cash_sale()))
    lost.upload(late)
    for _ in range(2):
        scale.upload(scale.paid(new_op(), cash_sale()))
    answer = scale.sign_on(epoch=1, last_seq=scale.seq, head=scale.prev)
    assert granted(answer) == (2, 0, FIRST_LINK)


def test_a_scale_restored_from_an_older_copy_gets_a_new_epoch(world: World, scale: Scale) -> None:
    scale.sign_on()
    scale.upload(scale.paid(new_op(), cash_sale()))
    before = scale.prev
    scale.upload(scale.paid(new_op(), cash_sale()))
    assert granted(scale.sign_on(epoch=1, last_seq=1, head=before)) == (2, 0, FIRST_LINK)


def test_an_office_restored_from_an_older_copy_takes_over_the_scales_epoch(
    world: World, scale: Scale
) -> None:
    assert granted(scale.sign_on(epoch=3, last_seq=9, head=OTHER)) == (3, 0, FIRST_LINK)
    scale.epoch = 3
    assert scale.upload(scale.paid(new_op(), cash_sale())).upto == 1


def test_an_entry_of_an_epoch_unknown_here_is_booked(world: World, scale: Scale) -> None:
    scale.epoch = 5
    assert scale.upload(scale.paid(new_op(), cash_sale())).epoch == 5
    assert epoch_of(world) == 5


def test_the_price_list_follows_when_the_scale_has_another(world: World, scale: Scale) -> None:
    frames = scale.send("a", scale.sign_on_question(list_version=0))
    assert [one.topic for one in frames] == ["d/S03-12/a", "d/S03-12/p"]
    message = decode(opened(frames[1].payload, (scale.key,))[0])
    assert isinstance(message, SignedPrices)
    public = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    assert is_genuine(message.payload, message.signature, public)
    prices = decode_prices(message.payload)
    assert (prices.version, prices.store, prices.stall) == (1, "河边市场", "Zhang")
    assert [product.prices for product in prices.products] == [[680, 646]]
    [only] = scale.send("a", scale.sign_on_question(list_version=1))
    assert only.topic == "d/S03-12/a"
