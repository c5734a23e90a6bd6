"""Products and prices in the books: saved, imported, removed; two managers, a second person."""

import json
from typing import Any

import pytest

from backoffice.commands.table import run_command
from backoffice.errors import OfficeError, Refused, UsageFault
from backoffice.handlers.desk import Batch
from backoffice.product_view import list_history, product_rows
from broker.codec import decode, decode_prices
from broker.messages import SignedPrices, Welcome
from broker.seal import split
from tests.backoffice.world import DAY, MARKET, NOW, Scale, World, cash_sale, new_op

HASH = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$aGFzaA"


def rows(world: World, search: str = "") -> list[dict[str, Any]]:
    return product_rows(world.desk.store, world.now, search=search)


def do(world: World, name: str, /, **said: Any) -> dict[str, Any]:
    return world.command(name, **said)


def person(world: World, name: str, role: str = "manager") -> None:
    world.command("person.save", name=name, role=role, stores=[], password=HASH)


def save(world: World, plu: int = 1, /, **said: Any) -> dict[str, Any]:
    fields = {name: text for name, text in said.items() if name.startswith(("price", "name"))}
    fields |= said.pop("set", {})
    rest = {name: one for name, one in said.items() if name not in fields}
    return do(world, "product.save", plu=plu, set=fields, **rest)


def test_what_apply_wrote_stands_in_tables_with_initials(world: World) -> None:
    [apple] = rows(world)
    assert (apple["price"], apple["price_1"], apple["base"]) == ("6.80", "6.46", "kg")
    assert "pg" in apple["pinyin"].split()
    assert [row["plu"] for row in rows(world, "pg")] == ["1"]
    assert [row["plu"] for row in rows(world, "苹")] == ["1"]
    assert [row["plu"] for row in rows(world, "appl")] == ["1"]
    assert rows(world, "ap%") == []


def test_a_change_makes_a_new_list_that_goes_to_every_scale(world: World) -> None:
    batch = Batch()
    said = {"plu": 1, "set": {"price": "7.20"}, "by": "li", "based_on": 1}
    answer = run_command(world.desk, "product.save", said, batch, now=world.now)
    assert (answer["list_version"], answer["changed"]) == (2, True)
    [change] = answer["changes"]
    assert change["fields"] == [{"field": "price", "old": "6.80", "new": "7.20"}]
    assert (change["percent"], change["jump"], answer["jumps"]) == (6, False, [])
    assert sorted(frame.topic for frame in batch.frames) == ["d/S03-12/p", "d/S03-13/p"]
    message = decode(split(batch.frames[0].payload)[0])
    assert isinstance(message, SignedPrices)
    assert decode_prices(message.payload).products[0].prices == [720, 646]
    assert list_history(world.desk.store)[0]["by"] == "li"


def test_what_is_not_said_stays_and_the_same_again_changes_nothing(world: World) -> None:
    save(world, 1, price="7.20")
    before = rows(world)
    answer = save(world, 1, price="7.2")
    assert (answer["list_version"], answer["changed"], answer["same"]) == (2, False, 1)
    assert rows(world) == before


def test_two_managers_change_one_price_and_the_second_is_told_what_changed(world: World) -> None:
    save(world, 1, price="7.20", by="li", based_on=1)
    with pytest.raises(Refused) as caught:
        save(world, 1, price="7.00", by="wang", based_on=1)
    said = str(caught.value)
    assert "PLU 1 was changed meanwhile (li): price 6.80 -> 7.20." in said
    assert rows(world)[0]["price"] == "7.20"
    assert save(world, 1, price="7.00", by="wang", based_on=2)["list_version"] == 3


def test_another_product_may_change_meanwhile(world: World) -> None:
    save(world, 2, price="5.00", name_zh="香蕉", set={"base": "斤"}, by="li", based_on=1)
    assert save(world, 1, price="7.00", by="wang", based_on=1)["list_version"] == 3


def test_a_product_that_was_made_or_removed_meanwhile_is_told(world: World) -> None:
    save(world, 2, price="5.00", name_zh="香蕉", set={"base": "斤"}, by="li")
    with pytest.raises(Refused, match="it is new"):
        save(world, 2, price="5.10", by="wang", based_on=1)
    world.command("product.remove", plus=[2], by="li")
    with pytest.raises(OfficeError, match="it is gone"):
        save(world, 2, price="5.10", name_zh="香蕉", set={"base": "斤"}, by="wang", based_on=2)
    with pytest.raises(Refused, match="There is no PLU 2"):
        world.command("product.remove", plus=[2])
    with pytest.raises(UsageFault, match="There is no price list 99"):
        save(world, 1, price="7.00", based_on=99)


def test_a_price_that_moves_too_far_needs_a_second_person(world: World) -> None:
    person(world, "wang")
    person(world, "desk", "desk")
    with pytest.raises(Refused, match=r"1 prices move by more than 50 % \(PLU 1\)"):
        save(world, 1, price="68.00", by="li")
    for who, why in (("li", "another one than li"), ("desk", "desk may not"), ("8", "8 may not")):
        with pytest.raises(Refused, match=why):
            save(world, 1, price="68.00", by="li", approved_by=who)
    assert rows(world)[0]["price"] == "6.80"
    save(world, 1, price="68.00", by="li", approved_by="wang")
    newest = list_history(world.desk.store)[0]
    assert (newest["by"], newest["approved_by"]) == ("li", "wang")


def test_a_mark_down_or_a_base_can_move_a_price_too_far_as_well(world: World) -> None:
    for fields in ({"rules": "to 0.10"}, {"rules": "90% off"}, {"base": "500g"}, {"price": "0"},
                   {"rules": "from 10g 0.01"}, {"price_1": "0.01"}):  # fmt: skip
        with pytest.raises(Refused, match="a second person"):
            save(world, 1, set=fields, by="li")
    assert save(world, 1, set={"rules": "20% off 2026-11-24..2026-11-25"})["jumps"] == []
    world.command("price.limits", jump=0, second=0)
    assert save(world, 1, set={"rules": "", "price": "99.00"})["list_version"] == 3


def test_a_dry_run_says_what_would_change_and_changes_nothing(world: World) -> None:
    before = world.desk.store.report_text("SELECT count(*) FROM office_operation")
    answer = do(
        world,
        "product.import",
        dry_run=True,
        removes_others=True,
        rows=[
            {"plu": "2", "name_zh": "香蕉", "base": "斤", "price": "5.00", "row": 2},
            {"plu": "2", "name_zh": "香蕉", "base": "斤", "price": "5.00", "row": 3},
            {"plu": "3", "name_zh": "橙", "base": "斤", "price": "-5.00", "row": 4},
        ],
        columns={"plu": "编码", "price": "单价"},
    )
    assert [row["plu"] for row in answer["added"]] == ["2"]
    assert [row["plu"] for row in answer["removed"]] == ["1"]
    first, second = answer["faults"]
    assert first == "row 3, column 编码: PLU 2 stands there twice, first at row 2, column 编码."
    assert second == "row 4, column 单价: '-5.00' is not a price; write it as 6.80."
    assert [row["plu"] for row in rows(world)] == ["1"]
    assert world.desk.store.report_text("SELECT count(*) FROM office_operation") == before


def test_one_bad_row_and_nothing_is_taken(world: World) -> None:
    good = {"plu": "2", "name_zh": "香蕉", "base": "斤", "price": "5.00"}
    for bad, says in (
        ({"plu": "3", "name_zh": "x", "base": "stone", "price": "1"}, "base 'stone'"),
        ({"plu": "0", "name_zh": "x", "base": "kg", "price": "1"}, "'0' is not a PLU"),
        ({"plu": "x", "name_zh": "x", "base": "kg", "price": "1"}, "'x' is not a PLU"),
        ({"plu": "3", "name_zh": "", "base": "kg", "price": "1"}, "a product has a name"),
        ({"plu": "3", "name_zh": "x\ty", "base": "kg", "price": "1"}, "all printable"),
        ({"plu": "3", "name_zh": "x" * 41, "base": "kg", "price": "1"}, "at most 40"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1e3"}, "'1e3' is not a price"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1.005"}, "at most 2 decimals"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1000000"}, "above the highest"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": ""}, "there is no price"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price_1": "5"}, "'' is not a price"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1", "key": "AB"}, "a hot key"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1", "key": "1"}, "same key 1"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1", "tare_g": "-1"}, "a tare is"),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1", "barcode": "12"}, "not a GTIN"),
        (
            {"plu": "3", "name_zh": "x", "base": "kg", "price": "1", "rules": "free"},
            "'free' is not",
        ),
        ({"plu": "3", "name_zh": "x", "base": "kg", "price": "1", "rules": "to 2"}, "cheaper"),
    ):
        with pytest.raises(OfficeError) as caught:
            do(world, "product.import", rows=[good, bad])
        assert says in str(caught.value), bad
        assert [row["plu"] for row in rows(world)] == ["1"]


def test_text_is_text_whatever_it_looks_like(world: World) -> None:
    nasty = ["=1+1", "<script>alert(1)</script>", "'; DROP TABLE product;--", "{name}", "@x"]
    for number, name in enumerate(nasty, 10):
        save(world, number, name_zh=name, price="1.00", set={"base": "kg", "category": name})
    assert [row["name_zh"] for row in rows(world)[1:]] == nasty


def test_origin_and_batch_of_the_day_need_no_new_list(world: World) -> None:
    answer = save(world, 1, set={"origin": "Yunnan", "batch": "B-1124"})
    assert answer["changed"] is False
    assert (rows(world)[0]["origin"], rows(world)[0]["batch"]) == ("Yunnan", "B-1124")
    world.now += 86_400_000
    save(world, 1, set={"batch": "B-1125"})
    assert (rows(world)[0]["origin"], rows(world)[0]["batch"]) == ("Yunnan", "B-1125")
    world.now = NOW
    assert rows(world)[0]["batch"] == "B-1124"


def test_apply_without_products_leaves_those_of_the_books_alone(world: World) -> None:
    save(world, 1, price="7.20")
    bare = MARKET[: MARKET.index("[[product]]")]
    assert world.command("apply", text=bare)["changed"] is False
    assert rows(world)[0]["price"] == "7.20"
    assert world.command("apply", text=MARKET)["changed"] is True
    assert rows(world)[0]["price"] == "6.80"


def test_books_that_knew_only_an_encoded_list_get_its_products(world: World) -> None:
    world.desk.store.report_text("DELETE FROM product")
    world.desk.store.report_text("DELETE FROM cashier")
    world.desk.store.close()
    again = type(world).__new__(type(world))
    from backoffice.store import open_store  # noqa: PLC0415

    again.path = world.path
    store = open_store(world.path)
    assert [row.product.prices for row in store.products.all().values()] == [[680, 646]]
    assert [one.name for one in store.places.cashiers()] == ["张三"]
    world.desk.store = store


def test_a_change_for_later_takes_effect_by_itself(world: World) -> None:
    answer = save(world, 1, price="7.20", by="li", **{"from": "2026-11-25 06:30"})
    assert (answer["changed"], answer["waits"]) == (False, 1)
    assert answer["due_at"] == 1_795_559_400_000  # 2026-11-24 22:30 UTC
    world.now = answer["due_at"] - 1
    assert world.command("product.due")["taken"] == []
    world.now += 1
    assert world.command("product.due")["taken"] == [1]
    assert rows(world)[0]["price"] == "7.20"
    assert list_history(world.desk.store)[0]["by"] == "li"
    assert world.command("product.due")["taken"] == []


def test_a_day_alone_begins_at_the_cut_off_hour(world: World) -> None:
    answer = save(world, 1, price="7.20", **{"from": "2026-11-25"})
    assert answer["due_at"] == 1_795_550_400_000  # 04:00 in Shanghai


def test_a_change_that_waits_can_be_taken_back_once(world: World) -> None:
    save(world, 1, price="7.20", **{"from": "2026-11-25"})
    world.command("product.withdraw", id=1, by="li")
    with pytest.raises(Refused, match="No change 1 waits"):
        world.command("product.withdraw", id=1)
    world.now += 10**9
    assert world.command("product.due") == {"taken": [], "failed": []}


@pytest.mark.parametrize("moment", ["tomorrow", "2026-13-01", "", "2026-11-25T99:00"])
def test_no_moment_no_change(world: World, moment: str) -> None:
    if moment:
        with pytest.raises(UsageFault, match="is no moment"):
            save(world, 1, price="7.20", **{"from": moment})
    with pytest.raises(Refused, match="has passed"):
        save(world, 1, price="7.20", **{"from": "2026-11-24 13:20"})


def test_a_change_that_no_longer_fits_is_said_so_and_the_others_go_on(world: World) -> None:
    save(world, 1, set={"key": "5"}, **{"from": "2026-11-25"})
    save(world, 1, price="7.00", **{"from": "2026-11-25 05:00"})
    save(world, 2, price="5.00", name_zh="香蕉", set={"base": "斤", "key": "5"})
    world.now += 86_400_000
    assert world.command("product.due") == {"taken": [2], "failed": [1]}
    _, [[detail]] = world.desk.store.report_text("SELECT detail FROM price_change WHERE id = 1")
    assert "same key 5" in detail
    assert world.alerts() == ["prices-not-taken"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("product.save", {"plu": 1}),
        ("product.save", {"plu": "one", "set": {}}),
        ("product.save", {"plu": 1, "set": ["x"]}),
        ("product.import", {"rows": "x"}),
        ("product.import", {"rows": [5]}),
        ("product.import", {"rows": [{}] * 5001}),
        ("product.remove", {"plus": 5}),
        ("product.withdraw", {}),
        ("price.limits", {"jump": -1, "second": 5}),
        ("store.save", {"code": "../x"}),
        ("stall.save", {"store": "S03"}),
        ("terminal.save", {"code": "s", "store": "S03"}),
        ("cashier.save", {"number": 0, "name": "x"}),
    ],
)
def test_nonsense_is_a_sentence(world: World, name: str, said: dict[str, Any]) -> None:
    with pytest.raises(OfficeError) as caught:
        world.command(name, **said)
    assert str(caught.value).endswith(".")
    assert json.dumps(str(caught.value))


def test_each_scale_signs_on_to_the_day_of_its_own_store(world: World) -> None:
    world.command("store.save", code="S04", name="Hilltop", zone="Asia/Urumqi", cutoff_hour=2)
    world.command("terminal.save", code="S04-1", store="S04")
    world.command("terminal.enrol", terminal="S04-1")
    told = []
    for name in ("S03-12", "S04-1"):
        scale = Scale(world, name)
        welcome = scale.ask(scale.sign_on_question()).content
        assert isinstance(welcome, Welcome)
        told.append((welcome.zone, welcome.cutoff_hour))
    assert told == [("Asia/Shanghai", 4), ("Asia/Urumqi", 2)]


def test_a_sale_keeps_its_stall_and_its_day_when_the_scale_moves_on(
    world: World, scale: Scale
) -> None:
    scale.upload(scale.paid(new_op(), cash_sale()))
    world.command("store.save", code="S03", zone="America/New_York")
    world.command("terminal.save", code="S03-12", store="S03", stall="Wang")
    scale.upload(scale.paid(new_op(), cash_sale()))
    _, rows = world.desk.store.report_text(
        "SELECT s.day, l.name FROM sale AS s JOIN stall AS l ON l.id = s.stall ORDER BY s.id"
    )
    assert rows == [(DAY, "Zhang"), (DAY, "Wang")]
