"""The pretend card answers as somebody else's does, byte by byte."""

from pathlib import Path

from fixtures.mifare_card import PretendMifare

CAPTURE = Path(__file__).parents[2] / "fixtures" / "captures" / "card" / "simple-nfc-tag.txt"


def exchanges() -> list[tuple[bytes, bytes]]:
    lines = CAPTURE.read_text(encoding="utf-8").splitlines()
    spoken = [line for line in lines if line[:2] in ("W ", "R ")]
    return [
        (bytes.fromhex(asked[2:]), bytes.fromhex(answered[2:]))
        for asked, answered in zip(spoken[::2], spoken[1::2], strict=True)
    ]


def test_the_pretend_card_answers_as_the_recorded_one() -> None:
    card = PretendMifare(bytes.fromhex("9A3C5571"))
    for asked, answered in exchanges():
        assert card.answer(asked).hex() == answered.hex(), asked.hex()


def test_the_recording_holds_reads_writes_and_refusals() -> None:
    assert len(exchanges()) > 150
    refused = {asked[1] for asked, answered in exchanges() if answered == b"\x63\x00"}
    granted = {asked[1] for asked, answered in exchanges() if answered[-2:] == b"\x90\x00"}
    assert {0xB0, 0xD6} <= refused
    assert {0x82, 0x86, 0xB0, 0xD6} <= granted
