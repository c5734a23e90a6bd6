"""Messages that several tests use."""

import msgspec

from broker import messages as m
from broker.collect import Collect
from broker.loads import AskLoad, LoadBooked, LoadWord, TellLoad
from broker.pricelist import Product
from broker.pricing import price_line
from broker.sale import Sale, SaleKind, Tender, TenderKind, checked
from broker.units import PriceBase, Weight

APPLE = Product(1, "苹果", "Apple", PriceBase.KG, [680, 646], tare=12, key="1")
CARD = 620000000000012
UID = bytes(range(16))


def card_sale() -> Sale:
    """1.235 kg of apples at the silver price, paid by card: 7.98."""
    line = price_line(APPLE, Weight(1235), level=1)
    line = msgspec.structs.replace(line, evidence=bytes.fromhex("e1e2e3e4e5e6e7e8"))
    tender = Tender(TenderKind.STORED_VALUE, line.amount, CARD, 5, b"12345678")
    return checked(
        Sale(SaleKind.SALE, 20261124, 1, 7, 3, CARD, 1, line.amount, [line], [], [tender])
    )


def intent(seq: int = 17, prev: bytes = bytes(16)) -> m.Entry:
    """The entry that asks for `card_sale`."""
    return m.Entry(m.Kind.INTENT, "S03-12", 1, seq, prev, 1764000000000, UID, 1, card_sale())


def one_of_each() -> list[m.Message]:
    """Every message of the contract."""
    totals = m.ZReport(1, 20261124, 7, 1, 2, 3, 1580, 42, [m.TenderSum(1, 2, 1580)], 1, 2)
    head = ("S03-12", 1, 18, UID, 1764000000001, UID, 1)
    welcome = m.Welcome(1, 17, UID, 3, "Market", "S03", "Stall", "CNY", 2, "Asia/Shanghai", 4)
    return [
        intent(),
        m.Entry(m.Kind.PAID, *head, m.Paid(12, None, 9202)),
        m.Entry(m.Kind.PAID, *head, m.Paid(13, card_sale())),
        m.Entry(m.Kind.DECLINED, *head, m.Declined(10)),
        m.Entry(m.Kind.REVERSING, *head, m.Reversing(1)),
        m.Entry(m.Kind.REVERSED, *head, m.Reversed(15)),
        m.Entry(m.Kind.Z, *head, totals),
        m.Question(m.Kind.SIGN_ON, "S03-12", UID, 5, m.SignOn(0, 0, bytes(16), 0, "0.1")),
        m.Question(
            m.Kind.LOAD,
            "S03-12",
            UID,
            5,
            AskLoad(CARD, 2_000, 500, 3, 1, 0, b"rndm", b"mac1", b"termno", "file 7"),
        ),
        m.Question(m.Kind.LOADED, "S03-12", UID, 5, TellLoad(UID, 1, b"tac4")),
        m.Answer(m.Kind.LOAD, UID, 0, 0, 5, LoadWord(b"moment7", b"mac2")),
        m.Answer(m.Kind.LOADED, UID, 0, 0, 5, LoadBooked(2_500)),
        m.Question(m.Kind.BALANCE, "S03-12", UID, 5, m.AskBalance(CARD, 5, b"12345678")),
        m.Batch(1, m.Kind.BATCH, [b"[1]", b"[2]"]),
        m.Heartbeat(1, m.Kind.HEARTBEAT, "S03-12", 5, 1, 1, 17, 0, 3, "0.1"),
        m.Heartbeat(1, m.Kind.HEARTBEAT, "S03-12", 5, 1, 1, 17, 9, 3, "0.1", 0, 0, 1, 7, 3600),
        Collect(1, m.Kind.COLLECT, "S03-12", 1764000000, 1),
        m.Answer(m.Kind.INTENT, UID, 1, 0, 5, m.Authorised(9202, 6, b"87654321", 17)),
        m.Answer(m.Kind.REVERSING, UID, 1, 0, 5, m.Undone(0, 18)),
        m.Answer(m.Kind.SIGN_ON, UID, 1, 0, 5, welcome),
        m.Answer(m.Kind.BALANCE, UID, 1, 0, 5, m.CardStanding(1, 1, 9202, 20271231)),
        m.Answer(0, bytes(16), 0, 21, 5, m.Refused("nothing there")),
        m.Receipt(1, m.Kind.RECEIPT, "S03-12", 1, 17, UID, [19]),
        m.SignedPrices(1, m.Kind.PRICES, 3, b"payload", bytes(64)),
        m.PackedPrices(1, m.Kind.PACKED, 3, 2, b"content", bytes(64)),
    ]
