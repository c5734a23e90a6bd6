import contextlib
import socket
import socketserver
import threading
import time
from collections.abc import Iterator

import pytest

from fixtures.bad_link import BadLink, LinkMood


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while piece := self.request.recv(65536):
                self.request.sendall(piece)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def link() -> Iterator[BadLink]:
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with BadLink(("127.0.0.1", server.server_address[1])) as bad_link:
            yield bad_link
        server.shutdown()


def connect(link: BadLink) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port), timeout=2)


def echoed(caller: socket.socket, piece: bytes) -> bytes:
    caller.sendall(piece)
    answer = b""
    while len(answer) < len(piece):
        got = caller.recv(65536)
        if not got:
            break
        answer += got
    return answer


def ends(caller: socket.socket) -> bool:
    try:
        return caller.recv(1) == b""
    except ConnectionError:
        return True


def test_a_good_link_carries_every_byte_both_ways(link: BadLink) -> None:
    piece = bytes(range(256)) * 4000
    with connect(link) as caller:
        sender = threading.Thread(target=caller.sendall, args=(piece,))
        sender.start()
        answer = b""
        while len(answer) < len(piece):
            answer += caller.recv(65536)
        sender.join()
    assert answer == piece
    assert link.state.bytes_up == link.state.bytes_down == len(piece)


def test_a_cut_ends_open_connections_and_every_new_one(link: BadLink) -> None:
    with connect(link) as caller:
        assert echoed(caller, b"before") == b"before"
        link.cut()
        assert ends(caller)
    with connect(link) as late:
        assert ends(late)
    assert link.state.mood is LinkMood.CUT


def test_after_a_cut_is_restored_new_connections_work(link: BadLink) -> None:
    link.cut()
    link.restore()
    with connect(link) as caller:
        assert echoed(caller, b"again") == b"again"


def test_a_stalled_link_keeps_the_bytes_until_it_is_restored(link: BadLink) -> None:
    with connect(link) as caller:
        assert echoed(caller, b"before") == b"before"
        link.stall()
        caller.sendall(b"held")
        caller.settimeout(0.2)
        with pytest.raises(TimeoutError):
            caller.recv(4)
        link.restore()
        caller.settimeout(2)
        assert caller.recv(4) == b"held"


def test_a_slow_link_takes_its_time_each_way(link: BadLink) -> None:
    with connect(link) as caller:
        assert echoed(caller, b"quick") == b"quick"
        link.slow(0.1)
        began = time.monotonic()
        assert echoed(caller, b"slow") == b"slow"
        assert time.monotonic() - began >= 0.2


def test_a_far_side_that_is_not_there_ends_the_caller_and_nothing_else() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with BadLink(nobody.getsockname()) as link:
            with connect(link) as caller:
                assert ends(caller)
            with connect(link) as caller:
                assert ends(caller)


def test_closing_the_link_leaves_no_thread_behind() -> None:
    link = BadLink(("127.0.0.1", 9))
    link.close()
    assert "bad-link" not in {thread.name for thread in threading.enumerate()}
