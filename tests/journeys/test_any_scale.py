"""A till gets a price from scales of different families, over a real pseudo-terminal."""

import queue
import time
from pathlib import Path

import pytest

from broker.pricelist import Product
from broker.pricing import price_line
from broker.units import PriceBase
from fixtures.scale_on_pty import ScaleOnPty
from fixtures.scales import KINDS
from scale_app.checkout.desk import Goods
from scale_app.terminal.devices import Scale
from scale_app.terminal.happened import Happened, ReadingCame
from tests.scale_app.terminal.test_scale import AROUND, settings

APPLE = Product(1, "苹果", "Apple", PriceBase.KG, [680])
PATIENCE_S = 6.0


def wait_for(scale: Scale, came: "queue.SimpleQueue[Happened]", *, empty: bool) -> None:
    """Feeds the core's side until the pan is seen empty, or can be sold."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            event = came.get(timeout=0.2)
        except queue.Empty:
            scale.tick(time.monotonic())
            continue
        assert isinstance(event, ReadingCame)
        scale.feed(event.reading, time.monotonic())
        pan = scale.pan()
        if (pan.refusal == "not-loaded") if empty else pan.ready:
            return
    pytest.fail(f"the pan stayed at {scale.pan()}")


@pytest.mark.parametrize("protocol", ["mt-sics", "oem-block", "yaohua-eq"])
def test_goods_on_a_scale_of_that_family_get_a_price(protocol: str, tmp_path: Path) -> None:
    came: queue.SimpleQueue[Happened] = queue.SimpleQueue()
    options = {"line": "9600 8N1", **KINDS[protocol].settings}
    with ScaleOnPty(protocol, link=tmp_path / "scale") as pretend:
        till = Scale(settings(port=str(pretend.link), protocol=protocol, options=options))
        till.open(came.put)
        try:
            wait_for(till, came, empty=True)
            pretend.put(1235)
            wait_for(till, came, empty=False)
            goods = till.take(till.pan().seq, time.monotonic(), AROUND, below_minimum_ok=False)
        finally:
            till.close()
    assert isinstance(goods, Goods)
    line = price_line(APPLE, goods.net, level=0)
    assert (line.quantity, line.amount) == (1235, 840)
