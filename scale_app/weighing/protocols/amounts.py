"""Does the amount that a scale sends fit its weight and its unit price?

The rule of price scales: amount = weight x unit price, rounded half up to the last digit sent
(OIML R 76-1 4.14.3). Where nothing is on the pan, or less than nothing, scales send 0.
"""

from decimal import ROUND_HALF_UP, Decimal


def fits(weight: Decimal, unit_price: Decimal, amount: Decimal) -> bool:
    """True when the amount is the product, rounded as it was sent; `weight` in price bases."""
    if weight <= 0 and not amount:
        return True
    product = (weight * unit_price).quantize(amount, rounding=ROUND_HALF_UP)
    return product == amount
