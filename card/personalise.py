"""Issue a card: directory, token and identity, each under keys of its own.

The identity sector's trailer is written last, so a card pulled half way is never taken for a good
one, and the same call with the same identity finishes it: each sector is found either as the
chip's maker delivered it or under our keys. Nothing is written before all three were looked at,
and no trailer whose access bytes do not decode to what the map says.

A trailer torn in the middle may lock its sector for ever: that card is told as damaged.
"""

from dataclasses import dataclass
from enum import Enum

from card import access_bits, mad
from card.atr import family_of
from card.connection import Connection
from card.diversify import KeySide
from card.errors import DamagedCard, WrongCard, WrongReason
from card.keys import Master, MasterKeys, cmac_of, identity_key, issuing_key, token_key
from card.layout import (
    APPLICATIONS,
    COUNTED,
    COUNTER_BLOCK,
    COUNTER_START,
    EMPTY_BLOCK,
    IDENTITY,
    IDENTITY_BLOCKS,
    MAD,
    MAD_BLOCKS,
    SLOT_BLOCKS,
    TOKEN,
    TRANSPORT_KEY,
    CardIdentity,
    Sector,
    TokenSeal,
    encode_identity,
    identity_mac,
)
from card.mifare import MifareCard
from card.read import MIFARE_FAMILIES, TappedCard, opens, read_card, read_identity
from card.value_block import Value
from card.value_block import encode as encode_value


def personalise(
    connection: Connection, keys: MasterKeys, identity: CardIdentity, *, seq: int, token: bytes
) -> TappedCard:
    """The card as it reads back, issued as `identity` with its first token.

    Takes a blank card, one that was pulled while being issued, and, to repair it, one already
    issued as the very same identity.

    Args:
        connection: the card on the desk's reader.
        keys: the office's keeper, which holds the issuing master.
        identity: what the card is to be.
        seq: number of its first token, 1 or more.
        token: 8 bytes.

    Raises:
        WrongCard: FAMILY, FOREIGN, or ALREADY_ISSUED as somebody else.
        DamagedCard: a sector of a card of ours can no longer be opened.
        KeyMissing: the keeper holds no issuing master; nothing was written.
        CardGone, CardRefused, TornWrite: put the card back and call again.
    """
    if family_of(connection.atr) not in MIFARE_FAMILIES:
        raise WrongCard(WrongReason.FAMILY)
    card = MifareCard(connection)
    desk = _Desk(card, keys, card.uid(), identity)
    found = desk.survey()
    desk.refuse_another_identity(found[IDENTITY])
    desk.write(MAD, found[MAD], desk.directory())
    if identity.has_counter:
        desk.write_counted(found[TOKEN], desk.first_token(seq, token), seq)
    else:
        desk.write(TOKEN, found[TOKEN], desk.first_token(seq, token))
    desk.write(IDENTITY, found[IDENTITY], desk.identity_blocks())
    if not opens(card, MAD.first_block, mad.MAD_KEY_A):
        raise DamagedCard(MAD.number)
    tapped = read_card(connection, keys)
    if (tapped.number, tapped.token_seq, tapped.token) != (identity.number, seq, token):
        raise DamagedCard(TOKEN.number)
    return tapped


def trailer(sector: Sector, key_a: bytes, key_b: bytes) -> bytes:
    """The 16 bytes of a sector's trailer; its access bytes are checked before they leave here."""
    bits = access_bits.encode(sector.conditions)
    assert access_bits.decode(bits) == sector.conditions, "would lock the sector for ever"
    return key_a + bits + bytes((sector.general_byte,)) + key_b


class _State(Enum):
    BLANK = "transport keys"
    OURS = "our keys"
    CLOSED = "neither"


@dataclass(frozen=True, slots=True)
class _Desk:
    """One card being issued: the chip, the keys, and who it is to be."""

    card: MifareCard
    keys: MasterKeys
    uid: bytes
    identity: CardIdentity

    def survey(self) -> dict[Sector, _State]:
        """How each of our sectors was found; raises when one opens with no key of ours."""
        found = {sector: self._state(sector) for sector in (MAD, TOKEN, IDENTITY)}
        for sector, state in found.items():
            if state is _State.CLOSED and _State.OURS in found.values():
                raise DamagedCard(sector.number)
            if state is _State.CLOSED:
                raise WrongCard(WrongReason.FOREIGN)
        return found

    def refuse_another_identity(self, found: _State) -> None:
        """Raise ALREADY_ISSUED when the card is somebody else's."""
        if found is not _State.OURS:
            return
        self._open_with_b(IDENTITY)
        try:
            held, _ = read_identity(self.card, self.keys, self.uid)
        except WrongCard:
            return  # torn while it was repaired: written anew
        if held != self.identity:
            raise WrongCard(WrongReason.ALREADY_ISSUED)

    def directory(self) -> dict[int, bytes]:
        """Content of the directory's blocks."""
        whole = mad.encode(APPLICATIONS)
        return dict(zip(MAD_BLOCKS, (whole[:16], whole[16:]), strict=True))

    def first_token(self, seq: int, token: bytes) -> dict[int, bytes]:
        """Content of the slots: the token in the first, nothing in the second."""
        seal = TokenSeal(cmac_of(self.keys, Master.TOKEN), self.uid, self.identity.number)
        return dict(zip(SLOT_BLOCKS, (seal.encode(0, seq, token), EMPTY_BLOCK), strict=True))

    def identity_blocks(self) -> dict[int, bytes]:
        """Content of the identity's blocks, MAC included."""
        first, head = encode_identity(self.identity, self.keys.key_version)
        mac = identity_mac(cmac_of(self.keys, Master.IDENTITY), self.uid, first, head)
        return dict(zip(IDENTITY_BLOCKS, (first, head + mac), strict=True))

    def write(self, sector: Sector, found: _State, content: dict[int, bytes]) -> None:
        """Bring a sector to `content` and under our keys."""
        if found is _State.OURS:
            self._open_with_b(sector)
            for block, wanted in content.items():
                if self.card.read(block) != wanted:
                    self.card.write(block, wanted)
            return
        self.card.open_sector(sector.first_block, TRANSPORT_KEY, KeySide.A)
        for block, wanted in content.items():
            self.card.write(block, wanted)
        self._close(sector)

    def write_counted(self, found: _State, content: dict[int, bytes], seq: int) -> None:
        """Bring the token's sector to `content`, with a counter that from now on only goes down.

        One whose trailer is frozen already keeps its counter as it stands.
        """
        if found is _State.OURS:
            self._open_with_b(COUNTED)
            held = self.card.read(COUNTED.trailer_block)
            if held[6:9] == access_bits.encode(COUNTED.conditions):
                self.write(TOKEN, found, content)
                return
        else:
            self.card.open_sector(COUNTED.first_block, TRANSPORT_KEY, KeySide.A)
        counter = encode_value(Value(COUNTER_START - seq, COUNTER_BLOCK))
        for block, wanted in {**content, COUNTER_BLOCK: counter}.items():
            self.card.write(block, wanted)
        self._close(COUNTED)

    def _close(self, sector: Sector) -> None:
        """Put the open sector under our keys."""
        self.card.write_trailer(
            sector.trailer_block,
            trailer(sector, self._key_a(sector), issuing_key(self.keys, self.uid, sector)),
            reopen=lambda: self._open_with_b(sector),
        )

    def _state(self, sector: Sector) -> _State:
        ours = issuing_key(self.keys, self.uid, sector)
        if opens(self.card, sector.first_block, TRANSPORT_KEY):
            return _State.BLANK
        if opens(self.card, sector.first_block, ours, KeySide.B):
            return _State.OURS
        return _State.CLOSED

    def _open_with_b(self, sector: Sector) -> None:
        key_b = issuing_key(self.keys, self.uid, sector)
        self.card.open_sector(sector.first_block, key_b, KeySide.B)

    def _key_a(self, sector: Sector) -> bytes:
        if sector is MAD:
            return mad.MAD_KEY_A
        return (identity_key if sector is IDENTITY else token_key)(self.keys, self.uid)
