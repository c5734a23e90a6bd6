"""The pretend purse answers as the real card of the log does, byte for byte."""

from fixtures.purse_card import PretendPurse, Ways
from fixtures.purse_memory import Key, Memory
from tests.card.changsha import KEYS, Exchange, part

NAME = bytes.fromhex("A00000000386980701")
ROOT = bytes.fromhex("A00000000386980700")
CODE = bytes.fromhex("8588D32B7688D32B76")
PUBLIC = bytes.fromhex("0731410000000000010100004100000089999985201506052038080800 00")


def real_card() -> PretendPurse:
    keys = {
        (0x39, 0): Key(KEYS["app-control"]),
        (0x33, 0): Key(KEYS["app-block"]),
        (0x34, 0): Key(KEYS["app-unblock"]),
        (0x3E, 1): Key(KEYS["purchase"]),
        (0x3F, 1): Key(KEYS["load"]),
        (0, 0): Key(KEYS["tac"]),
    }
    memory = Memory(NAME, {0x15: PUBLIC}, {0x17: [bytes(48)] * 6, 0x1A: []}, keys)
    ways = Ways(is_contact=True, code=CODE, load_log=0x1A, root=ROOT)
    return PretendPurse(memory, ways=ways)


def play(card: PretendPurse, spoken: list[Exchange], randoms: list[str]) -> None:
    card.randoms = iter([bytes.fromhex(one) for one in randoms])
    for one in spoken:
        assert card.answer(one.asked).hex() == one.answered.hex(), one.asked.hex()


def test_a_real_card_loaded_logged_and_debited() -> None:
    card = real_card()
    play(card, part("loaded"), ["CDEF4F20"])
    play(card, part("record"), [])
    card.power_on()
    play(card, part("bought"), ["9AC87503"])
    assert card.memory.records[0x17][1].hex().startswith("022e00007a")


def test_a_real_card_blocked_and_unblocked() -> None:
    card = real_card()
    play(card, part("blocked"), ["1EA2B2E6"])
    play(card, part("unblocked"), ["DBCF515E"])


def test_a_real_application_personalised() -> None:
    card = real_card()
    memory = card.memory
    memory.keys = {(0x39, 0): Key(KEYS["card-control"])}
    memory.binaries |= {0x15: bytes(30), 0x11: bytes(32)}
    memory.records[0x17] = []
    spoken = part("made")
    at = next(i for i, one in enumerate(spoken) if one.answered.hex() == "2a8f6dbf9000")
    spoken = spoken[at:]
    randoms = [one.answered[:4].hex() for one in spoken if one.asked[1] == 0x84]
    written = next(i for i, one in enumerate(spoken) if one.asked[1] == 0xD6)
    play(card, spoken[: written - 1], randoms)
    assert memory.keys[7, 1].key == KEYS["load"]
    assert memory.keys[8, 0].key == KEYS["tac"]
    file_1, file_2 = memory.keys[0x36, 0], memory.keys[0x36, 1]
    memory.guards = {0x15: (file_1, False), 0x11: (file_2, False), 0x17: (file_2, False)}
    play(card, spoken[written - 1 :], randoms[-3:])
    assert memory.binaries[0x15] == PUBLIC


def test_a_load_with_another_word_is_refused() -> None:
    card = real_card()
    spoken = part("loaded")
    card.randoms = iter([bytes.fromhex("CDEF4F20")])
    for one in spoken[:7]:
        card.answer(one.asked)
    assert card.answer(spoken[7].asked[:-1] + b"\x00") == b"\x93\x02"
    assert card.memory.purses[2].balance == 0
