"""Real PKCS#11 tokens, made once: the office's and a till's."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from card.keyring import (
    OFFICE_LABEL,
    TILL_LABEL,
    Keyring,
    create_office_token,
    open_keyring,
    share_with_till,
)

OFFICE_PIN, TILL_PIN = "13572468", "97538642"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    create_office_token(folder / "office", OFFICE_PIN)
    with open_keyring(folder / "office", OFFICE_PIN, label=OFFICE_LABEL) as office:
        share_with_till(office, folder / "till", TILL_PIN)
    return folder


@pytest.fixture(scope="session")
def office(key_folder: Path) -> Iterator[Keyring]:
    with open_keyring(key_folder / "office", OFFICE_PIN, label=OFFICE_LABEL) as keyring:
        yield keyring


@pytest.fixture(scope="session")
def till(key_folder: Path) -> Iterator[Keyring]:
    with open_keyring(key_folder / "till", TILL_PIN, label=TILL_LABEL) as keyring:
        yield keyring
