"""kill -9 at random moments: what the program had been told is saved is there, nothing twice."""

import random
import subprocess
import sys
import time
from pathlib import Path

from broker.messages import ReverseReason
from scale_app.tender_machine import TenderState
from tests.scale_app.journal.books import AT, journal

SELLER = """
import sys
from pathlib import Path
from tests.scale_app.journal.books import CARD, journal, sale, subject
books = journal(Path(sys.argv[1]))
number = int(sys.argv[2])
while True:
    number += 1
    if number % 2:
        books.save_cash(subject(number), sale(number))
        print("paid", number, flush=True)
    else:
        books.save_intent(subject(number), sale(number, CARD))
        print("intent", number, flush=True)
        books.save_paid(subject(number), 0)
        print("paid", number, flush=True)
"""
CHECKOUT = Path(__file__).parents[3]


def sell_until_killed(file: Path, first: int, after_s: float) -> list[tuple[str, int]]:
    words = [sys.executable, "-c", SELLER, str(file), str(first)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=CHECKOUT) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        time.sleep(after_s)
        child.kill()
        said += child.stdout.read().splitlines()
    whole = [line.split() for line in said if line.strip()]
    return [(words[0].decode(), int(words[1])) for words in whole if len(words) == 2]


def test_nothing_said_to_be_saved_is_lost_or_doubled_by_kill_9(tmp_path: Path) -> None:
    file, dice, paid, first = tmp_path / "journal.db", random.Random(24), set[int](), 0
    for _ in range(8):
        said = sell_until_killed(file, first, dice.uniform(0.0, 0.05))
        assert said, "the seller did not even begin"
        paid |= {number for word, number in said if word == "paid"}
        books = journal(file)
        books.verify()
        books.undo_open_intents(AT, ReverseReason.RESTARTED)
        kept = books.last_sales(100_000)
        numbers = [int.from_bytes(one.op, "big") for one in kept]
        assert paid <= set(numbers)
        assert len(numbers) == len(set(numbers))
        assert [one.receipt for one in kept] == list(range(len(kept), 0, -1))
        assert all(one.sale.total == number for one, number in zip(kept, numbers, strict=True))
        for word, number in said:
            state = books.tender_state(number.to_bytes(16, "big"), 1)
            if word == "intent" and number not in numbers:
                assert state is TenderState.REVERSING
        paid |= set(numbers)
        first = max(number for _, number in said) + 1
        books.close()
    assert len(paid) > 8
