"""Members as the books know them."""

from dataclasses import asdict

from backoffice.members import Member
from backoffice.store.cards import CardEvent
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements

MOST_LISTED = 1000


class Members:
    """Reads and changes members; nothing of a person stands anywhere else in the books."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, number: int) -> Member | None:
        """The member of that number, forgotten ones too; or None."""
        row = self._sql.one("member_get", org=ORG, id=number)
        return _member(row) if row else None

    def page(self, after: int = 0, *, name: str = "", most: int = MOST_LISTED) -> list[Member]:
        """Members above number `after` whose name has `name` in it, by number."""
        like = f"%{name}%" if name else "%"
        rows = self._sql.rows("member_list", org=ORG, after=after, like=like, most=most)
        return [_member(row) for row in rows]

    def by_phone(self, phone_hash: bytes) -> int:
        """Number of the member with that telephone; 0 = nobody."""
        row = self._sql.one("member_by_phone", org=ORG, phone_hash=phone_hash)
        return int(row[0]) if row else 0

    def next_number(self) -> int:
        """The number that the next member gets; they count up and are never given twice."""
        row = self._sql.one("member_last", org=ORG)
        return int(row[0] or 0) + 1 if row else 1

    def save(self, member: Member) -> None:
        """Makes or changes a member."""
        self._sql.run("member_save", org=ORG, **asdict(member))

    def cards(self, number: int) -> list[int]:
        """Numbers of the member's cards, ended ones too."""
        return [int(row[0]) for row in self._sql.rows("member_cards", org=ORG, member=number)]

    def note(self, number: int, event: CardEvent) -> None:
        """Keeps what was done with a member, for ever; nothing personal."""
        self._sql.run(
            "member_event_note",
            org=ORG, at=event.at, member=number, word=event.word, person=event.person[:80],
            reason=event.reason[:300], detail=event.detail[:300],
        )  # fmt: skip

    def events(self, number: int) -> list[CardEvent]:
        """What was done with a member, oldest first."""
        rows = self._sql.rows("member_event_list", org=ORG, member=number)
        return [CardEvent(*row) for row in rows]


def _member(row: Row) -> Member:
    return Member(*row)
