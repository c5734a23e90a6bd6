"""What a log may say."""

from backoffice.log import masked


def test_a_card_number_keeps_its_last_four_digits_and_a_secret_nothing() -> None:
    event = {
        "event": "card 620000000000018 blocked", "card": 620000000000018, "token": b"secret",
        "sum": 5_000, "key": "secret", "connected": True,
        "password": "a", "secret": "b", "phone": "c",
    }  # fmt: skip
    assert masked(None, "info", event) == {
        "event": "card ...0018 blocked", "card": "...0018", "token": "...", "sum": 5_000,
        "key": "...", "connected": True, "password": "...", "secret": "...", "phone": "...",
    }  # fmt: skip
