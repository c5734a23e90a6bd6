"""What a purse has proved of its debit, as the tender carries it: 29 bytes, see docs/contract.md.

1 form (1)   1 type   2 counter before   4 balance after   6 terminal   4 terminal serial
7 date and time, BCD   4 TAC (zeros: the card has moved, but told no TAC)
"""

import hashlib

from card.intent import DebitIntent

FORM = 1
TERMINAL_BYTES = 6


def proof_of(intent: DebitIntent, tac: bytes) -> bytes:
    """The proof of a debit that took place."""
    return (
        bytes((FORM, intent.kind))
        + intent.counter.to_bytes(2)
        + intent.balance_after.to_bytes(4)
        + intent.terminal
        + intent.terminal_serial.to_bytes(4)
        + intent.moment
        + (tac or bytes(4))
    )


def terminal_number(name: str) -> bytes:
    """The soft security module's number: the terminal's name, or its digest when it is longer."""
    raw = name.encode()
    if len(raw) <= TERMINAL_BYTES:
        return raw.ljust(TERMINAL_BYTES, b"\0")
    return hashlib.sha256(raw).digest()[:TERMINAL_BYTES]
