"""Members: little is kept of a person, a level reaches his cards, and forgetting forgets."""

import json
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch
from backoffice.members import digits_of
from backoffice.replay import replay
from backoffice.reports.audit import audit
from backoffice.second_journal import SecondJournal
from backoffice.store import open_store
from broker.messages import Authorised, Code, Kind
from tests.backoffice.commands.test_card import CHINA, made
from tests.backoffice.world import MARKET, Scale, World, card_sale, new_op

PHONE = "138 0013 8000"


@pytest.fixture
def china(tmp_path: Path) -> World:
    world = World(tmp_path, CHINA)
    world.desk.second = SecondJournal(tmp_path / "second")
    world.desk.second.catch_up(world.desk.store.office.after(0))
    return world


def added(world: World, **said: object) -> int:
    number = world.command("member.add", **{"name": "王芳", "level": 1, **said})["member"]
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize(
    "written",
    ["13800138000", "138-0013-8000", "+86 138 0013 8000", "0086 13800138000", "(138) 0013.8000"],
)
def test_a_telephone_number_is_the_same_however_it_is_written(written: str) -> None:
    assert digits_of(written, "CN") == "13800138000"


@pytest.mark.parametrize("written", ["", "123", "not a number", "1" * 16, "١٣٨٠٠١٣٨٠٠٠"])
def test_what_is_no_telephone_number_is_refused(written: str) -> None:
    with pytest.raises(UsageFault, match="5 to 15 digits"):
        digits_of(written, "CN")


def test_nobody_can_read_the_telephone_number_in_books_or_journals(china: World) -> None:
    number = added(china, phone=PHONE)
    member = china.desk.store.members.get(number)
    assert member is not None
    assert (member.name, member.phone_last, len(member.phone_hash)) == ("王芳", "8000", 16)
    lines = json.dumps(china.desk.store.office.after(0))
    for text in (lines, (china.path.parent / "second").read_text("utf-8")):
        assert "0013" not in text
        assert "138001" not in text
    assert china.command("member.find", phone="+8613800138000") == {"member": number}
    assert china.command("member.find", phone="13900139000") == {"member": 0}


def test_the_same_telephone_is_one_member(china: World) -> None:
    number = added(china, phone=PHONE)
    with pytest.raises(Refused, match=f"that of member {number}"):
        added(china, name="李娜", phone="13800138000")
    assert added(china, name="李娜") == number + 1
    china.command("member.change", member=number, phone="")
    assert china.command("member.find", phone=PHONE) == {"member": 0}


@pytest.mark.parametrize("level", [-1, 2, 9])
def test_a_member_has_a_level_that_exists(china: World, level: int) -> None:
    with pytest.raises(UsageFault, match="0 shelf, 1 silver"):
        added(china, level=level)


@pytest.mark.parametrize(
    "said", [{"name": " "}, {"name": "x" * 61}, {"note": "x" * 201}, {"terms": "x" * 41}]
)
def test_texts_of_a_member_have_limits(china: World, said: dict[str, str]) -> None:
    with pytest.raises(UsageFault):
        added(china, **said)
    assert china.count("member") == 0


def test_a_level_reaches_the_till_by_a_declined_price(world: World) -> None:
    scale, member, card = Scale(world), added(world, level=0), world.card(kind=3, level=0)
    world.command("member.card", member=member, number=card.card)
    said = world.command("member.level", member=member, level=1, by="lin", reason="fifty visits")
    assert said == {"member": member, "level": 1, "cards": [card.card]}
    answer = scale.ask(
        scale.entry(Kind.INTENT, new_op(), replace(card_sale(card, 680), member=card.card))
    )
    assert isinstance(answer.content, Authorised)
    assert (answer.code, answer.content.level) == (Code.PRICE_LEVEL, 1)
    events = [(e.word, e.person, e.detail) for e in world.desk.store.cards.events(card.card or 0)]
    assert events[-1] == ("level", "lin", "0 to 1")


def test_a_card_is_one_members_and_takes_his_level(world: World) -> None:
    first, second = added(world), added(world, level=0)
    number = made(world, kind=3)
    assert world.command("member.card", member=first, number=number)["level"] == 1
    assert world.command("member.card", member=first, number=number)["level"] == 1
    with pytest.raises(Refused, match=f"that of member {first}"):
        world.command("member.card", member=second, number=number)
    assert world.command("member.uncard", number=number)["member"] == first
    known = world.desk.store.cards.get(1, number)
    assert known is not None
    assert (known.member, known.level) == (0, 0)


def test_a_card_is_issued_to_a_member_and_its_replacement_is_his(china: World) -> None:
    member = added(china)
    old = made(china, kind=3, member=member, **{"class": "registered"})
    known = china.desk.store.cards.get(1, old)
    assert known is not None
    assert (known.member, known.level, known.holder) == (member, 1, f"member {member}")
    new = made(china, replaces=old)
    assert china.desk.store.members.cards(member) == [old, new]


def test_a_forgotten_member_is_nowhere(china: World) -> None:
    member = added(china, phone=PHONE, note="likes 苹果", terms="2026-05")
    china.command("member.change", member=member, name="王小芳", reason="married")
    other = added(china, name="李娜")
    number = made(china, kind=3, member=member)
    china.command("member.forget", member=member, by="lin")
    known = china.desk.store.members.get(member)
    assert known is not None
    assert (known.name, known.phone_hash, known.phone_last, known.note) == ("", b"", "", "")
    assert known.ended_at == china.now
    card = china.desk.store.cards.get(1, number)
    assert card is not None
    assert (card.member, card.level) == (0, 0)
    everything = json.dumps(china.desk.store.office.after(0), ensure_ascii=False)
    for text in (everything, (china.path.parent / "second").read_text("utf-8")):
        assert [word for word in ("王", "8000", "likes", "married") if word in text] == []
        assert "李娜" in text
    assert china.command("member.find", phone=PHONE) == {"member": 0}
    assert china.command("member.forget", member=member) == {"member": member, "cards": []}
    with pytest.raises(Refused, match="is forgotten"):
        china.command("member.level", member=member, level=1)
    assert other == member + 1
    assert audit(china.desk.store, [], bytes(32)).findings == ()
    china.desk.store.report_text("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = china.path.read_bytes() + china.path.with_name("office.db-wal").read_bytes()
    assert "李娜".encode() in raw
    assert [word for word in ("王", "likes", "married") if word.encode() in raw] == []


def test_a_registered_card_is_ended_before_its_holder_is_forgotten(china: World) -> None:
    member = added(china)
    number = made(china, kind=3, member=member, **{"class": "registered"})
    with pytest.raises(Refused, match="keeps its holder"):
        china.command("member.forget", member=member)
    china.command("card.retire", number=number)
    china.command("member.forget", member=member)


def test_the_books_let_no_other_command_be_rewritten(china: World) -> None:
    added(china)
    for change in (
        "UPDATE office_operation SET line = 'x'",
        """UPDATE office_operation SET line = '{"forgotten": true}' WHERE line LIKE '%"apply"%'""",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            china.desk.store.report_text(change)


def test_members_come_back_after_a_restore_and_the_forgotten_do_not(
    china: World, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    china.desk.store.report_text(f"VACUUM INTO '{backup}'")
    gone, stays = added(china, phone=PHONE), added(china, name="李娜")
    china.command("member.level", member=stays, level=0)
    china.command("member.forget", member=gone)
    before = china.desk.store.members.page()
    china.desk.store.close()
    china.desk.store = open_store(backup)
    china.desk.forget()
    done = replay(china.desk, Batch())
    assert (done.done, done.waiting) == (4, ())
    assert china.desk.store.members.page() == before


def test_an_organisation_without_a_country_keeps_numbers_as_dialled(world: World) -> None:
    assert "country" not in MARKET
    number = added(world, phone=PHONE)
    assert world.command("member.find", phone="13800138000") == {"member": number}
