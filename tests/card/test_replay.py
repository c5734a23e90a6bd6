"""Whole conversations of ours against the log of a real card, its clock and serials fixed.

The card answers what the log has for exactly these bytes; anything else that we send fails.
"""

from collections.abc import Sequence
from datetime import datetime

from card import mac
from card.host import answer_load
from card.intent import Intent
from card.keys import PurseMaster
from card.mac import Terms, purchase_mac1, purchase_mac2
from card.purse import CappUpdate, debit
from card.purse_facts import Purchase, PurseFacts, PurseProfile
from card.sam import PurchaseAnswer, PurchaseRequest
from card.topup import HostAnswer, LoadRequest, load
from tests.card.changsha import KEYS, Exchange, part

SERIAL = bytes.fromhex("00004100000089999985")
METRO = PurseProfile(
    "mohurd",
    bytes.fromhex("A00000000386980701"),
    purchase=Purchase.CAPP,
    append_le=False,
    with_identification=True,
)
FACTS = PurseFacts(SERIAL, 0, 20150605, 20380808, 0x4100, True, (), METRO)


class Log:
    """The card of the log; each answer once, in order, others in between left out."""

    atr, reader = b"", ""

    def __init__(self, spoken: list[Exchange]) -> None:
        self.left = list(spoken)
        self.sent: list[str] = []

    def transmit(self, apdu: bytes, /) -> tuple[bytes, int]:
        self.sent.append(apdu.hex().upper())
        at = next((i for i, one in enumerate(self.left) if one.asked == apdu), None)
        assert at is not None, f"the real card was never asked {apdu.hex().upper()}"
        answer = self.left[at].answered
        del self.left[: at + 1]
        return answer[:-2], int.from_bytes(answer[-2:])


class OneKey:
    """The card's own keys, as the log prints them; nothing to diversify."""

    def des_card_key(self, master: PurseMaster, factors: Sequence[bytes], /) -> bytes:
        del factors
        return KEYS["load" if master is PurseMaster.LOAD else "tac"]

    def des_session_key(
        self, master: PurseMaster, factors: Sequence[bytes], block: bytes, /
    ) -> bytes:
        return mac.session_key(self.des_card_key(master, factors), block)


class Module:
    """The terminal of the log: its number, its serial, its purchase key."""

    terminal, key_index = bytes.fromhex("000000000001"), 1
    pending_serial: int | None = None
    expected = b""

    def mac1(self, asked: PurchaseRequest, /) -> PurchaseAnswer:
        block = mac.purchase_block(asked.random, asked.offline_counter, 1)
        session = mac.session_key(KEYS["purchase"], block)
        terms = Terms(asked.amount, asked.kind, self.terminal)
        seal = purchase_mac1(session, terms, asked.moment, asked.identification)
        self.expected, self.pending_serial = purchase_mac2(session, asked.amount), 1
        return PurchaseAnswer(1, seal)

    def check_mac2(self, told: bytes, /) -> bool:
        return told == self.expected


class Host:
    """The office of the log, at its moment."""

    def answer_load(self, request: LoadRequest, /) -> HostAnswer:
        return answer_load(OneKey(), request, bytes.fromhex("20140825103100"))


def test_a_compound_purchase_goes_out_as_the_real_terminal_sent_it() -> None:
    spoken, journal = part("bought"), list[Intent]()
    card = Log(spoken)
    proof = debit(
        card, Module(), 0x1C37, card=FACTS, before_commit=journal.append,
        when=datetime(2011, 9, 19, 20, 48, 12),  # noqa: DTZ001  the card's clock has no zone
        capp=CappUpdate(0x17, 2, spoken[7].asked[5:]),
    )  # fmt: skip
    assert (proof.tac.hex().upper(), proof.mac2_checked) == ("44A8E04A", True)
    assert (proof.balance_before, proof.balance_after, proof.offline_counter) == (7223, 0, 0)
    assert journal == [proof.intent]
    every = [one.asked.hex().upper() for one in spoken]
    assert [one for one in every if one not in card.sent] == [
        "00A4040009A00000000386980700",
        "805C000204",
        "805C000204",
    ]


def test_a_load_goes_out_as_the_real_desk_sent_it() -> None:
    card, journal = Log(part("loaded")), list[Intent]()
    proof = load(
        card, Host(), 0x1C37, card=FACTS, terminal=bytes.fromhex("000001000050"),
        before_commit=journal.append, pin=b"\x12\x34\x56",
    )  # fmt: skip
    assert proof.tac.hex().upper() == "ED0F8755"
    assert proof.intent.balance_after == 0x1C37
    sent = [one for one in card.sent if not one.startswith("00C0")]
    assert sent[-1] == "805200000B201408251031000641DCD8"
    assert len(sent) == 4
