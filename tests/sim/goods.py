"""What was sold, line by line: its price by the list, and its weight by what lay on the pan."""

from collections import Counter
from collections.abc import Iterator

from broker.codec import decode_prices
from broker.sale import Line
from tests.sim.evidence import Evidence
from tests.sim.market import WEIGHED

GRAMS_A_KILOGRAM = 1000


def prices(evidence: Evidence) -> Iterator[str | int]:
    """Each line at the price of the list that its sale names, multiplied and rounded by hand."""
    lists = {
        version: {product.plu: product.prices for product in decode_prices(content).products}
        for version, content in evidence.books.rows("SELECT version, content FROM list_version")
    }
    for one in evidence.sold:
        for line in one.sale.lines:
            yield 1
            price = lists[one.sale.list_version][line.plu][one.sale.level]
            if line.unit_price != price or line.amount != amount_of(line):
                yield f"{one.till} receipt {one.receipt}: PLU {line.plu} at {line.unit_price}"


def amount_of(line: Line) -> int:
    """Fen; half a fen and more is a whole one, a refund mirrors its sale."""
    if line.plu not in WEIGHED:
        return line.unit_price * line.quantity
    thousandths = line.unit_price * abs(line.quantity)
    fen = (thousandths + GRAMS_A_KILOGRAM // 2) // GRAMS_A_KILOGRAM
    return fen if line.quantity > 0 else -fen


def weights(evidence: Evidence) -> Iterator[str | int]:
    """Goods by weight were once stable on their till's pan, and no load was sold twice.

    A refund names its sale, whose evidence it is.
    """
    sold: dict[str, Counter[int]] = {till.code: Counter() for till in evidence.world.tills}
    for one in evidence.sold:
        for line in one.sale.lines:
            if line.plu in WEIGHED:
                yield 1
                sold[one.till][abs(line.quantity)] += 1 if line.quantity > 0 else -1
    for till in evidence.world.tills:
        for grams, times in sold[till.code].items():
            # A copied disk has a basket whose goods were sold after it was copied.
            if times > till.pan.shown[grams] and not till.lost:
                yield f"{till.code} sold {grams} g {times} times of {till.pan.shown[grams]} loads"
        yield from _without_evidence(evidence, till.code)


def _without_evidence(evidence: Evidence, code: str) -> Iterator[str]:
    till = next(one for one in evidence.world.tills if one.code == code)
    kept = {row[0] for row in till.disk.database.rows("SELECT hash FROM evidence")}
    for one in evidence.sold:
        for line in one.sale.lines:
            if one.till == code and line.evidence and line.evidence not in kept and not till.lost:
                yield f"{code} receipt {one.receipt}: the evidence of a weight is not kept"
            if one.till == code and line.plu in WEIGHED and line.quantity > 0 and not line.evidence:
                yield f"{code} receipt {one.receipt}: a weight without evidence"
