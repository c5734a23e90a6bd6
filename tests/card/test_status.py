"""Status words of cards and readers."""

import pytest

from card.errors import CardRefused
from card.status import Meaning, error_for, is_refusal_of_key, look_up


@pytest.mark.parametrize(
    ("sw", "meaning"),
    [
        (0x9000, Meaning.DONE),
        (0x6110, Meaning.MORE),
        (0x6C10, Meaning.WRONG_LENGTH),
        (0x6300, Meaning.FAILED),
        (0x6982, Meaning.DENIED),
        (0x6581, Meaning.MEMORY),
        (0x6D00, Meaning.UNSUPPORTED),
        (0x6B00, Meaning.COMMAND),
        (0x1234, Meaning.FAILED),
        (0x0000, Meaning.FAILED),
    ],
)
def test_each_status_says_what_to_do_next(sw: int, meaning: Meaning) -> None:
    assert look_up(sw).meaning is meaning


@pytest.mark.parametrize("sw", [0x6300, 0x6400, 0x6982, 0x6F00])
def test_readers_refuse_a_key_each_in_its_own_way(sw: int) -> None:
    assert is_refusal_of_key(sw)


@pytest.mark.parametrize("sw", [0x9000, 0x6700, 0x6B00, 0x6D00])
def test_other_statuses_say_nothing_about_a_key(sw: int) -> None:
    assert not is_refusal_of_key(sw)


def test_an_error_names_its_status_in_four_hex_digits() -> None:
    error = error_for(0x6A82)
    assert isinstance(error, CardRefused)
    assert (error.code, error.params) == ("card_refused", {"sw": "6A82"})
    assert str(error) == "card_refused sw=6A82"
