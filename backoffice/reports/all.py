"""The reports there are, by the name of their command."""

from backoffice.reports.by_cashier import BY_CASHIER
from backoffice.reports.by_hour import BY_HOUR
from backoffice.reports.by_issuer import BY_ISSUER
from backoffice.reports.by_member import BY_LEVEL, BY_MEMBER
from backoffice.reports.by_period import BY_MONTH, BY_PERIOD
from backoffice.reports.by_product import BY_CATEGORY, BY_PRODUCT
from backoffice.reports.by_stall import BY_STALL
from backoffice.reports.by_store import BY_STORE
from backoffice.reports.by_tender import BY_TENDER
from backoffice.reports.given import DISCOUNTS, REFUNDS
from backoffice.reports.proof import EXCEPTIONS, RECONCILIATION, TERMINALS, Z_REPORTS
from backoffice.reports.sales import SALES_LIST
from backoffice.reports.stored_value import STORED_VALUE
from backoffice.words import N_

REPORTS = {
    one.name: one
    for one in (
        BY_PERIOD, BY_MONTH, BY_HOUR, BY_TENDER, BY_ISSUER, STORED_VALUE, BY_STORE, BY_STALL,
        BY_CASHIER, BY_PRODUCT, BY_CATEGORY, DISCOUNTS, BY_LEVEL, BY_MEMBER, RECONCILIATION,
        Z_REPORTS, REFUNDS, EXCEPTIONS, TERMINALS, SALES_LIST,
    )
}  # fmt: skip

GROUPS = (
    (N_("Takings"), ("by-period", "by-month", "by-hour")),
    (N_("Money"), ("by-tender", "by-issuer", "stored-value")),
    (N_("Who and where"), ("by-store", "by-stall", "by-cashier")),
    (N_("Goods"), ("by-product", "by-category", "discounts")),
    (N_("Members"), ("by-level", "by-member")),
    (N_("Proof"), ("reconciliation", "z", "refunds", "exceptions", "terminals", "sales")),
)
"""How a page lists them."""
