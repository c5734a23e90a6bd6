"""The follow-ups that T=0 cards and some readers ask for."""

from card.apdu import Command
from card.connection import exchange


class Scripted:
    """Answers in turn what it was given and keeps what it was sent."""

    atr = b""
    reader = ""

    def __init__(self, *answers: tuple[bytes, int]) -> None:
        self.answers = list(answers)
        self.sent: list[bytes] = []

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.sent.append(apdu)
        return self.answers.pop(0)


READ = Command(0xFF, 0xB0, 0, 4, le=16)


def test_a_plain_answer_is_passed_on() -> None:
    link = Scripted((b"abc", 0x9000))
    assert exchange(link, READ) == (b"abc", 0x9000)
    assert link.sent == [bytes(READ)]


def test_61xx_is_fetched_with_get_response_of_the_same_class() -> None:
    link = Scripted((b"", 0x6110), (bytes(16), 0x9000))
    assert exchange(link, READ) == (bytes(16), 0x9000)
    assert link.sent[1].hex().upper() == "FFC0000010"


def test_6cxx_is_asked_again_with_the_length_it_names() -> None:
    link = Scripted((b"", 0x6C08), (bytes(8), 0x9000))
    assert exchange(link, READ) == (bytes(8), 0x9000)
    assert link.sent[1].hex().upper() == "FFB0000408"


def test_a_card_that_keeps_asking_is_followed_once_only() -> None:
    link = Scripted((b"", 0x6C08), (b"", 0x6C08))
    assert exchange(link, READ) == (b"", 0x6C08)
