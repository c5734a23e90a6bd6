"""PINs: what a scale keeps of one is good for one scale and one person."""

import hashlib
import hmac

import pytest

from broker.pins import Person, is_fit, person_of, stretched, verifier_of

SALT = bytes(16)
HERE, ELSEWHERE = b"k" * 32, b"e" * 32


def test_the_stretching_is_scrypt_as_the_contract_says() -> None:
    assert stretched("2704", SALT) == hashlib.scrypt(
        b"2704", salt=SALT, n=16384, r=8, p=1, dklen=32
    )
    slow = stretched("2704", SALT)
    told = b"steelyard pin " + (7).to_bytes(4, "big") + slow
    assert verifier_of(slow, 7, HERE) == hmac.new(HERE, told, "sha256").digest()


def test_a_verifier_fits_its_own_person_at_its_own_scale_only() -> None:
    slow, other = stretched("2704", SALT), stretched("2705", SALT)
    people = [Person(7, verifier_of(slow, 7, HERE)), Person(8, verifier_of(other, 8, HERE))]
    assert person_of(slow, people, HERE) == 7
    assert person_of(other, people, HERE) == 8
    assert person_of(slow, people, ELSEWHERE) is None
    assert person_of(stretched("2706", SALT), people, HERE) is None
    moved = [Person(9, people[0].verifier)]
    assert person_of(slow, moved, HERE) is None


@pytest.mark.parametrize("pin", ["2704", "27049385"])
def test_a_fit_pin(pin: str) -> None:
    assert is_fit(pin)


@pytest.mark.parametrize(
    "pin", ["", "270", "270493851", "1111", "3456", "8765", "27o4", "２７０４"]
)
def test_an_unfit_pin(pin: str) -> None:
    assert not is_fit(pin)
