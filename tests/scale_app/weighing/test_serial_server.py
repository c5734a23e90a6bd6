"""A scale behind a serial server: `rfc2217://`, settings negotiated, cut and taken up again."""

from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep

import pytest

from fixtures.scale_on_pty import ScaleOnPty
from fixtures.serial_server import SerialServer
from scale_app.weighing import catalogue
from scale_app.weighing.port import ScalePort
from scale_app.weighing.reading import Fault
from tests.scale_app.weighing.test_port import Listener


@pytest.mark.parametrize(
    ("protocol", "line"), [("st-gs", "4800 8N1"), ("toledo-continuous", "9600 8E1"),
                           ("mt-8217", "19200 8N1")]
)  # fmt: skip
def test_a_scale_behind_a_serial_server_is_read_with_the_settings_of_its_profile(
    protocol: str, line: str, tmp_path: Path
) -> None:
    listener = Listener()
    profile = catalogue.profile(protocol, {"line": line})
    with ScaleOnPty(protocol, tmp_path / "scale") as scale, SerialServer(scale.link) as server:
        port = ScalePort(server.url, profile, listener.queue.put)
        port.start()
        listener.weight("0", 10)
        scale.put(1235)
        assert listener.weight("1.235", 10).weight == Decimal("1.235")
        assert server.asked == {
            "baudrate": profile.line.baud,
            "bytesize": profile.line.bits,
            "parity": profile.line.parity,
        }
        port.stop()


def test_a_server_that_goes_away_is_a_lost_scale_and_comes_back_by_itself(tmp_path: Path) -> None:
    listener = Listener()
    profile = catalogue.profile("st-gs", {"line": "9600 8N1"})
    with ScaleOnPty("st-gs", tmp_path / "scale") as scale, SerialServer(scale.link) as server:
        port = ScalePort(server.url, profile, listener.queue.put)
        port.start()
        listener.weight("0", 10)
        server.hang_up()
        listener.fault(Fault.DISCONNECTED, 10)
        scale.put(800)
        listener.weight("0.800", 15)
        assert port.counters().reconnects == 1
        port.stop()


def test_nobody_at_the_address_is_a_lost_scale_and_the_port_still_stops_at_once() -> None:
    listener = Listener()
    port = ScalePort("rfc2217://127.0.0.1:9", catalogue.profile("st-gs"), listener.queue.put)
    port.start()
    listener.fault(Fault.DISCONNECTED, 10)
    began = monotonic()
    port.stop()
    sleep(0.05)
    assert monotonic() - began < 3
