"""Commands about products and prices: saved, removed, imported, put off to a later time.

Shapes (JSON; the pages and the command line send the same):

* `product.save` `{"plu": 1, "set": ROW, "based_on": 12, "by": "li", "approved_by": "wang",
  "from": "2026-12-01 06:00"}`. ROW maps `backoffice.products.FIELDS`, `price`, `price_1`, ... to
  text; what it does not name stays. A PLU that is not there is made.
* `product.import` `{"rows": [ROW, ...], "removes_others": false, "dry_run": true, ...}`, the rest
  as above. A row names its `plu`; `row` (its number in a file) and `columns` (`{field: heading}`,
  beside `rows`) only make sentences point there.
* `product.remove` `{"plus": [1, 2], "based_on": 12, "by": "li"}`.
* `product.withdraw` `{"id": 3, "by": "li"}` takes back a change that waits.
* `product.due` `{}` carries out what is due; the server gives it.
* `price.limits` `{"jump": 30, "second": 50}`, percent; 0 = never.

The first three answer with `backoffice.price_changes.told` (added, changes, removed, jumps, ...)
and `list_version`, `changed`; with `dry_run` nothing is done and `faults` holds sentences; with
`from` also `waits` (its number) and `due_at` (ms). `based_on` is the list that the person looked
at: whoever would overwrite what another one changed since then is told what it was, and nothing is
done. Without it nothing is compared. `by` signed in; `approved_by` is the second person, proved at
the edge (`backoffice.second_signature`), needed when a price moves further than `second` percent.
What the pages show comes from `backoffice.product_view`.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from backoffice.alerts import Alert
from backoffice.errors import OfficeError, Refused, UsageFault
from backoffice.handlers.desk import Batch as Frames
from backoffice.handlers.desk import Desk
from backoffice.handlers.terms import kept_terms
from backoffice.people import May
from backoffice.pinyin import initials
from backoffice.price_changes import Plan, differing, planned, told
from backoffice.price_lists import products_at, renew_list
from backoffice.product_view import day_in, organisation_in, shop_in
from backoffice.products import Row, Where, printable
from backoffice.store.products import FAILED, TAKEN, WITHDRAWN, Batch, ProductRow
from broker.pricelist import Product

Said = dict[str, Any]
MOST_ROWS = 5000
MOST_NAMED = 5


def product_save(desk: Desk, said: Said, frames: Frames, now: int) -> Said:
    """Makes a product or changes what is said of one."""
    plu = int(said["plu"])
    row = {str(name): str(text) for name, text in dict(said["set"]).items()}
    asked = {**said, "rows": [{**row, "plu": str(plu)}], "removes_others": False}
    return _carried_out(desk, asked, frames, now)


def product_import(desk: Desk, said: Said, frames: Frames, now: int) -> Said:
    """Makes the products agree with rows of a sheet, all of them or none."""
    return _carried_out(desk, said, frames, now)


def product_remove(desk: Desk, said: Said, frames: Frames, now: int) -> Said:
    """Takes products off the list; what was sold keeps their numbers."""
    gone = {int(plu) for plu in said["plus"]}
    known = desk.store.products.all()
    if said.get("from"):
        raise Refused("Products are removed at once, not at a time to come.")
    for plu in sorted(gone - known.keys()):
        raise Refused("There is no PLU {plu}.", plu=plu)
    plan = Plan(removed=[known[plu].product for plu in sorted(gone)])
    if said.get("dry_run") is True:
        return _told(desk, plan)
    check_base(desk, said, gone)
    return _done(desk, plan, said, frames, now=now)


def product_withdraw(desk: Desk, said: Said, _frames: Frames, _now: int) -> Said:
    """Takes back a change that waits for its time."""
    number, by = int(said["id"]), str(said.get("by", ""))
    if not desk.store.products.close(number, WITHDRAWN, detail=by):
        raise Refused("No change {number} waits.", number=number)
    return {"id": number}


def product_due(desk: Desk, _said: Said, frames: Frames, now: int) -> Said:
    """Carries out every change whose time has come; one that no longer fits is said so."""
    taken, failed = [], []
    for one in desk.store.products.waiting():
        if one.due_at > now:
            continue
        asked = {**json.loads(one.content), "by": one.person, "approved_by": one.approved_by}
        plan = _plan(desk, asked)
        if plan.faults:
            detail = f"change {one.id}: {plan.faults[0]}"[:200]
            desk.store.products.close(one.id, FAILED, detail=detail)
            desk.store.notes.alert(Alert.PRICES_NOT_TAKEN, now, detail=detail)
            failed.append(one.id)
            continue
        done = _done(desk, plan, asked, frames, now=now)
        desk.store.products.close(one.id, TAKEN, list_version=done["list_version"])
        taken.append(one.id)
    return {"taken": taken, "failed": failed}


def price_limits(desk: Desk, said: Said, _frames: Frames, _now: int) -> Said:
    """Says from which percentage on a price is a jump, and from which on two must agree."""
    jump, second = int(said["jump"]), int(said["second"])
    if not (0 <= jump <= 1000 and 0 <= second <= 1000):
        raise UsageFault("A limit is a percentage from 0 (never) to 1000.")
    desk.store.products.set_limits(jump, second)
    return {"jump": jump, "second": second}


def _carried_out(desk: Desk, said: Said, frames: Frames, now: int) -> Said:
    plan = _plan(desk, said)
    if said.get("dry_run") is True:
        return _told(desk, plan)
    if plan.faults:
        raise _fault(plan.faults)
    check_base(desk, said, {one.plu for one in _touched(plan)})
    approved(desk, plan, said)
    if said.get("from"):
        return _put_off(desk, plan, said, now)
    return _done(desk, plan, said, frames, now=now)


def _fault(faults: list[OfficeError]) -> OfficeError:
    first, others = faults[0], len(faults) - 1
    if not others:
        return first
    return UsageFault("{first} And {others} more.", first=str(first), others=others)


def _plan(desk: Desk, said: Said) -> Plan:
    rows = said["rows"]
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise UsageFault("A price list has at most {most} rows.", most=MOST_ROWS)
    products = {plu: row.product for plu, row in desk.store.products.all().items()}
    return planned(
        pointed(rows, dict(said.get("columns", {}))), products, shop_in(desk.store),
        removes_others=said.get("removes_others") is True,
    )  # fmt: skip


def pointed(rows: list[Any], columns: dict[str, str]) -> Iterable[tuple[Row, Where]]:
    """Each row with where a sentence about it points: `row 5, column 单价`, or `PLU 1, price`."""
    for said in rows:
        row = {str(name): str(text) for name, text in dict(said).items() if name != "row"}
        place = f"row {int(said['row'])}" if "row" in said else f"PLU {row.get('plu', '')[:12]}"
        yield row, _where(place, columns)


def _where(place: str, columns: dict[str, str]) -> Where:
    word = ", column" if columns else ","
    return lambda name: f"{place}{word} {columns.get(name, name)}"


def _touched(plan: Plan) -> list[Product]:
    return [*plan.added, *(one.after for one in plan.changed), *plan.removed]


def check_base(desk: Desk, said: Said, plus: set[int]) -> None:
    """Nothing, when nobody has changed these products since the list `based_on`.

    Raises:
        Refused: with what was changed meanwhile, and by whom.
    """
    if said.get("based_on") is None:
        return
    based_on, current = int(said["based_on"]), organisation_in(desk.store).list_version
    if not 0 <= based_on <= current:
        raise UsageFault("There is no price list {version}.", version=based_on)
    old, rows = products_at(desk, based_on), desk.store.products.all()
    for plu in sorted(plus):
        row = rows.get(plu)
        if old.get(plu) == (row.product if row else None):
            continue
        raise Refused(
            "PLU {plu} was changed meanwhile{by}: {what}. Look at it and try again.",
            plu=plu, by=f" ({row.changed_by})" if row and row.changed_by else "",
            what=_meanwhile(desk, old.get(plu), row),
        )  # fmt: skip


def _meanwhile(desk: Desk, old: Product | None, row: ProductRow | None) -> str:
    if old is None or row is None:
        return "it is gone" if row is None else "it is new"
    fields = differing(old, row.product, shop_in(desk.store))
    return ", ".join(f"{name} {was or '-'} -> {now or '-'}" for name, was, now in fields)


def approved(desk: Desk, plan: Plan, said: Said) -> None:
    """Nothing, when no price moves too far, or a second person has said yes.

    Raises:
        Refused: a second person is needed, or is none.
    """
    _, second = desk.store.products.limits()
    far = plan.jumps(second)
    who, by = str(said.get("approved_by", "")), str(said.get("by", ""))
    if far and not who:
        named = ", ".join(str(plu) for plu in far[:MOST_NAMED])
        named += " ..." if len(far) > MOST_NAMED else ""
        raise Refused(
            "{count} prices move by more than {percent} % (PLU {plus}); a second person has to "
            "approve them.",
            count=len(far), percent=second, plus=named,
        )  # fmt: skip
    if who and who == by:
        raise Refused("The second person has to be another one than {by}.", by=by)
    if who and not may_approve(desk, who):
        raise Refused("{who} may not approve prices.", who=who)


def may_approve(desk: Desk, who: str) -> bool:
    """True for a person with the right to prices, or the number of a cashier with a PIN."""
    person = desk.store.people.get(who)
    if person is not None:
        return person.may(May.PRICES)
    return who.isascii() and who.isdigit() and int(who) in kept_terms(desk)[2].pins


def _put_off(desk: Desk, plan: Plan, said: Said, now: int) -> Said:
    due_at = moment_of(desk, str(said["from"]))
    if due_at <= now:
        raise Refused("{moment} has passed; name a time to come.", moment=str(said["from"])[:20])
    kept = {name: said[name] for name in ("rows", "removes_others", "columns") if name in said}
    number = desk.store.products.wait(
        json.dumps(kept, ensure_ascii=False), due_at=due_at, person=str(said.get("by", "")),
        approved_by=str(said.get("approved_by", "")), now=now,
    )  # fmt: skip
    return {**_told(desk, plan), "waits": number, "due_at": due_at}


def _told(desk: Desk, plan: Plan) -> Said:
    """The plan, with nothing done."""
    version = organisation_in(desk.store).list_version
    answer = told(plan, shop_in(desk.store), desk.store.products.limits())
    return {**answer, "list_version": version, "changed": False}


def moment_of(desk: Desk, text: str) -> int:
    """Unix milliseconds of `2026-12-01 06:00`; of a day alone, the hour at which it begins.

    Raises:
        UsageFault: not such a moment.
    """
    organisation = organisation_in(desk.store)
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageFault(
            "{moment} is no moment; write 2026-12-01 or 2026-12-01 06:00.", moment=repr(text[:20])
        ) from error
    if len(text) <= len("2026-12-01"):
        local = local.replace(hour=organisation.cutoff_hour)
    return int(local.replace(tzinfo=ZoneInfo(organisation.zone)).timestamp()) * 1000


def _done(desk: Desk, plan: Plan, said: Said, frames: Frames, *, now: int) -> Said:
    by, known = str(said.get("by", "")), desk.store.products.all()
    version = organisation_in(desk.store).list_version + 1
    for one in [*plan.added, *(change.after for change in plan.changed)]:
        before = known.get(one.plu)
        same_name = before is not None and before.product.name_zh == one.name_zh
        letters = before.pinyin if before and same_name else initials(one.name_zh)
        desk.store.products.save(ProductRow(one, letters, version, by))
    for one in plan.removed:
        desk.store.products.remove(one.plu)
    _keep_batches(desk, said, now)
    made, changed = renew_list(
        desk, frames, now, by=by, approved_by=str(said.get("approved_by", ""))
    )
    answer = told(plan, shop_in(desk.store), desk.store.products.limits())
    return {**answer, "list_version": made, "changed": changed}


def _keep_batches(desk: Desk, said: Said, now: int) -> None:
    """Origin and batch of the day, of rows that name them."""
    day = day_in(desk.store, now)
    today = desk.store.products.batches(day)
    for row, where in pointed(said.get("rows", []), dict(said.get("columns", {}))):
        plu = int(row["plu"])
        before = today.get(plu, Batch())
        wanted = Batch(
            printable(row, "origin", where) if "origin" in row else before.origin,
            printable(row, "batch", where) if "batch" in row else before.batch,
            day,
        )
        if (wanted.origin, wanted.batch) != (before.origin, before.batch):
            desk.store.products.save_batch(plu, wanted)


PRODUCT_COMMANDS = {
    "product.save": product_save,
    "product.import": product_import,
    "product.remove": product_remove,
    "product.withdraw": product_withdraw,
    "product.due": product_due,
    "price.limits": price_limits,
}
