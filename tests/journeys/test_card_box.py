from pathlib import Path

from fixtures.blank_purse import BlankPurse
from fixtures.card_box import CardBox
from fixtures.market import CARDS
from fixtures.mifare_card import PretendMifare
from fixtures.purse_card import PretendPurse
from fixtures.purse_memory import Key, PurseState


def blocks(box: CardBox, name: str) -> list[bytes]:
    card = box.cards[name]
    assert isinstance(card, PretendMifare)
    return card.blocks


def purse(box: CardBox) -> BlankPurse:
    card = box.cards["purse"]
    assert isinstance(card, BlankPurse)
    return card


def test_a_purse_keeps_its_keys_files_and_counters(tmp_path: Path) -> None:
    box = CardBox(tmp_path)
    memory = purse(box).memory
    memory.name, memory.keys[0x3E, 1] = b"a purse", Key(bytes(16), 2)
    memory.purses[2] = PurseState(5_000, online=1, offline=7)
    memory.guards[0x15] = memory.keys[0x3E, 1], False
    memory.proof = 6, 7, b"mac4", b"tac4"
    box.save()
    assert purse(CardBox(tmp_path)).memory == memory
    assert CardBox(tmp_path).writes()["purse"] == 7
    (tmp_path / "purse.hex").write_text("# \n00ff\n")
    assert purse(CardBox(tmp_path)).memory.name == b""


def test_what_was_written_on_a_card_is_there_tomorrow(tmp_path: Path) -> None:
    box = CardBox(tmp_path)
    blocks(box, "stored")[4] = b"sixteen bytes ok"
    box.save()
    again = CardBox(tmp_path)
    assert blocks(again, "stored")[4] == b"sixteen bytes ok"
    assert blocks(again, "member") == blocks(box, "member")


def test_a_damaged_card_file_gives_a_new_card_and_spoils_no_other(tmp_path: Path) -> None:
    box = CardBox(tmp_path)
    blocks(box, "both")[4] = b"sixteen bytes ok"
    box.save()
    (tmp_path / "stored.hex").write_text("# 64 blocks\n00ff\nnot hex\n")
    again = CardBox(tmp_path)
    assert blocks(again, "stored") == blocks(CardBox(tmp_path / "new"), "stored")
    assert blocks(again, "both")[4] == b"sixteen bytes ok"


def test_every_card_of_the_market_is_a_chip_of_its_own(tmp_path: Path) -> None:
    uids = {card.uid for card in CardBox(tmp_path).cards.values()}
    assert len(uids) == len(CARDS) == 10


def test_a_city_card_is_as_empty_tomorrow_as_it_was_left(tmp_path: Path) -> None:
    box = CardBox(tmp_path)
    card = box.cards["city"]
    assert isinstance(card, PretendPurse)
    card.memory.purses[2].balance = 17
    box.save()
    again = CardBox(tmp_path).cards["city"]
    assert isinstance(again, PretendPurse)
    assert again.memory == card.memory
