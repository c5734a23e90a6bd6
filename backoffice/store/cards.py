"""Cards as the books know them."""

from dataclasses import replace

from backoffice.accounts import CardRecord
from backoffice.store.directory import ORG
from backoffice.store.statements import Statements


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
        )  # fmt: skip

    def set_state(self, org: int, number: int, state: int) -> None:
        """Blocks, unblocks or activates a card."""
        self._sql.run("card_set_state", org=org, number=number, state=state)

    def set_account(self, org: int, number: int, account: int) -> None:
        """Gives a card its purse."""
        self._sql.run("card_set_account", org=org, number=number, account=account)
