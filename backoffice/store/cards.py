"""Cards as the books know them."""

from dataclasses import dataclass, replace

from backoffice.accounts import CardRecord, End, Life, life_of
from backoffice.ledger import bonus
from backoffice.purse import PurseRecord
from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements
from broker.messages import CardState

NEAR = 32
"""Counters to each side that are looked at when one more proof comes."""


@dataclass(frozen=True, slots=True)
class CardEvent:
    """One change of a card by a person; `at` is Unix milliseconds."""

    at: int
    word: str
    person: str
    reason: str = ""
    detail: str = ""


class Cards:
    """Reads and changes cards; a balance lives in the ledger."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def get(self, org: int, number: int) -> CardRecord | None:
        """The card with its balance, or None."""
        row = self._sql.one("card_get", org=org, number=number)
        return replace(CardRecord(*row), token_lost=bool(row[11])) if row else None

    def by_chip(self, org: int, chip: bytes) -> CardRecord | None:
        """The card last made on that chip, or None."""
        row = self._sql.one("card_by_chip", org=org, chip=chip)
        return self.get(org, row[0]) if row else None

    def denied(self, org: int, day: int, most: int) -> list[int]:
        """Numbers of cards in force on that day that pay nothing: blocked, ended, in debt."""
        return [int(row[0]) for row in self._sql.rows("card_denied", org=org, day=day, most=most)]

    def debts(self, org: int) -> tuple[int, int]:
        """How many cards are below zero, and by how much together (fen, above zero)."""
        row = self._sql.one("card_debts", org=org)
        return (int(row[0]), -int(row[1])) if row else (0, 0)

    def approved(
        self, org: int, card: CardRecord, *, token: bytes, presented: bytes, lost: bool, now: int
    ) -> int:
        """Gives the card its next token and returns that token's number.

        What the card has just shown stays good, for the case that the new one never reaches it.
        """
        self._sql.run(
            "card_approved",
            org=org, number=card.number, token_seq=card.token_seq + 1, token=token,
            previous_token=presented or card.token, token_lost=int(lost), approved_at=now,
        )  # fmt: skip
        return card.token_seq + 1

    def save(self, card: CardRecord, *, issued_at: int) -> None:
        """Makes a card, without an account."""
        self._sql.run(
            "card_save",
            org=ORG, number=card.number, chip=card.chip, kind=card.kind, level=card.level,
            state=card.state, valid_from=card.valid_from, valid_to=card.valid_to,
            token_seq=card.token_seq, token=card.token, opening=card.opening, issued_at=issued_at,
            holder=card.holder, replaces=card.replaces, batch=card.batch, member=card.member,
            **{"class": card.card_class},
        )  # fmt: skip

    def set_state(self, org: int, number: int, state: int) -> None:
        """Blocks, unblocks or activates a card."""
        self._sql.run("card_set_state", org=org, number=number, state=state)

    def set_member(self, number: int, member: int) -> None:
        """The card belongs to that member; 0 = to nobody."""
        self._sql.run("card_set_member", org=ORG, number=number, member=member)

    def set_level(self, number: int, level: int) -> None:
        """The price level that the card gives from now on."""
        self._sql.run("card_set_level", org=ORG, number=number, level=level)

    def set_lost(self, number: int, at: int) -> None:
        """When its holder reported it lost; 0 = it is not."""
        self._sql.run("card_set_lost", org=ORG, number=number, lost_at=at)

    def set_account(self, org: int, number: int, account: int) -> None:
        """Gives a card its purse."""
        self._sql.run("card_set_account", org=org, number=number, account=account)

    def set_bonus_account(self, org: int, number: int, account: int) -> None:
        """Gives a card an account for what is given on top."""
        self._sql.run("card_set_bonus_account", org=org, number=number, account=account)

    def by_batch(self, org: int, batch: bytes) -> CardRecord | None:
        """The card made for that row of a batch, a living one first; or None."""
        row = self._sql.one("card_by_batch", org=org, batch=batch)
        return self.get(org, row[0]) if row else None

    def take_over(self, number: int, old: CardRecord) -> None:
        """A card that is not sold yet becomes the replacement of `old`."""
        self._sql.run(
            "card_take_over",
            org=ORG, number=number, old=old.number, level=old.level, holder=old.holder,
            member=old.member, **{"class": old.card_class},
        )  # fmt: skip

    def ending_in(self, digits: str, most: int) -> list[int]:
        """Numbers of cards that end in these digits, the newest first."""
        rows = self._sql.rows(
            "card_find", org=ORG, power=10 ** len(digits), tail=int(digits), most=most
        )
        return [int(row[0]) for row in rows]

    def page(self, state: int, ended: int, *, before: int, most: int) -> list[int]:
        """Numbers below `before` of cards in that state, the highest first."""
        rows = self._sql.rows(
            "card_page", org=ORG, state=state, ended=ended, before=before, most=most
        )
        return [int(row[0]) for row in rows]

    def set_batch(self, org: int, number: int, batch: bytes) -> None:
        """A card that was set aside is taken for that row of a batch."""
        self._sql.run("card_set_batch", org=org, number=number, batch=batch)

    def set_chip(self, org: int, number: int, chip: bytes) -> None:
        """The card is known by another serial: that of its purse."""
        self._sql.run("card_set_chip", org=org, number=number, chip=chip)

    def end(
        self, org: int, number: int, how: End, *, replaced_by: int = 0, held_until: int = 0
    ) -> None:
        """The card will never pay again; what was sold with it before is still booked."""
        self._sql.run(
            "card_end",
            org=org, number=number, state=int(CardState.BLOCKED), ended=int(how),
            replaced_by=replaced_by, held_until=held_until,
        )  # fmt: skip

    def life(self, card: CardRecord, day: int) -> Life:
        """Where the card is in its life on business day YYYYMMDD."""
        has_paid = card.approved_at > 0 or any(
            not one.is_online for one in self.proofs(card.number)
        )
        return life_of(card, day, has_paid=has_paid)

    def stock(self) -> list[Row]:
        """Rows (state, ended, kind, class, cards): how many cards of each sort there are."""
        return self._sql.rows("card_stock", org=ORG)

    def note(self, number: int, event: CardEvent) -> None:
        """Keeps what happened to a card, for ever."""
        self._sql.run(
            "card_event_note",
            org=ORG, at=event.at, card=number, word=event.word, person=event.person[:80],
            reason=event.reason[:300], detail=event.detail[:300],
        )  # fmt: skip

    def events(self, number: int) -> list[CardEvent]:
        """What happened to a card, oldest first."""
        return [CardEvent(*row) for row in self._sql.rows("card_event_list", org=ORG, card=number)]

    def moves(self, number: int, last: int) -> list[Row]:
        """What moved on the card's two accounts up to business day `last`, in that order.

        Rows (day, at, reason, op, attempt, terminal, receipt, principal, bonus); the last two are
        fen onto the card.
        """
        row = self._sql.one("card_accounts", org=ORG, number=number)
        principal_account, bonus_account = row or (None, None)
        return self._sql.rows(
            "card_moves", org=ORG, principal=principal_account, bonus=bonus_account, last=last
        )

    def prove(self, number: int, key: tuple[bytes, int], told: PurseRecord, *, at: int) -> None:
        """Keeps what a purse on a chip has proved, under operation and attempt."""
        self._sql.run(
            "purse_record_keep",
            org=ORG, card=number, op=key[0], attempt=key[1], kind=told.kind, counter=told.counter,
            amount=told.amount, balance_after=told.balance_after, terminal=told.terminal,
            terminal_serial=told.terminal_serial, moment=told.moment, tac=told.tac,
            verdict=told.verdict, at=at,
        )  # fmt: skip

    def proofs(self, number: int) -> list[PurseRecord]:
        """What a purse has proved, by its counter."""
        rows = self._sql.rows("purse_record_list", org=ORG, card=number)
        return [PurseRecord(*row) for row in rows]

    def proved(self) -> list[int]:
        """Numbers of all cards whose purse has proved something."""
        return [int(row[0]) for row in self._sql.rows("purse_record_cards", org=ORG)]

    def proofs_near(self, number: int, counter: int) -> list[PurseRecord]:
        """The proofs within `NEAR` of a counter, and all loads: enough to judge one more."""
        rows = self._sql.rows(
            "purse_record_near", org=ORG, card=number, low=counter - NEAR, high=counter + NEAR
        )
        return [PurseRecord(*row) for row in rows]

    def bonus_taken(self, number: int, ref: bytes) -> int:
        """What sale `ref` took from the card's bonus and no refund has given back yet."""
        row = self._sql.one("bonus_taken", org=ORG, code=bonus(number), ref=ref)
        return int(row[0]) if row else 0
