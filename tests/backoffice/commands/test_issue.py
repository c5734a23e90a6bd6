"""Numbers and reservations of cards."""

import pytest

from backoffice.commands.issue import card_number, luhn_digit
from backoffice.errors import Refused, UsageFault
from card.layout import card_number as number_on_the_card
from card.layout import number_is_valid
from tests.backoffice.world import World

CHIP = "04a1b2c3"


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("7992739871", 3),  # the example everybody copies, H. P. Luhn's own method
        ("453201511283036", 6),  # a bank's published test number
        ("37828224631000", 5),
        ("0", 0),
    ],
)
def test_the_check_digit_of_published_numbers(digits: str, check: int) -> None:
    assert luhn_digit(digits) == check


def test_books_and_cards_count_the_same_numbers() -> None:
    for serial in (1, 9, 10, 4_711, 9_999_999_999):
        assert card_number(6200, serial) == number_on_the_card(6200, serial)
        assert number_is_valid(card_number(6200, serial))


def reserve(world: World, chip: str = CHIP, **said: object) -> dict[str, object]:
    wishes = {"kind": 2, "level": 0, "opening": 5_000, "valid_to": 20281231, **said}
    return world.command("card.reserve", chip=chip, **wishes)


def test_a_card_pulled_half_way_gets_the_same_number_and_token_again(world: World) -> None:
    first = reserve(world)
    assert reserve(world) == first
    assert first["state"] == "stock"
    assert world.balance("bank") == 0


def test_other_wishes_for_the_same_chip_take_a_new_number(world: World) -> None:
    assert reserve(world)["number"] != reserve(world, opening=6_000)["number"]


def test_a_written_card_comes_alive_once_with_its_opening_balance(world: World) -> None:
    number = reserve(world)["number"]
    for _ in range(2):
        made = world.command("card.activate", number=number)
        assert (made["state"], made["balance"]) == ("active", 5_000)
    assert world.balance("bank") == -5_000
    with pytest.raises(Refused, match="our books already"):
        reserve(world)


def test_a_members_card_has_no_purse(world: World) -> None:
    number = reserve(world, kind=1, opening=0)["number"]
    assert world.command("card.activate", number=number)["balance"] is None
    with pytest.raises(UsageFault, match="Only a stored-value card"):
        reserve(world, chip="ff", kind=1, opening=1)


def test_a_number_that_was_never_set_aside_does_not_come_alive(world: World) -> None:
    with pytest.raises(Refused, match="never set aside"):
        world.command("card.activate", number=620000000000018)


def test_the_same_top_up_twice_books_once(world: World) -> None:
    number = reserve(world)["number"]
    world.command("card.activate", number=number)
    for _ in range(2):
        said = world.command("card.topup", number=number, amount=700, op="ab" * 16)
        assert said["balance"] == 5_700
    with pytest.raises(UsageFault, match="above zero"):
        world.command("card.topup", number=number, amount=0, op="cd" * 16)
