"""I1 to I19 of the design, and what a market asks beside them, counted and checked at the end.

Each looks at the journals and the books as they lie on the disks and adds up by itself; the
programs' own checks are one row among the others.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from backoffice.alerts import Alert
from backoffice.reports.all import REPORTS
from backoffice.reports.answer import asked
from backoffice.reports.check import check
from backoffice.reports.report import names_of
from broker.messages import ZReport
from broker.sale import SaleKind, TenderKind
from tests.sim import goods, truth
from tests.sim.chips import purses
from tests.sim.evidence import Check, Evidence, Found
from tests.sim.signed import signed
from tests.sim.strangers import impersonated
from tests.sim.truth import Sold

if TYPE_CHECKING:
    from tests.sim.truth import Op
    from tests.sim.world import World

MOST_TOLD = 5


def _watched(name: str, counted: str) -> Check:
    def check(evidence: Evidence) -> Iterator[str | int]:
        witness = evidence.world.witness
        yield witness.counted[counted] if counted else evidence.world.ledger_looks
        yield from (told for word, told in witness.broken if word == name)

    return check


def _balances(evidence: Evidence) -> Iterator[str | int]:
    for code, (kept, summed) in evidence.balances.items():
        yield 1
        if kept != summed:
            yield f"{code} stands at {kept}, its transfers make {summed}"


def _sums(evidence: Evidence) -> Iterator[str | int]:
    expected: Counter[Op] = Counter()
    for one in evidence.sold:
        yield 1
        sale = one.sale
        lines = sum(line.amount for line in sale.lines) + sum(r.amount for r in sale.rounding)
        if not lines == sale.total == sum(tender.amount for tender in sale.tenders):
            yield f"{one.till} receipt {one.receipt}: lines {lines}, total {sale.total}"
        for tender in sale.tenders:
            if tender.kind == TenderKind.STORED_VALUE and tender.amount:
                expected[one.op, one.attempt] += tender.amount
    taken = truth.card_moves(evidence.books)
    for op in sorted(expected.keys() | taken.keys()):
        yield 1
        if op in evidence.lost_ops and op not in expected:
            continue
        if expected[op] != taken.get(op, 0):
            name = f"{op[0].hex()}/{op[1]}"
            yield f"operation {name} took {taken.get(op, 0)} from cards, owed {expected[op]}"


def _same_sales(evidence: Evidence) -> Iterator[str | int]:
    here = {one.op: one for one in evidence.sold}
    for uid in here.keys() | evidence.booked.keys():
        yield 1
        if uid not in evidence.booked:
            yield f"{here[uid].till} receipt {here[uid].receipt} is lost"
        elif uid not in here:
            yield f"the books have a sale of nobody: {evidence.booked[uid][:3]}"
        elif truth.content_of(here[uid]) != evidence.booked[uid]:
            yield f"{here[uid].till} receipt {here[uid].receipt} has another content in the books"


def _doubled(evidence: Evidence) -> Iterator[str | int]:
    ops = Counter(one.op for one in evidence.sold)
    for journal in evidence.journals:
        for receipt, sold in journal.sold.items():
            yield 1
            if len(sold) > 1:
                yield f"{journal.till} receipt {receipt} was given {len(sold)} times"
    yield from (f"basket {op.hex()} was sold {n} times" for op, n in ops.items() if n > 1)


def _lost_approvals(evidence: Evidence) -> Iterator[tuple[str, int]]:
    """(till, fen) of card operations that were approved and ended on a lost disk alone."""
    taken = truth.card_moves(evidence.books)
    sold = {(one.op, one.attempt) for one in evidence.sold}
    of_till = {op: one.till for one in evidence.lost_journals for op in one.intents}
    for op, till in of_till.items():
        if op in evidence.lost_ops and op not in sold:
            yield till, taken.get(op, 0)


def _accounts(evidence: Evidence) -> Iterator[str | int]:
    expected: Counter[str] = Counter()
    for one in evidence.sold:
        expected[f"sales/{one.till[:3]}"] += sum(line.amount for line in one.sale.lines)
        for tender in one.sale.tenders:
            if tender.kind == TenderKind.CASH:
                expected[f"drawer/{one.till}"] -= tender.amount
    for debit, amount in evidence.books.rows(
        "SELECT a.code, t.amount FROM transfer AS t JOIN account AS a"
        " ON a.org = t.org AND a.id = t.debit WHERE t.reason = 5"
    ):
        if debit.startswith("drawer/"):
            expected[debit] -= amount
    for till, amount in _lost_approvals(evidence):
        expected[f"sales/{till[:3]}"] += amount
    for code, amount in expected.items():
        yield 1
        found = evidence.balances.get(code, (0, 0))[0]
        if found != amount:
            yield f"{code} stands at {found}, the receipts make {amount}"
    suspense = evidence.balances.get("suspense", (0, 0))[0]
    if suspense:
        yield f"{suspense} fen wait in suspense"


def _entries(evidence: Evidence) -> Iterator[str | int]:
    kept: dict[str, dict[tuple[int, int], bytes]] = defaultdict(dict)
    for code, epoch, seq, body in evidence.books.rows(
        "SELECT t.code, e.epoch, e.seq, e.body FROM entry AS e"
        " JOIN terminal AS t ON t.org = e.org AND t.id = e.terminal"
    ):
        kept[code][epoch, seq] = body
    lost = {body for one in evidence.lost_journals for body in one.bodies.values()}
    for till, journal in zip(evidence.world.tills, evidence.journals, strict=True):
        here, there = journal.bodies, kept[journal.till]
        # What had no receipt when its epoch ended stands in a later epoch again.
        ended = dict(till.disk.database.rows("SELECT epoch, upto FROM past_epoch"))
        for name in here.keys() | there.keys():
            yield 1
            epoch, seq = name
            is_owed = seq <= ended.get(epoch, seq)
            if name not in there and is_owed:
                yield f"{journal.till} entry {epoch}/{seq} is not in the books"
            elif name not in here and there[name] not in lost:
                yield f"{journal.till} entry {epoch}/{seq} stands in the books alone"
            elif name in there and name in here and here[name] != there[name] and is_owed:
                yield f"{journal.till} entry {epoch}/{seq} has another content in the books"


def _open_operations(evidence: Evidence) -> Iterator[str | int]:
    for op, attempt, state in evidence.books.rows("SELECT op, attempt, state FROM operation"):
        yield 1
        if state in (1, 7) and (op, attempt) not in evidence.lost_ops:
            yield f"operation {op.hex()}/{attempt} is left in state {state}"


def _outcomes(evidence: Evidence) -> Iterator[str | int]:
    for journal in evidence.journals:
        for op in journal.intents:
            yield 1
            kinds = tuple(journal.outcomes.get(op, ()))
            if kinds not in truth.FINAL and op not in evidence.reviewed:
                yield f"{journal.till} operation {op[0].hex()}/{op[1]} went {kinds}"


def _is_of(sold: Sold, report: ZReport, evidence: Evidence) -> bool:
    """True when that shift counts it: what a card proved after its shift, a later one does."""
    if (sold.op, sold.attempt) in evidence.proved_later:
        return report.first_receipt <= sold.receipt <= report.last_receipt
    return sold.sale.shift == report.shift


def _shifts(evidence: Evidence) -> Iterator[str | int]:
    for journal in evidence.journals:
        for epoch, seq, report in journal.zs:
            yield 1
            shift = [
                one.sale for each in journal.sold.values() for one in each
                if _is_of(one, report, evidence)
            ]  # fmt: skip
            total = sum(sale.total for sale in shift)
            if (len(shift), total) != (report.sales, report.total):
                yield f"{journal.till} Z {epoch}/{seq}: {report.total}, receipts make {total}"
    # What the office has of a lost disk, no Z of its till can count: that difference is true.
    apart = {one.till for one in evidence.sold if (one.op, one.attempt) in evidence.lost_ops}
    rows = evidence.books.rows(
        "SELECT t.code, z.shift, z.agrees, z.difference FROM z_report AS z"
        " JOIN terminal AS t ON t.org = z.org AND t.id = z.terminal"
    )
    for terminal, shift, agrees, difference in rows:
        yield 1
        if agrees != 1 and terminal not in apart:
            yield f"terminal {terminal} shift {shift} in the books: {agrees} {difference}"
    for till in evidence.world.tills:
        for shift, differing in till.disk.database.rows("SELECT shift, differing FROM z_verdict"):
            yield 1
            if differing:
                yield f"{till.code} shift {shift}: entries {differing} differ"


def _heads(evidence: Evidence) -> Iterator[str | int]:
    for till, journal in zip(evidence.world.tills, evidence.journals, strict=True):
        yield till.journal.verify()
        here = till.journal.standing()
        row = evidence.books.rows(
            "SELECT m.upto, m.head FROM mark AS m JOIN terminal AS t ON t.org = m.org"
            " AND t.id = m.terminal WHERE t.code = ? AND m.epoch = ?",
            till.code,
            here.epoch,
        )
        if here.last_seq and row != [(here.last_seq, here.head)]:
            yield f"{journal.till} ends at {here.last_seq}, the books at {row}"


def _blocked(evidence: Evidence) -> Iterator[str | int]:
    """No approval between a block and its end, by the office's own time stamps."""
    spans: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for number, word, at in evidence.books.rows(
        "SELECT card, word, at FROM card_event ORDER BY id"
    ):
        if word in ("block", "unblock"):
            spans[number].append((at, word == "block"))
    for at, debit in evidence.books.rows(
        "SELECT t.at, a.code FROM transfer AS t JOIN account AS a ON a.org = t.org"
        " AND a.id = t.debit WHERE t.reason = 1"
    ):
        yield 1
        number = int(debit.split("/")[1])
        was = [blocked for since, blocked in spans[number] if since < at]
        if was and was[-1]:
            yield f"card {number} was approved at {at} though blocked"
    yield from _watched("I13", "offline")(evidence)


def _healed(evidence: Evidence) -> Iterator[str | int]:
    yield 1
    world = evidence.world
    if world.sold < world.wish.sales:
        yield f"only {world.sold} of {world.wish.sales} sales in {world.agenda.now // 3_600_000} h"
    if world.quiet_after is None:
        yield f"the market did not come to rest: {', '.join(world.not_quiet())}"
    for till in evidence.world.tills:
        yield 1
        yield from (f"{till.code}: {fault}" for fault in till.faults[:2])


def _refunds(evidence: Evidence) -> Iterator[str | int]:
    totals = {one.op: one.sale.total for one in evidence.sold if one.sale.kind == SaleKind.SALE}
    given: Counter[bytes] = Counter()
    for one in evidence.sold:
        if one.sale.kind == SaleKind.REFUND and one.till not in evidence.swapped:
            yield 1
            given[one.sale.ref] -= one.sale.total
    for op, back in given.items():
        if back > totals.get(op, 0):
            yield f"{back} fen were given back for a sale of {totals.get(op, 0)}"


def _promises(evidence: Evidence) -> Iterator[str | int]:
    promises, at_cuts = evidence.world.witness.promises, evidence.world.witness.at_cuts
    sold = {(one.till, one.receipt): one for one in evidence.sold}
    for name, promise in promises.items():
        yield 1
        one = sold.get(name)
        if promise.till in evidence.swapped:
            continue  # numbers are given again by the copy
        if one is None:
            yield f"{name} was shown as paid and is in no journal"
        elif f"{abs(one.sale.total) / 100:.2f}" != promise.total.lstrip("-"):
            yield f"{name} was shown as {promise.total}, the journal says {one.sale.total}"
    seen = promises.keys() | at_cuts
    for name, one in sold.items():
        if (one.op, one.attempt) in evidence.proved_later:
            continue  # told as a card's word about an earlier customer, without a number
        if name not in seen and name[0] not in evidence.swapped:
            yield f"{name} was sold and nobody saw it"
    yield from (told for word, told in evidence.world.witness.broken if word == "I18")


def _acknowledged(evidence: Evidence) -> Iterator[str | int]:
    """A top-up that the desk was told is done stands in the books, once."""
    done = Counter(
        op.hex() for (op,) in evidence.books.rows("SELECT op FROM transfer WHERE reason = 5")
    )
    for name, said in evidence.world.fate.acknowledged:
        if name == "card.topup":
            yield 1
            if done[said["op"]] != 1:
                yield f"top-up {said['op']} stands {done[said['op']]} times in the books"


def _reports(evidence: Evidence) -> Iterator[str | int]:
    by_tender: Counter[int] = Counter()
    by_till: Counter[tuple[str, int]] = Counter()
    for one in evidence.sold:
        for tender in one.sale.tenders:
            by_tender[tender.kind] += tender.amount
            by_till[one.till, tender.kind] += tender.amount
    store = evidence.world.office.store
    names = names_of(store, "en", str)
    days = {"first": 20260101, "last": 20271231}
    rows = asked(store, REPORTS["by-tender"], names, **days).rows
    yield len(rows)
    if {row["kind"]: row["amount"] for row in rows} != dict(by_tender):
        yield f"takings by tender {rows}, the receipts make {dict(by_tender)}"
    rows = asked(store, REPORTS["by-stall"], names, **days).rows
    yield len(rows)
    found: Counter[tuple[str, int]] = Counter()
    for row in rows:
        found[row["terminal"], row["kind"]] += row["amount"]
    if found != by_till:
        yield f"takings by stall {rows}, the receipts make {dict(by_till)}"
    # Of a disk that was swapped the books may have more than the till, and some entries twice.
    lost = {till.code for till in evidence.world.tills if till.lost}
    excused = ("z-report", "journal-gap", "entry-chain") if lost else ()
    for apart in check(store, **days).differences:
        # A refund that came before its sale waits for it; with the disk the sale was lost.
        waits = apart.check == "paid-without-sale" and apart.where in evidence.lost_and_waiting
        if apart.check not in excused and not waits:
            yield f"{apart.check} {apart.where}: {apart.expected} / {apart.found}"


_NEVER = (
    Alert.FAULTY_SALE, Alert.REFUND_TOO_MUCH, Alert.BROKEN_HANDLER, Alert.OUTCOME_MISMATCH,
    Alert.REVERSAL_REFUSED, Alert.STAND_IN, Alert.JOURNAL_KEY,
)  # fmt: skip
_OF_COPIES = (
    Alert.ENTRY_CONFLICT, Alert.CHAIN_BROKEN, Alert.OPERATION_CONFLICT, Alert.JOURNAL_FORK,
    Alert.Z_DIFFERS, Alert.SIGNATURE_WRONG,
)  # fmt: skip


def _alarms(evidence: Evidence) -> Iterator[str | int]:
    options = evidence.world.options
    fatal = set(map(str, _NEVER))
    if not options.has("swapped"):
        fatal |= set(map(str, _OF_COPIES))
    if options.has("restored"):
        fatal.discard(str(Alert.STAND_IN))  # the approval was lost with the disk
    if not options.has("forged"):
        fatal.add(str(Alert.MESSAGE_REFUSED))
    # A copy from before a payment takes it back; that the lost disk had it paid is told, and true.
    apart = {op for one in evidence.lost_journals for op, _ in (*one.intents, *one.outcomes)}
    rows = evidence.books.rows("SELECT word, terminal, op, detail FROM alert")
    for word, terminal, op, detail in rows:
        yield 1
        if word == Alert.OUTCOME_MISMATCH and "kind 6" in detail:
            continue
        if word in fatal and op not in apart:
            yield f"{word} {terminal}: {detail}"


CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("I1", "the ledger is zero after every turn of the office", _watched("I1", "")),
    ("I2", "every balance is the sum of its transfers", _balances),
    ("I3", "lines = total = tenders; a card pays what it owes, once", _sums),
    ("I4", "every receipt is one sale in the books, same content", _same_sales),
    ("I4b", "no receipt twice, no basket sold twice", _doubled),
    ("I5", "takings and drawers are what the receipts make", _accounts),
    ("I6", "the books hold every entry, without a gap, byte for byte", _entries),
    ("I7", "no approval without a sale or a reversal", _open_operations),
    ("I8", "each card operation ends once, in one way", _outcomes),
    (
        "I9",
        "everything sent again, shuffled and doubled, books nothing",
        _watched("I9", "replayed"),
    ),
    ("I10", "sales without an answer stay within the limits", _watched("I10", "offline")),
    ("I11", "Z = journal = books for every shift", _shifts),
    ("I12", "chains hold, and both sides end with the same hash", _heads),
    ("I12b", "every head that is kept is what its till signed and what stands there", signed),
    ("I13", "no approval of a blocked card, none by an old list", _blocked),
    ("I14", "purses: counters without a gap, balances that follow, true proofs", purses),
    ("I15", "what was accepted was sealed by the till that it names", impersonated),
    ("I16", "healed, everything comes to rest and nothing is owed", _healed),
    ("I17", "no sale is given back for more than it was", _refunds),
    ("I18", "what a screen called paid is in the journal", _promises),
    ("I19", "reports are what the receipts make; the office's own check agrees", _reports),
    ("alarm", "no alarm of a fault that was not", _alarms),
    ("desk", "what the office's desk was told is done stays done", _acknowledged),
    ("price", "every line has the price of its list and level, rounded once", goods.prices),
    ("weight", "every weight was shown by its scale, each load is sold once", goods.weights),
)


def looked_through(world: "World") -> list[Found]:
    """Every invariant of a world that has come to its end."""
    evidence = Evidence(world)
    found = []
    for name, promise, looks in CHECKS:
        checked = 0
        broken: list[str] = []
        for one in looks(evidence):
            if isinstance(one, int):
                checked += one
            elif len(broken) < MOST_TOLD:
                broken.append(one)
        found.append(Found(name, promise, checked, tuple(broken)))
    return found
