"""Receipts and shift reports as rows of text, 32 or 48 columns wide. Pure: sale in, rows out.

What is printed: both prices and the saving where a member's price was used, net weight and tare,
unit price with its base, the card by its last four digits, the balance after, time with zone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from broker.labels import element_text
from broker.messages import ZReport
from broker.sale import (
    Line,
    LineFlag,
    Rounding,
    RoundingKind,
    Sale,
    SaleKind,
    Tender,
    TenderKind,
    saving_in,
    saving_of,
)
from broker.units import PriceBase, Weight, WeightUnit, decimal_text
from scale_app.catalog import Catalog, product_name
from scale_app.checkout.desk import masked
from scale_app.columns import apart, centred, wrapped
from scale_app.pack_label import PackLabel
from scale_app.view import Message

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around a sale: who sells, where, in which money, for which eyes."""

    organisation: str
    store: str
    stall: str
    terminal: str
    currency: str
    exponent: int
    zone: str
    language: str
    columns: int = 32
    software: str = ""
    """Identification of the legally relevant modules, printed on the Z report."""
    settings_changes: int | None = None
    """How often the scale's settings were changed since the first start; printed there, too."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The facts of one sale that do not stand in its record."""

    number: int
    at_ms: int
    balance: int | None = None
    copy: bool = False
    offline: bool = False
    """Paid by card without the back-office."""


def receipt_rows(
    sale: Sale, printed: Printed, heading: Heading, *, catalog: Catalog, say: Translate
) -> tuple[str, ...]:
    """The receipt of a paid sale."""
    paper = _Paper(heading, say)
    paper.head()
    if printed.copy:
        paper.centre(say("COPY"))
    if sale.kind == SaleKind.REFUND:
        paper.centre(say("REFUND"))
    paper.apart(heading.terminal, say("No.") + f" {printed.number:06d}")
    paper.plain(time_text(printed.at_ms, heading.zone))
    paper.plain(say("Cashier") + f": {catalog.cashier_name(sale.cashier) or '-'}")
    paper.rule()
    for line in sale.lines:
        _line_rows(paper, line, catalog, sale.interval)
    paper.rule()
    _total_rows(paper, sale)
    for tender in sale.tenders:
        _tender_rows(paper, tender, printed)
    if sale.member is not None:
        paper.apart(say("Member"), f"{masked(sale.member)} {catalog.level_name(sale.level)}")
    paper.rule()
    paper.centre(say("Thank you"))
    return tuple(paper.rows)


def _line_rows(paper: "_Paper", line: Line, catalog: Catalog, interval: int) -> None:
    paper.plain(_name(line, catalog, paper.heading.language))
    quantity = quantity_text(line.quantity, line.unit)
    base = _base(line.base)
    price = f"{paper.money(line.unit_price)}/{base}"
    paper.apart(f"  {quantity} x {price}", paper.money(line.amount + line.discount))
    for bit, word in _rule_words(paper.say):
        if line.flags & bit:
            paper.plain(f"  {word}")
    if line.discount:
        paper.apart(f"  {paper.say('quantity discount')}", paper.money(-line.discount))
    if line.tare:
        kinds = ", ".join(word for bit, word in _tare_words(paper.say) if line.flags & bit)
        tare = f"  {paper.say('tare')} {quantity_text(line.tare, line.unit)}"
        paper.plain(f"{tare} ({kinds})" if kinds else tare)
    if line.unit_price != line.shelf_price:
        shelf = f"{paper.money(line.shelf_price)}/{base}"
        paper.apart(
            f"  {paper.say('without card')} {shelf}", f"-{paper.money(saving_of(line, interval))}"
        )


def _name(line: Line, catalog: Catalog, language: str) -> str:
    product = catalog.product(line.plu)
    return product_name(product, language) if product else f"PLU {line.plu}"


def _rule_words(say: Translate) -> tuple[tuple[LineFlag, str], ...]:
    return (
        (LineFlag.TIER_PRICE, say("quantity price")),
        (LineFlag.MARKED_DOWN, say("marked down")),
        (LineFlag.LABEL_PRICE, say("label price, weight derived")),
        (LineFlag.LABEL_WEIGHT, say("weight of the label")),
    )


def _tare_words(say: Translate) -> tuple[tuple[LineFlag, str], ...]:
    """Where a tare came from: one that was not weighed has to be told from one that was."""
    return (
        (LineFlag.TARE_WEIGHED, say("weighed")),
        (LineFlag.TARE_TYPED, say("typed")),
        (LineFlag.TARE_CONTAINER, say("container")),
        (LineFlag.TARE_PRODUCT, say("of the goods")),
        (LineFlag.TARE_PERCENT, say("percent")),
    )


def _rounding_row(paper: "_Paper", rounding: Rounding) -> None:
    off = rounding.kind == RoundingKind.GOODWILL
    name = paper.say("Rounded off") if off else paper.say("Rounding")
    paper.apart(name, paper.money(rounding.amount))


def _total_rows(paper: "_Paper", sale: Sale) -> None:
    say, saving = paper.say, saving_in(sale)
    paper.apart(say("Items"), str(len(sale.lines)))
    if saving:
        paper.apart(say("Without card"), paper.money(sale.total + saving))
        paper.apart(say("You save"), f"-{paper.money(saving)}")
    for rounding in sale.rounding:
        _rounding_row(paper, rounding)
    paper.apart(f"{say('TOTAL')} {paper.heading.currency}", paper.money(sale.total))


def _tender_rows(paper: "_Paper", tender: Tender, printed: Printed) -> None:
    say = paper.say
    paper.apart(tender_name(tender.kind, say), paper.money(tender.amount))
    if tender.kind == TenderKind.CASH:
        change = tender.given - tender.amount if tender.given else 0
        if tender.given:
            paper.apart(say("Given"), paper.money(tender.given))
        paper.apart(say("Change"), paper.money(change))
    if tender.card is not None:
        paper.apart(say("Card"), masked(tender.card))
        if printed.balance is not None:
            paper.apart(say("Balance after"), paper.money(printed.balance))
        if printed.offline:
            paper.plain(say("PAID OFFLINE"))


def report_rows(
    report: ZReport, at_ms: int, heading: Heading, *, cashier: str, closed: bool, say: Translate
) -> tuple[str, ...]:
    """An X report (interim, `closed` false) or a Z report of a shift."""
    paper = _Paper(heading, say)
    paper.head()
    paper.centre(say("Z REPORT") if closed else say("X REPORT (interim)"))
    paper.apart(heading.terminal, f"{say('Shift')} {report.shift}")
    paper.apart(say("Business day"), _day_text(report.day))
    paper.plain(f"{say('From')} {time_text(report.opened_at, heading.zone)}")
    paper.plain(f"{say('To')} {time_text(at_ms, heading.zone)}")
    paper.plain(f"{say('Cashier')}: {cashier or '-'}")
    paper.rule()
    paper.apart(say("Sales"), str(report.sales))
    paper.apart(say("Lines"), str(report.lines))
    if report.sales:
        paper.apart(say("Receipts"), f"{report.first_receipt:06d}-{report.last_receipt:06d}")
    paper.apart(say("Reversals"), str(report.reversals))
    paper.rule()
    for tender in report.tenders:
        name = f"{tender_name(tender.kind, say)} ({tender.count})"
        paper.apart(name, paper.money(tender.amount))
    for rounding in report.rounding:
        _rounding_row(paper, rounding)
    paper.apart(say("Savings of members"), paper.money(report.saving))
    paper.apart(f"{say('TOTAL')} {heading.currency}", paper.money(report.total))
    paper.rule()
    if closed and heading.software:
        paper.apart(say("Weighing software"), heading.software)
    if closed and heading.settings_changes is not None:
        paper.apart(say("Scale settings changed"), str(heading.settings_changes))
    return tuple(paper.rows)


def tender_name(kind: int, say: Translate) -> str:
    """The way of paying in words."""
    names = {
        TenderKind.CASH: say("Cash"),
        TenderKind.STORED_VALUE: say("Stored value card"),
        TenderKind.CITY_CARD: say("City card"),
        TenderKind.QR: say("QR code"),
    }
    return next((name for known, name in names.items() if known == kind), str(kind))


def quantity_text(value: int, unit: int) -> str:
    """A quantity with its unit: `1.235 kg`, `6 pc`."""
    known = WeightUnit(unit)
    return f"{Weight(value, known).text()} {known.symbol}"


def _base(base: int) -> str:
    return PriceBase(base).symbol


def _day_text(day: int) -> str:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def time_text(at_ms: int, zone: str) -> str:
    """Local time with its offset: `2026-11-24 10:24:05 +08:00`."""
    local = datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(ZoneInfo(zone))
    text = local.isoformat(" ", "seconds")
    return f"{text[:19]} {text[19:]}"


class _Paper:
    """Rows as they fill."""

    def __init__(self, heading: Heading, say: Translate) -> None:
        self.heading, self.say = heading, say
        self.rows: list[str] = []

    def head(self) -> None:
        """Whose receipt this is."""
        for name in (self.heading.organisation, self.heading.store, self.heading.stall):
            if name:
                self.centre(name)

    def plain(self, text: str) -> None:
        """Text from the left edge."""
        self.rows += wrapped(text, self.heading.columns)

    def centre(self, text: str) -> None:
        """Text in the middle."""
        self.rows += centred(text, self.heading.columns)

    def apart(self, left: str, right: str) -> None:
        """Text at both edges."""
        self.rows += apart(left, right, self.heading.columns)

    def rule(self) -> None:
        """A line across."""
        self.rows.append("-" * self.heading.columns)

    def money(self, minor: int) -> str:
        """A sum in the heading's currency."""
        return decimal_text(minor, self.heading.exponent)


def label_rows(label: PackLabel, at_ms: int, heading: Heading, say: Translate) -> tuple[str, ...]:
    """The label of a package: net weight, unit price and price to pay, and what the codes say."""
    paper, line = _Paper(heading, say), label.line
    paper.head()
    paper.centre(label.name)
    paper.apart(say("Net weight"), quantity_text(line.quantity, line.unit))
    if line.tare:
        paper.apart(say("tare"), quantity_text(line.tare, line.unit))
    paper.apart(say("Unit price"), f"{paper.money(line.unit_price)}/{_base(line.base)}")
    paper.apart(f"{say('PRICE')} {heading.currency}", paper.money(line.amount))
    paper.apart(say("Packed"), time_text(at_ms, heading.zone)[:16])
    paper.centre(label.code)
    if label.elements:
        paper.plain(element_text(label.elements))
    paper.apart(heading.terminal, line.evidence.hex())
    return tuple(paper.rows)


def slip_rows(message: Message, heading: Heading, say: Translate) -> tuple[str, ...]:
    """The slip of a card in doubt: which card, how much, and what happens with the money."""
    paper = _Paper(heading, say)
    paper.head()
    paper.centre(say("CARD IN DOUBT"))
    paper.apart(say("Card"), message.params["number"])
    paper.apart(say("Amount"), message.params["total"])
    for row in wrapped(
        say("The goods stay here. Bring the card back: if it paid, they are yours."),
        heading.columns,
    ):
        paper.plain(row)
    return tuple(paper.rows)


def records_rows(
    who: Sequence[tuple[str, str]], records: Sequence[tuple[str, str]], heading: Heading,
    say: Translate,
) -> tuple[str, ...]:  # fmt: skip
    """What a card tells of itself: facts (name, value), then its last records (when, sum)."""
    paper = _Paper(heading, say)
    for name, value in who:
        paper.apart(say(name), value)
    paper.rule()
    for when, amount in records:
        paper.apart(when, amount)
    return tuple(paper.rows)
