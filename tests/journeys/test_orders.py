"""The devices' socket: bounded, and wrong orders are answered in a sentence."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.orders import MAX_LINE_BYTES, Order, OrderLine, OrderRefused, OrderServer, State


def carry_out(order: Order) -> State:
    if order.get("do") == "no":
        raise OrderRefused("that cannot be done.")
    return {"did": order.get("do")}


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    server = OrderServer(tmp_path / "s", carry_out)
    yield tmp_path / "s"
    server.close()
    assert not (tmp_path / "s").exists()


def said(path: Path, line: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(str(path))
        caller.sendall(line)
        caller.shutdown(socket.SHUT_WR)
        answer: dict[str, object] = json.loads(caller.makefile().readline())
        return answer


def test_an_order_is_carried_out_and_answered(path: Path) -> None:
    with OrderLine(path) as line:
        assert line.ask("put", g=5) == {"did": "put"}
        assert line.ask("state") == {"did": "state"}


def test_a_refusal_is_a_sentence_and_the_line_goes_on(path: Path) -> None:
    with OrderLine(path) as line:
        with pytest.raises(OrderRefused, match="that cannot be done"):
            line.ask("no")
        assert line.ask("yes") == {"did": "yes"}


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"\n", "JSON"),
        (b"not json\n", "JSON"),
        (b"\xff\xfe\n", "JSON"),
        (b"[1]\n", "object"),
        (b"[" * 4000 + b"\n", "JSON"),
        (b"x" * (MAX_LINE_BYTES + 10) + b"\n", "at most"),
        (b'{"do": "state"', "JSON"),
    ],
)
def test_nonsense_is_answered_and_the_next_caller_is_served(
    path: Path, line: bytes, word: str
) -> None:
    assert word in str(said(path, line)["error"])
    assert said(path, b'{"do": "state"}\n')["ok"]


def test_nobody_at_the_socket_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OrderRefused, match="do not answer"):
        OrderLine(tmp_path / "nobody", wait_s=0.1)
