"""An insider owns the office: books, MAC master, signing key. The scales' signatures are not his.

He does not patch rows: he lets the office's own program book a forged day, sealed with the right
keys, so that chain, ledger, seals, sums and anchors are all of a piece, and puts the scale's
signatures back in. Without those nothing could be found.
"""

from pathlib import Path

import pytest

from backoffice.alerts import Alert
from backoffice.anchors import DailyAnchor, anchor_file, read_anchors
from backoffice.reports.audit import audit
from backoffice.store import open_read_only
from broker.codec import encode
from broker.heads import HeadKey, SignedHead, fingerprint
from broker.messages import Kind, Question, SignOn
from tests.backoffice.reports.test_audit import thief
from tests.backoffice.world import Scale, World, cash_sale, new_op

KEY = bytes(32)
TILL, INSIDER = HeadKey(bytes(range(32))), HeadKey(b"insider." * 4)
HONEST = (500, 840, 750, 990, 310, 620)


class Day:
    """The same operations in every world, with the totals that are asked for."""

    def __init__(self, folder: Path, totals: tuple[int, ...], key: HeadKey | None = TILL) -> None:
        folder.mkdir()
        self.world = World(folder)
        self.scale, self.key = Scale(self.world), key
        self.heads: list[bytes] = []
        self.sign_on(key)
        for number, total in enumerate(totals, 1):
            self.scale.upload(self.scale.paid(number.to_bytes(16, "big"), cash_sale(total)))
            if number in {2, 5} and key:
                self.heads.append(self.head(key))
                self.scale.send("s", self.heads[-1])
        seals = self.world.desk.store.seals
        last = seals.last()
        DailyAnchor(anchor_file(self.world.path), KEY)(self.world.now, lambda: (last.id, last.hash))

    def sign_on(self, key: HeadKey | None) -> None:
        """The scale signs on and tells that key."""
        scale = self.scale
        ends = (scale.epoch, scale.seq, scale.prev) if scale.seq else (0, 0, bytes(16))
        said = SignOn(*ends, 1, "test", None, 0, key.public if key else None)
        scale.ask(encode(Question(Kind.SIGN_ON, scale.terminal, new_op(), self.world.now, said)))

    def head(self, key: HeadKey) -> bytes:
        """The body of a signature over the last entry."""
        scale = self.scale
        signature = key.sign(scale.terminal, 1, scale.seq, scale.prev)
        return encode(
            SignedHead(1, Kind.SIGNED_HEAD, scale.terminal, 1, scale.seq, scale.prev, signature)
        )

    def findings(self) -> list[str]:
        """What the audit has to tell."""
        found = audit(open_read_only(self.world.path), read_anchors(anchor_file(self.world.path)),
                      KEY)  # fmt: skip
        return [f"{one.table} {one.key}: {one.difference}" for one in found.findings]


def forged(folder: Path, totals: tuple[int, ...]) -> Day:
    """Books of another day, and the scale's own key and signatures of the honest one in them."""
    honest, day = Day(folder / "honest", HONEST), Day(folder / "forged", totals, key=None)
    with day.world.desk.store.transaction():
        terminal = day.world.desk.store.directory.terminal(day.scale.terminal)
        assert terminal is not None
        for key in honest.world.desk.store.heads.keys(terminal):
            day.world.desk.store.heads.add_key(terminal, key)
        _, rows = honest.world.desk.store.report_text(
            "SELECT epoch, seq, head, signature FROM signed_head"
        )
        for row in rows:
            said = SignedHead(1, Kind.SIGNED_HEAD, day.scale.terminal, *row)
            day.world.desk.store.heads.keep(terminal, said, 1, day.world.now)
    return day


def test_honest_books_are_untouched_and_every_head_was_looked_at(tmp_path: Path) -> None:
    day = Day(tmp_path / "day", HONEST)
    assert day.findings() == []
    found = audit(open_read_only(day.world.path), [], KEY)
    assert found.counted["heads"] == 2
    assert found.keys == {"S03-12": fingerprint(TILL.public)}


def test_without_signatures_a_forged_day_is_of_a_piece(tmp_path: Path) -> None:
    assert Day(tmp_path / "day", (*HONEST[:3], 99, *HONEST[4:]), key=None).findings() == []


def test_an_insider_who_rewrites_one_sale_and_all_that_hangs_on_it_is_caught(
    tmp_path: Path,
) -> None:
    day = forged(tmp_path, (*HONEST[:3], 99, *HONEST[4:]))
    assert day.findings() == [
        "entry 5 of S03-12 epoch 1: is not what the till signed; 3..4 may be written anew, too"
    ]


def test_a_first_sale_rewritten_breaks_every_head_after_it(tmp_path: Path) -> None:
    assert day_numbers(forged(tmp_path, (1, *HONEST[1:]))) == ["2", "5"]


def day_numbers(day: Day) -> list[str]:
    return [one.split()[1] for one in day.findings()]


def test_what_comes_after_the_last_head_is_not_signed_yet(tmp_path: Path) -> None:
    assert forged(tmp_path, (*HONEST[:5], 1)).findings() == []


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_one_entry_changed_in_its_place_is_named_by_its_number(tmp_path: Path, seq: int) -> None:
    day, other = Day(tmp_path / "day", HONEST), Scale(World(_made(tmp_path / "other")))
    body = b""
    for number, total in enumerate(HONEST[:seq], 1):
        total_ = 1 if number == seq else total
        body = other.paid(number.to_bytes(16, "big"), cash_sale(total_))
    thief(
        day.world.path,
        f"UPDATE entry SET body = x'{body.hex()}' WHERE seq = {seq}",
    )
    assert f"entry {seq} of S03-12 epoch 1: is not what the till signed" in " ".join(day.findings())


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ("DELETE FROM entry WHERE seq = 4", "entry 4 of S03-12 epoch 1: was signed and is gone"),
        (
            "UPDATE signed_head SET signature = zeroblob(64) WHERE seq = 2",
            "entry 2 of S03-12 epoch 1: its signature fits no key of the scale",
        ),
        ("DELETE FROM signed_head WHERE seq = 5", "signed_head "),
        (f"UPDATE terminal_key SET key = x'{INSIDER.public.hex()}'", "terminal_key "),
    ],
)
def test_what_was_kept_of_signatures_is_looked_at_too(tmp_path: Path, edit: str, told: str) -> None:
    day = Day(tmp_path / "day", HONEST)
    thief(day.world.path, edit)
    assert any(one.startswith(told) for one in day.findings())


def test_a_day_without_any_signature_is_told(tmp_path: Path) -> None:
    day = Day(tmp_path / "day", HONEST[:1])
    for total in (100, 200):
        day.world.now += 13 * 3_600_000
        day.scale.upload(day.scale.paid(new_op(), cash_sale(total)))
    assert day.findings() == [
        "entry 1..3 of S03-12 epoch 1: no signature of the till covers them, and one should"
    ]
    day.scale.send("s", day.head(TILL))
    assert day.findings() == []


def test_an_insider_with_a_key_of_his_own_is_caught_by_the_till_itself(tmp_path: Path) -> None:
    """Keys and signatures are his too: now nothing in the books can show it. The till does."""
    honest, day = (
        Day(tmp_path / "honest", HONEST),
        Day(tmp_path / "forged", (*HONEST[:3], 99, *HONEST[4:]), key=INSIDER),
    )
    assert day.findings() == []
    day.scale.prev = honest.scale.prev
    day.sign_on(TILL)
    for body in honest.heads:
        day.scale.send("s", body)
    assert day.world.alerts() == [
        Alert.JOURNAL_KEY, Alert.SIGNATURE_WRONG,
    ]  # fmt: skip
    assert set(day_numbers(day)) == {"5"}
