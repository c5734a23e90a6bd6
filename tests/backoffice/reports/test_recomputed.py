"""Every number on every report equals a plain recomputation from the journal entries as they came.

The books are pretend days of two time zones with refunds, voids, late and offline sales, made from
a seed; the second computation decodes the stored bodies and adds up in Python, knowing nothing of
sums kept, statements or our rules for prices.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from backoffice.reports.all import REPORTS
from backoffice.reports.answer import answered
from backoffice.reports.check import check
from backoffice.reports.periods import Period, number_of
from backoffice.reports.question import Question, question_of
from backoffice.reports.report import names_of
from backoffice.reports.views import VIEWS, View
from backoffice.words import translator
from broker.codec import decode_prices
from tests.backoffice.reports.pretend_books import Books, Fact, saved


@pytest.fixture(scope="module", params=[1, 4])
def books(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Books]:
    made = Books(tmp_path_factory.mktemp("books"), request.param)
    yield made
    made.store.close()


def ask(books: Books, name: str, question: Question) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    names = names_of(books.store, "en", translator("en"))
    answer = answered(books.store, REPORTS[name], names, question)
    return list(answer.rows), answer.total


PERIODS = (
    Period(20251222, 20260130), Period(20260101, 20260131), Period(20260105, 20260105),
    Period(20251225, 20260110), Period(20251201, 20251231), Period(20250101, 20251231),
    Period(20240101, 20241231),
)  # fmt: skip
FILTERS: tuple[dict[str, str], ...] = (
    {}, {"store": "D01"}, {"store": "D20"}, {"terminal": "D01-2"}, {"cashier": "1"}, {"level": "1"},
)  # fmt: skip


def kept(facts: list[Fact], period: Period, said: dict[str, str]) -> list[Fact]:
    return [
        f for f in facts
        if period.first <= f.sale.day <= period.last
        and said.get("store", f.store) == f.store
        and said.get("terminal", f.terminal) == f.terminal
        and int(said.get("cashier", f.sale.cashier)) == f.sale.cashier
        and int(said.get("level", f.sale.level)) == f.sale.level
    ]  # fmt: skip


def sums(facts: list[Fact]) -> dict[str, int]:
    sold = [f for f in facts if not f.refund]
    lines = [line for f in sold for line in f.sale.lines]
    return {
        "sales": len(sold),
        "refunds": len(facts) - len(sold),
        "gross": sum(line.amount + line.discount + saved(line) for line in lines),
        "discount": sum(line.discount for line in lines),
        "saving": sum(saved(line) for line in lines),
        "rounding": sum(r.amount for f in sold for r in f.sale.rounding),
        "refunded": -sum(f.sale.total for f in facts if f.refund),
        "amount": sum(f.sale.total for f in facts),
        "grams": sum(x.quantity for f in facts for x in f.sale.lines if x.unit == 0),
        "offline": sum(f.offline for f in facts),
        "late": sum(f.received_at - f.at > 600_000 for f in facts),
        "goodwill": sum(r.amount for f in facts for r in f.sale.rounding if r.kind == 2),
        "faulty": 0,
    }


def grouped(facts: list[Fact], key: Callable[[Fact], Any]) -> dict[Any, list[Fact]]:
    groups: dict[Any, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[key(fact)].append(fact)
    return groups


def same(rows: list[dict[str, Any]], key: str, wanted: dict[Any, dict[str, int]]) -> None:
    """The rows are these keys, and each number that both have is the same."""
    assert {row[key] for row in rows} == set(wanted)
    for row in rows:
        for name, value in wanted[row[key]].items():
            if name in row:
                assert row[name] == value, (key, row[key], name)


def test_the_books_hold_what_the_test_is_about(books: Books) -> None:
    facts = books.facts
    assert any(f.refund for f in facts)
    assert any(f.offline for f in facts)
    assert any(f.received_at - f.at > 600_000 for f in facts)
    assert {f.store for f in facts} == {"D01", "D02", "D20"}
    assert books.rows("SELECT count(*) FROM operation WHERE state = 3")[0][0] > 0
    assert check(books.store, 0, 99_999_999).differences == ()


@pytest.mark.parametrize("said", FILTERS, ids=str)
def test_takings_by_everything(books: Books, said: dict[str, str]) -> None:
    for period in PERIODS:
        facts = kept(books.facts, period, said)
        keys: dict[str, tuple[str, Callable[[Fact], Any]]] = {
            "by-period": ("day", lambda f: f.sale.day),
            "by-month": ("month", lambda f: f.sale.day // 100),
            "by-store": ("store", lambda f: f.store),
            "by-cashier": ("cashier", lambda f: f.sale.cashier),
            "by-level": ("level", lambda f: f.sale.level),
        }
        for name, (key, of) in keys.items():
            if any(word not in REPORTS[name].filters for word in said):
                continue
            question = asked(books, name, period, said)
            rows, total = ask(books, name, question)
            same(rows, key, {one: sums(group) for one, group in grouped(facts, of).items()})
            whole = sums(facts)
            for word, value in total.items():
                if word in whole:
                    assert value == whole[word], (name, word)
            for row in rows:
                count = row["sales"]
                taken = row["amount"] + row["refunded"]
                assert abs(row["basket"] * count - taken) * 2 <= count


def asked(books: Books, name: str, period: Period, said: dict[str, str]) -> Question:
    words = {"from": str(period.first), "to": str(period.last), **said}
    return question_of(books.store, REPORTS[name], words, person=None, today=20260130)


@pytest.mark.parametrize("said", FILTERS, ids=str)
def test_takings_by_tender_and_stall(books: Books, said: dict[str, str]) -> None:
    for period in PERIODS:
        facts = kept(books.facts, period, said)
        wanted: dict[Any, Counter[str]] = defaultdict(Counter)
        for f in facts:
            for tender in f.sale.tenders:
                for key in (tender.kind, (f.terminal, tender.kind)):
                    wanted[key]["payments"] += 1
                    wanted[key]["amount"] += tender.amount
                    wanted[key]["refunds"] += f.refund
                    wanted[key]["refunded"] -= tender.amount if f.refund else 0
                    wanted[key]["taken"] += 0 if f.refund else tender.amount
                    wanted[key]["mixed"] += len(f.sale.tenders) > 1
        rows, total = ask(books, "by-tender", asked(books, "by-tender", period, said))
        same(rows, "kind", {key: dict(one) for key, one in wanted.items() if isinstance(key, int)})
        assert total["amount"] == sum(f.sale.total for f in facts)
        rows, _ = ask(books, "by-stall", asked(books, "by-stall", period, said))
        for row in rows:
            row["where"] = (row["terminal"], row["kind"])
        same(rows, "where", {k: dict(one) for k, one in wanted.items() if isinstance(k, tuple)})


@pytest.mark.parametrize("said", [{}, {"store": "D01"}, {"store": "D20"}], ids=str)
def test_goods_hours_members_rules(books: Books, said: dict[str, str]) -> None:
    for period in PERIODS:
        facts = kept(books.facts, period, said)
        goods: dict[Any, Counter[str]] = defaultdict(Counter)
        hours: dict[Any, Counter[str]] = defaultdict(Counter)
        members: dict[Any, Counter[str]] = defaultdict(Counter)
        rules: dict[Any, Counter[str]] = defaultdict(Counter)
        for f in facts:
            day = date(f.sale.day // 10000, f.sale.day // 100 % 100, f.sale.day % 100)
            at = hours[day.isoweekday(), f.hour]
            at["sales"] += not f.refund
            at["amount"] += f.sale.total
            if f.sale.member is not None:
                member = members[f.sale.member]
                member["visits"] += not f.refund
                member["amount"] += f.sale.total
                member["saved"] += 0 if f.refund else sum(saved(line) for line in f.sale.lines)
                member["last_day"] = max(member["last_day"], f.sale.day)
            for line in f.sale.lines:
                one = goods[line.plu]
                one["lines"] += 1
                one["quantity"] += line.quantity
                one["amount"] += line.amount
                one["discount"] += line.discount
                one["refunded"] -= line.amount if f.refund else 0
                one["member_amount"] += line.amount if line.flags & 1 else 0
                if not f.refund and (saved(line) or line.discount):
                    rule = rules[line.flags & 1, f.sale.level]
                    rule["lines"] += 1
                    rule["saving"] += saved(line)
                    rule["discount"] += line.discount
                    rule["given"] += saved(line) + line.discount
                    rule["gross"] += line.amount + line.discount + saved(line)
        rows, _ = ask(books, "by-product", asked(books, "by-product", period, said))
        same(rows, "plu", {key: dict(one) for key, one in goods.items()})
        names = decode_prices(books.store.directory.list_content(1) or b"").products
        category = {one.plu: one.category for one in names}
        kinds: dict[Any, Counter[str]] = defaultdict(Counter)
        for plu, one in goods.items():
            kinds[category[plu]].update({k: v for k, v in one.items() if k != "quantity"})
            kinds[category[plu]]["products"] += 1
        rows, _ = ask(books, "by-category", asked(books, "by-category", period, said))
        same(rows, "category", {key: dict(one) for key, one in kinds.items()})
        rows, _ = ask(books, "by-hour", asked(books, "by-hour", period, said))
        for row in rows:
            row["when"] = (row["weekday"], row["hour"])
        same(rows, "when", {key: dict(one) for key, one in hours.items()})
        rows, _ = ask(books, "by-member", asked(books, "by-member", period, said))
        same(rows, "member", {key: dict(one) for key, one in members.items()})
        rows, _ = ask(books, "discounts", asked(books, "discounts", period, said))
        for row in rows:
            row["what"] = (row["rule"], row["level"])
        same(rows, "what", {key: dict(one) for key, one in rules.items()})


@pytest.mark.parametrize("said", [{}, {"store": "D01"}, {"store": "D20"}], ids=str)
def test_cards_issuers_and_what_is_owed(books: Books, said: dict[str, str]) -> None:
    tops = [json.loads(line) for (line,) in books.rows("SELECT line FROM office_operation")]
    for period in PERIODS:
        facts = kept(books.facts, period, said)
        by_card = [t.amount for f in facts for t in f.sale.tenders if t.kind == 2]
        by_city = [t.amount for f in facts for t in f.sale.tenders if t.kind == 3]
        rows, _ = ask(books, "by-issuer", asked(books, "by-issuer", period, said))
        wanted = {"": by_card, "t-union": by_city}
        assert {row["key"]: row["amount"] for row in rows} == {
            key: sum(one) for key, one in wanted.items() if one
        }
        rows, total = ask(books, "stored-value", asked(books, "stored-value", period, said))
        assert total["spent"] == sum(by_card)
        before = kept(books.facts, Period(20200101, number_of(_day_before(period.first))), said)
        spent_before = sum(t.amount for f in before for t in f.sale.tenders if t.kind == 2)
        if said:
            assert (total["loaded"], total["opening"]) == (0, -spent_before)
        else:
            assert total["loaded"] == sum(
                one["said"]["amount"] if one["command"] == "card.topup" else
                (50_000 if one["command"] == "card.activate" else 0)
                for one in tops if period.first <= _day_of(one["at"]) <= period.last
            )  # fmt: skip
        for row in (*rows, total):
            assert row["closing"] == (
                row["opening"] + row["loaded"] + row["bonus"] - row["spent"] + row["refunded"]
                - row["paid_out"] - row["ended"] + row["moved"]
            )  # fmt: skip
    _, total = ask(books, "stored-value", Question(Period(20251222, 20260131)))
    [[held]] = books.rows("SELECT sum(balance) FROM account WHERE code LIKE 'card/%'")
    assert total["closing"] == held


def _day_before(day: int) -> date:
    return date(day // 10000, day // 100 % 100, day % 100) - timedelta(days=1)


def _day_of(at: int) -> int:
    """The office's business day: Shanghai, from four in the morning on."""
    local = datetime.fromtimestamp(at / 1000, tz=UTC) + timedelta(hours=8 - 4)
    return number_of(local.date())


def test_lists_shifts_and_tills(books: Books) -> None:
    for period in PERIODS:
        facts = kept(books.facts, period, {})
        rows, total = ask(books, "sales", Question(period))
        assert Counter(
            (r["terminal"], r["receipt"], r["amount"], r["lines"]) for r in rows
        ) == Counter((f.terminal, f.receipt, f.sale.total, len(f.sale.lines)) for f in facts)
        assert total["amount"] == sum(f.sale.total for f in facts)
        rows, total = ask(books, "refunds", Question(period))
        assert sorted((r["terminal"], r["receipt"], r["refunded"]) for r in rows) == sorted(
            (f.terminal, f.receipt, -f.sale.total) for f in facts if f.refund
        )
        zs = [(z, terminal) for z, terminal in books.zs if period.first <= z.day <= period.last]
        rows, total = ask(books, "z", Question(period))
        assert sorted((r["terminal"], r["shift"], r["sales"], r["amount"]) for r in rows) == sorted(
            (terminal, z.shift, z.sales, z.total) for z, terminal in zs
        )
        assert total["amount"] == sum(f.sale.total for f in facts)
        for kind, name in ((1, "cash"), (2, "stored_value"), (3, "city_card"), (4, "qr")):
            assert total[name] == sum(t.amount for f in facts for t in f.sale.tenders
                                      if t.kind == kind)  # fmt: skip
        rows, _ = ask(books, "reconciliation", Question(period))
        groups = grouped(facts, lambda f: f.terminal)
        assert {r["terminal"]: (r["receipts"], r["amount"], r["z_total"], r["differing"],
                                r["missing"]) for r in rows if r["receipts"]} == {
            terminal: (len(group), sum(f.sale.total for f in group),
                       sum(f.sale.total for f in group), 0, 0)
            for terminal, group in groups.items()
        }  # fmt: skip
        rows, _ = ask(books, "terminals", Question(period))
        sent: Counter[str] = Counter()
        for entry, received, length in books.bodies():
            day = number_of(datetime.fromtimestamp(received / 1000, tz=UTC).date())
            if period.first <= day <= period.last:
                sent[entry.terminal] += length
        assert {r["terminal"]: r["bytes"] for r in rows if r["bytes"]} == dict(sent)


def test_alerts_are_counted(books: Books) -> None:
    rows, _ = ask(books, "exceptions", asked(books, "exceptions", PERIODS[0], {}))
    assert sum(row["alerts"] for row in rows) == books.rows("SELECT count(*) FROM alert")[0][0]


def test_the_views_say_the_same_as_the_reports(books: Books) -> None:
    for view in VIEWS:
        for name, keys in view.reports.items():
            for period in PERIODS:
                view_says_the_same(books, view, (name, keys, period))


def view_says_the_same(books: Books, view: View, what: tuple[str, str, Period]) -> None:
    name, keys, period = what
    where = f"WHERE day BETWEEN {period.first} AND {period.last}"
    if not keys or name == "stored-value":
        return
    rows, _ = ask(books, name, Question(period))
    words = [word for word in view.sums if not rows or word in rows[0]]
    sums = ", ".join(f"sum({word})" for word in words)
    found = books.rows(f"SELECT {keys}, {sums} FROM {view.name} {where} GROUP BY {keys}")
    named = ["month" if one == "day / 100" else one for one in keys.split(", ")]
    if name == "by-issuer":
        named = ["key"]
    wanted = [tuple(row[word] for word in (*named, *words)) for row in rows]
    if name in ("reconciliation", "terminals"):
        wanted = [row for row in wanted if any(row[len(named) :])]
        found = [row for row in found if any(row[len(named) :])]
    assert sorted(found) == sorted(wanted), (view.name, name)


def test_lists_stand_in_views_as_well(books: Books) -> None:
    facts = books.facts
    assert books.rows("SELECT count(*), sum(amount) FROM v_sales") == [
        (len(facts), sum(f.sale.total for f in facts))
    ]
    assert books.rows("SELECT count(*), sum(amount) FROM v_sale_lines") == [
        (sum(len(f.sale.lines) for f in facts),
         sum(line.amount for f in facts for line in f.sale.lines))
    ]  # fmt: skip
    refunds = [f for f in facts if f.refund]
    assert books.rows("SELECT count(*), -sum(amount) FROM v_refunds") == [
        (len(refunds), -sum(f.sale.total for f in refunds))
    ]
    assert books.rows("SELECT count(*) FROM v_z") == [(len(books.zs),)]
    assert books.rows("SELECT sum(given - taken) FROM v_stored_value") == books.rows(
        "SELECT sum(balance) FROM account WHERE code LIKE 'card/%'"
    )
    [[alerts]] = books.rows("SELECT count(*) FROM alert")
    assert books.rows("SELECT count(*) FROM v_exceptions") == [(alerts,)]
