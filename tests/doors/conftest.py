"""One private pcscd for the whole run: its library reads the socket's place once per process."""

import os
import time
from collections.abc import Iterator

import pytest
from smartcard import scard  # type: ignore[import-untyped]

from card.keyring import (
    OFFICE_LABEL,
    TILL_LABEL,
    Keyring,
    create_office_token,
    open_keyring,
    share_with_till,
)
from card.pcsc import ReaderFound
from fixtures.private_pcscd import PrivatePcscd
from tests.doors.desk import Desk

PIN = "24681357"


@pytest.fixture(scope="session")
def running_pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePcscd]:
    with PrivatePcscd(tmp_path_factory.mktemp("pcscd")) as daemon:
        os.environ.update(daemon.env)
        yield daemon


@pytest.fixture
def pcscd(running_pcscd: PrivatePcscd) -> Iterator[PrivatePcscd]:
    yield running_pcscd
    for slot in running_pcscd.slots:
        slot.remove()
    wait_until_empty(running_pcscd)


def wait_until_empty(pcscd: PrivatePcscd) -> None:
    """pcscd looks every 0.4 s: wait until it has seen that no card is left."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    deadline = time.monotonic() + 3
    states = [(name, 0) for name in pcscd.reader_names]
    while time.monotonic() < deadline:
        _, seen = scard.SCardGetStatusChange(context, 0, states)
        if not any(state & scard.SCARD_STATE_PRESENT for _, state, _ in seen):
            break
        time.sleep(0.02)
    scard.SCardReleaseContext(context)


@pytest.fixture(scope="session")
def keyrings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Keyring, Keyring]]:
    folder = tmp_path_factory.mktemp("keys")
    create_office_token(folder / "office", PIN)
    with open_keyring(folder / "office", PIN, label=OFFICE_LABEL) as office:
        share_with_till(office, folder / "till", PIN)
        with open_keyring(folder / "till", PIN, label=TILL_LABEL) as till:
            yield office, till


@pytest.fixture
def office(keyrings: tuple[Keyring, Keyring]) -> Keyring:
    return keyrings[0]


@pytest.fixture
def till(keyrings: tuple[Keyring, Keyring]) -> Keyring:
    return keyrings[1]


@pytest.fixture
def desk(pcscd: PrivatePcscd) -> Iterator[Desk]:
    desk = Desk(pcscd.reader_names[0])
    assert desk.next() == ReaderFound(pcscd.reader_names[0])
    yield desk
    desk.door.stop()
