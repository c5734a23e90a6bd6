"""The read-only views in the books: which report each stands for, and how its rows are added up."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class View:
    """A view; `reports`: {report: columns to group by}, `sums`: what is added up."""

    name: str
    reports: dict[str, str]
    sums: tuple[str, ...]

    def example(self) -> str:
        """A statement that gives its first report's figures."""
        keys = next(iter(self.reports.values()))
        sums = ", ".join(f"sum({one}) AS {one}" for one in self.sums)
        what = f"{keys}, {sums}" if keys else "*"
        end = f" GROUP BY {keys}" if keys else ""
        days = "at >= 0" if self.name == "v_exceptions" else "day BETWEEN 20261101 AND 20261130"
        return f"SELECT {what} FROM {self.name} WHERE {days}{end}"  # noqa: S608  names of ours


_TAKEN: Final = ("sales", "refunds", "gross", "discount", "saving", "rounding", "refunded",
                 "amount", "grams", "offline", "late", "faulty")  # fmt: skip
VIEWS: Final = (
    View("v_takings", {"by-period": "day", "by-month": "day / 100", "by-store": "store",
                       "by-cashier": "cashier", "by-level": "level",
                       "reconciliation": "terminal"}, _TAKEN),
    View("v_by_tender", {"by-tender": "kind", "by-stall": "store, terminal, stall, kind"},
         ("payments", "taken", "refunds", "refunded", "amount", "mixed")),
    View("v_by_product", {"by-product": "plu, unit", "by-category": "category"},
         ("lines", "discount", "member_amount", "refunded", "amount")),
    View("v_by_hour", {"by-hour": "weekday, hour"}, ("sales", "amount")),
    View("v_by_issuer", {"by-issuer": "issuer"}, ("payments", "refunds", "amount")),
    View("v_by_member", {"by-member": "member"}, ("visits", "amount", "saved")),
    View("v_discounts", {"discounts": "rule, level"},
         ("lines", "gross", "saving", "discount", "given")),
    View("v_stored_value", {"stored-value": "store"}, ("given", "taken")),
    View("v_traffic", {"terminals": "terminal"}, ("entries", "bytes")),
    View("v_sales", {"sales": ""}, ()),
    View("v_sale_lines", {"sales": ""}, ()),
    View("v_refunds", {"refunds": ""}, ()),
    View("v_z", {"z": ""}, ()),
    View("v_exceptions", {"exceptions": ""}, ()),
)  # fmt: skip
