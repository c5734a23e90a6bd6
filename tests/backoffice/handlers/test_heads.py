"""A scale tells its key and signs the heads of its journal; the office keeps and checks both."""

from backoffice.alerts import Alert
from backoffice.store.heads import KeyRow
from broker.codec import decode, encode
from broker.heads import HeadKey, SignedHead
from broker.messages import Answer, Kind, Question, Receipt, SignOn, Welcome
from broker.seal import opened
from tests.backoffice.world import Scale, World, cash_sale, new_op

KEY, OTHER = HeadKey(bytes(range(32))), HeadKey(bytes(32))


def sign_on(scale: Scale, key: HeadKey | None = KEY) -> Welcome:
    public = key.public if key else None
    ends = (scale.epoch, scale.seq, scale.prev) if scale.seq else (0, 0, bytes(16))
    said = SignOn(*ends, 1, "test", None, 0, public)
    question = Question(Kind.SIGN_ON, scale.terminal, new_op(), scale.world.now, said)
    answer: Answer = scale.ask(encode(question, scale.form))
    assert isinstance(answer.content, Welcome)
    return answer.content


def sell(scale: Scale, count: int = 1) -> None:
    for _ in range(count):
        scale.upload(scale.paid(new_op(), cash_sale(500)))


def head(scale: Scale, key: HeadKey = KEY, **other: object) -> bytes:
    """The body of a signature over the last entry; `other` fields are put in after signing."""
    signature = key.sign(scale.terminal, scale.epoch, scale.seq, scale.prev)
    said: dict[str, object] = {
        "epoch": scale.epoch, "seq": scale.seq, "head": scale.prev, "signature": signature, **other,
    }  # fmt: skip
    return encode(
        SignedHead(1, Kind.SIGNED_HEAD, scale.terminal, **said),  # type: ignore[arg-type]
        scale.form,
    )


def told(scale: Scale, body: bytes) -> Receipt | None:
    """The receipt that came back, if any."""
    found = [one for one in scale.send("s", body) if one.topic.endswith("/k")]
    message = decode(opened(found[0].payload, (scale.key,))[0]) if found else None
    assert message is None or isinstance(message, Receipt)
    return message


def test_a_signature_is_kept_once_and_the_receipt_and_the_next_sign_on_say_so(
    world: World, scale: Scale
) -> None:
    assert sign_on(scale).signed == 0
    sell(scale, 3)
    for _ in range(2):
        receipt = told(scale, head(scale))
        assert receipt is not None
        assert (receipt.upto, receipt.signed) == (3, 3)
    assert world.count("signed_head") == 1
    assert sign_on(scale).signed == 3
    assert (world.alerts(), world.quarantined()) == ([], [])


def test_a_signature_rides_with_the_entries_it_covers(world: World, scale: Scale) -> None:
    sign_on(scale)
    bodies = [scale.paid(new_op(), cash_sale(500)) for _ in range(2)]
    receipt = told(scale, scale.batch(*bodies, head(scale)))
    assert receipt is not None
    assert (receipt.upto, receipt.signed) == (2, 2)


def test_one_that_comes_before_its_entries_waits_for_the_scale_to_send_it_again(
    world: World, scale: Scale
) -> None:
    sign_on(scale)
    body = scale.paid(new_op(), cash_sale(500))
    early = head(scale)
    assert told(scale, early) is None
    scale.upload(body)
    receipt = told(scale, early)
    assert receipt is not None
    assert receipt.signed == 1
    assert world.alerts() == []


def test_a_signature_that_fits_no_key_is_set_aside_with_one_alert_and_no_entry_is_lost(
    world: World, scale: Scale
) -> None:
    sign_on(scale)
    body = scale.paid(new_op(), cash_sale(500))
    for wrong in (head(scale, OTHER), head(scale, signature=bytes(64))):
        receipt = told(scale, scale.batch(body, wrong))
        assert receipt is not None
        assert (receipt.upto, receipt.signed) == (1, 0)
        told(scale, wrong)
    assert world.count("sale") == 1
    assert world.quarantined() == ["signature"] * 2
    assert world.alerts() == [Alert.SIGNATURE_WRONG] * 2
    assert world.count("signed_head") == 0


def test_a_genuine_one_over_other_entries_than_ours_is_kept_and_told(
    world: World, scale: Scale
) -> None:
    sign_on(scale)
    sell(scale, 2)
    signature = KEY.sign(scale.terminal, 1, 2, bytes(16))
    for _ in range(2):
        told(scale, head(scale, head=bytes(16), signature=signature))
    assert world.count("signed_head") == 1
    assert world.alerts() == [Alert.SIGNATURE_WRONG]
    [row] = world.desk.store.notes.alerts(1)
    assert "entry 2 of epoch 1 is not what the scale signed" in row[6]


def test_a_scale_without_a_key_is_served_as_before(world: World, scale: Scale) -> None:
    assert sign_on(scale, None).signed == 0
    sell(scale)
    assert (world.alerts(), world.count("terminal_key")) == ([], 0)


def keys(world: World, scale: Scale) -> list[KeyRow]:
    terminal = world.desk.store.directory.terminal(scale.terminal)
    assert terminal is not None
    return world.desk.store.heads.keys(terminal)


def test_another_key_is_told_and_holds_from_then_on(world: World, scale: Scale) -> None:
    sign_on(scale)
    sell(scale, 2)
    sign_on(scale)
    late = head(scale)
    sign_on(scale, OTHER)
    assert world.alerts() == [Alert.JOURNAL_KEY]
    assert [(row.number, row.key, row.epoch, row.seq) for row in keys(world, scale)] == [
        (1, KEY.public, 0, 0), (2, OTHER.public, 1, 2),
    ]  # fmt: skip
    receipt = told(scale, late)
    assert receipt is not None
    assert receipt.signed == 2, "what the old key had signed before is still good"
    sell(scale)
    told(scale, head(scale))
    assert world.alerts() == [Alert.JOURNAL_KEY, Alert.SIGNATURE_WRONG]
    receipt = told(scale, head(scale, OTHER))
    assert receipt is not None
    assert receipt.signed == 3


def test_a_lost_disk_brings_a_new_epoch_and_a_new_key_and_both_are_told(
    world: World, scale: Scale
) -> None:
    sign_on(scale)
    sell(scale, 2)
    late = head(scale)
    fresh = Scale(world)
    assert sign_on(fresh, OTHER).epoch == 2
    assert world.alerts() == [Alert.JOURNAL_KEY]
    fresh.epoch = 2
    sell(fresh)
    assert world.alerts() == [Alert.JOURNAL_KEY, Alert.JOURNAL_FORK]
    assert keys(world, scale)[-1].epoch == 1
    told(scale, late)
    assert world.count("signed_head") == 1, "its last words before the disk was lost"


def test_an_old_sign_on_that_somebody_sends_again_changes_no_key(
    world: World, scale: Scale
) -> None:
    first = SignOn(0, 0, bytes(16), 1, "test", None, 0, KEY.public)
    old = encode(Question(Kind.SIGN_ON, scale.terminal, new_op(), world.now, first), scale.form)
    scale.ask(old)
    sell(scale, 2)
    sign_on(scale, OTHER)
    assert world.alerts() == [Alert.JOURNAL_KEY]
    scale.ask(old)
    assert [row.key for row in keys(world, scale)] == [KEY.public, OTHER.public]
    assert world.alerts() == [Alert.JOURNAL_KEY]


def test_a_scale_that_had_a_key_and_tells_none_is_told_once_an_hour(
    world: World, scale: Scale
) -> None:
    sign_on(scale)
    sell(scale)
    for _ in range(3):
        sign_on(scale, None)
    assert world.alerts() == [Alert.JOURNAL_KEY]
    world.now += 3_700_000
    sign_on(scale, None)
    assert world.alerts() == [Alert.JOURNAL_KEY] * 2


def test_a_signature_of_one_scale_is_none_of_another(world: World, scale: Scale) -> None:
    sign_on(scale)
    sell(scale)
    body = head(scale)
    stranger = Scale(world, "S03-13")
    sign_on(stranger, OTHER)
    assert told(stranger, body) is None
    assert world.quarantined() == ["wrong-terminal"]
