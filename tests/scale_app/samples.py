"""A small market for tests of the till: products, list, cards."""

from broker.pricelist import Cashier, PriceList, Product
from broker.units import PriceBase, Weight, WeightUnit
from scale_app.catalog import Catalog, catalog_of
from scale_app.checkout.desk import Goods, KnownCard

APPLE = Product(1, "苹果", "Apple", PriceBase.KG, [680, 646, 612], key="1")
POTATO = Product(2, "土豆", "Potato", PriceBase.G500, [125], tare=12, key="2")
EGGS = Product(9, "鸡蛋", "Eggs", PriceBase.PIECE, [98, 90], key="9")
FISH = Product(70, "草鱼", "Grass carp", PriceBase.KG, [1980])

TODAY = 20261124


def price_list(version: int = 3) -> PriceList:
    """Four products, two cashiers, three levels."""
    return PriceList(
        version,
        "Store three",
        "Zhang's vegetables",
        [APPLE, POTATO, EGGS, FISH],
        [Cashier(7, "张三"), Cashier(8, "李四")],
        ["shelf", "silver", "gold"],
    )


def catalog(version: int = 3) -> Catalog:
    """The same, ready to look things up."""
    return catalog_of(price_list(version))


def card(
    kind: str = "both", *, tap: int = 1, level: int = 1, number: int = 620000000000018
) -> KnownCard:
    """A valid card: member, stored or both."""
    is_member = kind != "stored"
    return KnownCard(
        tap=tap,
        number=number,
        is_member=is_member,
        has_purse=kind != "member",
        level=level if is_member else 0,
        valid_from=20260101,
        valid_to=20271231,
        token_seq=4,
        token=b"12345678",
    )


def grams(net: int, seq: int = 1) -> Goods:
    """A weighing of `net` grams."""
    return Goods(Weight(net, WeightUnit.GRAM), seq)
