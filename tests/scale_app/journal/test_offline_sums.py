"""What is paid without an answer, added up step by step, is what the whole outbox adds up to."""

from pathlib import Path
from random import Random

import msgspec
import pytest

from scale_app.journal.store import Journal
from tests.scale_app.journal.books import CARD, WELCOME, journal, sale, subject

CARDS = (620000000000018, 620000000000026)


def by_hand(books: Journal, card: int) -> tuple[int, int]:
    """All of it in one statement, however long the outbox is."""
    till, own = books._db.execute(
        "SELECT coalesce(sum(s.amount), 0),"
        " coalesce(sum(CASE WHEN s.card = ? THEN s.amount END), 0)"
        " FROM standing JOIN entry AS e ON e.epoch = standing.epoch AND e.seq > standing.upto"
        " AND e.kind = 2 JOIN stand_in AS s ON s.op = e.op AND s.attempt = e.attempt",
        (card,),
    ).fetchone()
    return till, own


@pytest.mark.parametrize("seed", range(6))
def test_the_sums_are_those_of_the_outbox_whatever_happens_to_it(tmp_path: Path, seed: int) -> None:
    books, chance = journal(tmp_path / "journal.db"), Random(seed)
    for number in range(1, 60):
        do = chance.choice(("pay", "pay", "cash", "receipt", "receipt", "rewind", "epoch"))
        now = books.standing()
        if do == "pay":
            books.save_intent(subject(number), sale(number * 10, CARD))
            books.offline.save_paid(subject(number), sale(number * 10, CARD), chance.choice(CARDS))
        elif do == "cash":
            books.save_cash(subject(number), sale(5))
        elif do == "receipt":
            books.keep_receipt(now.epoch, chance.randint(now.upto, max(now.upto, now.last_seq)))
        else:
            epoch = now.epoch + (do == "epoch")
            upto = chance.randint(0, now.upto)
            books.keep_welcome(msgspec.structs.replace(WELCOME, epoch=epoch, upto=upto))
        if chance.random() < 0.7:  # not asked for after every step
            for card in CARDS:
                assert books.offline.sums(card) == by_hand(books, card), (number, do)
