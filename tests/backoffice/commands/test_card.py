"""Changes of a card at the desk: money, class, end, and the note of each."""

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from backoffice.errors import Refused, UsageFault
from backoffice.ledger import bonus_part
from backoffice.reports.check import check
from backoffice.store import open_store
from backoffice.store.statements import texts
from broker.messages import Kind
from broker.sale import Tender, TenderKind
from tests.backoffice.world import MARKET, NOW, Scale, World, card_sale, new_op, pieces

CHINA = MARKET.replace('currency = "CNY"', 'currency = "CNY"\ncountry = "CN"')
DAY_MS = 86_400_000


@pytest.fixture
def china(tmp_path: Path) -> World:
    return World(tmp_path, CHINA)


def number_of(tender: Tender) -> int:
    assert tender.card is not None
    return tender.card


def made(world: World, **said: object) -> int:
    wishes = {"kind": 2, "level": 0, "opening": 0, "valid_to": 20991231, **said}
    row = world.command("card.reserve", chip=new_op().hex(), **wishes)
    world.command("card.activate", number=row["number"])
    number = row["number"]
    assert isinstance(number, int)
    return number


def topup(world: World, number: int, amount: int, **said: object) -> dict[str, object]:
    return world.command("card.topup", number=number, amount=amount, op=new_op().hex(), **said)


def words(world: World, number: int) -> list[tuple[str, str, str]]:
    return [(e.word, e.person, e.reason) for e in world.desk.store.cards.events(number)]


def agrees(world: World) -> bool:
    return check(world.desk.store, 0, 99_999_999).differences == ()


@pytest.mark.parametrize(
    ("amount", "principal", "bonus", "part"),
    [(500, 1_000, 300, 0), (1_200, 1_000, 300, 200), (2_000, 1_000, 300, 300), (100, -50, 30, 30),
     (100, 0, 300, 100), (0, 0, 300, 0)],
)  # fmt: skip
def test_the_bonus_is_spent_last(amount: int, principal: int, bonus: int, part: int) -> None:
    assert bonus_part(amount, principal, bonus) == part


def test_a_bonus_is_a_cost_and_the_scale_hears_the_sum(world: World, scale: Scale) -> None:
    card = world.card(1_000)
    number = number_of(card)
    said = topup(world, number, 5_000, bonus=500)
    assert (said["balance"], said["bonus"]) == (6_500, 500)
    assert world.balance("bonus-cost") == -500
    scale.pay(card, 6_200)
    assert world.balance(f"card/{number}/principal") == 0
    assert world.balance(f"card/{number}/bonus") == 300
    found = world.desk.store.cards.get(1, number)
    assert found is not None
    assert found.balance == 300
    assert agrees(world)


def test_a_reversal_gives_principal_and_bonus_back(world: World, scale: Scale) -> None:
    card = world.card(1_000)
    number, op = number_of(card), new_op()
    topup(world, number, 100, bonus=400)
    scale.ask(scale.intent(card, 1_300, op))
    assert world.balance(f"card/{number}/bonus") == 200
    scale.ask(scale.reversing(op))
    assert world.balance(f"card/{number}/principal") == 1_100
    assert world.balance(f"card/{number}/bonus") == 400
    assert agrees(world)


def test_goods_brought_back_do_not_turn_a_bonus_into_money(world: World, scale: Scale) -> None:
    card = world.card(1_000)
    number = number_of(card)
    topup(world, number, 100, bonus=400)
    first, sold = new_op(), card_sale(card, 1_300)
    sold = replace(sold, lines=[pieces(150), pieces(150), pieces(1_000)])
    scale.ask(scale.entry(Kind.INTENT, first, sold))
    scale.upload(scale.paid(first))
    for _ in range(2):
        one = replace(pieces(150), quantity=-1, amount=-150)
        given = card_sale(card, -150)
        scale.upload(scale.paid(new_op(), replace(given, kind=2, lines=[one], ref=first)))
    assert world.balance(f"card/{number}/bonus") == 400
    assert world.balance(f"card/{number}/principal") == 100


def test_a_refund_pays_what_was_paid_and_takes_the_bonus_back(world: World, scale: Scale) -> None:
    card = world.card(1_000)
    number, op = number_of(card), new_op().hex()
    topup(world, number, 4_000, bonus=600)
    before = world.balance("bank")
    for _ in range(2):
        said = world.command("card.refund", number=number, op=op, reference="R-77", by="wang")
        assert said["amount"] == 5_000
    assert world.balance("bank") - before == 5_000
    assert world.balance("bonus-cost") == 0
    with pytest.raises(Refused, match="for ever"):
        world.command("card.block", number=number, blocked=False)
    assert scale.ask(scale.intent(card, 10)).code == 11
    assert agrees(world)


def test_a_refund_in_cash_leaves_a_tills_drawer(world: World) -> None:
    number = made(world, opening=900)
    world.command("card.refund", number=number, op=new_op().hex(), to="S03-12", reference="R-1")
    assert world.balance("drawer/S03-12") == 900
    said = {"number": made(world, opening=5), "op": new_op().hex(), "reference": "R"}
    with pytest.raises(Refused, match="no terminal"):
        world.command("card.refund", to="S09-99", **said)


def test_a_refund_without_reference_or_money_is_refused(world: World) -> None:
    with pytest.raises(UsageFault, match="reference"):
        world.command("card.refund", number=made(world, opening=5), op=new_op().hex())
    with pytest.raises(Refused, match="retire"):
        world.command("card.refund", number=made(world), op=new_op().hex(), reference="R")


def test_a_replacement_takes_the_balance_less_what_may_be_spent_already(world: World) -> None:
    old = made(world, opening=5_000)
    topup(world, old, 100, bonus=300)
    row = world.command("card.reserve", chip=new_op().hex(), replaces=old)
    said = {"exposure": 2_000, "hold_days": 7, "by": "wang", "reason": "lost"}
    new = row["number"]
    assert world.command("card.activate", number=new, **said)["balance"] == 3_100 + 300
    assert world.balance(f"card/{old}/principal") == 2_000
    with pytest.raises(Refused, match="for ever"):
        topup(world, old, 1)
    with pytest.raises(Refused, match="held until 20261201"):
        world.command("card.release", number=old, op=new_op().hex())
    world.now += 8 * DAY_MS
    assert world.command("card.release", number=old, op=new_op().hex())["amount"] == 2_000
    assert world.balance(f"card/{new}/principal") == 5_100
    assert ("replaced", "wang", "lost") in words(world, old)
    assert agrees(world)


def test_what_was_sold_before_the_swap_is_posted_after_it(world: World, scale: Scale) -> None:
    old = made(world, opening=5_000)
    row = world.command("card.reserve", chip=new_op().hex(), replaces=old)
    world.command("card.activate", number=row["number"], exposure=2_000, hold_days=7)
    sale = card_sale(Tender(TenderKind.STORED_VALUE, 0, old), 1_500)
    scale.upload(scale.paid(new_op(), sale))
    assert world.balance(f"card/{old}/principal") == 500
    assert world.count("sale") == 1
    world.now += 8 * DAY_MS
    assert world.command("card.release", number=old, op=new_op().hex())["amount"] == 500


def test_a_card_with_money_is_not_retired_and_an_empty_one_for_ever(world: World) -> None:
    with pytest.raises(Refused, match="money on this card"):
        world.command("card.retire", number=made(world, opening=1))
    number = made(world)
    world.command("card.retire", number=number, by="li", reason="broken")
    with pytest.raises(Refused, match="retired"):
        topup(world, number, 100)
    assert words(world, number)[-1] == ("retire", "li", "broken")


def test_every_change_keeps_who_and_why_and_is_never_changed(world: World) -> None:
    number = made(world, opening=100)
    world.command("card.block", number=number, by="wang", reason="found at the till")
    world.command("card.block", number=number, blocked=False, by="li", reason="claimed")
    assert words(world, number)[-2:] == [
        ("block", "wang", "found at the till"), ("unblock", "li", "claimed"),
    ]  # fmt: skip
    connection = world.desk.store._connection
    for sql in ("DELETE FROM card_event", "UPDATE card_event SET person = 'nobody'"):
        with pytest.raises(Exception, match="never"):
            connection.execute(sql)


def test_cards_are_counted_by_state(world: World) -> None:
    made(world)
    number = made(world)
    world.command("card.retire", number=number)
    world.command("card.reserve", chip="aa", kind=1, level=2, opening=0, valid_to=20991231)
    assert world.desk.store.cards.stock() == [(0, 0, 1, 0, 1), (1, 0, 2, 0, 1), (2, 3, 2, 0, 1)]


def test_china_caps_a_bearer_card_at_1000_and_a_registered_one_at_5000(china: World) -> None:
    bearer = made(china, opening=90_000)
    with pytest.raises(Refused, match=r"At most 1000\.00 .* 1000\.01"):
        topup(china, bearer, 10_001)
    topup(china, bearer, 10_000)
    registered = made(china, opening=400_000, **{"class": "registered", "holder": "file 12"})
    with pytest.raises(Refused, match=r"At most 5000\.00"):
        topup(china, registered, 90_000, bonus=10_001)
    with pytest.raises(Refused, match=r"At most 1000\.00"):
        made(china, opening=100_001)


def test_china_wants_the_holder_of_a_registered_card(china: World) -> None:
    with pytest.raises(Refused, match="needs its holder"):
        made(china, **{"class": "registered"})


def test_china_lets_a_bearer_card_expire_after_three_years_and_a_registered_one_never(
    china: World,
) -> None:
    with pytest.raises(Refused, match="3 years"):
        made(china, valid_to=20291123)
    made(china, valid_to=20291124)
    with pytest.raises(Refused, match="must not expire"):
        made(china, valid_to=20351231, **{"class": "registered", "holder": "file 12"})


def test_china_knows_a_loss_report_for_registered_cards_only(china: World) -> None:
    with pytest.raises(Refused, match="bearer card"):
        china.command("card.block", number=made(china), lost=True)
    known = made(china, **{"class": "registered", "holder": "file 12"})
    china.command("card.block", number=known, lost=True, by="wang")
    assert words(china, known)[-1][0] == "lost"


def test_china_pays_more_than_100_to_a_bank_account_and_to_a_name(china: World) -> None:
    number = made(china, opening=10_001)
    said = {"number": number, "op": new_op().hex(), "reference": "R"}
    with pytest.raises(Refused, match="holder's name"):
        china.command("card.refund", **said)
    with pytest.raises(Refused, match=r"More than 100\.00"):
        china.command("card.refund", to="S03-12", holder="Wang", **said)
    assert china.command("card.refund", holder="Wang", **said)["amount"] == 10_001


def test_a_country_is_two_letters(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="country"):
        World(tmp_path, CHINA.replace('"CN"', '"China"'))


def test_books_of_the_first_form_are_brought_up_to_date(tmp_path: Path) -> None:
    """Made by the shipped first step alone, with a card and its money, as it stood then."""
    path = tmp_path / "office.db"
    old = sqlite3.connect(path)
    old.executescript(texts()["schema_0001"])
    old.executescript(
        f"""
        CREATE TABLE _sqlite_migrations (
          migration_set TEXT, name TEXT, applied_at TEXT, PRIMARY KEY (migration_set, name));
        INSERT INTO _sqlite_migrations VALUES ('backoffice', 'schema_0001', '2026-11-01');
        INSERT INTO organisation (org, name, name_zh, currency, exponent, zone, cutoff_hour, issuer,
          levels) VALUES (1, 'Old', '', 'CNY', 2, 'Asia/Shanghai', 4, 6200, '["shelf"]');
        INSERT INTO account (org, id, code, balance) VALUES (1, 1, 'card/620000000000013/principal',
          700), (1, 2, 'bank', -700);
        INSERT INTO transfer VALUES (1, x'01', 1, 4, 0, 2, 1, 700, 0, 20261101, {NOW});
        INSERT INTO card (org, number, kind, level, state, valid_from, valid_to, account)
          VALUES (1, 620000000000013, 2, 0, 1, 20261101, 20991231, 1);
        """
    )
    old.commit()
    old.close()
    store = open_store(path)
    card = store.cards.get(1, 620000000000013)
    assert card is not None
    assert (card.balance, card.bonus, card.card_class, card.ended) == (700, 0, 0, 0)
    assert store.cards.events(card.number) == []
    organisation = store.directory.organisation()
    assert organisation is not None
    assert organisation.country == ""
    assert check(store, 0, 99_999_999).differences == ()
    store.close()


def test_cash_for_a_card_goes_into_a_drawer_and_the_terms_are_kept(world: World) -> None:
    number = made(world)
    topup(world, number, 5_000, till="S03-12", terms="2026-05")
    assert world.balance("drawer/S03-12") == -5_000
    assert world.desk.store.cards.events(number)[-1].detail == "5000 fen, terms 2026-05"
    with pytest.raises(Refused, match="no terminal S09-99"):
        topup(world, number, 5_000, till="S09-99")


def test_china_takes_no_cash_from_an_organisation_from_5000_yuan_on(china: World) -> None:
    number = made(china, **{"class": "registered", "holder": "file 12"})
    with pytest.raises(Refused, match=r"From 5000\.00 on it is paid through a bank"):
        topup(china, number, 500_000, till="S03-12", organisation=True)
    topup(china, number, 1_000, till="S03-12", organisation=True)
    topup(china, number, 499_000, organisation=True)


def test_in_the_us_five_years_begin_anew_with_every_load(tmp_path: Path) -> None:
    world = World(tmp_path, MARKET.replace('"CNY"', '"USD"\ncountry = "US"', 1))
    number = made(world, valid_to=20311124)
    topup(world, number, 1_000)
    world.now += 2 * DAY_MS
    with pytest.raises(Refused, match="good for 5 years"):
        topup(world, number, 1_000)
    for_ever = made(world)
    topup(world, for_ever, 1_000)
