"""Commands about stock: goods in, waste, a count, and taking one of them back.

    stock.add   {word: in|waste|count, place, rows: [row, ...], op, by}   -> {moves, first}
                row: {plu, quantity, cost?, supplier?, reference?, reason?, place?}
    stock.undo  {move, by, reason}                                        -> {moves, first}

A place is a store's code, a stall's or a terminal's. Quantities are grams or pieces, as the product
is sold; cost is fen for the whole row. The same operation again adds nothing. Rows are kept for
ever: a wrong one is undone by its mirror, a wrong count by counting again.
"""

from typing import Any

from backoffice.card_desk import operation_of, sum_of, today
from backoffice.errors import Refused, UsageFault
from backoffice.handlers.desk import Batch, Desk
from backoffice.stock import Word
from backoffice.store.stock import Item, MoveRow
from broker.codec import decode_prices
from broker.units import MAX_STEPS, WeightUnit

Arguments = dict[str, Any]
MOST_AT_ONCE = 2_000


def place_of(desk: Desk, code: str) -> tuple[int, int]:
    """Numbers of store and stall (0 = the store's own) of a place.

    Raises:
        Refused: nothing has that code.
    """
    for store in desk.store.places.stores():
        if store.code == code:
            return store.id, 0
    for stall in desk.store.places.stalls():
        if stall.code == code:
            return stall.store, stall.id
    terminal = desk.store.directory.terminal(code)
    if terminal is None:
        raise Refused("There is no store, stall or terminal {code}.", code=code[:40])
    return terminal.store, terminal.stall_id


def units_of(desk: Desk) -> dict[int, int]:
    """The unit in which each product of the list in force is kept: grams or pieces."""
    organisation = desk.store.directory.organisation()
    content = desk.store.directory.list_content(organisation.list_version) if organisation else None
    products = decode_prices(content).products if content else []
    return {one.plu: int(WeightUnit.PIECE if one.by_piece else WeightUnit.GRAM) for one in products}


def stock_add(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Writes down what came in, went to waste or was counted."""
    op, word, rows = operation_of(said), Word(str(said["word"])), list(said["rows"])
    if not 0 < len(rows) <= MOST_AT_ONCE:
        raise UsageFault("So many rows at once: 1 to {most}.", most=MOST_AT_ONCE)
    already = desk.store.stock.of_operation(op)
    if already:
        return {"moves": len(already), "first": already[0].id}
    units, day = units_of(desk), today(desk, now)
    first = desk.store.stock.next_number()
    for at, row in enumerate(rows):
        item = _item(desk, str(row.get("place") or said.get("place", "")), row, units)
        move = _checked(word, row, MoveRow(first + at, now, day, word, said_by=_by(said)))
        desk.store.stock.add(item, move, op=op, n=at)
    return {"moves": len(rows), "first": first}


def _by(said: Arguments) -> str:
    return str(said.get("by", ""))[:80]


def _item(desk: Desk, place: str, row: Arguments, units: dict[int, int]) -> Item:
    plu = int(row["plu"])
    if plu not in units:
        raise Refused("There is no product with PLU {plu}.", plu=plu)
    return Item(*place_of(desk, place), plu, units[plu])


def _checked(word: Word, row: Arguments, empty: MoveRow) -> MoveRow:
    quantity, cost = int(row["quantity"]), sum_of(row, "cost")
    least = 0 if word is Word.COUNT else 1
    if not least <= quantity <= MAX_STEPS:
        raise UsageFault("A quantity is above zero; only a count may find nothing.")
    if word is Word.WASTE and not str(row.get("reason", "")).strip():
        raise UsageFault("Waste has a reason: spoiled, broken, given away, ...")
    texts = {name: str(row.get(name, ""))[:80] for name in ("supplier", "reference", "reason")}
    return empty.with_(quantity=quantity, cost=cost if word is Word.IN else 0, **texts)


def stock_undo(desk: Desk, said: Arguments, _batch: Batch, now: int) -> Arguments:
    """Takes back goods in or waste by its mirror."""
    found = desk.store.stock.move(int(said["move"]))
    if found is None:
        raise Refused("There is no stock row {number}.", number=int(said["move"]))
    item, move = found
    if move.word is Word.COUNT or move.undoes:
        raise Refused("A count is not taken back, nor what took something back; count again.")
    if desk.store.stock.is_undone(move.id):
        raise Refused("Stock row {number} was taken back already.", number=move.id)
    number = desk.store.stock.next_number()
    mirror = MoveRow(
        number, now, today(desk, now), move.word, -move.quantity, -move.cost, move.supplier,
        move.reference, str(said.get("reason", ""))[:80], _by(said), move.id,
    )  # fmt: skip
    desk.store.stock.add(item, mirror, op=number.to_bytes(16, "big"), n=0)
    return {"moves": 1, "first": number}
