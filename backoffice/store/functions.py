"""What schema steps and checks ask of SQL and SQL cannot know: lines, zones, bodies of entries.

Reports do not use these: they read what was kept when it was booked.
"""

import json
import sqlite3

from backoffice.rollups import grams_of, line_saving, weekday_of, z_totals
from broker.business_day import local_hour, utc_day
from broker.codec import decode, decode_prices
from broker.errors import BadMessage
from broker.messages import Entry, Paid, ZReport
from broker.sale import Line


def add_functions(connection: sqlite3.Connection) -> None:
    """Makes them known on a connection."""
    known = (
        ("line_grams", 2, grams_of), ("line_saving", 9, _saving), ("day_of_week", 1, weekday_of),
        ("local_hour", 2, local_hour), ("utc_day", 1, utc_day), ("paid_part", 2, _paid_part),
        ("z_part", 2, _z_part), ("product_words", 1, _product_words),
    )  # fmt: skip
    for name, count, function in known:
        connection.create_function(name, count, function, deterministic=True)


def _saving(*parts: int) -> int:
    quantity, unit, unit_price, base, shelf_price, discount, amount, flags, interval = parts
    line = Line(0, quantity, unit, unit_price, base, shelf_price, 0, discount, amount, flags)
    return line_saving(line, interval)


def _content(body: bytes | None) -> object:
    try:
        entry = decode(body) if body else None
    except BadMessage:
        return None
    return entry.content if isinstance(entry, Entry) else None


def _paid_part(body: bytes | None, name: str) -> int:
    """`offline`, `reason` or `approved_by` of a PAID; 0 where there is none."""
    content = _content(body)
    return int(getattr(content, name)) if isinstance(content, Paid) else 0


def _z_part(body: bytes | None, name: str) -> int:
    """One total of a Z entry, as `z_totals` names it, or its time `at`; 0 where there is none."""
    try:
        entry = decode(body) if body else None
    except BadMessage:
        return 0
    if not isinstance(entry, Entry) or not isinstance(entry.content, ZReport):
        return 0
    return entry.at if name == "at" else z_totals(entry.content)[name]


def _product_words(content: bytes) -> str:
    """Names in an encoded price list as JSON: [PLU, English, Chinese, category] of each product."""
    products = decode_prices(content).products
    return json.dumps([[one.plu, one.name_en, one.name_zh, one.category] for one in products])
