"""Card keys from masters: NXP AN10922, computed with another AES than the token's."""

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from card.diversify import KeySide, diversified_key, sector_key

MASTER = bytes.fromhex("00112233445566778899AABBCCDDEEFF")


def cmac(message: bytes) -> bytes:
    mac = CMAC(AES(MASTER))
    mac.update(message)
    return mac.finalize()


def test_the_published_example_is_reached() -> None:
    # AN10922 2.2.1: UID, application id, system id.
    diversification_input = bytes.fromhex("04782E21801D80 3042F5 4E585020416275")
    assert (
        diversified_key(cmac, diversification_input).hex().upper()
        == "A8DD63A3B89D54B37CA802473FDA9175"
    )


@pytest.mark.parametrize("length", [0, 15, 32])
def test_input_for_which_it_would_not_be_plain_cmac_is_our_own_fault(length: int) -> None:
    with pytest.raises(AssertionError):
        diversified_key(cmac, bytes(length))


@pytest.mark.parametrize("uid", [bytes(4), bytes(7), bytes(10)])
def test_every_length_of_serial_stays_within_plain_cmac(uid: bytes) -> None:
    assert len(sector_key(cmac, uid, 1, KeySide.A)) == 6


def test_card_sector_and_side_each_make_another_key() -> None:
    made = {
        sector_key(cmac, uid, sector, side)
        for uid in (bytes(4), bytes(7), b"\x01" * 4)
        for sector in range(16)
        for side in KeySide
    }
    assert len(made) == 3 * 16 * 2
