"""Laws of refunds: the exact mirror adds up, and together they are never more than was captured."""

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.refund import When, is_covered, mirror
from broker.sale import Line, Rounding, RoundingKind, Sale, SaleKind, Tender, TenderKind, faults_of
from broker.units import PriceBase, UnitPrice, Weight, WeightUnit, amount_of

WHEN = When(20261124, 3, 7)
UID = bytes(range(16))


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """A sale that adds up: weighed lines, perhaps rounded, paid by cash or card."""
    lines = []
    for plu in range(draw(st.integers(1, 4))):
        grams, price = draw(st.integers(1, 30_000)), draw(st.integers(1, 99_999))
        whole = amount_of(Weight(grams, WeightUnit.GRAM), UnitPrice(price, PriceBase.KG)).minor
        off = draw(st.integers(0, whole))
        base, unit = int(PriceBase.KG), int(WeightUnit.GRAM)
        lines.append(Line(plu + 1, grams, unit, price, base, price, 0, off, whole - off))
    by_card = draw(st.booleans())
    fen = 0 if by_card else draw(st.integers(-4, 5))
    rounding = [Rounding(int(RoundingKind.CASH), fen)] if fen else []
    total = sum(line.amount for line in lines) + fen
    tender = Tender(int(TenderKind.CASH), total)
    if by_card:
        tender = Tender(int(TenderKind.STORED_VALUE), total, 6200, 3, b"12345678")
    return Sale(1, 20261124, 3, 7, 1, None, 0, total, lines, rounding, [tender])


@given(sales())
def test_a_mirror_adds_up_and_takes_back_exactly(sale: Sale) -> None:
    back = mirror(sale, UID, WHEN)
    assert faults_of(sale) == faults_of(back) == ()
    assert (back.kind, back.ref, back.total) == (SaleKind.REFUND, UID, -sale.total)
    assert is_covered(sale, [back])


@given(sales(), st.data())
def test_refunds_line_by_line_never_exceed_what_was_captured(
    sale: Sale, data: st.DataObject
) -> None:
    whole = mirror(sale, UID, WHEN)
    parts = []
    for _ in range(data.draw(st.integers(1, 6))):
        line = data.draw(st.sampled_from(whole.lines))
        cash = Tender(int(TenderKind.CASH), line.amount)
        parts.append(replace(whole, lines=[line], total=line.amount, rounding=[], tenders=[cash]))
    counted = [sum(part.lines[0].plu == line.plu for part in parts) for line in whole.lines]
    given_back = sum(part.total for part in parts)
    expected = (
        all(
            count <= 1 or (line.quantity == 0)
            for count, line in zip(counted, whole.lines, strict=True)
        )
        and -given_back <= sale.total
    )
    assert is_covered(sale, parts) == expected


@given(sales())
def test_another_card_or_goods_never_sold_are_not_covered(sale: Sale) -> None:
    assume(sale.total >= 0)
    back = mirror(sale, UID, WHEN)
    stranger = replace(back, tenders=[Tender(int(TenderKind.STORED_VALUE), back.total, 6201)])
    assert is_covered(sale, [stranger]) == (back.total == 0)
    other = replace(back, lines=[replace(line, plu=99) for line in back.lines])
    assert not is_covered(sale, [other])
