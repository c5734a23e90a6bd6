from pathlib import Path

from fixtures.card_box import CardBox
from fixtures.market import CARDS


def test_what_was_written_on_a_card_is_there_tomorrow(tmp_path: Path) -> None:
    box = CardBox(tmp_path)
    box.cards["stored"].blocks[4] = b"sixteen bytes ok"
    box.save()
    again = CardBox(tmp_path)
    assert again.cards["stored"].blocks[4] == b"sixteen bytes ok"
    assert again.cards["member"].blocks == box.cards["member"].blocks


def test_a_damaged_card_file_gives_a_new_card_and_spoils_no_other(tmp_path: Path) -> None:
    box = CardBox(tmp_path)
    box.cards["both"].blocks[4] = b"sixteen bytes ok"
    box.save()
    (tmp_path / "stored.hex").write_text("# 64 blocks\n00ff\nnot hex\n")
    again = CardBox(tmp_path)
    assert again.cards["stored"].blocks == CardBox(tmp_path / "new").cards["stored"].blocks
    assert again.cards["both"].blocks[4] == b"sixteen bytes ok"


def test_every_card_of_the_market_is_a_chip_of_its_own(tmp_path: Path) -> None:
    uids = {card.uid for card in CardBox(tmp_path).cards.values()}
    assert len(uids) == len(CARDS) == 6
