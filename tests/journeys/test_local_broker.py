import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.local_broker import BrokerNotStarted, LocalBroker
from fixtures.ports import free_port, listens


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def stranger() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def configured(directory: Path, port: int, extra: str = "") -> Path:
    text = f"listener {port} 127.0.0.1\nallow_anonymous true\n{extra}"
    (directory / "mosquitto.conf").write_text(text)
    return directory


def test_a_broker_is_up_when_it_is_our_own_child_that_listens(tmp_path: Path, port: int) -> None:
    with LocalBroker(configured(tmp_path, port), port) as broker:
        assert broker.pid
        assert listens(broker.pid, port)
        assert not listens(os.getpid(), port)
        pid = broker.pid
    assert not Path(f"/proc/{pid}").exists()
    assert broker.pid == 0


def test_a_port_taken_by_a_stranger_is_refused_in_a_sentence(
    tmp_path: Path, stranger: socket.socket
) -> None:
    port = stranger.getsockname()[1]
    with pytest.raises(BrokerNotStarted, match=f"port {port} is taken by another program"):
        LocalBroker(configured(tmp_path, port), port).start()


def test_a_broker_that_listens_elsewhere_does_not_count_as_ours(tmp_path: Path, port: int) -> None:
    elsewhere = free_port()
    broker = LocalBroker(configured(tmp_path, elsewhere), port, start_wait_s=0.5)
    with pytest.raises(BrokerNotStarted, match="broker does not answer"):
        broker.start()
    assert broker.pid == 0


def test_a_wrong_configuration_is_told_with_the_brokers_own_words(
    tmp_path: Path, port: int
) -> None:
    broker = LocalBroker(configured(tmp_path, port, "no_such_setting 1\n"), port)
    with pytest.raises(BrokerNotStarted, match="no_such_setting"):
        broker.start()


def test_a_killed_broker_can_be_started_again_on_its_port(tmp_path: Path, port: int) -> None:
    broker = LocalBroker(configured(tmp_path, port), port)
    try:
        broker.start()
        first = broker.pid
        broker.kill()
        assert broker.pid == 0
        broker.start()
        assert broker.pid not in (0, first)
    finally:
        broker.stop()
