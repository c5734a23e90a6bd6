"""Synthetic snapshots of one morning at a stall, in both languages; nothing here is random."""

from dataclasses import replace

from scale_app.view import (
    CardView,
    ItemKey,
    LineView,
    Links,
    LinkState,
    Message,
    Severity,
    Stage,
    TillView,
    WeightState,
)

_GOODS = (
    ("1", "Apple", "苹果", "6.80", "kg"),
    ("2", "Grass carp", "草鱼", "9.90", "kg"),
    ("3", "Tofu", "豆腐", "3.00", "500g"),
    ("4", "Banana", "香蕉", "4.50", "kg"),
    ("5", "Tomato", "番茄", "3.98", "kg"),
    ("6", "Chinese cabbage", "白菜", "1.98", "kg"),
    ("7", "Potato", "土豆", "2.50", "kg"),
    ("8", "Beef", "牛肉", "46.00", "kg"),
    ("9", "Egg", "鸡蛋", "0.98", "pc"),
    ("a", "Cucumber", "黄瓜", "3.50", "kg"),
    ("b", "Carrot", "胡萝卜", "2.80", "kg"),
    ("c", "Spring onion", "大葱", "3.20", "kg"),
    ("g", "Ginger", "生姜", "12.00", "kg"),
    ("h", "Garlic", "大蒜", "9.60", "500g"),
    ("x", "Broccoli", "西兰花", "6.90", "kg"),
    ("p", "Pork belly with skin, cut", "带皮五花肉切块二十格宽名", "26.00", "kg"),
)
_CARD = CardView(
    number="6200****4821",
    level="gold",
    valid_to="2027-12-31",
    balance="132.40",
    is_member=True,
    has_purse=True,
)
_RECEIPT = (
    "       Riverside Market         ",
    "        Zhang's stall           ",
    "No 000241       2026-11-24 10:24",
    "--------------------------------",
    "Tomato                          ",
    "  0.864 kg x 3.98           3.44",
    "Egg                             ",
    "  6 pc x 0.98               5.88",
    "--------------------------------",
    "TOTAL CNY                   9.32",
    "Card 6200****4821           9.32",
    "Balance                   123.08",
)


def selling(language: str = "en") -> TillView:
    """An apple of 1.236 kg on the pan, two lines in the basket, a gold member's card known."""
    zh = language == "zh_CN"
    items = tuple(
        ItemKey(key, plu, chinese if zh else english, price, base, latched=key == "1")
        for plu, (key, english, chinese, price, base) in enumerate(_GOODS, 1)
    )
    lines = (
        LineView(1, "番茄" if zh else "Tomato", "0.864", "kg", "3.98", "kg", "3.44"),
        LineView(2, "鸡蛋" if zh else "Egg", "6", "pc", "0.98", "pc", "5.88"),
        LineView(
            3,
            "苹果" if zh else "Apple",
            "1.236",
            "kg",
            "6.46",
            "kg",
            "7.98",
            "6.80",
            is_member_price=True,
        ),
    )
    return TillView(
        stage=Stage.SELLING,
        language=language,
        currency="CNY",
        terminal="S03-12",
        store="河边市场 Riverside",
        stall="老张菜摊" if zh else "Zhang's vegetables",
        cashier="张三" if zh else "Zhang San",
        clock="10:24",
        links=Links(net=LinkState.OK, scale=LinkState.OK, reader=LinkState.OK),
        weight="1.236",
        weight_state=WeightState.STABLE,
        tare="0.012",
        tare_kind="product",
        product="苹果" if zh else "Apple",
        plu=1,
        unit_price="6.46",
        shelf_price="6.80",
        amount="7.98",
        lines=lines,
        total="17.30",
        shelf_total="17.72",
        saving="0.42",
        items=items,
        card=replace(_CARD, level="金卡" if zh else "gold"),
        sales_today=41,
    )


def empty(language: str = "en") -> TillView:
    """Ready for the first customer: nothing on the pan, nothing in the basket."""
    return replace(
        selling(language),
        lines=(),
        total="0.00",
        shelf_total="",
        saving="",
        card=None,
        weight="0.000",
        weight_state=WeightState.EMPTY,
        is_zero=True,
        tare="",
        product="",
        plu=None,
        unit_price=None,
        shelf_price=None,
        amount=None,
        receipt=_RECEIPT,
        items=tuple(replace(item, latched=False) for item in selling(language).items),
    )


def paid(language: str = "en") -> TillView:
    """Paid by card, receipt 241, the goods still on the pan."""
    view = selling(language)
    assert view.card is not None
    said = Message("paid-card", Severity.DONE, {"total": "17.30", "balance": "115.10"})
    return replace(
        view,
        stage=Stage.PAID,
        message=said,
        receipt=_RECEIPT,
        receipt_number=241,
        card=replace(view.card, balance="115.10"),
    )


def refused(language: str = "en") -> TillView:
    """Too little money on the card."""
    said = Message("insufficient", Severity.FAULT, {"total": "17.30", "balance": "3.20"})
    return replace(selling(language), stage=Stage.REFUSED, message=said)


def asking(language: str = "en") -> TillView:
    """The office is asked."""
    said = Message("asking", Severity.INFO, {"total": "17.30"})
    return replace(selling(language), stage=Stage.ASKING, message=said)


def guard(language: str = "en") -> TillView:
    """A load below the minimum wants one more key."""
    said = Message("below-minimum", Severity.WARN, {"product": "Apple", "weight": "0.080"})
    return replace(selling(language), stage=Stage.GUARD, message=said)


def offline(language: str = "en") -> TillView:
    """The network is off since 08:12, four entries wait, a long number is being typed."""
    links = Links(
        net=LinkState.OFF,
        scale=LinkState.OK,
        reader=LinkState.OK,
        unsent=4,
        oldest_unsent_s=730,
        net_off_since="08:12",
    )
    return replace(selling(language), links=links, entry="1234567")


def scale_lost(language: str = "en") -> TillView:
    """The scale's cable is out; an old weight must not be shown."""
    links = Links(net=LinkState.OK, scale=LinkState.OFF, reader=LinkState.OFF)
    return replace(
        selling(language),
        links=links,
        weight_state=WeightState.LOST,
        weight="0.000",
        amount=None,
        card=None,
    )


def many_keys(language: str = "en") -> TillView:
    """Nine digits and eleven letters, some priced by 500 g: more than fits in two columns."""
    view = empty(language)
    letters = "abcdefghijk"
    wide = tuple(
        ItemKey(key, 20 + n, "西红柿" if language == "zh_CN" else "Tomatoes", "13.80", "500g")
        for n, key in enumerate(letters)
    )
    return replace(view, items=(*view.items[:9], *wide))


def starting(language: str = "en") -> TillView:
    """The very first frame."""
    return TillView(language=language)


def not_ready(language: str = "en") -> TillView:
    """No price list yet."""
    said = Message("needs-network-once", Severity.WARN)
    return TillView(stage=Stage.NOT_READY, language=language, message=said, clock="06:30")


def stopped(language: str = "en") -> TillView:
    """The disk is full."""
    return replace(
        selling(language), stage=Stage.STOPPED, message=Message("disk-full", Severity.FAULT)
    )


def full(language: str = "en") -> TillView:
    """Thirty lines with wide names and large sums."""
    view = selling(language)
    wide = "特级带皮五花肉切块二十格宽的名字"
    lines = tuple(
        LineView(
            n, wide, "14.995", "kg", "1288.00", "kg", "19313.56", "1388.00", is_member_price=True
        )
        for n in range(1, 31)
    )
    return replace(
        view,
        lines=lines,
        total="579406.80",
        shelf_total="624391.80",
        saving="44985.00",
        weight="14.995",
        unit_price="1288.00",
        shelf_price="1388.00",
        amount="19313.56",
        product=wide,
        cashier="欧阳上官司马诸葛",
        terminal="SHANGHAI-003-12",
        entry="123456789012",
    )


ALL = {
    "starting": starting,
    "not-ready": not_ready,
    "empty": empty,
    "selling": selling,
    "asking": asking,
    "guard": guard,
    "paid": paid,
    "refused": refused,
    "offline": offline,
    "scale-lost": scale_lost,
    "stopped": stopped,
    "many-keys": many_keys,
    "full": full,
}
