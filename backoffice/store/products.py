"""Products, their prices and rules, batches of the day, and changes that wait for their time."""

import json
from dataclasses import dataclass

from backoffice.store.directory import ORG
from backoffice.store.statements import Row, Statements
from broker.pricelist import Product, Rule


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product as it stands in the books, and what no scale needs to know."""

    product: Product
    pinyin: str = ""
    changed_in: int = 0
    """The list that changed it last."""
    changed_by: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What is sold under a PLU from business day `day` on."""

    origin: str = ""
    batch: str = ""
    day: int = 0


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """Rows of `product.import` that take effect at `due_at`; states as in the table."""

    id: int
    due_at: int
    content: str
    person: str
    approved_by: str
    made_at: int
    state: int
    list_version: int
    detail: str


WAITS, TAKEN, WITHDRAWN, FAILED = range(4)


class Products:
    """Reads and changes the products."""

    def __init__(self, statements: Statements) -> None:
        self._sql = statements

    def all(self) -> dict[int, ProductRow]:
        """Every product by PLU, in order."""
        prices: dict[int, list[int]] = {}
        for plu, price in self._sql.rows("product_prices", org=ORG):
            prices.setdefault(plu, []).append(price)
        rules: dict[int, list[Rule]] = {}
        for plu, kind, values, *rest in self._sql.rows("product_rules", org=ORG):
            rules.setdefault(plu, []).append(Rule(kind, json.loads(values), *rest))
        rows = self._sql.rows("product_list", org=ORG)
        return {row[0]: _product(row, prices, rules) for row in rows}

    def save(self, row: ProductRow) -> None:
        """Makes a product or writes it anew."""
        one, plu = row.product, row.product.plu
        self._sql.run(
            "product_save",
            org=ORG, plu=plu, name_zh=one.name_zh, name_en=one.name_en, pinyin=row.pinyin,
            base=one.base, tare=one.tare, key=one.key, category=one.category,
            barcode=one.barcode, changed_in=row.changed_in, changed_by=row.changed_by,
        )  # fmt: skip
        self._sql.run("product_prices_drop", org=ORG, plu=plu)
        self._sql.run("product_rules_drop", org=ORG, plu=plu)
        prices = [(ORG, plu, level, price) for level, price in enumerate(one.prices)]
        self._sql.many("product_price_save", prices)
        rules = [
            (ORG, plu, n, r.kind, r.least, r.first_day, r.last_day, json.dumps(r.values))
            for n, r in enumerate(one.rules, 1)
        ]
        self._sql.many("product_rule_save", rules)

    def remove(self, plu: int) -> None:
        """Takes a product off the list; sales keep its number."""
        self._sql.run("product_remove", org=ORG, plu=plu)

    def batches(self, day: int) -> dict[int, Batch]:
        """What is sold under each PLU on a business day."""
        return {
            row[0]: Batch(*row[1:]) for row in self._sql.rows("product_batches", org=ORG, day=day)
        }

    def save_batch(self, plu: int, batch: Batch) -> None:
        """Notes what is sold under a PLU from that day on."""
        self._sql.run(
            "product_batch_save",
            org=ORG, plu=plu, day=batch.day, origin=batch.origin, batch=batch.batch,
        )  # fmt: skip

    def note_maker(self, version: int, person: str, approved_by: str) -> None:
        """Keeps who made a list and who else said yes."""
        self._sql.run(
            "list_maker_save", org=ORG, version=version, person=person, approved_by=approved_by
        )

    def lists(self, most: int) -> list[Row]:
        """Rows (version, made at, person, approved by), newest first."""
        return self._sql.rows("list_maker_list", org=ORG, most=most)

    def limits(self) -> tuple[int, int]:
        """Percent above which a price is shown as a jump, and above which two must agree."""
        row = self._sql.one("organisation_price_limits", org=ORG)
        return (int(row[0]), int(row[1])) if row else (30, 50)

    def set_limits(self, jump: int, second: int) -> None:
        """Changes these."""
        self._sql.run("organisation_set_price_limits", org=ORG, jump=jump, second=second)

    def wait(self, content: str, *, due_at: int, person: str, approved_by: str, now: int) -> int:
        """Keeps rows that take effect at `due_at`; their number."""
        row = self._sql.one("price_change_last", org=ORG)
        number = (row[0] or 0 if row else 0) + 1
        self._sql.run(
            "price_change_save",
            org=ORG, id=number, due_at=due_at, content=content, person=person,
            approved_by=approved_by, made_at=now,
        )  # fmt: skip
        return int(number)

    def waiting(self, state: int = WAITS) -> list[WaitingChange]:
        """Changes in that state (-1 = in any), soonest first."""
        rows = self._sql.rows("price_change_list", org=ORG, state=state, after=0)
        return [WaitingChange(*row) for row in rows]

    def close(self, number: int, state: int, *, list_version: int = 0, detail: str = "") -> bool:
        """Ends a change that waits; False when it waits no more."""
        done = self._sql.run(
            "price_change_close",
            org=ORG, id=number, state=state, list_version=list_version, detail=detail,
        )  # fmt: skip
        return done.rowcount == 1


def _product(row: Row, prices: dict[int, list[int]], rules: dict[int, list[Rule]]) -> ProductRow:
    plu, name_zh, name_en, base, tare, key, category, barcode, *rest = row
    return ProductRow(
        Product(
            plu=plu, name_zh=name_zh, name_en=name_en, base=base, prices=prices.get(plu, [0]),
            tare=tare, key=key, category=category, rules=rules.get(plu, []), barcode=barcode,
        ),
        *rest,
    )  # fmt: skip
