"""The pretend chain as a market file: twenty stores in two time zones, tills, people, goods."""

from dataclasses import dataclass
from typing import Final

STORES: Final = 20
TILLS_EACH: Final = 3
PRODUCTS: Final = 200
WESTERN: Final = 4
"""The last stores of the list lie two hours west."""
ZONE, WESTERN_ZONE = "Asia/Shanghai", "Asia/Urumqi"

_KINDS: Final = (
    ("蔬菜", "Vegetables", ("白菜", "土豆", "番茄", "黄瓜", "茄子", "青椒", "萝卜", "菠菜"),
     ("Cabbage", "Potato", "Tomato", "Cucumber", "Aubergine", "Pepper", "Radish", "Spinach")),
    ("水果", "Fruit", ("苹果", "香蕉", "橙子", "葡萄", "西瓜", "梨", "桃", "草莓"),
     ("Apple", "Banana", "Orange", "Grape", "Melon", "Pear", "Peach", "Strawberry")),
    ("肉类", "Meat", ("猪肉", "牛肉", "羊肉", "鸡肉", "排骨", "香肠", "火腿", "鸭肉"),
     ("Pork", "Beef", "Mutton", "Chicken", "Ribs", "Sausage", "Ham", "Duck")),
    ("水产", "Fish", ("鲤鱼", "草鱼", "带鱼", "虾", "蟹", "鱿鱼", "贝", "黄鱼"),
     ("Carp", "Grass carp", "Hairtail", "Prawn", "Crab", "Squid", "Clam", "Croaker")),
    ("粮油", "Grain", ("大米", "面粉", "小米", "黄豆", "花生油", "面条", "燕麦", "绿豆"),
     ("Rice", "Flour", "Millet", "Soy", "Peanut oil", "Noodles", "Oats", "Mung bean")),
)  # fmt: skip
_SORTS: Final = (("", ""), ("一级", "first"), ("有机", "organic"), ("本地", "local"),
                 ("特价", "thrift"))  # fmt: skip
PIECE_EVERY: Final = 9
"""Each ninth product is sold by the piece."""


@dataclass(frozen=True, slots=True)
class Till:
    """One scale: where it stands and who sells there."""

    code: str
    store: str
    zone: str
    cashier: int


def tills() -> tuple[Till, ...]:
    """All scales, three a store; each has its own cashier."""
    return tuple(
        Till(f"D{store:02d}-{place}", f"D{store:02d}", zone_of(store),
             store * TILLS_EACH - TILLS_EACH + place)
        for store in range(1, STORES + 1)
        for place in range(1, TILLS_EACH + 1)
    )  # fmt: skip


def zone_of(store: int) -> str:
    """The time zone of a store by its number."""
    return WESTERN_ZONE if store > STORES - WESTERN else ZONE


def market_text() -> str:
    """The chain as `backoffice apply` reads it."""
    return "\n".join([
        _ORGANISATION,
        *(_store(number) for number in range(1, STORES + 1)),
        *(_till(till) for till in tills()),
        *(_product(number) for number in range(PRODUCTS)),
    ])  # fmt: skip


_ORGANISATION: Final = f"""[organisation]
name = "Demo Chain"
name_zh = "演示连锁"
currency = "CNY"
zone = "{ZONE}"
issuer = 6209
levels = ["shelf", "silver", "gold"]
"""


def _store(number: int) -> str:
    return f"""[[store]]
id = "D{number:02d}"
name = "Store {number}"
zone = "{zone_of(number)}"
offline = {{ per_payment = "300.00", per_card = "600.00", per_till = "5000.00" }}
"""


def _till(till: Till) -> str:
    return f"""[[terminal]]
id = "{till.code}"
store = "{till.store}"
stall = "Stall {till.code}"
[[cashier]]
number = {till.cashier}
name = "Cashier {till.cashier}"
"""


def _product(number: int) -> str:
    _, kind, chinese, english = _KINDS[number % len(_KINDS)]
    place = number // len(_KINDS) % len(chinese)
    zh_sort, sort = _SORTS[number // (len(_KINDS) * len(chinese)) % len(_SORTS)]
    base = "pc" if number % PIECE_EVERY == 0 else "500g" if number % 4 == 0 else "kg"
    price = 180 + number * 37 % 4800
    prices = ", ".join(
        f'"{cut // 100}.{cut % 100:02d}"' for cut in (price, price * 95 // 100, price * 9 // 10)
    )
    return (
        f'[[product]]\nplu = {number + 1}\nname_zh = "{zh_sort}{chinese[place]}"\n'
        f'name_en = "{english[place]}{" " + sort if sort else ""}"\nbase = "{base}"\n'
        f'prices = [{prices}]\ncategory = "{kind}"\n'
    )
