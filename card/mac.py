"""Session keys, MAC1, MAC2, MAC3 and TAC of the PBOC purse, and its line protection: pure sums.

    MAC(key, text)   text, 80, 00.. to whole blocks (always, also when whole already);
                     DES-CBC, IV 0 unless said; the leftmost 4 bytes of the last block.
                     16-byte key: CBC with the left half, the last block then decrypted with the
                     right and encrypted with the left (ISO/IEC 9797-1, algorithm 3)

              session key = 3DES(card key, ..)       MAC1                      MAC2
    load      random4 counter2 80 00                 balance4 TERMS            TERMS moment7
    purchase  random4 counter2 terminal serial[-2:]  TERMS moment7 [code9]     amount4
    unload    random4 counter2 80 00                 balance4 TERMS            TERMS moment7

    TERMS = amount4 type1 terminal6; moment = date4 time3, BCD
    TAC, key = left half XOR right half of DTK:
    load      balance after4  counter before2  TERMS  moment7
    purchase  TERMS(amount4 type1 terminal6)  terminal serial4  moment7
    MAC3 of an unload: session key, text as the TAC of a load

Sources: FMCOS2.0 general manual (Fudan) chapters 8 and 9; the code9 of MOHURD city cards (CJ/T
166) follows MAC1 only. All of it recomputed on real cards' logs, see docs/evidence.md.
"""

import hmac
from dataclasses import dataclass
from enum import IntEnum

from card import des

MAC_BYTES = 4
ZERO_MAC = bytes(MAC_BYTES)


class TransactionType(IntEnum):
    """The type byte in MACs, TACs and records (FMCOS2.0, 8)."""

    DEPOSIT_LOAD = 0x01
    LOAD = 0x02
    UNLOAD = 0x03
    CASH = 0x04
    DEPOSIT_PURCHASE = 0x05
    PURCHASE = 0x06
    OVERDRAFT = 0x07
    CAPP_PURCHASE = 0x09


@dataclass(frozen=True, slots=True)
class Terms:
    """What every MAC is about: amount in fen, type byte, number of the terminal (6 bytes)."""

    amount: int
    kind: int
    terminal: bytes

    def __bytes__(self) -> bytes:
        assert len(self.terminal) == 6, "a terminal's number has 6 bytes"
        return self.amount.to_bytes(4) + bytes((self.kind,)) + self.terminal


def padded(text: bytes) -> bytes:
    """`text` with 80 and as many 00 as fill its last block; always longer than `text`."""
    marked = text + b"\x80"
    return marked + bytes(-len(marked) % des.BLOCK_BYTES)


def mac(key: bytes, text: bytes, iv: bytes = des.NO_IV) -> bytes:
    """The 4-byte MAC under an 8- or 16-byte key."""
    last = des.last_cbc_block(key[:8], padded(text), iv)
    if len(key) > des.BLOCK_BYTES:
        last = des.encrypt(key[:8], des.decrypt(key[8:16], last))
    return last[:MAC_BYTES]


def is_right(told: bytes, computed: bytes) -> bool:
    """True when two MACs are the same; takes as long when they are not."""
    return hmac.compare_digest(told, computed)


def diversified(master: bytes, factor: bytes) -> bytes:
    """A 16-byte key one level down: 3DES(MK, F) and 3DES(MK, not F), F = rightmost 8 bytes."""
    return des.encrypt(master, diversification_blocks(factor))


def diversification_blocks(factor: bytes) -> bytes:
    """The 16 bytes that `diversified` enciphers: F and its complement."""
    f = factor[-8:]
    assert len(f) == 8, "a diversification factor has 8 bytes at least"
    return f + bytes(byte ^ 0xFF for byte in f)


def online_block(random: bytes, counter: int) -> bytes:
    """What the card key enciphers to the session key of a load or unload."""
    return random + counter.to_bytes(2) + b"\x80\x00"


def purchase_block(random: bytes, counter: int, terminal_serial: int) -> bytes:
    """What the card key enciphers to the session key of a purchase."""
    return random + counter.to_bytes(2) + terminal_serial.to_bytes(4)[-2:]


def session_key(card_key: bytes, block: bytes) -> bytes:
    """The 8-byte session key; `block` is made by `online_block` or `purchase_block`."""
    assert len(block) == des.BLOCK_BYTES, "one block makes one session key"
    return des.encrypt(card_key, block)


def load_mac1(session: bytes, balance: int, terms: Terms) -> bytes:
    """The card's proof at INIT FOR LOAD and INIT FOR UNLOAD."""
    return mac(session, balance.to_bytes(4) + bytes(terms))


def load_mac2(session: bytes, terms: Terms, moment: bytes) -> bytes:
    """The host's word to credit (or unload) the card."""
    return mac(session, bytes(terms) + moment)


def load_tac(tac_key: bytes, balance_after: int, counter: int, done: tuple[Terms, bytes]) -> bytes:
    """The card's proof of a load; `counter` before it, `done` = terms and moment."""
    return mac(halves_xored(tac_key), _after(balance_after, counter, done))


def unload_mac3(
    session: bytes, balance_after: int, counter: int, done: tuple[Terms, bytes]
) -> bytes:
    """The card's proof of an unload: the text of a load's TAC under the session key."""
    return mac(session, _after(balance_after, counter, done))


def purchase_mac1(
    session: bytes, terms: Terms, moment: bytes, identification: bytes = b""
) -> bytes:
    """The terminal's proof in DEBIT FOR PURCHASE; MOHURD cards add their 9-byte code."""
    return mac(session, bytes(terms) + moment + identification)


def purchase_mac2(session: bytes, amount: int) -> bytes:
    """The card's proof to the terminal that it took `amount`."""
    return mac(session, amount.to_bytes(4))


def purchase_tac(tac_key: bytes, terms: Terms, terminal_serial: int, moment: bytes) -> bytes:
    """The card's proof to its issuer; the terminal cannot check it."""
    text = bytes(terms) + terminal_serial.to_bytes(4) + moment
    return mac(halves_xored(tac_key), text)


def halves_xored(key: bytes) -> bytes:
    """Left half XOR right half: the 8-byte key of TAC and of RELOAD PIN."""
    return bytes(left ^ right for left, right in zip(key[:8], key[8:16], strict=True))


def pin_reload_mac(reload_key: bytes, new_pin: bytes) -> bytes:
    """The MAC of RELOAD PIN over the new PIN (FMCOS2.0, RELOAD PIN)."""
    return mac(halves_xored(reload_key), new_pin)


def line_iv(challenge: bytes) -> bytes:
    """The start value of line protection: the card's challenge, filled up with 00."""
    return challenge.ljust(des.BLOCK_BYTES, b"\x00")


def line_mac(key: bytes, challenge: bytes, header_and_body: bytes) -> bytes:
    """The MAC that ends a protected command; the header's Lc counts the MAC (FMCOS2.0, 9.3)."""
    return mac(key, header_and_body, line_iv(challenge))


def line_cipher(key: bytes, plain: bytes) -> bytes:
    """A protected command's data: LD and data, filled up only when needed (FMCOS2.0, 9.4)."""
    text = bytes((len(plain),)) + plain
    whole = text if len(text) % des.BLOCK_BYTES == 0 else padded(text)
    return des.encrypt(key, whole)


def answer_to_challenge(key: bytes, challenge: bytes) -> bytes:
    """What EXTERNAL AUTHENTICATE sends: the challenge, filled up with 00, enciphered."""
    return des.encrypt(key, line_iv(challenge))


def _after(balance_after: int, counter: int, done: tuple[Terms, bytes]) -> bytes:
    terms, moment = done
    return balance_after.to_bytes(4) + counter.to_bytes(2) + bytes(terms) + moment
