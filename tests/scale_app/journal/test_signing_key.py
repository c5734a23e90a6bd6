"""The file of the till's own key: made once, told apart from a damaged one, never shown."""

import logging
import stat
from pathlib import Path

import pytest

from scale_app.errors import KeyDamaged
from scale_app.journal.signing_key import key_of, read_key

SEED = bytes(range(32))


def made(file: Path, seed: bytes = SEED) -> bytes:
    key = key_of(file, lambda count: seed[:count])
    assert key is not None
    return key.public


def test_the_first_start_makes_a_key_that_only_the_till_may_read(tmp_path: Path) -> None:
    file = tmp_path / "state" / "journal.key"
    public = made(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["journal.key"]
    assert made(file, bytes(32)) == public, "the next start finds it again"


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "journal.key"
    made(file)
    file.chmod(0o644)
    made(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", range(0, 64, 7))
def test_any_damage_is_noticed_and_a_new_key_is_made(
    tmp_path: Path, place: int, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "journal.key"
    before = made(file)
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    with pytest.raises(KeyDamaged, match="not of one key"):
        read_key(file)
    with caplog.at_level(logging.WARNING):
        after = made(file, bytes(32))
    assert after != before
    assert "a new signing key" in caplog.text
    assert read_key(file) is not None


@pytest.mark.parametrize("content", [b"", b"short", bytes(65)])
def test_a_file_of_another_length_is_no_key(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "journal.key"
    file.write_bytes(content)
    with pytest.raises(KeyDamaged, match=f"{len(content)} bytes"):
        read_key(file)
    assert made(file) == made(file)


def test_where_no_file_can_be_written_nothing_is_signed_and_nothing_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "journal.key.new" / "in the way").mkdir(parents=True)
    assert key_of(tmp_path / "journal.key", lambda count: SEED[:count]) is None
    assert "none can be written" in caplog.text


def test_something_else_under_its_name_is_said_and_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "journal.key"
    (file / "in the way").mkdir(parents=True)
    with pytest.raises(KeyDamaged, match="cannot be read"):
        read_key(file)
    assert key_of(file, lambda count: SEED[:count]) is None
    assert "none can be written" in caplog.text
    assert sorted(one.name for one in tmp_path.iterdir()) == ["journal.key"]


def test_no_secret_byte_stands_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "journal.key"
    with caplog.at_level(logging.DEBUG):
        made(file)
        file.write_bytes(SEED + bytes(32))
        made(file)
        file.write_bytes(SEED + bytes(32))
        with pytest.raises(KeyDamaged) as told:
            read_key(file)
    for text in (caplog.text, str(told.value), repr(told.value)):
        assert SEED.hex() not in text
        assert repr(SEED)[2:-1] not in text
