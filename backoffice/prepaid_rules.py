"""Rules for prepaid cards by country, with the days on which they hold; data and pure questions.

A country's law decides how much may be on a card, whether it may expire, who may report it lost,
when the holder's name is needed, and where a refund goes. Sums are in the currency's minor units.
Each set says where it was read; what nobody of us has read in the law itself says so.

    CN  Measures for single-purpose commercial prepaid cards, MOFCOM order 9 of 2012, in force
        2012-11-01, as quoted by public summaries of it; Supreme People's Court, interpretation 4
        of 2025, in force 2025-05-01 (a term that voids money at expiry or refuses any refund is
        not valid). Shares of deposits that issuers keep are no business of a till.
    US  Regulation E, 12 CFR 1005.20: five years at least from the last load. States are stricter.
    DE, IE  terms from memory, marked as not verified.
"""

from dataclasses import dataclass
from enum import IntEnum

from backoffice.words import N_


class CardClass(IntEnum):
    """Is the holder known? The number is kept in the books."""

    BEARER = 0
    REGISTERED = 1


@dataclass(frozen=True, slots=True)
class ClassRules:
    """What holds for one class; None = no such rule."""

    cap: int | None = None
    """Most that may be on a card."""
    least_years: int = 0
    """A card that expires is good for so many years at least."""
    from_last_load: bool = False
    """These years begin anew with every load."""
    may_expire: bool = True
    may_be_reported_lost: bool = True
    needs_holder: bool = False
    holder_from: int | None = None
    """Bought at once for this sum or more, the buyer's name is needed."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of a country from a day on; sums fit `currency` only."""

    country: str
    first_day: int
    currency: str
    bearer: ClassRules
    registered: ClassRules
    cash_refund_up_to: int | None = None
    """A refund above this goes to a bank account; None = no such rule."""
    refund_needs_holder: bool = False
    cash_below: tuple[int, int] | None = None
    """Cash is taken below these sums at once, from a person and from an organisation."""
    source: str = ""
    is_verified: bool = True
    last_day: int = 99991231

    def of(self, card_class: int) -> ClassRules:
        """Rules of a class."""
        return self.registered if card_class == CardClass.REGISTERED else self.bearer


_CN_2012 = "MOFCOM order 9 of 2012 and State Council office 25 of 2011, as quoted in the press"
_FIVE_YEARS = ClassRules(least_years=5)
_FROM_LOAD = ClassRules(least_years=5, from_last_load=True)

RULES = (
    RuleSet(
        "CN", 20121101, "CNY",
        bearer=ClassRules(
            cap=100_000, least_years=3, may_be_reported_lost=False, holder_from=1_000_000
        ),
        registered=ClassRules(cap=500_000, may_expire=False, needs_holder=True),
        cash_refund_up_to=10_000, refund_needs_holder=True,
        cash_below=(5_000_000, 500_000), source=_CN_2012,
    ),
    RuleSet("US", 20100822, "USD", _FROM_LOAD, _FROM_LOAD, source="12 CFR 1005.20"),
    RuleSet(
        "DE", 20020101, "EUR", ClassRules(least_years=3), ClassRules(least_years=3),
        source="general limitation, to the end of the third year", is_verified=False,
    ),
    RuleSet(
        "IE", 20191202, "EUR", _FIVE_YEARS, _FIVE_YEARS,
        source="gift vouchers, five years", is_verified=False,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Objection:
    """Why the law says no: a phrase of the catalogue, and sums or days for its names."""

    sentence: str
    sums: dict[str, int]
    years: int = 0


def rules_in_force(country: str, currency: str, day: int) -> RuleSet | None:
    """The rules of a country on YYYYMMDD for that currency; None when none are kept here."""
    for one in RULES:
        if (one.country, one.currency) == (country, currency) and (
            one.first_day <= day <= one.last_day
        ):
            return one
    return None


def against_balance(rules: RuleSet, card_class: int, balance: int) -> Objection | None:
    """May that much be on a card of this class?"""
    cap = rules.of(card_class).cap
    if cap is None or balance <= cap:
        return None
    sentence = N_("At most {cap} may be on such a card; it would hold {balance}.")
    return Objection(sentence, {"cap": cap, "balance": balance})


def against_holder(rules: RuleSet, card_class: int, holder: str, bought: int) -> Objection | None:
    """Is the holder known where the law wants it? `bought` = paid at once, fen."""
    of_class = rules.of(card_class)
    if holder:
        return None
    if of_class.needs_holder:
        return Objection(N_("A registered card needs its holder; give --holder."), {})
    if of_class.holder_from is not None and bought >= of_class.holder_from:
        sentence = N_("From {sum} on the buyer must be known; give --holder.")
        return Objection(sentence, {"sum": of_class.holder_from})
    return None


def against_validity(
    rules: RuleSet, card_class: int, first_day: int, last_day: int, *, no_end: int
) -> Objection | None:
    """May a card of this class expire on `last_day`? `no_end` stands for never."""
    of_class = rules.of(card_class)
    if last_day >= no_end:
        return None
    if not of_class.may_expire:
        return Objection(N_("A registered card must not expire; leave --valid-to out."), {})
    if last_day < first_day + 10_000 * of_class.least_years:
        sentence = N_("Such a card must be good for {years} years at least.")
        return Objection(sentence, {}, of_class.least_years)
    return None


def against_load(
    rules: RuleSet, card_class: int, today: int, last_day: int, *, no_end: int
) -> Objection | None:
    """May a card that expires on `last_day` be loaded today?"""
    if not rules.of(card_class).from_last_load:
        return None
    return against_validity(rules, card_class, today, last_day, no_end=no_end)


def against_cash(rules: RuleSet, bought: int, *, is_organisation: bool) -> Objection | None:
    """May that sum be paid for in cash at once?"""
    if rules.cash_below is None:
        return None
    below = rules.cash_below[is_organisation]
    if bought < below:
        return None
    return Objection(N_("From {sum} on it is paid through a bank, not in cash."), {"sum": below})


def against_loss_report(rules: RuleSet, card_class: int) -> Objection | None:
    """May a card of this class be reported lost?"""
    if rules.of(card_class).may_be_reported_lost:
        return None
    return Objection(N_("A bearer card cannot be reported lost; its holder is not known."), {})


def against_refund(rules: RuleSet, holder: str, amount: int, *, in_cash: bool) -> Objection | None:
    """May `amount` be paid out this way?"""
    if rules.refund_needs_holder and not holder:
        return Objection(N_("A refund needs the holder's name; give --holder."), {})
    most = rules.cash_refund_up_to
    if in_cash and most is not None and amount > most:
        sentence = N_("More than {most} is refunded to a bank account, not in cash.")
        return Objection(sentence, {"most": most})
    return None
