"""One planted difference among many sales, found by a real journal and real books; measured."""

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from broker.codec import decode, encode
from broker.compared import Compared
from broker.messages import Answer, Kind, Question, TenderSum, ZReport
from broker.seal import link_of, opened, sealed, split
from scale_app.journal.store import Journal
from scale_app.terminal.comparing import Comparing
from tests.backoffice.world import DAY, Scale, World, cash_sale, new_op

BATCH = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison cost and found."""

    seconds: float
    wire_bytes: int
    questions: int
    repaired: tuple[int, ...]
    differing: tuple[int, ...]


class Reconciled:
    """A till's journal file and an office's books with the same sales in both."""

    def __init__(self, folder: Path, sales: int) -> None:
        self.world = World(folder)
        self.scale = Scale(self.world)
        self.till = folder / "journal.db"
        bodies: list[bytes] = []
        while len(bodies) < sales:
            count = min(BATCH, sales - len(bodies))
            part = [self.scale.paid(new_op(), cash_sale()) for _ in range(count)]
            self.scale.upload(*part)
            bodies += part
        z = ZReport(
            1, DAY, 7, self.world.now, sales, sales, 840 * sales, 0,
            [TenderSum(1, sales, 840 * sales)], 1, sales,
        )  # fmt: skip
        bodies.append(self.scale.entry(Kind.Z, new_op(), z))
        self.scale.upload(bodies[-1])
        self.journal = Journal(self.till, "S03-12", self.world.now)
        self._fill(bodies)

    def _fill(self, bodies: list[bytes]) -> None:
        with sqlite3.connect(self.till) as file:
            file.executemany(
                "INSERT INTO entry (epoch, seq, kind, at, op, attempt, body)"
                " VALUES (1, ?, ?, ?, ?, 1, ?)",
                [
                    (n, Kind.Z if n == len(bodies) else Kind.PAID, self.world.now,
                     n.to_bytes(16, "big"), body)
                    for n, body in enumerate(bodies, 1)
                ],
            )  # fmt: skip
            file.execute(
                "UPDATE standing SET epoch = 1, last_seq = ?, upto = ?, head = ?",
                (len(bodies), len(bodies), link_of(bodies[-1])),
            )
        file.close()

    def plant(self, statement: str) -> None:
        """Changes the office's entries behind its back."""
        with sqlite3.connect(self.world.path) as books:
            for trigger in ("entry_is_kept", "entry_is_fixed"):
                books.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            books.execute(statement)
        books.close()
        self.world.desk.forget()

    def compare(self) -> Found:
        """Runs the till's comparison of its closed shift to the end."""
        comparing, now, wire, questions = Comparing(self.journal), 0.0, 0, 0
        comparing.wake(now)
        begun = time.perf_counter()
        while True:
            content = comparing.question(now)
            assert content is not None, "a comparison goes on until its verdict"
            frame = sealed(
                encode(Question(Kind.COMPARE, "S03-12", new_op(), self.world.now, content)),
                self.scale.key,
            )
            [out] = self.world.receive("u/S03-12/a", frame)
            answer = decode(opened(out.payload, (self.scale.key,), split(frame)[1])[0])
            assert isinstance(answer, Answer)
            assert isinstance(answer.content, Compared)
            wire, questions = wire + len(frame) + len(out.payload), questions + 1
            again = comparing.told(answer.content, now)
            for body in again:
                frame = sealed(body, self.scale.key)
                [receipt] = self.world.receive("u/S03-12/s", frame)
                wire += len(frame) + len(receipt.payload)
            ended = comparing.ended(self.world.now)
            if ended is not None:
                _, repaired, differing = ended
                took = time.perf_counter() - begun
                return Found(took, wire, questions, repaired, differing)
            now += 10.0

    def close(self) -> None:
        """Closes both files."""
        self.journal.close()
        self.world.desk.store.close()
